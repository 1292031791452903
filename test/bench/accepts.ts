// Accepts a second: each server beside its rivals, round by round, with the ratios taken inside each round.
import { barsMessage } from "../fixtures/gp/index.ts";
import { load, type Measured } from "./load.ts";
import { processorMs } from "./processor.ts";
import { ratios, summary, type Summary } from "./statistics.ts";
import { startSubject, type Subject } from "./subject.ts";

export type StoreKind = "postgres" | "pglite";

/** Each subject: which server of serve.ts, on which store. */
const SUBJECTS = [
  { name: "waymark on PostgreSQL", server: "waymark", store: "postgres" },
  { name: "waymark on PGlite", server: "waymark", store: "pglite" },
  { name: "waymark, one commit each", server: "one-by-one", store: "postgres" },
  { name: "waymark without storage", server: "no-storage", store: "postgres" },
  { name: "bare Express, same parsing", server: "bare-express", store: "postgres" },
  { name: "Express and BullMQ add", server: "bullmq", store: "postgres" },
  { name: "the same, reading in turns", server: "bullmq-in-turns", store: "postgres" },
] as const;
type Name = (typeof SUBJECTS)[number]["name"];

const RATIOS: readonly [Name, Name][] = [
  ["waymark on PostgreSQL", "waymark without storage"],
  ["waymark without storage", "bare Express, same parsing"],
  ["waymark on PostgreSQL", "waymark, one commit each"],
  ["waymark on PostgreSQL", "Express and BullMQ add"],
  ["waymark on PostgreSQL", "the same, reading in turns"],
  ["waymark on PGlite", "waymark on PostgreSQL"],
];

/** The load under which each server's code is first run in. */
const WARM_UP = { connections: 32, seconds: 3 };

export type AcceptsAsked = {
  rounds: number;
  seconds: number;
  connections: readonly number[];
  /** Words of the names of the servers to measure; all where there are none. */
  only: readonly string[];
  envFor(store: StoreKind): Promise<Record<string, string>>;
  say(text: string): void;
};

export type Accepts = {
  bytes: number;
  /** `processor`: milliseconds of the server's own process for each accept, without the store's and the load's. */
  accepts: { name: string; connections: number; rate: Summary; p99: Summary; processor: Summary }[];
  ratios: { ours: string; theirs: string; connections: number; ratio: Summary }[];
};

export const message = (): string =>
  JSON.stringify(barsMessage({ need: "social-support", person: { postcode: "N1 2UD" } }));

type Accounted = Measured & { processor: number };

const accounted = async (subject: Subject, body: string, one: { connections: number; seconds: number }) => {
  const before = processorMs(subject.pid);
  const measured = await load(subject, body, one);
  return { ...measured, processor: (processorMs(subject.pid) - before) / (measured.perSecond * one.seconds) };
};

export const measureAccepts = async (asked: AcceptsAsked): Promise<Accepts> => {
  const { rounds, seconds, connections: widths, only, envFor, say } = asked;
  const chosen = SUBJECTS.filter(({ name }) => only.length === 0 || only.some((word) => name.includes(word)));
  const body = message();
  const subjects = new Map<Name, Subject>();
  const measured = new Map<string, Accounted[]>();
  try {
    for (const { name, server, store } of chosen)
      subjects.set(name, await startSubject("serve.ts", await envFor(store), [server]));
    for (const subject of subjects.values()) await load(subject, body, WARM_UP);
    for (let round = 0; round < rounds; round += 1) {
      for (const connections of widths) {
        // Each round starts with another subject, so that none is always the one after the slowest.
        const turn = round % chosen.length;
        for (const { name } of [...chosen.slice(turn), ...chosen.slice(0, turn)]) {
          const subject = subjects.get(name) as Subject;
          const key = `${name} @${connections}`;
          measured.set(key, [...(measured.get(key) ?? []), await accounted(subject, body, { connections, seconds })]);
        }
      }
      say(`round ${round + 1} of ${rounds} done`);
    }
  } finally {
    await Promise.all([...subjects.values()].map((subject) => subject.stop()));
  }

  const of = (name: Name, connections: number, pick: (one: Accounted) => number): number[] =>
    (measured.get(`${name} @${connections}`) ?? []).map(pick);
  const rates = (name: Name, connections: number): number[] => of(name, connections, (one) => one.perSecond);
  return {
    bytes: Buffer.byteLength(body),
    accepts: chosen.flatMap(({ name }) =>
      widths.map((connections) => ({
        name,
        connections,
        rate: summary(rates(name, connections)),
        p99: summary(of(name, connections, (one) => one.p99)),
        processor: summary(of(name, connections, (one) => one.processor)),
      })),
    ),
    ratios: RATIOS.filter((pair) => pair.every((name) => subjects.has(name))).flatMap(([ours, theirs]) =>
      widths.map((connections) => ({
        ours,
        theirs,
        connections,
        ratio: ratios(rates(ours, connections), rates(theirs, connections)),
      })),
    ),
  };
};
