// Where a referral stands: a fold over its events through the one table of what may follow what. An offer has its own.
import type { EventType } from "../../schemas/event.ts";
import type { Answer, OfferStatus } from "../../schemas/offer.ts";
import type { Status } from "../../schemas/referral.ts";

type Row = Partial<Record<EventType, Status>>;

const DECIDED: Row = { held: "held", unmet: "unmet", offered: "offered" };
const OPEN: Row = { withdrawn: "withdrawn" };

/** `delivered` is a fact about a message: it may come late and never moves the referral. */
const stays = (status: Status): Row => ({ delivered: status });

const ANSWERED: Row = { accepted: "accepted", declined: "seeking", recalled: "seeking" };

/** From a status, by an event, to a status. What is not here cannot happen. */
export const TRANSITIONS: Record<Status, Row> = {
  received: { ...OPEN, ...DECIDED },
  held: { ...OPEN, ...DECIDED, ...stays("held") },
  unmet: { ...OPEN, ...DECIDED, ...stays("unmet") },
  seeking: { ...OPEN, ...DECIDED, ...stays("seeking") },
  offered: { ...OPEN, ...ANSWERED, ...stays("offered"), acknowledged: "acknowledged" },
  acknowledged: { ...OPEN, ...ANSWERED, ...stays("acknowledged") },
  // A person who cannot be reached after acceptance ends without a start.
  accepted: { ...OPEN, ...stays("accepted"), started: "started", ended: "ended" },
  started: { ...OPEN, ...stays("started"), ended: "ended" },
  ended: stays("ended"),
  withdrawn: stays("withdrawn"),
};

/** The status after one more event, or undefined where that event cannot follow. */
export const next = (status: Status | undefined, type: EventType): Status | undefined =>
  status === undefined ? (type === "received" ? "received" : undefined) : TRANSITIONS[status][type];

/** The status after all events in their order, or undefined when they do not make a story. */
export const fold = (events: Iterable<{ body: { type: EventType } }>): Status | undefined => {
  let status: Status | undefined;
  for (const event of events) {
    status = next(status, event.body.type);
    if (status === undefined) return undefined;
  }
  return status;
};

type Verb = Answer["verb"] | "recall";

/** An offer's own table. A withdrawal recalls an offer at any time; a decision does so only before the answer. */
const OFFER: Record<OfferStatus, Partial<Record<Verb, OfferStatus>>> = {
  sent: { acknowledge: "acknowledged", accept: "accepted", decline: "declined", recall: "recalled" },
  acknowledged: { accept: "accepted", decline: "declined", recall: "recalled" },
  accepted: { start: "started", end: "ended", recall: "recalled" },
  started: { end: "ended", recall: "recalled" },
  declined: {},
  ended: {},
  recalled: {},
};

/** Where an offer stands after a step, or undefined where that step cannot follow. */
export const nextOffer = (status: OfferStatus, verb: Verb): OfferStatus | undefined => OFFER[status][verb];
