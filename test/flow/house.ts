// A whole broker in this process on each set-up, the sample world around it, and everything that it logged.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { inject, vi } from "vitest";
import { createLog } from "../../adapters/log.ts";
import { makeKeyRing } from "../../adapters/postgres/keyring.ts";
import { createIds } from "../../adapters/system.ts";
import type { Config } from "../../schemas/config.ts";
import { openBroker, type Broker } from "../../src/broker.ts";
import { readConfig } from "../../src/config.ts";
import { emptyDatabase, pgliteFolder, redisUrl } from "../engines.ts";
import type { ReferrerKey } from "../world/cast.ts";
import type { Provider } from "../world/provider.ts";
import type { Heard, Referrer } from "../world/referrer.ts";
import type { Sender } from "../world/send.ts";
import { world } from "../world/system.ts";
import { openStage, type Stage } from "../world/stage.ts";

export type House = {
  broker: Broker;
  config: Config;
  stage: Stage;
  /** Every line of the log, from the start, at level trace. */
  log: string[];
  /** Looks behind the store's back, as the owner of the tables. */
  sql<Row extends object = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** How many rows each table holds of what is kept about cases. */
  rows(): Promise<Record<string, number>>;
  /** Turns the clock on, for the broker and the world around it: once nothing is under way. */
  turn(to: Date): Promise<void>;
  /** Resolves when there is nothing left to do that need not wait. */
  quiet(): Promise<void>;
  sender(key: ReferrerKey): Sender;
  referrer(key: ReferrerKey): Referrer;
  provider(organisation: string): Provider;
  /** The news of one referral, once there is this much of it. */
  hears(key: ReferrerKey, reference: string, count: number): Promise<Heard[]>;
  close(): Promise<void>;
};

type Place = { settings: Record<string, string>; clear(): Promise<void> };
export type Setup = { name: string; embedded: boolean; open(settings?: Record<string, string>): Promise<House> };

const OF_CASES = ["submission", "case_file", "referral", "event", "offer", "receipt", "callback", "person_key", "work"];

/** For `describe.each(setups())("… on $name", …)`. What this run has no server for was said at its start. */
export const setups = (): Setup[] => {
  const all: [string, boolean, () => Promise<Place | undefined>][] = [
    ["embedded engines", true, embedded],
    ["PostgreSQL alone", false, server],
    ["PostgreSQL with Redis", false, serverWithRedis],
  ];
  return all
    .filter(([name]) => hasPostgres() || name === "embedded engines")
    .filter(([name]) => redisUrl() !== undefined || !name.includes("Redis"))
    .map(([name, isEmbedded, place]) => ({ name, embedded: isEmbedded, open: (more) => openHouse(place, more) }));
};

const hasPostgres = (): boolean => inject("servers").postgres !== null;

const embedded = async (): Promise<Place> => {
  const folder = await pgliteFolder();
  return { settings: { WAYMARK_DATA: folder }, clear: () => rm(folder, { recursive: true, force: true }) };
};

const server = async (): Promise<Place | undefined> => {
  const database = await emptyDatabase();
  if (database === undefined) return undefined;
  const settings = { DATABASE_URL: database.url, DATABASE_POOL: "6", WAYMARK_ALLOW_OUTBOUND: "127.0.0.0/8" };
  return { settings, clear: database.drop };
};

const serverWithRedis = async (): Promise<Place | undefined> => {
  const [base, redis] = [await server(), await claimRedis()];
  if (base === undefined || redis === undefined) return undefined;
  return {
    settings: { ...base.settings, REDIS_URL: redis.url },
    clear: async () => {
      await base.clear();
      await redis.release();
    },
  };
};

/** Databases that no other test takes by number: two brokers on one would answer each other's bells. */
const OURS = [15, 14, 13, 12, 11, 10, 9, 8];
const HELD_SECONDS = 900;

const claimRedis = async (): Promise<{ url: string; release(): Promise<void> } | undefined> => {
  const root = redisUrl()?.replace(/\/\d*$/, "");
  if (root === undefined) return undefined;
  const keeper = new Redis(root);
  for (const number of OURS) {
    const name = `waymark-tests:database:${number}`;
    if ((await keeper.set(name, process.pid, "EX", HELD_SECONDS, "NX")) !== "OK") continue;
    const own = new Redis(`${root}/${number}`);
    await own.flushdb();
    return {
      url: `${root}/${number}`,
      release: async () => {
        await own.flushdb();
        await keeper.del(name);
        own.disconnect();
        keeper.disconnect();
      },
    };
  }
  keeper.disconnect();
  throw new Error("all databases of Redis that these tests use are held by other runs");
};

const openHouse = async (make: () => Promise<Place | undefined>, more: Record<string, string> = {}): Promise<House> => {
  const place = await make();
  if (place === undefined) throw new Error("this run has no server for this set-up");
  const settings = readConfig({
    PORT: "0",
    METRICS_PORT: "0",
    // Only the tests of it look at the canary: others count what is there.
    CANARY_SECONDS: "0",
    LOG_LEVEL: "trace",
    WAYMARK_KEYS: JSON.stringify(makeKeyRing(createIds())),
    ...place.settings,
    ...more,
  });
  if (!settings.ok) throw new Error(settings.faults.join("\n"));
  const { config } = settings;
  const log: string[] = [];
  const broker = await openBroker(
    config,
    createLog({ level: "trace", destination: { write: (line) => log.push(line) } }),
  );
  const { store, rulebook, engine } = broker.ground;
  const folder = await mkdtemp(join(tmpdir(), "waymark-world-"));
  const stage = await openStage({
    origin: broker.origin,
    clients: store.clients,
    directory: rulebook.directory(),
    file: join(folder, "world.json"),
  });
  // Here the tests say what a provider does, and when.
  for (const one of stage.providers.values()) one.manner = "waits";

  const sql: House["sql"] = (text, values) => engine.transaction("owner", (query) => query(text, values));
  const played = <Key, Value>(cast: Map<Key, Value>, key: Key): Value => {
    const found = cast.get(key);
    if (found === undefined) throw new Error(`nobody plays ${String(key)}`);
    return found;
  };
  const quiet = () =>
    until(
      async () =>
        (
          await sql(
            "SELECT FROM waymark.work WHERE dead_at IS NULL AND destination NOT IN ('holds', 'recalls', 'clocks', 'checkpoints', 'mesh:inbox')",
          )
        ).length === 0,
      "work is left to do",
    );
  return {
    broker,
    config,
    stage,
    log,
    sql,
    rows: async () => {
      const counts = OF_CASES.map((table) => `(SELECT count(*)::integer FROM waymark.${table}) AS ${table}`);
      return (await sql<Record<string, number>>(`SELECT ${counts.join(", ")}`))[0] ?? {};
    },
    quiet,
    turn: async (to) => {
      // Nothing is on its way: what was signed at one time and read at another would be refused.
      await until(
        async () =>
          (
            await sql("SELECT FROM waymark.work WHERE dead_at IS NULL AND due <= $1 AND destination <> 'mesh:inbox'", [
              broker.ground.clock.now(),
            ])
          ).length === 0,
        "work is due",
      );
      const { clock } = broker.ground;
      const before = clock.now.bind(clock);
      const ahead = to.getTime() - before().getTime();
      world.ahead += ahead;
      clock.now = () => new Date(before().getTime() + ahead);
    },
    sender: (key) => played(stage.senders, key),
    referrer: (key) => played(stage.referrers, key),
    provider: (organisation) => played(stage.providers, organisation),
    hears: (key, reference, count) => played(stage.referrers, key).hears(reference, count, PATIENCE_MS),
    close: async () => {
      world.ahead = 0;
      await broker.close();
      await stage.close();
      await place.clear();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** News that takes longer than this never comes: the assertion that follows says which. */
export const PATIENCE_MS = 45_000;

/** Waits for what no message tells of. Unlike `expect.poll` it may be used where a suite is set up. */
/** A line of the log with these fields, once it is written. */
export const logged = (house: House, fields: Record<string, unknown>): Promise<void> =>
  until(
    () =>
      house.log.some((line) => {
        const said = JSON.parse(line) as Record<string, unknown>;
        return Object.entries(fields).every(([name, value]) => JSON.stringify(said[name]) === JSON.stringify(value));
      }),
    `the log has no line with ${JSON.stringify(fields)}`,
  );

export const until = (holds: () => boolean | Promise<boolean>, otherwise: string): Promise<void> =>
  vi.waitFor(
    async () => {
      if (!(await holds())) throw new Error(otherwise);
    },
    { timeout: PATIENCE_MS, interval: 20 },
  );
