// One service that was asked, as the referrer reads it: a Task about its ServiceRequest, without anything of the person.
import {
  OFFER_ID,
  ORGANISATION_ID,
  REASON_SYSTEM,
  REFERENCE_ID,
  SERVICE_ID,
  TASK_CODE,
} from "../../schemas/foreign/fhir/systems.ts";
import { REASONS } from "../../schemas/reason.ts";
import { taskStatusOf } from "../../src/core/task.ts";
import type { AskedView } from "../../src/ports/views.ts";
import { businessStatusAsked } from "./business-status.ts";
import { versionOf, WAYMARK } from "./offered.ts";

export const askedTask = (one: AskedView) => {
  const [why] = one.reasons;
  return {
    resourceType: "Task",
    id: one.id,
    meta: { versionId: versionOf(one), lastUpdated: one.changedAt },
    identifier: [
      { system: OFFER_ID, value: one.id },
      { system: REFERENCE_ID, value: one.reference },
    ],
    status: taskStatusOf(one),
    businessStatus: businessStatusAsked(one.progress),
    statusReason:
      why === undefined
        ? undefined
        : { coding: one.reasons.map(({ code }) => ({ system: REASON_SYSTEM, code })), text: REASONS[why.code].words },
    intent: "order",
    code: { coding: [{ system: TASK_CODE, code: "fulfill" }] },
    focus: { reference: `ServiceRequest/${one.referral}` },
    authoredOn: one.madeAt,
    lastModified: one.changedAt,
    requester: WAYMARK,
    owner: { identifier: { system: ORGANISATION_ID, value: one.provider } },
    restriction: { recipient: [{ identifier: { system: SERVICE_ID, value: one.service } }] },
  };
};
