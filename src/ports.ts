// The few small interfaces that steps and views need. Adapters and queues implement them; wire.ts joins them.
import type { Check } from "../schemas/check.ts";
import type { Callback, RenderedCallback } from "../schemas/callback.ts";
import type { Client, ClientKind, NewClient } from "../schemas/client.ts";
import type { Event, EventBody } from "../schemas/event.ts";
import type { NeedCode } from "../schemas/need.ts";
import type { Answer, Offer, OfferDetail, OfferPreview, OfferStatus } from "../schemas/offer.ts";
import type { Programme } from "../schemas/programme.ts";
import type { Directory } from "../schemas/provider.ts";
import type { Reason } from "../schemas/reason.ts";
import type { Receipt } from "../schemas/receipt.ts";
import type { Content, Door, Status } from "../schemas/referral.ts";
import type { AttemptOutcome, NewWork, Ring, Work } from "../schemas/work.ts";

/** Time comes from the store's own clock in production, so that every process agrees. */
export type Clock = { now(): Date };

export type Ids = {
  /** UUIDv7 (RFC 9562, section 5.7): sorts by time. */
  uuid(): string;
  /** Uniform random bytes from the operating system. */
  bytes(count: number): Buffer;
  /** A number in [0, 1), for jitter only. */
  chance(): number;
};

/** Keyed digests (HMAC-SHA-256, base64url). A purpose separates the key, so that digests of two purposes never meet. */
export type Digest = (
  purpose: "body" | "key" | "input" | "consent" | "nhs-number" | "nino" | "name-birth" | "postcode-birth" | "api-key",
  value: string | Uint8Array,
) => string;

// ---------------------------------------------------------------- intake: inserts for anyone, reads nothing but the key

export type Submission = {
  id: string;
  client: string;
  organisation: string;
  door: Door;
  /** What makes it the same submission when it comes again: unique for organisation and door. */
  key: string;
  bodyDigest: string;
  /** The bytes as they came, sealed by the store. */
  body: Uint8Array;
  contentType: string;
  /** Ids of the caller that every answer repeats: request, correlation, message, own reference. Never personal. */
  requestId?: string;
  correlationId?: string;
  messageId?: string;
  callerReference?: string;
  caseId: string;
  referralId: string;
  reference: string;
  content: Content;
  at: Date;
  test: boolean;
  event: Event;
  work: NewWork;
};

export type Taken = { referral: string; reference: string; at: Date };

/** `repeat`: the key came before. `busy`: the line is full, nothing was stored. */
export type Accepted =
  | { outcome: "taken"; taken: Taken }
  | { outcome: "repeat"; sameBody: boolean; taken: Taken }
  | { outcome: "busy"; retryAfterSeconds: number }
  /** The random reference is in use: nothing was stored, and the caller draws another. */
  | { outcome: "clash" };

/** Returns only after the commit. Many callers share one transaction; one that fails never fails another. */
export type Intake = { accept(submission: Submission): Promise<Accepted> };

// ---------------------------------------------------------------- ledger: what a worker leases, reads and commits

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
  offers: Offer[];
  /** Absent when the case was erased: its key is gone. */
  content?: Content;
};

/** Everything that one commit writes, or nothing of it. */
export type Change = {
  referral: string;
  /** The version that was read: another commit in between makes this one `stale`. */
  version: number;
  status: Status;
  events: Event[];
  receipt?: Receipt;
  /** New offers, and offers whose status changes. */
  offers?: Offer[];
  callbacks?: Callback[];
  work?: NewWork[];
  /** Places taken (+1) or given back (-1). `drawn` counts every place ever given, for fair share. */
  places?: { programme: string; service: string; taken: number; drawn: number }[];
  /** Keyed digests by which the person can be found. */
  people?: { kind: "nhs-number" | "nino" | "name-birth" | "postcode-birth"; digest: string }[];
  /** The work that this commit finishes; a lease that was lost makes it `stale`. */
  done?: { work: string; token: string };
};

/** Places taken and drawn, by service, in the programmes that were locked. */
export type Capacity = Map<string, { taken: number; drawn: number }>;

export type Ledger = {
  open(referral: string): Promise<Journey | undefined>;
  openByOffer(offer: string): Promise<Journey | undefined>;
  /** `stale`: someone else committed first, or the lease was lost; nothing was written. */
  commit(change: Change): Promise<"committed" | "stale">;
  /** Locks the programmes' rows, shows their capacity to a pure judge, and commits its answer in the same transaction. */
  decide(programmes: readonly string[], judge: (capacity: Capacity) => Change): Promise<"committed" | "stale">;
  callback(id: string): Promise<(Callback & { state: CallbackState }) | undefined>;
  /** Erases a person: destroys the case's key and every digest that finds them. What is left are codes and ids. */
  forget(caseId: string): Promise<void>;
};

/** `kept`: its receiver has no address or is switched off; it can be replayed. */
export type CallbackState = "waiting" | "delivered" | "kept" | "dead";

// ---------------------------------------------------------------- agenda: the work table as ringer and workers use it

/** How an attempt leaves its work row. `attempted` false spends no attempt (an open breaker, a full destination). */
export type Settlement =
  | { kind: "done"; callback?: CallbackState }
  | { kind: "again"; due: Date; attempted: boolean; cause: string }
  | { kind: "dead"; cause: string };

export type Agenda = {
  /** Leases due work, at most `places` at one time for each destination outside `wide`, oldest first. */
  lease(options: { limit: number; places: number; seconds: number }): Promise<Ring[]>;
  /** The worker's claim: a new token for the old one, so that a ring that comes twice finds nothing to do. */
  claim(ring: Ring): Promise<Work | undefined>;
  /** False when the lease was lost to another worker: the caller must change nothing. */
  settle(work: Pick<Work, "id" | "token">, settlement: Settlement): Promise<boolean>;
  /** Ends every lease. Only for a process that is alone on its store: whatever is leased then was held by one that died. */
  releaseAll(): Promise<number>;
  /** When the next row falls due, for the sweeper. */
  backlog(): Promise<{ due: number; waiting: number; dead: number; oldestDue?: Date }>;
};

/** Rings after a commit: never awaited by a reply, never needed for the truth. */
export type Bell = { nudge(): void };

// ---------------------------------------------------------------- breakers: the row decides, opossum counts

export type Admission = { kind: "closed" } | { kind: "probe"; token: string } | { kind: "open"; until: Date };

export type Breakers = {
  admit(destination: string): Promise<Admission>;
  /** Reports one attempt. Opens after too many failures, closes after a probe that went well. */
  report(destination: string, admission: Admission, reachable: boolean): Promise<void>;
};

// ---------------------------------------------------------------- registered clients

export type Registered = { client: Client; apiKey?: string };

export type Clients = {
  byId(id: string): Promise<Client | undefined>;
  byApiKey(apiKey: string): Promise<Client | undefined>;
  /** The newest client of this kind that is not revoked, among the test clients or among the others. */
  byOrganisation(kind: ClientKind, organisation: string, test: boolean): Promise<Client | undefined>;
  /** Organisations with a client of this kind in force, by whether it is a test client. */
  organisations(kind: ClientKind, test: boolean): Promise<string[]>;
  add(draft: NewClient): Promise<Registered>;
  list(): Promise<Client[]>;
  revoke(id: string): Promise<boolean>;
  /** A receiver said 410 Gone: nothing more is sent there until an operator says so. */
  silence(id: string): Promise<void>;
  /** True the first time this assertion id is shown by this client (RFC 7523, section 3, item 7). */
  firstUse(client: string, assertionId: string, expires: Date): Promise<boolean>;
};

// ---------------------------------------------------------------- reading, with row security set to one organisation

export type Timeline = { sequence: number; at: Date; body: EventBody };

export type ReferralRow = {
  id: string;
  reference: string;
  callerReference?: string;
  correlationId?: string;
  door: Door;
  status: Status;
  version: number;
  organisation: string;
  test: boolean;
  receivedAt: Date;
  changedAt: Date;
  participation: Content["participation"];
  timeline: Timeline[];
};

export type OfferRow = Offer & {
  reference: string;
  /** How the referral stands is not a provider's business; how its own offer stands is. */
  content?: Content;
  version: number;
};

export type Reader = {
  /** By id or by reference. Undefined for another organisation's: the caller answers 404 for both. */
  referral(organisation: string, id: string): Promise<ReferralRow | undefined>;
  /** Receipts of a referral that this organisation sent, or was offered. Newest last. */
  receipts(organisation: string, referral: string): Promise<Receipt[]>;
  offers(
    organisation: string,
    filter: { status?: OfferStatus; after?: string; limit: number; test: boolean },
  ): Promise<OfferRow[]>;
  offer(organisation: string, id: string): Promise<OfferRow | undefined>;
  /** Referrals of one door that changed in a window, oldest first (GeoReport GET requests). */
  changed(organisation: string, door: Door, from: Date, to: Date, limit: number): Promise<ReferralRow[]>;
};

// ---------------------------------------------------------------- what goes out

export type OfferMessage = { offer: Offer; reference: string; preview: OfferPreview };

/** One way to reach a provider. `idempotent` says whether a lost answer may be followed by a second send. */
export type Transport = {
  name: string;
  idempotent: boolean;
  send(message: OfferMessage, to: Client): Promise<AttemptOutcome>;
};

export type Messenger = { send(callback: Callback, to: Client): Promise<AttemptOutcome> };

export type RenderCallback = (callback: Callback, to: Client) => RenderedCallback;

/** Which way a provider is reached, from its registration: a transport, or the queue that it pulls from. */
export type Transports = { to(provider: Client | undefined): Transport | "pull" };

// ---------------------------------------------------------------- rules and directory in force

export type Rulebook = {
  /** Programmes in force on a day, each with its digest. */
  inForce(on: Date): { programme: Programme; digest: string }[];
  directory(): Directory;
};

// ---------------------------------------------------------------- what doors and queues are given

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
};

export type AnswerResult =
  | { outcome: "changed" | "repeated"; offer: Offer }
  | { outcome: "refused"; reasons: Reason[] }
  | { outcome: "not-found" };

export type Worked = "done" | "again" | "dead" | "nothing";

/** The verbs. wire.ts binds each to its ports. */
export type Steps = {
  accept(arrival: Arrival): Promise<Exclude<Accepted, { outcome: "clash" }> | Refusal>;
  assess(work: Work): Promise<Worked>;
  deliver(work: Work): Promise<Worked>;
  notify(work: Work): Promise<Worked>;
  answer(client: Client, offer: string, answer: Answer): Promise<AnswerResult>;
};

export type ReferralView = {
  id: string;
  reference: string;
  /** As the first event tells it; GeoReport names it as the service. */
  need?: NeedCode;
  callerReference?: string;
  correlationId?: string;
  status: Status;
  /** The status in a short plain sentence. */
  words: string;
  receivedAt: string;
  changedAt: string;
  sequence: number;
  reasons: Reason[];
  timeline: { sequence: number; at: string; type: string }[];
};

export type OfferView = {
  id: string;
  reference: string;
  status: OfferStatus;
  service: string;
  madeAt: string;
  changedAt: string;
  preview: OfferPreview;
  /** From acceptance until the offer ends. */
  detail?: OfferDetail;
};

/** An answer to a question before sending. `may-fit`: something named is missing. */
export type CheckView = {
  outcome: "fits" | "may-fit" | "does-not-fit";
  words: string;
  asks: { code: string; path?: string; words: string }[];
  candidates: Receipt["candidates"];
  rules: string[];
  directory: string;
};

export type Views = {
  /** `door` is the one through which this client would send. */
  check(client: Client, door: Door, check: Check): Promise<CheckView>;
  referral(client: Client, id: string): Promise<ReferralView | undefined>;
  receipt(client: Client, referral: string): Promise<Receipt[] | undefined>;
  offers(client: Client, filter: { status?: OfferStatus; after?: string; limit: number }): Promise<OfferView[]>;
  offer(client: Client, id: string): Promise<OfferView | undefined>;
  changed(client: Client, door: Door, from: Date, to: Date, limit: number): Promise<ReferralView[]>;
};

// ---------------------------------------------------------------- the operators' desk

/** One referral as an operator sees it: codes, times and ids, never the person. */
export type Dossier = {
  journey: Omit<Journey, "content">;
  timeline: (Timeline & { actor: string })[];
  receipts: Receipt[];
  callbacks: { id: string; type: string; sequence: number; state: CallbackState; changedAt: Date }[];
  work: { kind: string; destination: string; due: Date; attempt: number; deadAt?: Date; cause?: string }[];
  attempts: { kind: string; at: Date; number: number; result: string; cause?: string }[];
};

export type Desk = {
  /** By id or by reference. */
  dossier(referral: string): Promise<Dossier | undefined>;
};
