// The resources that we answer with. They hold our id and reference, codes and times: nothing about the person.
import {
  BARS_BUNDLE,
  BARS_RESPONSE_HEADER,
  BROKER,
  DATA_ABSENT,
  MESSAGE_CATEGORIES,
  MESSAGE_EVENTS,
  MESSAGE_REASONS,
  REFERENCE_ID,
  RESPONSE_DEFINITION,
} from "../../schemas/foreign/fhir/systems.ts";
import type { Reason } from "../../schemas/reason.ts";
import type { Status } from "../../schemas/referral.ts";
import { FHIR_STATUS, reasonCodes } from "./status.ts";

export type Standing = {
  id: string;
  reference: string;
  callerReference?: string | undefined;
  status: Status;
  at: string;
  authoredOn?: string | undefined;
  sequence: number;
  reasons: readonly Reason[];
};

/** R4 wants a subject. The sender knows who it is; we say that we know and do not tell. */
const MASKED = { extension: [{ url: DATA_ABSENT, valueCode: "masked" }] };

/** Which standards a Bundle of ours keeps to (BaRS: Bundle.meta.versionId is the application version). */
const VERSION = "1.0.0";

export const etag = (sequence: number): string => `W/"${sequence}"`;

export const serviceRequest = (one: Standing) => ({
  resourceType: "ServiceRequest",
  id: one.id,
  meta: { versionId: String(one.sequence), lastUpdated: one.at },
  identifier: [
    { system: REFERENCE_ID, value: one.reference },
    ...(one.callerReference === undefined ? [] : [{ value: one.callerReference }]),
  ],
  status: FHIR_STATUS[one.status].request,
  intent: "plan",
  category: [{ coding: [{ system: MESSAGE_CATEGORIES, code: "referral", display: "Transfer of Care" }] }],
  subject: MASKED,
  authoredOn: one.authoredOn,
});

/** The receiver's own Encounter: its identifier is what people say on the telephone (BaRS: it must be shown to the user). */
const receiverEncounter = (one: Standing) => ({
  resourceType: "Encounter",
  id: one.id,
  meta: { lastUpdated: one.at },
  identifier: [{ system: REFERENCE_ID, value: one.reference }],
  status: FHIR_STATUS[one.status].encounter,
  class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "VR", display: "virtual" },
  reasonCode: one.reasons.length === 0 ? undefined : reasonCodes(one.status, one.reasons),
});

const RESOURCES = "https://waymark.example/fhir/R4";

type Resource = { resourceType: string; id?: string | undefined; [field: string]: unknown };
/** A ServiceRequest and its Encounter share our id, so that the address carries the type (bdl-7: each address once). */
const entry = (resource: Resource) => ({
  fullUrl: resource.id === undefined ? undefined : `${RESOURCES}/${resource.resourceType}/${resource.id}`,
  resource,
});

export type Response = {
  bundleId: string;
  headerId: string;
  /** Bundle.id of the request that this answers (BaRS; base R4 would take MessageHeader.id). */
  answers: string;
  at: string;
  to?: string;
  standing: Standing;
  /** The sender's Encounter, so that ours is the second one. */
  encounter?: Resource;
  outcome?: Resource;
};

export const responseMessage = (one: Response) => {
  const focus = entry(serviceRequest(one.standing));
  const warnings = one.outcome === undefined ? [] : [entry(one.outcome)];
  return {
    resourceType: "Bundle",
    id: one.bundleId,
    meta: { versionId: VERSION, lastUpdated: one.at, profile: [BARS_BUNDLE] },
    type: "message",
    timestamp: one.at,
    entry: [
      entry({
        resourceType: "MessageHeader",
        id: one.headerId,
        meta: { lastUpdated: one.at, profile: [BARS_RESPONSE_HEADER] },
        eventCoding: { system: MESSAGE_EVENTS, code: "servicerequest-response" },
        ...(one.to === undefined
          ? {}
          : { destination: [{ endpoint: `https://fhir.nhs.uk/Id/ods-organization-code|${one.to}` }] }),
        source: { name: "Waymark", endpoint: BROKER },
        reason: { coding: [{ system: MESSAGE_REASONS, code: "new" }] },
        response: {
          identifier: one.answers,
          code: "ok",
          ...(warnings[0] === undefined ? {} : { details: { reference: warnings[0].fullUrl } }),
        },
        focus: [{ reference: focus.fullUrl }],
        definition: RESPONSE_DEFINITION,
      }),
      focus,
      ...(one.encounter === undefined ? [] : [entry(one.encounter)]),
      entry(receiverEncounter(one.standing)),
      ...warnings,
    ],
  };
};
