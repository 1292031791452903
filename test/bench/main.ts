// `npm run bench`: what stands in docs/performance.md, measured in one run, round by round, everything beside its rival.
// `npm run bench -- decisions` measures decisions alone, `-- deliveries` deliveries. BENCH_ROUNDS and BENCH_SECONDS make it longer or shorter; BENCH_DATABASE_URL and BENCH_REDIS_URL name other servers.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { createIds } from "../../adapters/system.ts";
import { makeKeyRing } from "../../adapters/postgres/keyring.ts";
import { packageRoot } from "../../adapters/postgres/migrate.ts";
import { barsMessage } from "../fixtures/gp/index.ts";
import { type Decided, measureDecisions } from "./decide.ts";
import { deliveries } from "./deliveries.ts";
import { measureDelivery } from "./delivery.ts";
import { load, type Measured } from "./load.ts";
import { ratios, summary, type Summary } from "./statistics.ts";
import { startSubject, type Subject } from "./subject.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 6);
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 3);
const DATABASE = process.env["BENCH_DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";
const REDIS = process.env["BENCH_REDIS_URL"] ?? "redis://127.0.0.1:6379/9";
const CONNECTIONS = [32, 64];

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Each subject: which server of serve.ts, on which store. */
const SUBJECTS = [
  { name: "waymark on PostgreSQL", server: "waymark", store: "postgres" },
  { name: "waymark on PGlite", server: "waymark", store: "pglite" },
  { name: "waymark, one commit each", server: "one-by-one", store: "postgres" },
  { name: "waymark without storage", server: "no-storage", store: "postgres" },
  { name: "bare Express, same parsing", server: "bare-express", store: "postgres" },
  { name: "Express and BullMQ add", server: "bullmq-add", store: "postgres" },
] as const;
type Name = (typeof SUBJECTS)[number]["name"];

const RATIOS: readonly [Name, Name][] = [
  ["waymark on PostgreSQL", "waymark without storage"],
  ["waymark without storage", "bare Express, same parsing"],
  ["waymark on PostgreSQL", "waymark, one commit each"],
  ["waymark on PostgreSQL", "Express and BullMQ add"],
  ["waymark on PGlite", "waymark on PostgreSQL"],
];

const ring = JSON.stringify(makeKeyRing(createIds()));

const admin = async <T>(run: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: DATABASE });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
};

const databases: string[] = [];
const freshDatabase = async (): Promise<string> => {
  const name = `waymark_bench_${process.pid}_${databases.length}`;
  databases.push(name);
  await admin((client) => client.query(`CREATE DATABASE ${name}`));
  const url = new URL(DATABASE);
  url.pathname = `/${name}`;
  return url.href;
};

const folders: string[] = [];
const envFor = async (store: "postgres" | "pglite"): Promise<Record<string, string>> => {
  if (store === "postgres")
    return {
      DATABASE_URL: await freshDatabase(),
      REDIS_URL: REDIS,
      WAYMARK_KEYS: ring,
      WAYMARK_ALLOW_OUTBOUND: "127.0.0.0/8",
    };
  const folder = await mkdtemp(join(tmpdir(), "waymark-bench-"));
  folders.push(folder);
  return { WAYMARK_DATA: folder, DATABASE_URL: "", REDIS_URL: "", WAYMARK_KEYS: "" };
};

const cell = (value: Summary, digits: number): string =>
  `${value.median.toFixed(digits)} (${value.least.toFixed(digits)} to ${value.most.toFixed(digits)})`;

/** In this process, before any server is there to share it with. */
const decisions = async (): Promise<Decided> => {
  const found = await measureDecisions(ROUNDS, SECONDS * 1000);
  say(`Decisions a second over 40 programmes and 400 services, ${ROUNDS} rounds of ${SECONDS} s`);
  say(
    `  waymark, with a receipt      ${cell(found.ours, 0).padEnd(24)} receipts of ${cell(found.receiptBytes, 0)} bytes`,
  );
  say(`  json-rules-engine            ${cell(found.theirs, 0).padEnd(24)} the rules of eligibility alone`);
  say(`  waymark / json-rules-engine: ${cell(found.ratio, 1)}\n`);
  return found;
};

const main = async (): Promise<void> => {
  if (process.argv[2] === "deliveries") {
    await deliveries(ROUNDS);
    process.exit(0);
  }
  const decided = await decisions();
  if (process.argv[2] === "decisions") return;
  const body = JSON.stringify(barsMessage({ need: "social-support", person: { postcode: "N1 2UD" } }));
  say(
    `${ROUNDS} rounds of ${SECONDS} s, message of ${Buffer.byteLength(body)} bytes, Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model.trim()})`,
  );
  const subjects = new Map<Name, Subject>();
  const measured = new Map<string, Measured[]>();
  try {
    for (const { name, server, store } of SUBJECTS)
      subjects.set(name, await startSubject("serve.ts", await envFor(store), [server]));
    for (const subject of subjects.values()) await load(subject, body, { connections: 32, seconds: 2 });
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const connections of CONNECTIONS) {
        // Each round starts with another subject, so that none is always the one after the slowest.
        const order = SUBJECTS.map((_, at) => SUBJECTS[(at + round) % SUBJECTS.length]);
        for (const one of order) {
          const subject = one && subjects.get(one.name);
          if (one === undefined || subject === undefined) continue;
          const key = `${one.name} @${connections}`;
          const result = await load(subject, body, { connections, seconds: SECONDS });
          measured.set(key, [...(measured.get(key) ?? []), result]);
        }
      }
      say(`round ${round + 1} of ${ROUNDS} done`);
    }
  } finally {
    await Promise.all([...subjects.values()].map((subject) => subject.stop()));
  }

  const rates = (name: Name, connections: number): number[] =>
    (measured.get(`${name} @${connections}`) ?? []).map((one) => one.perSecond);
  const p99s = (name: Name, connections: number): number[] =>
    (measured.get(`${name} @${connections}`) ?? []).map((one) => one.p99);
  const results = { decided, accepts: [] as object[], ratios: [] as object[], delivery: {} as object };
  say("\nAccepts a second, median (range) of the rounds; p99 in ms");
  for (const { name } of SUBJECTS)
    for (const connections of CONNECTIONS) {
      const [rate, p99] = [summary(rates(name, connections)), summary(p99s(name, connections))];
      results.accepts.push({ name, connections, rate, p99 });
      say(`  ${name.padEnd(28)} ${connections} connections  ${cell(rate, 0).padEnd(24)} p99 ${cell(p99, 0)}`);
    }
  say("\nRatios, taken inside each round");
  for (const [ours, theirs] of RATIOS)
    for (const connections of CONNECTIONS) {
      const ratio = ratios(rates(ours, connections), rates(theirs, connections));
      results.ratios.push({ ours, theirs, connections, ratio });
      say(`  ${ours} / ${theirs}, ${connections} connections: ${cell(ratio, 2)}`);
    }

  const delivery = await measureDelivery(await envFor("postgres"), { perSecond: 20, seconds: 20 });
  results.delivery = delivery;
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  say(
    `\nFrom the answer to the offer at its provider, ${delivery.perSecond} referrals a second on PostgreSQL and Redis: ` +
      `p50 ${ms(delivery.p50)}, p99 ${ms(delivery.p99)}, most ${ms(delivery.most)}; ${delivery.delivered} of ${delivery.sent} delivered`,
  );
  const folder = join(packageRoot(), "test", "bench", "results");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${new Date().toISOString().replaceAll(":", "-")}.json`);
  await writeFile(
    file,
    JSON.stringify(
      {
        node: process.version,
        cpu: cpus()[0]?.model,
        cores: cpus().length,
        rounds: ROUNDS,
        seconds: SECONDS,
        ...results,
      },
      undefined,
      2,
    ),
  );
  say(`\nWritten to ${file}`);
};

try {
  await main();
} finally {
  for (const name of databases) await admin((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}
