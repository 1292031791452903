// `npm run bench`: what stands in docs/performance.md, measured in one run, round by round, everything beside its rival.
// `npm run bench -- decisions` measures decisions alone, `-- accepts` accepts, `-- deliveries` deliveries (all, `carry`, `steady` or `waiting`). BENCH_ROUNDS and BENCH_SECONDS make it longer or shorter,
// BENCH_CONNECTIONS (such as 64) and BENCH_SERVERS (words of their names, such as "PostgreSQL,BullMQ") narrower; BENCH_DATABASE_URL and BENCH_REDIS_URL name other servers.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { createIds } from "../../adapters/system.ts";
import { makeKeyRing } from "../../adapters/postgres/keyring.ts";
import { packageRoot } from "../../adapters/postgres/migrate.ts";
import { type Decided, measureDecisions } from "./decide.ts";
import { deliveries } from "./deliveries.ts";
import { type Delivery, measureDelivery } from "./delivery.ts";
import { type Accepts, measureAccepts, message, type StoreKind } from "./accepts.ts";
import type { Summary } from "./statistics.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 6);
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 3);
const DATABASE = process.env["BENCH_DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";
const REDIS = process.env["BENCH_REDIS_URL"] ?? "redis://127.0.0.1:6379/9";
const CONNECTIONS = (process.env["BENCH_CONNECTIONS"] ?? "32,64").split(",").map(Number);
const SERVERS = (process.env["BENCH_SERVERS"] ?? "").split(",").filter((word) => word !== "");

const say = (text: string): void => void process.stdout.write(`${text}\n`);

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
const envFor = async (store: StoreKind): Promise<Record<string, string>> => {
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

const accepts = async (): Promise<Accepts> => {
  say(`${ROUNDS} rounds of ${SECONDS} s, message of ${Buffer.byteLength(message())} bytes`);
  const found = await measureAccepts({
    rounds: ROUNDS,
    seconds: SECONDS,
    connections: CONNECTIONS,
    only: SERVERS,
    envFor,
    say,
  });
  say("\nAccepts a second, median (range) of the rounds; p99 in ms; processor time of the server's process for each");
  for (const { name, connections, rate, p99, processor } of found.accepts)
    say(
      `  ${name.padEnd(28)} ${connections} connections  ${cell(rate, 0).padEnd(24)} p99 ${cell(p99, 0).padEnd(24)} server ${cell(processor, 2)} ms each`,
    );
  say("\nRatios, taken inside each round");
  for (const { ours, theirs, connections, ratio } of found.ratios)
    say(`  ${ours} / ${theirs}, ${connections} connections: ${cell(ratio, 2)}`);
  return found;
};

const delivery = async (): Promise<Delivery> => {
  const found = await measureDelivery(await envFor("postgres"), { perSecond: 20, seconds: 20 });
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  say(
    `\nFrom the answer to the offer at its provider, ${found.perSecond} referrals a second on PostgreSQL and Redis: ` +
      `p50 ${ms(found.p50)}, p99 ${ms(found.p99)}, most ${ms(found.most)}; ${found.delivered} of ${found.sent} delivered`,
  );
  return found;
};

const write = async (results: object): Promise<void> => {
  const folder = join(packageRoot(), "test", "bench", "results");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${new Date().toISOString().replaceAll(":", "-")}.json`);
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, load: loadavg()[0] };
  const all = { ...machine, rounds: ROUNDS, seconds: SECONDS, ...results };
  await writeFile(file, JSON.stringify(all, undefined, 2));
  say(`\nWritten to ${file}`);
};

const main = async (): Promise<void> => {
  say(`Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model.trim()})`);
  switch (process.argv[2]) {
    case "deliveries":
      await write({ deliveries: await deliveries(ROUNDS, process.argv[3]) });
      process.exit(0);
    case "decisions":
      return write({ decided: await decisions() });
    case "accepts":
      return write({ ...(await accepts()) });
    default:
      await write({ decided: await decisions(), ...(await accepts()), delivery: await delivery() });
  }
};

try {
  await main();
} finally {
  for (const name of databases) await admin((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}
