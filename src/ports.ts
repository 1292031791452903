// The few small interfaces that steps and views need. Adapters and queues implement them; wire.ts joins them.
import type { Amendment } from "../schemas/amendment.ts";
import type { Activation, ActivationRequest } from "../schemas/activation.ts";
import type { Override, OverrideRequest, ProposalReply, Sibling } from "../schemas/case.ts";
import type { Check } from "../schemas/check.ts";
import type { Callback, CallbackState, RenderedCallback } from "../schemas/callback.ts";
import type { PlacementStage } from "../schemas/contract.ts";
import type { Consent } from "../schemas/consent.ts";
import type { Client, ClientKind, NewClient } from "../schemas/client.ts";
import type { Cause, LastCause } from "../schemas/cause.ts";
import type { Task } from "../schemas/foreign/fhir/task.ts";
import type { Event, EventBody, Mark } from "../schemas/event.ts";
import type { Letter, LetterTo, LetterWay } from "../schemas/letter.ts";
import type { Link, LinkStanding } from "../schemas/link.ts";
import type { Facts } from "../schemas/facts.ts";
import type { NeedCode } from "../schemas/need.ts";
import type { Answer, Offer, OfferDetail, OfferPreview, OfferStatus } from "../schemas/offer.ts";
import type { Pause, PauseScope } from "../schemas/pause.ts";
import type { Programme } from "../schemas/programme.ts";
import type { Directory } from "../schemas/provider.ts";
import type { Reason, ReasonCode } from "../schemas/reason.ts";
import type { Receipt } from "../schemas/receipt.ts";
import type { Content, Door, Status } from "../schemas/referral.ts";
import type { AttemptOutcome, NewWork, Ring, Settlement, Tried, Work, WorkKind } from "../schemas/work.ts";

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
  purpose:
    | "body"
    | "key"
    | "input"
    | "consent"
    | "capacity"
    | "nhs-number"
    | "nino"
    | "name-birth"
    | "postcode-birth"
    | "api-key"
    | "link"
    | "code"
    | "session"
    | "form",
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
  | { outcome: "busy"; retryAfterSeconds: number; why?: "door-paused" }
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
  /** While it is held: the event that made the hold in force, and what that asks for. */
  hold?: { event: string; why: "consent" | "information" | "review"; asks: Reason[] };
  offers: Offer[];
  /** The other referrals of the case, as far as rules may know of them. */
  siblings: Sibling[];
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
  /** New offers, and offers whose status changes. */
  offers?: Offer[];
  callbacks?: Callback[];
  work?: NewWork[];
  /** Places taken (+1) or given back (-1). `drawn` counts every place ever given, for fair share. */
  places?: { programme: string; service: string; taken: number; drawn: number }[];
  /** Keyed digests by which the person can be found. */
  people?: { kind: "nhs-number" | "nino" | "name-birth" | "postcode-birth"; digest: string }[];
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
  /** Erases a person: destroys the case's key and every digest that finds them. What is left are codes and ids. */
  forget(caseId: string): Promise<void>;
};

// ---------------------------------------------------------------- agenda: the work table as ringer and workers use it

export type LeaseOptions = { limit: number; places: number; perSecond: number; seconds: number };

export type Agenda = {
  /**
   * Leases due work, oldest first: for each destination that others stand behind at most `places` at one time and
   * `perSecond` in any second, and of one referral one after the other. `paced`: more would have gone but for that pace.
   */
  lease(options: LeaseOptions): Promise<{ rings: Ring[]; paced: boolean }>;
  /** The worker's claim: a new token for the old one, so that a ring that comes twice finds nothing to do. */
  claim(ring: Ring): Promise<Work | undefined>;
  /** Holds on to work whose lease is running out, where its token still holds. */
  renew(held: readonly Pick<Work, "id" | "token">[]): Promise<void>;
  /** Writes down that a send begins, before it does. False when the lease was lost: then nothing may be sent. */
  intend(work: Pick<Work, "id" | "token">, way: string): Promise<boolean>;
  /** False when the lease was lost to another worker: the caller must change nothing. */
  settle(work: Pick<Work, "id" | "token">, settlement: Settlement): Promise<boolean>;
  /** Someone rang: what waits to be looked at there is due at this moment, also what is being looked at right now. */
  hasten(kind: WorkKind, destination: string, due: Date): Promise<number>;
  /** Puts a row there unless one lives under that id: for what comes again and again. */
  ensure(work: NewWork): Promise<void>;
  /** Ends every lease. Only for a process that is alone on its store: whatever is leased then was held by one that died. */
  releaseAll(): Promise<number>;
  /** When the next row falls due, for the sweeper. */
  backlog(): Promise<{ due: number; waiting: number; dead: number; oldestDue?: Date }>;
};

/** Rings after a commit: never awaited by a reply, never needed for the truth. */
export type Bell = { nudge(): void };

// ---------------------------------------------------------------- breakers: the row decides, opossum counts

/** The breaker was open: nothing was sent, and no attempt is spent. */
export type HeldBack = { kind: "open"; until: Date };

export type Breakers = {
  /** One attempt through the breaker: admitted, made, reported. Undefined when `send` in the end sent nothing. */
  through(
    destination: string,
    send: () => Promise<AttemptOutcome | undefined>,
  ): Promise<AttemptOutcome | HeldBack | undefined>;
};

// ---------------------------------------------------------------- pauses: what an operator has stopped for a while

export type Pauses = {
  /** Read at most a second ago. */
  inForce(): Promise<readonly Pause[]>;
  /** Read now. */
  list(): Promise<readonly Pause[]>;
  programmeOf(offer: string): Promise<string | undefined>;
  /** What waits for a pause is due now; what another one still holds up is put off again. */
  setFree(): Promise<void>;
  /** False when it was paused before: then that stands. */
  pause(pause: Omit<Pause, "since">): Promise<boolean>;
  /** False when it was not paused. What waited for it is due now. */
  resume(scope: PauseScope, by: string): Promise<boolean>;
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
  /** Its telephone number was seen to be its own. */
  reachChecked(id: string): Promise<boolean>;
  /** How many pieces of news there were for this client. */
  newsCount(id: string): Promise<number>;
  /** True the first time this assertion id is shown by this client (RFC 7523, section 3, item 7). */
  firstUse(client: string, assertionId: string, expires: Date): Promise<boolean>;
};

/** What an operator changes by hand of a client in force. Each leaves its line in the audit. */
export type Register = {
  /** A new secret beside the old one: both sign until the old one is retired. Shown this once. */
  rotateSecret(
    id: string,
    by: string,
  ): Promise<{ outcome: "rotated"; secret: string } | { outcome: "two-live" } | { outcome: "not-found" }>;
  retireSecret(id: string, by: string): Promise<"retired" | "one-left" | "not-found">;
  /** Ends what a 410 began. What was kept meanwhile stays kept until someone asks for it. False when it was not switched off. */
  resume(id: string, by: string): Promise<boolean>;
  /** Another address for everything that is sent from now on. */
  move(id: string, by: string, callbackUrl: string): Promise<boolean>;
  /** How many at one time and how many a second may be sent to it; undefined is what the settings say. */
  pace(id: string, by: string, pace: { places?: number; perSecond?: number }): Promise<boolean>;
};

// ---------------------------------------------------------------- dead letters: what waits for a person

/** `dead`: work that was given up. `kept`: news that could not be told while its receiver was off. Codes, ids and times only. */
export type DeadLetter = {
  id: string;
  state: "dead" | "kept";
  kind: WorkKind;
  destination: string;
  /** The client that it would go to now. */
  client?: string;
  referral: string;
  reference?: string;
  /** Of news: what it tells. */
  type?: string;
  since: Date;
  attempts: number;
  cause: string;
};

export type LetterFilter = { destination?: string; kind?: WorkKind; since?: Date; until?: Date };

export type DeadLetters = {
  /** Oldest first. Kept news is shown for one destination at a time: most of it is kept because nobody wants it sent. */
  list(by: string, filter: LetterFilter & { limit: number }): Promise<DeadLetter[]>;
  find(id: string): Promise<DeadLetter | undefined>;
  /** Due now, at the start of its schedule. False when there is no such letter. */
  resend(by: string, id: string, verb?: "dead-letters.resend" | "dead-letters.edit"): Promise<boolean>;
  /** All of one destination in a time range, at most `limit` of them, oldest first. The number that were. */
  resendAll(by: string, range: { destination: string; since: Date; until: Date; limit: number }): Promise<number>;
  /** News to another client of the same kind and organisation, and sent to it. False when there is no such letter or client. */
  readdress(by: string, id: string, client: string): Promise<boolean>;
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

/** What a referrer searches its own referrals by; all of it must hold. */
export type ReferralFilter = {
  id?: string;
  /** The referral that this offer was made for. */
  offer?: string;
  reference?: string;
  /** Our reference or the caller's own: whichever it is. */
  named?: string;
  statuses?: readonly Status[];
  from?: Date;
  to?: Date;
  /** The last referral of the page before. */
  after?: string;
  limit: number;
};

export type Reader = {
  /** By id or by reference. Undefined for another organisation's: the caller answers 404 for both. */
  referral(organisation: string, id: string): Promise<ReferralRow | undefined>;
  /** Consents on record to a referral that this organisation sent, as they were told; none once the person is erased. */
  consents(organisation: string, referral: string): Promise<readonly Consent[]>;
  amendment(organisation: string, id: string): Promise<KeptAmendment | undefined>;
  /** Receipts of a referral that this organisation sent, or was offered. Newest last. */
  receipts(organisation: string, referral: string): Promise<Receipt[]>;
  offers(
    organisation: string,
    filter: { status?: OfferStatus; after?: string; limit: number; test: boolean },
  ): Promise<OfferRow[]>;
  offer(organisation: string, id: string): Promise<OfferRow | undefined>;
  /** Referrals of one door that changed in a window, oldest first (GeoReport GET requests). */
  changed(organisation: string, door: Door, from: Date, to: Date, limit: number): Promise<ReferralRow[]>;
  /** Referrals of one door, in the order in which they came (FHIR search). */
  find(organisation: string, door: Door, test: boolean, filter: ReferralFilter): Promise<ReferralRow[]>;
};

// ---------------------------------------------------------------- what goes out

export type OfferMessage = { offer: Offer; reference: string; preview: OfferPreview };

/**
 * One way to reach a provider. `idempotent` says whether a lost answer may be followed by a second send. Where it may
 * not, the intent stands in the store before each send; one that is found open becomes `unknown`, a person's task.
 */
export type Transport = {
  name: string;
  idempotent: boolean;
  /** Why this provider cannot be reached by it as things stand; then nothing is sent. */
  lacks?(to: Client): Cause | undefined;
  send(message: OfferMessage, to: Client): Promise<AttemptOutcome>;
  /**
   * Looks where the provider keeps it: takes in what it says there, and takes the offer back there once it was recalled.
   * `accepted` says that the look went well. Absent where the provider comes to us.
   */
  follow?(offer: Offer, to: Client): Promise<AttemptOutcome>;
  /** Of a send that was cut off: true where it arrived, false where it did not and may go again, undefined where nobody knows. */
  arrived?(message: OfferMessage, to: Client): Promise<boolean | undefined>;
};

export type FoundTask = { id: string; version?: string; task: Task; resource: Record<string, unknown> };

/** How an offer looks as a FHIR Task, and what a Task says of it. The FHIR door knows; a transport is given it. */
export type TaskForm = {
  /** `system|offer`: by this the Task is found again. */
  identifier(offer: string): string;
  render(message: OfferMessage, publicUrl: string): object;
  /** The Tasks of this offer in what a search answered; undefined where that is no answer to a search. */
  find(answer: unknown, offer: string): FoundTask[] | undefined;
  moves(found: FoundTask, status: OfferStatus): TaskMoves;
  isClosed(found: FoundTask): boolean;
  cancelled(found: FoundTask, now: Date): object;
};

/** `behind`: the offer has gone past it. `silent`: it says nothing of the offer. */
export type TaskMoves = { kind: "steps"; answers: Answer[] } | { kind: "same" | "behind" | "silent" };

/** Letters to people, by e-mail or text message. Nothing in them is about anyone. */
export type Letters = {
  /** Whether letters can leave by this way at all, as this broker is set up. */
  carries(by: LetterWay): boolean;
  /** Whether it can be asked, before a second send, what became of the first. */
  idempotent(by: LetterWay): boolean;
  send(letter: Letter, to: LetterTo): Promise<AttemptOutcome>;
  /** What became of a letter sent before under this id. `none` may be sent, `unsure` cannot be told. */
  fate(id: string, by: LetterWay): Promise<"none" | "taken" | "undeliverable" | "unsure">;
};

/** A piece of news on its way. */
export type News = Callback & { number?: number };

export type Messenger = { send(callback: News, to: Client): Promise<AttemptOutcome> };

export type RenderCallback = (callback: News, to: Client) => RenderedCallback;

/** How news looks as a Task in a GP's own FHIR server, and what stands there of it. The FHIR door knows. */
export type NewsForm = {
  /** `system|value` of the one Task for this referral. */
  identifier(callback: News): string;
  render(callback: News, to: Client): object;
  /** The Tasks for this referral in what a search answered; undefined where that is no answer to a search. */
  find(answer: unknown, callback: News): (FoundTask & { tells: "older" | "this-or-newer" })[] | undefined;
};

/** Which way a provider is reached, from its registration: a transport, the queue that it pulls from, or none that is set up. */
export type Transports = { to(provider: Client): Transport | "pull" | undefined };

// ---------------------------------------------------------------- the book of our MESH mailbox

/**
 * One message that we send, under a key of ours. `begun`: its answer never came, so it is looked up before anything is sent
 * again. `uploading`: chunks are missing. `returned`: MESH gave it back; the next one has a round, and so an id, of its own.
 */
export type Dispatch = {
  key: string;
  round: number;
  state: "begun" | "uploading" | "sent" | "returned";
  /** The mailbox that it goes to. */
  to: string;
  messageId?: string;
  code?: string;
  changedAt: Date;
};

/** One message that came, stored before MESH is told that we have it. */
export type Parcel = {
  messageId: string;
  kind: "data" | "report";
  /** The mailbox that it came from: MESH vouches for it. */
  from: string;
  workflow: string;
  receivedAt: Date;
  localId?: string;
  /** Of a report: the message that came back, and why. */
  linked?: string;
  code?: string;
  /** Why its body was not read. */
  fault?: ReasonCode;
  body?: Uint8Array;
};

/** What became of a parcel. `to` is told so in a report of ours, as this client, where there is one. */
export type ParcelEnd = {
  outcome:
    | "changed"
    | "repeated"
    | "refused"
    | "not-found"
    | "stranger"
    | "other-workflow"
    | "returned"
    | "reply-returned"
    | "nothing-known";
  offer?: string;
  client?: string;
  reasons?: Reason[];
};

/** Of its reasons the book keeps the codes: a path may be a name that the sender made up. The body has them all. */
export type Reply = ParcelEnd & Pick<Parcel, "messageId" | "from" | "receivedAt" | "body">;

export type MailBook = {
  dispatch(key: string): Promise<Dispatch | undefined>;
  note(dispatch: Omit<Dispatch, "changedAt">): Promise<void>;
  /** It never left us: as if it had not been begun. */
  strike(key: string): Promise<void>;
  known(messageIds: readonly string[]): Promise<Set<string>>;
  /** False when it was here already. */
  keep(parcel: Parcel): Promise<boolean>;
  /** Parcels that nobody has looked into, oldest first. */
  unopened(limit: number): Promise<Parcel[]>;
  /** A body that was understood is kept no longer: what it said stands in the case. */
  settle(messageId: string, end: ParcelEnd, replies: boolean): Promise<void>;
  replies(limit: number): Promise<Reply[]>;
  replied(messageId: string, cause?: string): Promise<void>;
  /** MESH gave an offer back: its work is a person's now. False where the offer waits for nothing. */
  returned(offer: string, cause: string): Promise<boolean>;
  /** Takes away what is too old to matter. */
  prune(before: Date, forgetBefore: Date): Promise<void>;
};

// ---------------------------------------------------------------- letting people in who have no system

/** Links to offers. `token` is always a digest here: the token itself is in the letter alone. */
export type Links = {
  /** Ends those before it of the same offer, and plans its time-out. */
  make(
    link: Pick<Link, "id" | "offer" | "referral" | "client" | "endsAt"> & { token: string },
    knock: NewWork,
  ): Promise<void>;
  /** Another token for a link whose letter never left. */
  renew(id: string, token: string, endsAt: Date): Promise<void>;
  sent(id: string): Promise<void>;
  /** All links of one offer, newest last. */
  ofOffer(offer: string): Promise<Link[]>;
  byToken(token: string): Promise<Link | undefined>;
  /** False where it is no longer open: only one visit is ever opened by one link. */
  redeem(id: string, visit: { token: string; until: Date; ends: Date }): Promise<boolean>;
  /** The link of a visit that goes on; each look lengthens it. */
  visit(token: string, until: Date): Promise<Link | undefined>;
  leave(token: string): Promise<void>;
};

/** Codes sent to a telephone: one at a time for a link, or for a client at its sign-up. */
export type Codes = {
  /** False when `most` were sent before. */
  issue(subject: string, code: { digest: string; until: Date; most: number }): Promise<boolean>;
  /** Counts a try, then shows what it is compared with. Undefined: no code is out, its time is over, or all tries are used. */
  attempt(subject: string, tries: number): Promise<{ digest: string; left: number } | undefined>;
  /** True once for each code. */
  spend(subject: string, digest: string): Promise<boolean>;
};

/** Sends a provider without a system a link to one offer. */
export type Invite = (invitation: { offer: Offer; reference: string }, to: Client) => Promise<AttemptOutcome>;

/** `gone`: nothing to open behind this token, or no longer. */
export type Doorkeeper = {
  /** Changes nothing: mail scanners open links. `phone` is the end of the number that a code would go to. */
  look(token: string): Promise<{ standing: LinkStanding | "closed" | "unknown"; phone?: string }>;
  sendCode(token: string): Promise<"sent" | "not-sent" | "too-many" | "gone">;
  redeem(
    token: string,
    code: string,
  ): Promise<{ outcome: "in"; session: string } | { outcome: "wrong"; left: number } | { outcome: "no-code" | "gone" }>;
  /** Sends another link to the address that the first one went to. */
  relink(token: string): Promise<"sent" | "not-sent" | "too-many" | "gone">;
  /** Who visits, and the mark that their forms must carry. */
  visitor(session: string): Promise<{ client: Client; offer: string; form: string } | undefined>;
  leave(session: string): Promise<void>;
};

/** At sign-up: is this telephone the provider's own? */
export type NumberCheck = {
  send(client: Client): Promise<AttemptOutcome | "too-many">;
  compare(
    client: Client,
    code: string,
  ): Promise<{ outcome: "checked" } | { outcome: "wrong"; left: number } | { outcome: "no-code" }>;
};

// ---------------------------------------------------------------- rules and directory in force

export type Rulebook = {
  /** Programmes in force on a day, each with its digest. */
  inForce(on: Date): { programme: Programme; digest: string }[];
  directory(): Directory;
  /** Of the directory as it is now. */
  directoryDigest(): string;
  /** All that was loaded, whether in force or not. */
  bodies(): Bodies;
};

/** Which versions of packs came into force, when and by whom. */
export type PackRegister = {
  lines(): Promise<Activation[]>;
  /** Another text after every change: cheap to ask for, so that every process hears of a change within a minute. */
  mark(): Promise<string>;
  /** Shows the lines to a pure judge and writes what it says in the same transaction; two changes never run at one time. */
  change<T>(by: string, judge: (lines: Activation[]) => { answer: T; change?: RegisterChange }): Promise<T>;
};
export type RegisterChange = {
  begin: Pick<Activation, "programme" | "version" | "digest" | "from">[];
  end: { id: string; until: string }[];
};

/** A line of the register as an operator reads it. */
export type PackLine = Activation & { stand: "in force" | "future" | "superseded" | "historic" };
export type PackFault = { file: string; line: number; column: number; path: string; reason: string };
export type PackTrial = {
  day: string;
  packs: { programme: string; version: number; tests: number; failures: { test: string; why: string }[] }[];
};

/** What operators do with packs beside checking their files. */
export type PackDesk = {
  list(): Promise<PackLine[]>;
  /** Runs the cases of the packs in force on a day, today unless said, with the directory as it was kept then. */
  test(day?: string): Promise<PackTrial>;
  /** `faults`: of the file. `refused`: in words, why this version may not come into force then. */
  activate(
    file: string,
    request: ActivationRequest,
  ): Promise<
    | { outcome: "activated"; line: Pick<PackLine, "programme" | "version" | "digest" | "from"> }
    | { outcome: "faults"; faults: PackFault[] }
    | { outcome: "refused"; words: string }
  >;
};

/** Rules and directory whole, by the digests that receipts name (SHA-256 of the canonical form). */
export type Bodies = {
  packs: { programme: Programme; digest: string }[];
  directory: { directory: Directory; digest: string };
};

/** Packs and directories as they were, for as long as receipts live. */
export type Archive = {
  /** Keeps what is not there yet, and says how many that were. */
  keep(bodies: Bodies): Promise<number>;
  /** Undefined: never kept, altered since, or in a form that this program does not read. */
  pack(digest: string): Promise<Programme | undefined>;
  directory(digest: string): Promise<Directory | undefined>;
  /** The newest directory that was kept on that day or before it. */
  directoryOn(day: string): Promise<Directory | undefined>;
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
  /** Empties our MESH mailbox. */
  collect(work: Work): Promise<Worked>;
  answer(client: Client, offer: string, answer: Answer): Promise<AnswerResult>;
  /** An adviser sets a clause aside, with name and reason; the case is decided anew. */
  override(by: Adviser, referral: string, override: OverrideRequest): Promise<Recorded>;
  /** The person's yes or no to what was proposed; a yes opens a referral of its own in the same case. */
  reply(client: Client, referral: string, reply: ProposalReply): Promise<Recorded>;
  /** By the id or the reference of a referral of this client's own. */
  amend(client: Client, referral: string, telling: Telling): Promise<AmendResult>;
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

/** One service that was asked, as the referrer may know of it (FHIR Task). */
export type AskedView = {
  /** The offer's. */
  id: string;
  referral: string;
  reference: string;
  provider: string;
  service: string;
  status: OfferStatus;
  madeAt: string;
  changedAt: string;
  /** Why it was declined, recalled or ended. */
  reasons: Reason[];
};

/** A minimised profile for one vacancy: wishes and courses, and nobody's name. */
export type ProfileView = {
  reference: string;
  employer: string;
  vacancy: string;
  title: string;
  starts: string;
  profile: { jobPreferences: string[]; preferredHours?: string; rightToWork?: boolean; courses: string[] };
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

/** What was told of a referral later, as it came. */
export type KeptAmendment = { referral: string; contentType: string; body: Uint8Array; at: Date };

export type Views = {
  amendment(client: Client, id: string): Promise<KeptAmendment | undefined>;
  /** `door` is the one through which this client would send. */
  check(client: Client, door: Door, check: Check): Promise<CheckView>;
  referral(client: Client, id: string): Promise<ReferralView | undefined>;
  receipt(client: Client, referral: string): Promise<Receipt[] | undefined>;
  offers(client: Client, filter: { status?: OfferStatus; after?: string; limit: number }): Promise<OfferView[]>;
  offer(client: Client, id: string): Promise<OfferView | undefined>;
  /** What an employer may hear of the person of an accepted offer; or the reasons why nothing. */
  profile(
    client: Client,
    offer: string,
    role: { employer: string; vacancy: string },
  ): Promise<ProfileView | Refusal | undefined>;
  changed(client: Client, door: Door, from: Date, to: Date, limit: number): Promise<ReferralView[]>;
  find(client: Client, filter: ReferralFilter): Promise<ReferralView[]>;
  newsCount(client: Client): Promise<number>;
  consents(
    client: Client,
    referral: string,
  ): Promise<{ referral: string; receivedAt: string; consents: readonly Consent[] } | undefined>;
  /** Of the referrals that fit. `next` is the last of them where there may be more, whether or not anybody was asked. */
  asked(client: Client, filter: ReferralFilter): Promise<{ asked: AskedView[]; next?: string }>;
};

// ---------------------------------------------------------------- the operators' desk

/** One referral as an operator sees it: codes, times and ids, never the person. */
export type Dossier = {
  journey: Omit<Journey, "content">;
  timeline: (Timeline & { actor: string })[];
  receipts: Receipt[];
  callbacks: { id: string; type: string; sequence: number; state: CallbackState; changedAt: Date }[];
  work: { kind: string; destination: string; due: Date; attempt: number; deadAt?: Date; cause?: string }[];
  attempts: {
    kind: string;
    at: Date;
    number: number;
    result: string;
    outcome?: string;
    cause?: string;
    status?: number;
    way?: string;
  }[];
};

/** One decision with what was read for it, as canonical JSON. */
export type DecisionMade = {
  id: string;
  referral: string;
  reference: string;
  decidedAt: Date;
  /** `no-input`: made before inputs were kept. `altered`: does not open with the case's key. `no-key`: the ring has not the key. */
  state: "open" | "erased" | "no-input" | "altered" | "no-key";
  receipt?: string;
  input?: string;
};

/** The decisions on one referral; or a page of all, oldest first. */
export type DecisionsAsked =
  | { referral: string }
  | { after?: string | undefined; since?: Date | undefined; until?: Date | undefined; limit: number };

export type PledgeCount = { programme: string; employer: string; stage: PlacementStage; people: number };
export type OverrideCount = { programme: string; clause: string; count: number };

export type Desk = {
  decisions(asked: DecisionsAsked): Promise<DecisionMade[]>;
  /** How many people reached each stage with each employer. */
  pledges(): Promise<PledgeCount[]>;
  /** How often each clause was set aside. */
  overrides(): Promise<OverrideCount[]>;
  /** All that holds a referral up, by id or by reference. */
  facts(referral: string, now: Date): Promise<Facts | undefined>;
  /** By id or by reference. */
  dossier(referral: string): Promise<Dossier | undefined>;
};

/** A decision that came out otherwise, with the first place that differs; or that cannot be made again, and why. */
export type Replayed = Pick<DecisionMade, "id" | "referral" | "reference" | "decidedAt"> & {
  result: "same" | "different" | "cannot";
  path?: string;
  was?: string;
  now?: string;
  because?: string;
};

export type ReplayReport = {
  decisions: number;
  same: number;
  different: number;
  cannot: number;
  /** The first of those that are not the same. */
  named: Replayed[];
  /** Where to go on: the last decision that was looked at, if there may be more. */
  next?: string | undefined;
};

export type Replay = {
  one(referral: string): Promise<ReplayReport>;
  all(asked: Extract<DecisionsAsked, { limit: number }>): Promise<ReplayReport>;
};
