// Ledger: what a worker leases, reads and commits.
import type { Callback, CallbackState } from "../../schemas/callback.ts";
import type { Override, Sibling } from "../../schemas/case.ts";
import type { Event, EventBody, Mark } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Reason } from "../../schemas/reason.ts";
import type { Receipt } from "../../schemas/receipt.ts";
import type { KeptReport } from "../../schemas/outcome-report.ts";
import type { Recall } from "../../schemas/recall.ts";
import type { Content, Door, Status } from "../../schemas/referral.ts";
import type { NewWork, Tried } from "../../schemas/work.ts";
import type { News } from "./outward.ts";

/** A referral as a step sees it, opened. */
export type Journey = {
  id: string;
  caseId: string;
  reference: string;
  version: number;
  status: Status;
  sequence: number;
  door: Door;
  client: string;
  organisation: string;
  requestId?: string;
  correlationId?: string;
  messageId?: string;
  callerReference?: string;
  test: boolean;
  receivedAt: Date;
  /** While it is held: the event that made the hold in force, and what that asks for. */
  hold?: { event: string; why: "consent" | "information" | "review"; asks: Reason[] };
  offers: Offer[];
  /** Offers of which a holder was asked to delete what it has. */
  recalls: Recall[];
  /** What providers reported after help began, the oldest first; none once the person is erased. */
  reports: KeptReport[];
  /** The other referrals of the case, as far as rules may know of them. */
  siblings: Sibling[];
  /** What happened to its offers, in order. */
  story: { at: Date; body: EventBody }[];
  /** An offer of it is still on its way to its provider. */
  sending: boolean;
  /** Clauses that an adviser set aside. */
  overrides: Override[];
  /** What was proposed, set aside or placed, in order. */
  marks: Mark[];
  /** Absent when the case was erased: its key is gone. */
  content?: Content;
};

/** A further referral of the same case, from the same client: its first event and first work come with it. */
export type Branch = { id: string; reference: string; content: Content; event: Event; work: NewWork };

export type AmendmentBody = {
  id: string;
  /** Absent: the person. */
  client?: string;
  key: string;
  bodyDigest: string;
  contentType: string;
  body: Uint8Array;
};

/** Everything that one commit writes, or nothing of it. */
export type Change = {
  referral: string;
  /** The version that was read: another commit in between makes this one `stale`. */
  version: number;
  status: Status;
  events: Event[];
  /** The content as it is from now on: a consent or a fact came later. */
  content?: Content;
  /** What came, byte for byte: under one key of one referral it is taken once. */
  amendment?: AmendmentBody;
  branches?: Branch[];
  receipt?: Receipt;
  /** The version of the consents that were read, where that decided something: another one makes this `stale`. */
  consent?: string;
  /** What the decision read, as canonical JSON: sealed beside the receipt, so that it can be made again. */
  receiptInput?: string;
  /** Who may read the receipt as commissioner or funder, and of which of the programmes that were read. */
  commissioners?: Readonly<Record<string, readonly string[]>>;
  /** New offers, and offers whose status changes. */
  offers?: Offer[];
  /** Recalls that begin, and how those before stand now. */
  recalls?: Recall[];
  /** What a provider reported, sealed with the case. */
  reports?: KeptReport[];
  callbacks?: Callback[];
  work?: NewWork[];
  /** Places taken (+1) or given back (-1). `drawn` counts every place ever given, for fair share. */
  places?: { programme: string; service: string; taken: number; drawn: number }[];
  /** Keyed digests by which the person can be found. */
  people?: { kind: "nhs-number" | "nino" | "name-birth" | "postcode-birth"; digest: string }[];
  /** Done by hand: its line in the audit. `codes` name nobody who was referred. */
  deed?: { id: string; by: string; verb: string; subjects: readonly string[]; codes: object };
  /** The work that this commit finishes; a lease that was lost makes it `stale`. `tried` goes on record with it. */
  done?: { work: string; token: string; tried?: Tried };
};

/** By service, course and held-back place: places taken, by whichever programme; places ever drawn, by programme. */
export type Capacity = Map<string, { taken: number; drawn: Record<string, number> }>;

/** What a decision may draw on: its programmes are locked, its services are counted. */
export type Draws = { programmes: readonly string[]; services: readonly string[] };

export type Ledger = {
  open(referral: string): Promise<Journey | undefined>;
  openByOffer(offer: string): Promise<Journey | undefined>;
  /** `stale`: someone else committed first, or the lease was lost; nothing was written. */
  commit(change: Change): Promise<"committed" | "stale">;
  /** Locks the programmes' rows, shows their capacity to a pure judge, and commits its answer in the same transaction. `left`: it gave none. */
  decide(draws: Draws, judge: (capacity: Capacity) => Change | undefined): Promise<"committed" | "stale" | "left">;
  /** `number`: its place in the line of all the news for a client that counts (the form `notification`). */
  callback(id: string): Promise<(News & { state: CallbackState }) | undefined>;
  /** Whether this key was used for this referral before, and with which body. */
  amendment(referral: string, key: string): Promise<{ id: string; bodyDigest: string; at: Date } | undefined>;
  /**
   * What is known of the sending of an offer. `under-way`: it, or word about it, may arrive at its holder at any moment.
   * `maybe`: a send was tried, or the offer stood in a queue. `never`: nothing of it has left us.
   */
  sent(offer: Pick<Offer, "id" | "referral">): Promise<"under-way" | "maybe" | "never">;
  /** Erases a person: destroys the case's key and every digest that finds them. What is left are codes and ids. */
  forget(caseId: string): Promise<void>;
};
