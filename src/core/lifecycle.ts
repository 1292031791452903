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
  "outcome-reported": status,
  "checkpoint-asked": status,
  "outcome-reached": status,
});
/** What is told of an offer while its provider has it, and what its clocks do short of ending it. */
const underWay = (status: Status): Row => ({
  chased: status,
  escalated: status,
  assigned: status,
  "handed-back": status,
});
/** Once it is taken: contact with the person, rests, plans, and another provider that goes on with it. */
const taken = (status: Status): Row => ({
  ...underWay(status),
  contacted: status,
  "put-on-hold": status,
  resumed: status,
  milestone: status,
  moved: status,
});

/** `delivered` is a fact about a message: it may come late, and never moves the referral either. */
const stays = (status: Status): Row => ({ delivered: status, ...beside(status) });

/** While it is open, more may be told of it: what follows from that is decided apart. */
const open = (status: Status): Row => ({ withdrawn: "withdrawn", amended: status });

const ANSWERED: Row = { accepted: "accepted", declined: "seeking", recalled: "seeking", lapsed: "seeking" };

/** From a status, by an event, to a status. What is not here cannot happen. */
export const TRANSITIONS: Record<Status, Row> = {
  received: { ...open("received"), ...DECIDED, ...beside("received") },
  held: { ...open("held"), ...DECIDED, ...stays("held"), reminded: "held", expired: "expired" },
  unmet: { ...open("unmet"), ...DECIDED, ...stays("unmet") },
  seeking: { ...open("seeking"), ...DECIDED, ...stays("seeking") },
  offered: {
    ...open("offered"),
    ...ANSWERED,
    ...stays("offered"),
    ...underWay("offered"),
    acknowledged: "acknowledged",
  },
  acknowledged: { ...open("acknowledged"), ...ANSWERED, ...stays("acknowledged"), ...underWay("acknowledged") },
  // A person who cannot be reached after acceptance ends without a start; a provider that reaches for nobody loses them.
  accepted: {
    ...open("accepted"),
    ...stays("accepted"),
    ...taken("accepted"),
    started: "started",
    ended: "ended",
    lapsed: "seeking",
  },
  started: { ...open("started"), ...stays("started"), ...taken("started"), ended: "ended" },
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

type Verb = Answer["verb"] | "recall" | "lapse";
type OfferRow = Partial<Record<Verb, OfferStatus>>;

/** Told of help that is under way; none of it moves the offer. */
const told = (status: OfferStatus): OfferRow => ({
  contact: status,
  hold: status,
  resume: status,
  milestone: status,
});

/** An offer's own table. A withdrawal recalls an offer at any time; a decision does so only before the answer. */
const OFFER: Record<OfferStatus, OfferRow> = {
  sent: { acknowledge: "acknowledged", accept: "accepted", decline: "declined", recall: "recalled", lapse: "lapsed" },
  acknowledged: { accept: "accepted", decline: "declined", recall: "recalled", lapse: "lapsed" },
  accepted: { ...told("accepted"), start: "started", end: "ended", recall: "recalled", lapse: "lapsed" },
  started: { ...told("started"), end: "ended", recall: "recalled" },
  declined: {},
  ended: {},
  recalled: {},
  lapsed: {},
};

/** No step follows any more. */
export const isClosed = (status: OfferStatus): boolean => Object.keys(OFFER[status]).length === 0;

/** We took it back, and not its provider: it must hear of it. */
export const isTakenBack = (status: OfferStatus): boolean => status === "recalled" || status === "lapsed";

/** Where an offer stands after a step, or undefined where that step cannot follow. */
export const nextOffer = (status: OfferStatus, verb: Verb): OfferStatus | undefined => OFFER[status][verb];
