// What is wrong with the broker itself, seen by real processes on a PostgreSQL of their own: nothing comes through any more, the store
// grows too large, the store is away. Each is told when it begins and when it is over.
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { makeKeyRing } from "../../adapters/postgres/keyring.ts";
import { openServer } from "../../adapters/postgres/server.ts";
import { createIds } from "../../adapters/system.ts";
import { startReceiver, type Receiver } from "../contract/receiver.ts";
import { lacking, privatePostgres, type Server } from "../faults/servers.ts";
import { killAll, waymark, type Running, type Settings } from "./program.ts";

const MINUTES = 60_000;
const missing = lacking();
if (missing !== undefined && process.env["CI"] === "true") throw new Error(missing);

let database: Server;
let chat: Receiver;
const programs: Running[] = [];

beforeEach(async () => {
  if (missing !== undefined) return;
  [database, chat] = [await privatePostgres(), await startReceiver()];
}, MINUTES);

afterEach(async () => {
  if (missing !== undefined) return;
  for (const program of programs.splice(0)) {
    program.send("SIGTERM");
    await program.ended;
  }
  await Promise.all([chat.close(), database.remove()]);
}, MINUTES);

afterAll(killAll);

const start = async (more: Settings): Promise<Running> => {
  const program = waymark({ ...base, DATABASE_URL: database.url, ALERT_WEBHOOK_URL: chat.url, ...more });
  programs.push(program);
  await program.ready();
  return program;
};

const base: Settings = {
  WAYMARK_KEYS: JSON.stringify(makeKeyRing(createIds())),
  WAYMARK_ALLOW_OUTBOUND: "127.0.0.0/8",
  PORT: "0",
  METRICS_PORT: "0",
  ALERT_LOOK_SECONDS: "1",
  CANARY_SECONDS: "0",
};

const told = (code: string): string[] =>
  chat.received
    .map(({ body }) => JSON.parse(body) as { type: string; data: { code: string } })
    .flatMap(({ type, data }) => (data.code === code ? [type] : []));

const PATIENCE = { timeout: 2 * MINUTES, interval: 200 };

const sql = async (text: string): Promise<void> => {
  const engine = await openServer({ url: database.url, max: 1 });
  try {
    await engine.transaction("owner", (query) => query(text));
  } finally {
    await engine.close();
  }
};

it.skipIf(missing !== undefined)(
  "a canary that does not come through is told while its workers are gone, and over once one is back",
  async () => {
    await start({ WAYMARK_ROLE: "api", CANARY_SECONDS: "2" });
    const worker = await start({ WAYMARK_ROLE: "worker" });
    worker.send("SIGKILL");
    await worker.ended;
    await expect.poll(() => told("canary-late"), PATIENCE).toEqual(["alert.begins"]);
    await start({ WAYMARK_ROLE: "worker" });
    await expect.poll(() => told("canary-late"), PATIENCE).toEqual(["alert.begins", "alert.ends"]);
  },
  5 * MINUTES,
);

it.skipIf(missing !== undefined)(
  "a store that is larger than it may be is told, and over once it is smaller",
  async () => {
    await start({ ALERT_STORE_GB: "0.05" });
    await sql(
      "CREATE TABLE public.ballast AS SELECT n, repeat(md5(n::text), 30) AS filler FROM generate_series(1, 60000) n",
    );
    await expect.poll(() => told("store-nearly-full"), PATIENCE).toEqual(["alert.begins"]);
    await sql("DROP TABLE public.ballast");
    await expect.poll(() => told("store-nearly-full"), PATIENCE).toEqual(["alert.begins", "alert.ends"]);
  },
  5 * MINUTES,
);

it.skipIf(missing !== undefined)(
  "a store that answers nothing is told by the process that cannot write to it, and over once it answers",
  async () => {
    await start({});
    await database.freeze();
    await expect.poll(() => told("store-away"), PATIENCE).toEqual(["alert.begins"]);
    await database.thaw();
    await expect.poll(() => told("store-away"), PATIENCE).toEqual(["alert.begins", "alert.ends"]);
  },
  5 * MINUTES,
);
