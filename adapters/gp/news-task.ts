// News as a Task in the practice's own FHIR server: one Task for each referral, which always shows the newest of it.
import { z } from "zod";
import {
  ODS_ORGANISATION,
  ORGANISATION_ID,
  REASON_SYSTEM,
  REFERENCE_ID,
  SEQUENCE,
  STATUS,
  TASK_CODE,
} from "../../schemas/foreign/fhir/systems.ts";
import { SearchSet, Task, type TaskStatus } from "../../schemas/foreign/fhir/task.ts";
import { OdsCode } from "../../schemas/ids.ts";
import { REASONS } from "../../schemas/reason.ts";
import type { Status } from "../../schemas/referral.ts";
import type { News, NewsForm } from "../../src/ports/outward.ts";
import { sameSystem } from "./codes.ts";
import { WAYMARK } from "./offered.ts";

/** The broker's own Task: accepted once somebody has taken it on, done when the help is (SDOH Clinical Care, indirect referral). */
export const NEWS_STATUS: Record<Status, TaskStatus> = {
  received: "received",
  held: "on-hold",
  offered: "received",
  acknowledged: "received",
  seeking: "received",
  accepted: "accepted",
  started: "in-progress",
  ended: "completed",
  unmet: "failed",
  withdrawn: "cancelled",
  expired: "cancelled",
};

const Told = z.object({
  extension: z.array(z.looseObject({ url: z.string(), valueInteger: z.number().optional() })).optional(),
  lastModified: z.string().optional(),
});

/** By the number that we put there; where a server keeps no extensions, by the time. */
const tellsOf = (resource: unknown, callback: News): "older" | "this-or-newer" => {
  const told = Told.safeParse(resource).data;
  const sequence = told?.extension?.find((one) => one.url === SEQUENCE)?.valueInteger;
  const newer =
    sequence === undefined
      ? Date.parse(told?.lastModified ?? "") >= Date.parse(callback.at)
      : sequence >= callback.sequence;
  return newer ? "this-or-newer" : "older";
};

const organisation = (value: string) => ({
  identifier: { system: OdsCode.safeParse(value).success ? ODS_ORGANISATION : ORGANISATION_ID, value },
});

export const newsForm: NewsForm = {
  identifier: ({ reference }) => `${REFERENCE_ID}|${reference}`,

  render: (callback, to) => {
    const { reference, callerReference, status, reasons, sequence, at } = callback;
    const [why] = reasons;
    return {
      resourceType: "Task",
      extension: [{ url: SEQUENCE, valueInteger: sequence }],
      identifier: [
        { system: REFERENCE_ID, value: reference },
        ...(callerReference === undefined ? [] : [{ value: callerReference }]),
      ],
      status: NEWS_STATUS[status],
      ...(why === undefined
        ? {}
        : {
            statusReason: {
              coding: reasons.map(({ code }) => ({ system: REASON_SYSTEM, code })),
              text: REASONS[why.code].words,
            },
          }),
      businessStatus: { coding: [{ system: STATUS, code: status }] },
      intent: "order",
      code: { coding: [{ system: TASK_CODE, code: "fulfill" }] },
      focus: { type: "ServiceRequest", identifier: { system: REFERENCE_ID, value: reference } },
      lastModified: at,
      requester: organisation(to.organisation),
      owner: WAYMARK,
    };
  },

  find: (answer, callback) => {
    const set = SearchSet.safeParse(answer);
    if (!set.success) return undefined;
    return (set.data.entry ?? []).flatMap(({ resource }) => {
      const task = Task.safeParse(resource).data;
      const own = task?.identifier?.some(
        (one) => sameSystem(one.system, REFERENCE_ID) && one.value === callback.reference,
      );
      if (resource === undefined || task?.id === undefined || own !== true) return [];
      const version = task.meta?.versionId;
      const { id } = task;
      return [
        { id, ...(version === undefined ? {} : { version }), task, resource, tells: tellsOf(resource, callback) },
      ];
    });
  },
};
