// Steps: what doors and queues may have done.
import type { Amendment } from "../../schemas/amendment.ts";
import type { AskRequest, ConsentAsk } from "../../schemas/asking.ts";
import type { OverrideRequest, ProposalReply } from "../../schemas/case.ts";
import type { LastCause } from "../../schemas/cause.ts";
import type { Client } from "../../schemas/client.ts";
import type { LetterWay } from "../../schemas/letter.ts";
import type { LeaseWish, OfferLease } from "../../schemas/offer-lease.ts";
import type { Monitoring } from "../../schemas/monitoring.ts";
import type { OutcomeReport } from "../../schemas/outcome-report.ts";
import type { Assignment, Offer } from "../../schemas/offer.ts";
import type { Reason } from "../../schemas/reason.ts";
import type { Said, Withdrawal } from "../../schemas/recall.ts";
import type { Content, Door } from "../../schemas/referral.ts";
import type { Settlement, Tried, Work } from "../../schemas/work.ts";
import type { Accepted } from "./intake.ts";

export type Refusal = { outcome: "refused"; reasons: Reason[] };

/** What a door hands over once it has parsed and mapped. */
export type Arrival = {
  client: Client;
  door: Door;
  key: string;
  body: Uint8Array;
  contentType: string;
  requestId?: string;
  correlationId?: string;
  messageId?: string;
  callerReference?: string;
  content: Content;
  /** Beside the content, never in it: no rule, no provider and no news may know of them. */
  monitoring?: Monitoring;
};

export type AnswerResult =
  | { outcome: "changed" | "repeated"; offer: Offer }
  | { outcome: "refused"; reasons: Reason[] }
  | { outcome: "not-found" };

/** Who set a clause aside: a client's adviser, or a person of the commissioner at the command line. */
export type Adviser = { client: Client } | { operator: true };

export type Recorded =
  | { outcome: "recorded" | "repeated"; reference: string; opened?: string }
  | { outcome: "refused"; reasons: Reason[] }
  | { outcome: "not-found" };

export type Ended = Settlement["kind"] | "nothing";

/** How a ring ended, and of an attempt also what it came to: together they are its one line in the log. */
/** What a door hands over of a referral that it has sent before. */
export type Telling = {
  amendment: Amendment;
  key: string;
  body: Uint8Array;
  contentType: string;
  /** The sequence that the caller read last, where it says. */
  sequence?: number;
  /** Of the person of whom it speaks, where it says. */
  nhsNumber?: string;
};

/** Whose words these are: a client's, or those of the person behind a referral of this organisation. */
export type TellsMore = Client | { person: true; organisation: string };

export type AskResult =
  | { outcome: "asked" | "repeated"; reference: string; by: LetterWay; until: Date; asks: readonly ConsentAsk[] }
  | Refusal
  | { outcome: "not-found" };

/** `unchanged`: nothing new was said, and nothing was written. */
export type AmendResult =
  | { outcome: "amended" | "repeated" | "unchanged"; id: string; referral: string; reference: string; at: Date }
  | Refusal
  | { outcome: "not-found" };

export type Worked = Ended | (Partial<Omit<Tried, "cause">> & { ended: Ended; cause?: LastCause });

/** The verbs. wire.ts binds each to its ports. */
export type Steps = {
  accept(arrival: Arrival): Promise<Exclude<Accepted, { outcome: "clash" }> | Refusal>;
  assess(work: Work): Promise<Worked>;
  deliver(work: Work): Promise<Worked>;
  /** Nobody opened a link in time. */
  knock(work: Work): Promise<Worked>;
  notify(work: Work): Promise<Worked>;
  follow(work: Work): Promise<Worked>;
  /** A provider's system says that something changed there. */
  heed(client: Client): Promise<void>;
  /** Halfway through a hold, and at its end. */
  remind(work: Work): Promise<Worked>;
  expire(work: Work): Promise<Worked>;
  /** An offer's clock rang. */
  chase(work: Work): Promise<Worked>;
  /** Tells people what an offer's clock found. */
  nudge(work: Work): Promise<Worked>;
  /** Empties our MESH mailbox. */
  collect(work: Work): Promise<Worked>;
  /** A step on its offer, or its answer to a recall. */
  answer(client: Client, offer: string, said: Said): Promise<AnswerResult>;
  /** Takes the oldest offers of a provider's queue that nobody holds, for one of its workers. */
  leaseOffers(client: Client, wish: LeaseWish): Promise<OfferLease>;
  /** Without offers: it holds nothing any more. */
  renewOffers(client: Client, lease: string, seconds: number): Promise<OfferLease>;
  /** Ids of what went back. */
  returnOffers(client: Client, lease: string, offers: readonly string[] | undefined): Promise<string[]>;
  /** Asks a holder to delete what it has, and asks again until it answers. */
  recall(work: Work): Promise<Worked>;
  /** Tells a holder what has changed of what it was given. */
  rectify(work: Work): Promise<Worked>;
  /** What became of the help that a provider gave. */
  reportOutcome(client: Client, offer: string, report: OutcomeReport): Promise<AnswerResult>;
  /** Asks a provider whether a job lasts. */
  checkpoint(work: Work): Promise<Worked>;
  /** Takes a referral back, by its id or reference. */
  withdraw(by: Adviser, referral: string, withdrawal: Withdrawal): Promise<Recorded>;
  /** A prime gives its offer to a delivery partner. */
  assign(client: Client, offer: string, assignment: Assignment): Promise<AnswerResult>;
  /** An adviser sets a clause aside, with name and reason; the case is decided anew. */
  override(by: Adviser, referral: string, override: OverrideRequest): Promise<Recorded>;
  /** The person's yes or no to what was proposed; a yes opens a referral of its own in the same case. */
  reply(client: Client, referral: string, reply: ProposalReply): Promise<Recorded>;
  /** Answers for equality monitoring that came later. Nothing follows from them. */
  monitor(client: Client, referral: string, answers: Monitoring): Promise<{ outcome: "kept" | "not-found" }>;
  /** By the id or the reference of a referral of this client's own, or of the person's. */
  amend(by: TellsMore, referral: string, telling: Telling): Promise<AmendResult>;
  /** Plans a letter to the person that asks for their own yes, by a contact that they said is safe. */
  askPerson(client: Client, referral: string, request: AskRequest): Promise<AskResult>;
  /** Sends that letter. */
  ask(work: Work): Promise<Worked>;
};

/** Of one offer of a caseload: `refused` stays where it is. */
export type Moved =
  | { outcome: "moved" | "decided-anew"; reference: string }
  | { outcome: "refused"; reference: string; reasons: Reason[] }
  | { outcome: "gone" };
export type Move = (offer: string, service: string, deed: { by: string; why: string }) => Promise<Moved>;
