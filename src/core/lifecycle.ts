// Where a referral stands: a fold over its events through the one table of what may follow what. An offer has its own.
import type { EventType } from "../../schemas/event.ts";
import type { Answer, OfferStatus } from "../../schemas/offer.ts";
import type { Status } from "../../schemas/referral.ts";

type Row = Partial<Record<EventType, Status>>;

const DECIDED: Row = { held: "held", unmet: "unmet", offered: "offered" };

/** What happens beside a referral never moves it. */
const beside = (status: Status): Row => ({
  branched: status,
  proposed: status,
  "proposal-answered": status,
  overridden: status,
  placed: status,
  "recall-asked": status,
  "recall-told": status,
  "recall-answered": status,
  rectified: status,
});
/** `delivered` is a fact about a message: it may come late, and never moves the referral either. */
const stays = (status: Status): Row => ({ delivered: status, ...beside(status) });

/** While it is open, more may be told of it: what follows from that is decided apart. */
const open = (status: Status): Row => ({ withdrawn: "withdrawn", amended: status });

const ANSWERED: Row = { accepted: "accepted", declined: "seeking", recalled: "seeking" };

/** From a status, by an event, to a status. What is not here cannot happen. */
export const TRANSITIONS: Record<Status, Row> = {
  received: { ...open("received"), ...DECIDED, ...beside("received") },
  held: { ...open("held"), ...DECIDED, ...stays("held"), reminded: "held", expired: "expired" },
  unmet: { ...open("unmet"), ...DECIDED, ...stays("unmet") },
  seeking: { ...open("seeking"), ...DECIDED, ...stays("seeking") },
  offered: { ...open("offered"), ...ANSWERED, ...stays("offered"), acknowledged: "acknowledged" },
  acknowledged: { ...open("acknowledged"), ...ANSWERED, ...stays("acknowledged") },
  // A person who cannot be reached after acceptance ends without a start.
  accepted: { ...open("accepted"), ...stays("accepted"), started: "started", ended: "ended" },
  started: { ...open("started"), ...stays("started"), ended: "ended" },
  ended: stays("ended"),
  withdrawn: stays("withdrawn"),
  expired: stays("expired"),
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

/** No step follows any more. */
export const isClosed = (status: OfferStatus): boolean => Object.keys(OFFER[status]).length === 0;

/** Where an offer stands after a step, or undefined where that step cannot follow. */
export const nextOffer = (status: OfferStatus, verb: Verb): OfferStatus | undefined => OFFER[status][verb];
