// Senders that never give up: each submission has a key of its own, and is sent again under it until it was answered.
import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { setTimeout as rest } from "node:timers/promises";
import type { GpOptions } from "../fixtures/gp/index.ts";
import type { ReferrerKey } from "../world/cast.ts";
import { sendHandOff, sendMessage, sendRequest, type Reply, type Sender } from "../world/send.ts";
import type { Stage } from "../world/stage.ts";

type Key = ReturnType<typeof randomUUID>;

type Kind = {
  story: string;
  from: ReferrerKey;
  ends: readonly string[];
  at?: string;
  offers?: number;
  send(by: Sender, key: Key, seed: number): Promise<Reply>;
};

const BORN = "1984-04-09";
const HACKNEY = { postcode: "E8 1EA", authority: "E09000012" };
const CAMDEN = { postcode: "WC1H 9JE", authority: "E09000007" };
const CROYDON = { postcode: "CR0 1EA", authority: "E09000008" };

const gp = (key: string, postcode: string, more: Partial<GpOptions> = {}): GpOptions => ({
  seed: key,
  need: "debt-advice",
  person: { birthDate: BORN, postcode },
  ...more,
});

const handOff = (seed: number, home: typeof HACKNEY) => ({
  seed,
  need: "debt-advice",
  changes: { "person.postcode": home.postcode, "person.lauaCode": home.authority, "programme.earlier": [] },
});

const resident = (seed: number, home: typeof HACKNEY) => ({
  seed,
  service: "debt-advice",
  parameters: { address_string: `2 Sample Street, ${home.postcode}` },
  attributes: { authority: home.authority, birth_date: BORN },
});

/** All three doors, and every way to end: taken at once, taken by the second, held, recorded as unmet. */
const KINDS: readonly Kind[] = [
  {
    story: "GP: taken at once",
    from: "hackney-surgery",
    ends: ["started"],
    send: (by, key) => sendMessage(by, gp(key, HACKNEY.postcode), key),
  },
  {
    story: "Jobcentre: taken at once",
    from: "jobcentre",
    ends: ["accepted"],
    send: (by, key, seed) => sendHandOff(by, handOff(seed, HACKNEY), key, key),
  },
  {
    story: "Council: declined, then taken",
    from: "camden",
    ends: ["started"],
    at: "sample-camden-money-clinic",
    offers: 2,
    send: (by, key, seed) => sendRequest(by, resident(seed, CAMDEN), seed % 2 === 0 ? "xml" : "json", key),
  },
  {
    story: "GP: held for permission",
    from: "islington-surgery",
    ends: ["held"],
    send: (by, key) =>
      sendMessage(by, gp(key, "N1 2UD", { need: "employment", consents: [{ directCare: true }] }), key),
  },
  {
    story: "Jobcentre: not eligible anywhere",
    from: "jobcentre",
    ends: ["unmet"],
    send: (by, key, seed) => sendHandOff(by, handOff(seed, CROYDON), key, key),
  },
];

export type Sent = {
  kind: Kind;
  key: Key;
  seed: number;
  /** How often it was sent before there was an answer. */
  tries: number;
  reply: Reply;
};

export type Traffic = {
  sent: Sent[];
  /** Resolves after so many more answers. */
  answers(count: number): Promise<void>;
  /** Begins nothing more, and returns when everything begun was answered. */
  stop(): Promise<Sent[]>;
};

/** A moment before an unanswered submission is sent again. */
const AGAIN_MS = 50;
const DUPLICATE = 409;

/** `up` resolves when there is somebody to send to; it may be asked over and over. */
export const startTraffic = (stage: Stage, up: () => Promise<unknown>, atOnce = 4): Traffic => {
  const sent: Sent[] = [];
  const news = new EventEmitter();
  let drawn = 0;
  const over = new AbortController();

  const insist = async (kind: Kind, seed: number): Promise<Sent> => {
    const sender = stage.senders.get(kind.from);
    if (sender === undefined) throw new Error(`nobody plays ${kind.from}`);
    const key = randomUUID();
    for (let tries = 1; ; tries += 1) {
      await up().catch(() => undefined);
      const reply = await kind.send(sender, key, seed).catch(() => undefined);
      if (reply !== undefined && reply.status < 500) return { kind, key, seed, tries, reply };
      await rest(AGAIN_MS);
    }
  };
  const sendOn = async (): Promise<void> => {
    while (!over.signal.aborted) {
      drawn += 1;
      const kind = KINDS[drawn % KINDS.length];
      if (kind === undefined) return;
      sent.push(await insist(kind, 100 + drawn));
      news.emit("answer");
    }
  };
  const running = Promise.all(Array.from({ length: atOnce }, sendOn));
  return {
    sent,
    async answers(count) {
      const wanted = sent.length + count;
      while (sent.length < wanted) await once(news, "answer");
    },
    async stop() {
      over.abort();
      await running;
      return sent;
    },
  };
};

/** One submission, answered by a broker that is up. */
export const sendOne = async (stage: Stage, story = 0): Promise<Sent> => {
  const kind = KINDS[story];
  const sender = kind === undefined ? undefined : stage.senders.get(kind.from);
  if (kind === undefined || sender === undefined) throw new Error("no such story");
  const key = randomUUID();
  return { kind, key, seed: 7, tries: 1, reply: await kind.send(sender, key, 7) };
};

/** 2xx, or told at a second try that the first was taken. */
export const wasAccepted = ({ reply, tries }: Sent): boolean =>
  (reply.status >= 200 && reply.status < 300 && reply.reference !== undefined) ||
  (tries > 1 && reply.status === DUPLICATE);

type View = { status: string; timeline: unknown[] };
type Receipts = { receipts: { offered?: { service: string } }[] };

const asks = async <T>(by: Sender, path: string): Promise<T | undefined> => {
  const reply = await fetch(`${by.broker}${path}`, { headers: { Authorization: `Bearer ${await by.token()}` } });
  return reply.ok ? ((await reply.json()) as T) : undefined;
};

/** The end of one story as its referrer learns it: news wakes the question, at most `withinMs`. Undefined when it ended as it should. */
const became = async (
  stage: Stage,
  { kind }: Sent,
  reference: string,
  withinMs: number,
): Promise<object | undefined> => {
  const [sender, referrer] = [stage.senders.get(kind.from), stage.referrers.get(kind.from)];
  if (sender === undefined || referrer === undefined) throw new Error(`nobody plays ${kind.from}`);
  const until = Date.now() + withinMs;
  let view = await asks<View>(sender, `/referrals/${reference}`);
  for (let heard = 0; !kind.ends.includes(view?.status ?? "") && Date.now() < until;) {
    heard = (await referrer.hears(reference, heard + 1, 3_000)).length;
    view = await asks<View>(sender, `/referrals/${reference}`);
  }
  const due = (view?.timeline.length ?? 1) - 1;
  const news = await referrer.hears(reference, due, Math.max(1, until - Date.now()));
  const receipts = (await asks<Receipts>(sender, `/referrals/${reference}/receipt`))?.receipts ?? [];
  const offered = receipts.flatMap((receipt) => receipt.offered?.service ?? []);
  const well =
    kind.ends.includes(view?.status ?? "") &&
    news.length >= due &&
    news.every((one) => one.verified) &&
    (kind.at === undefined || offered.at(-1) === kind.at) &&
    (kind.offers === undefined || offered.length === kind.offers);
  return well ? undefined : { story: kind.story, reference, status: view?.status, offered, due, heard: news.length };
};

/** Those that did not end as they should. `references` has them by key, for an answer that was lost. */
export const follow = async (
  stage: Stage,
  sent: readonly Sent[],
  references: ReadonlyMap<string, string>,
  withinMs: number,
): Promise<object[]> => {
  const ends = await Promise.all(
    sent.map((one) => became(stage, one, one.reply.reference ?? references.get(one.key) ?? "none", withinMs)),
  );
  return ends.filter((one) => one !== undefined);
};
