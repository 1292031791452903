// An offer as the service that was asked reads it: a Task of its own, and the ServiceRequest that the Task is about.
import {
  BROKER,
  DATA_ABSENT,
  MESSAGE_CATEGORIES,
  OFFER_ID,
  ORGANISATION_ID,
  PREVIEW,
  REFERENCE_ID,
  SERVICE_ID,
  TASK_CODE,
} from "../../schemas/foreign/fhir/systems.ts";
import { NEED_SYSTEM, NEEDS } from "../../schemas/need.ts";
import type { OfferPreview, OfferStatus } from "../../schemas/offer.ts";
import type { OfferView } from "../../src/ports/views.ts";
import { taskStatusOf } from "../../src/core/task.ts";
import { businessStatusOf, holdUntil } from "./business-status.ts";
import { checkpointAsked, checkpointOutputs } from "./checkpoints.ts";
import { shownExtensions } from "./shown-facts.ts";
import { PERSON, shownPerson } from "./shown-person.ts";
import { REFERRER } from "./shown-referrer.ts";

export type Offered = Pick<
  OfferView,
  "id" | "reference" | "service" | "status" | "madeAt" | "changedAt" | "preview" | "onHold" | "progress"
>;

/** An offer only ever goes forward; what is told while it stays in its place has its moment. */
const VERSION: Record<OfferStatus, string> = {
  sent: "1",
  acknowledged: "2",
  accepted: "3",
  started: "4",
  declined: "5",
  ended: "5",
  recalled: "5",
  lapsed: "5",
};
export const versionOf = ({ status, madeAt, changedAt }: Pick<OfferView, "status" | "madeAt" | "changedAt">): string =>
  madeAt === changedAt ? VERSION[status] : `${VERSION[status]}.${Date.parse(changedAt)}`;

const REQUEST_STATUS: Record<OfferStatus, "active" | "revoked" | "completed"> = {
  sent: "active",
  acknowledged: "active",
  accepted: "active",
  started: "active",
  declined: "revoked",
  recalled: "revoked",
  lapsed: "revoked",
  ended: "completed",
};

const [BROKER_SYSTEM = "", BROKER_VALUE = ""] = BROKER.split("|");
/** Who we are, wherever a resource names its requester or its owner. */
export const WAYMARK = { identifier: { system: BROKER_SYSTEM, value: BROKER_VALUE }, display: "Waymark" };

/** R4 wants a subject. Who it is opens on acceptance. */
const MASKED = { extension: [{ url: DATA_ABSENT, valueCode: "masked" }] };

const identifiers = ({ id, reference }: Offered) => [
  { system: OFFER_ID, value: id },
  { system: REFERENCE_ID, value: reference },
];

const typed = (code: string, value: object) => ({ type: { coding: [{ system: PREVIEW, code }] }, ...value });

/** The webhook's preview, element by element: enough to say yes or no, and nothing that says who it is. */
const inputs = (preview: OfferPreview | undefined) => (preview === undefined ? [] : inputsOf(preview));

const inputsOf = (preview: OfferPreview) => [
  ...(preview.area === undefined ? [] : [typed("area", { valueCode: preview.area })]),
  typed("age-band", { valueCode: preview.ageBand }),
  ...(preview.language === undefined ? [] : [typed("language", { valueCode: preview.language })]),
  typed("interpreter", { valueBoolean: preview.interpreter }),
  ...preview.accessNeeds.map(({ code }) => typed("access-need", { valueString: code })),
  ...preview.risk.map(({ code }) => typed("risk", { valueString: code })),
  typed("safeguarding", { valueBoolean: preview.safeguarding }),
  typed("participation", { valueCode: preview.participation }),
];

const requestOf = (offer: Offered) => ({
  resourceType: "ServiceRequest",
  identifier: identifiers(offer),
  status: REQUEST_STATUS[offer.status],
  // An intermediary's own order, made to fill the referrer's (R4, request-intent).
  intent: "filler-order",
  category: [{ coding: [{ system: MESSAGE_CATEGORIES, code: "referral", display: "Transfer of Care" }] }],
  priority: offer.preview?.urgency,
  code:
    offer.preview?.need === undefined
      ? undefined
      : { coding: [{ system: NEED_SYSTEM, code: offer.preview.need }], text: NEEDS[offer.preview.need].words },
  authoredOn: offer.madeAt,
  performer: [{ identifier: { system: SERVICE_ID, value: offer.service } }],
});

/** As its owner reads it here; the person stands in it from acceptance until the offer ends. */
export const offeredRequest = (offer: Offered & Pick<OfferView, "detail">) => {
  const { detail } = offer;
  const own = {
    ...requestOf(offer),
    id: offer.id,
    meta: { versionId: versionOf(offer), lastUpdated: offer.changedAt },
  };
  if (detail === undefined) return { ...own, subject: MASKED, requester: WAYMARK };
  const { contained, supportingInfo } = shownPerson(detail);
  return {
    ...own,
    contained,
    extension: shownExtensions(detail),
    subject: { reference: PERSON },
    requester: detail.referrer === undefined ? WAYMARK : { reference: REFERRER },
    supportingInfo,
    note: detail.detail === undefined ? undefined : [{ text: detail.detail }],
  };
};

const taskOf = (offer: Offered, owner: string) => ({
  resourceType: "Task",
  identifier: identifiers(offer),
  status: taskStatusOf(offer),
  businessStatus: businessStatusOf(offer.progress),
  extension: holdUntil(offer.onHold?.until),
  intent: "order",
  priority: offer.preview?.urgency,
  code: { coding: [{ system: TASK_CODE, code: "fulfill" }] },
  authoredOn: offer.madeAt,
  lastModified: offer.changedAt,
  requester: WAYMARK,
  owner: { identifier: { system: ORGANISATION_ID, value: owner } },
});

/** As its owner reads it here. */
export const offeredTask = (offer: Offered & Pick<OfferView, "outcomes">, owner: string) => ({
  ...taskOf(offer, owner),
  id: offer.id,
  meta: { versionId: versionOf(offer), lastUpdated: offer.changedAt },
  focus: { reference: `ServiceRequest/${offer.id}` },
  input: [...inputs(offer.preview), ...checkpointAsked(offer.outcomes?.asks)],
  output: checkpointOutputs(offer.outcomes),
});

/** As it is put into its owner's server: whole in itself, with the address where the rest opens on acceptance. */
export const pushedTask = (offer: Offered, owner: string, publicUrl: string) => ({
  ...taskOf(offer, owner),
  contained: [{ ...requestOf(offer), id: "request", subject: MASKED, requester: WAYMARK }],
  focus: { reference: "#request" },
  input: [...inputs(offer.preview), typed("detail", { valueUrl: `${publicUrl}/fhir/R4/ServiceRequest/${offer.id}` })],
});
