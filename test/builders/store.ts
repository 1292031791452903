// A store on a fresh engine, a clock that stands still until it is moved, and submissions and changes to give it.
import { randomBytes, randomUUID } from "node:crypto";
import { createStore, type Store } from "../../adapters/postgres/index.ts";
import type { Engine } from "../../adapters/postgres/engine.ts";
import { createVault, type Vault } from "../../adapters/postgres/vault.ts";
import type { Content } from "../../schemas/referral.ts";
import type { Event, EventBody } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Receipt } from "../../schemas/receipt.ts";
import type { Submission } from "../../src/ports/intake.ts";
import type { Change, Journey } from "../../src/ports/ledger.ts";
import type { Ids } from "../../src/ports/system.ts";
import type { TestEngine } from "../engines.ts";
import { aContent } from "./content.ts";

export const START = new Date("2026-11-20T09:00:00.000Z");

/** RFC 9562 section 5.7, with a counter instead of the clock: they sort as they were made. */
let made = 0;
export const uuid = (): string => {
  made += 1;
  const head = (1_795_000_000_000 + made).toString(16).padStart(12, "0");
  return `${head.slice(0, 8)}-${head.slice(8)}-7${randomUUID().slice(15)}`;
};

const key = (byte: number): string => Buffer.alloc(32, byte).toString("base64");
export const aVault = (): Vault =>
  createVault({ current: "k1", wrapping: { k1: key(1) }, index: key(2), webhook: key(3) }, ids);

export const ids: Ids = { uuid, bytes: (count) => randomBytes(count), chance: () => 0.5 };

export type TestClock = { now(): Date; pass(seconds: number): Date };
export const aClock = (start = START): TestClock => {
  let now = start;
  return { now: () => now, pass: (seconds) => (now = new Date(now.getTime() + seconds * 1_000)) };
};

export type Home = {
  engine: Engine;
  store: Store;
  vault: Vault;
  clock: TestClock;
  /** Looks behind the store's back, as the owner of the tables. */
  sql<Row extends object = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
};

export const aHome = async (on: TestEngine, wrap: (engine: Engine) => Engine = (engine) => engine): Promise<Home> => {
  const opened = await on.open();
  const clock = aClock();
  const vault = aVault();
  const store = createStore({ engine: wrap(opened.engine), vault, clock, ids });
  return {
    engine: opened.engine,
    store,
    vault,
    clock,
    sql: (text, values) => opened.engine.transaction("owner", (query) => query(text, values)),
    close: async () => {
      await store.close();
      await opened.close();
    },
  };
};

const LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
export const aReference = (): string => {
  const letters = [...randomBytes(8)].map((byte) => LETTERS.at(byte % LETTERS.length)).join("");
  return `WM-${letters.slice(0, 4)}-${letters.slice(4)}`;
};

export const aSubmission = (overrides: Partial<Submission> & { content?: Content } = {}): Submission => {
  const referralId = overrides.referralId ?? uuid();
  const at = overrides.at ?? START;
  const client = overrides.client ?? uuid();
  return {
    id: uuid(),
    client,
    organisation: "F83999",
    door: "gp",
    key: uuid(),
    bodyDigest: "digest-of-the-body",
    body: Buffer.from('{"resourceType":"Bundle"}'),
    contentType: "application/fhir+json",
    caseId: uuid(),
    referralId,
    reference: aReference(),
    content: aContent(),
    at,
    test: true,
    event: { id: uuid(), referral: referralId, sequence: 1, at, actor: client, body: { type: "received" } },
    work: { id: uuid(), kind: "assess", subject: referralId, referral: referralId, destination: "assess", due: at },
    ...overrides,
  };
};

/** A referral taken in, as a worker then sees it. */
export const taken = async (home: Home, overrides: Partial<Submission> = {}): Promise<Journey> => {
  const submission = aSubmission(overrides);
  const accepted = await home.store.intake.accept(submission);
  if (accepted.outcome !== "taken") throw new Error(`not taken: ${accepted.outcome}`);
  return opened(home, submission.referralId);
};

export const opened = async (home: Home, referral: string): Promise<Journey> => {
  const journey = await home.store.ledger.open(referral);
  if (journey === undefined) throw new Error("no such referral");
  return journey;
};

export const nextEvent = (journey: Journey, body: EventBody, overrides: Partial<Event> = {}): Event => ({
  id: uuid(),
  referral: journey.id,
  sequence: journey.sequence + 1,
  at: START,
  actor: "waymark",
  body,
  ...overrides,
});

/** The smallest change there is: the referral is held. */
export const aChange = (journey: Journey, overrides: Partial<Change> = {}): Change => ({
  referral: journey.id,
  version: journey.version,
  status: "held",
  events: [nextEvent(journey, { type: "held", receipt: uuid(), why: "review", asks: [] })],
  ...overrides,
});

export const offerFor = (journey: Journey, overrides: Partial<Offer> = {}): Offer => ({
  id: uuid(),
  referral: journey.id,
  programme: "coaching",
  service: "coaching-upper-street",
  places: ["coaching-upper-street"],
  provider: "sample-coaching",
  status: "sent",
  test: true,
  madeAt: START,
  changedAt: START,
  ...overrides,
});

export const receiptFor = (journey: Journey, offer?: Offer): Receipt => ({
  id: uuid(),
  referral: journey.id,
  reference: journey.reference,
  decidedAt: START.toISOString(),
  inputHash: "input-hash",
  packs: ["coaching@1#abc"],
  directory: "2026-11",
  consent: "consent-hash",
  outcome: offer === undefined ? "held" : "offered",
  words: "Seen at the surgery where the coach works.",
  ...(offer === undefined
    ? {}
    : { offered: { programme: offer.programme, service: offer.service, provider: offer.provider } }),
  reasons: [],
  candidates: [],
  left: 0,
});

/** An offer to one provider, with the receipt that chose it. */
export const offering = (journey: Journey, offer = offerFor(journey), overrides: Partial<Change> = {}): Change => {
  const receipt = receiptFor(journey, offer);
  const { programme, service, provider } = offer;
  return aChange(journey, {
    status: "offered",
    events: [
      nextEvent(journey, { type: "offered", offer: offer.id, receipt: receipt.id, programme, service, provider }),
    ],
    receipt,
    offers: [offer],
    ...overrides,
  });
};
