// Where a broker under test lives: a folder of its own, or a fresh database and a Redis of its own; and a look behind its back.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { existsSync } from "node:fs";
import { setTimeout as rest } from "node:timers/promises";
import { loadRulebook } from "../../adapters/directory/packs.ts";
import { createLog } from "../../adapters/log.ts";
import { openEmbedded } from "../../adapters/postgres/embedded.ts";
import { makeKeyRing } from "../../adapters/postgres/keyring.ts";
import { askHolder } from "../../adapters/postgres/lock.ts";
import { openServer } from "../../adapters/postgres/server.ts";
import { createIds } from "../../adapters/system.ts";
import type { NewClient } from "../../schemas/client.ts";
import type { Registered } from "../../src/ports/clients.ts";
import { readConfig } from "../../src/config.ts";
import { openGround } from "../../src/wire.ts";
import { emptyDatabase } from "../engines.ts";
import { openStage, type Stage } from "../world/stage.ts";
import { freePort } from "../world/system.ts";
import { ROOT, type Settings } from "./program.ts";

export type Sql = <Row extends object = Record<string, unknown>>(text: string, values?: unknown[]) => Promise<Row[]>;

export type Home = {
  settings: Settings;
  origin: string;
  /** As the owner of the tables. An embedded store can be looked into only while no broker holds it. */
  look<T>(ask: (sql: Sql) => Promise<T>): Promise<T>;
  /** Registers the sample systems; the broker must be running. */
  stage(): Promise<Stage>;
  remove(): Promise<void>;
};

const directory = () => {
  const loaded = loadRulebook(join(ROOT, "packs/london"));
  if (!loaded.ok) throw new Error("the sample packs do not hold");
  return loaded.rulebook.directory();
};

/** The sample packs with a thousand times their places, so that a long test runs out of none. */
const roomyPacks = async (folder: string): Promise<string> => {
  const packs = join(folder, "packs");
  await cp(join(ROOT, "packs/london"), packs, { recursive: true });
  const text = await readFile(join(packs, "directory.yaml"), "utf8");
  await writeFile(join(packs, "directory.yaml"), text.replaceAll(/^( {4}places: \d+)$/gm, "$1000"));
  return packs;
};

export const embeddedHome = async (): Promise<Home> => {
  const folder = await mkdtemp(join(tmpdir(), "waymark-e2e-"));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const add = (draft: NewClient): Promise<Registered> => throughTheSocket(folder, draft);
  return {
    settings: {
      WAYMARK_DATA: folder,
      WAYMARK_PACKS: await roomyPacks(folder),
      PORT: String(port),
      METRICS_PORT: "0",
      // Every row is counted.
      CANARY_SECONDS: "0",
    },
    origin,
    look: async (ask) => {
      const engine = await openEmbedded({ folder });
      try {
        return await ask((text, values) => engine.transaction("owner", (query) => query(text, values)));
      } finally {
        await engine.close();
      }
    },
    stage: () =>
      openStage({
        origin,
        directory: directory(),
        file: join(folder, "world.json"),
        clients: { add, byId: () => Promise.resolve(undefined) },
      }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

/** As `waymark clients add` does while the broker runs. */
const throughTheSocket = async (folder: string, draft: NewClient): Promise<Registered> => {
  const jwks = join(folder, "jwks.json");
  await writeFile(jwks, JSON.stringify(draft.keys));
  const callback = draft.callbackUrl === undefined ? [] : ["--callback", draft.callbackUrl];
  const who = ["--kind", draft.kind, "--organisation", draft.organisation, "--name", draft.name];
  const argv = ["clients", "add", ...who, "--jwks", jwks, ...callback, "--test", "--json"];
  const answer = (await askHolder(folder, { argv, cwd: folder })) as { status: number; out: string; err: string };
  if (answer.status !== 0) throw new Error(`no client was added: ${answer.out}${answer.err}`);
  const made = JSON.parse(answer.out) as { clientId: string; webhookSecret: string; apiKey?: string };
  const client = { ...draft, id: made.clientId, scopes: [], webhookSecrets: [made.webhookSecret] };
  return { client, ...(made.apiKey === undefined ? {} : { apiKey: made.apiKey }) };
};

/** Undefined when this run has no PostgreSQL; the reason was printed at its start. */
export const serverHome = async (redis?: PrivateRedis): Promise<Home | undefined> => {
  const database = await emptyDatabase();
  if (database === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "waymark-e2e-"));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const settings = {
    DATABASE_URL: database.url,
    DATABASE_POOL: "4",
    WAYMARK_PACKS: await roomyPacks(folder),
    WAYMARK_KEYS: JSON.stringify(makeKeyRing(createIds())),
    WAYMARK_ALLOW_OUTBOUND: "127.0.0.0/8",
    PORT: String(port),
    METRICS_PORT: "0",
    // Every row is counted.
    CANARY_SECONDS: "0",
    PUBLIC_URL: origin,
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
  };
  return {
    settings,
    origin,
    look: async (ask) => {
      const engine = await openServer({ url: database.url, max: 1 });
      try {
        return await ask((text, values) => engine.transaction("owner", (query) => query(text, values)));
      } finally {
        await engine.close();
      }
    },
    stage: async () => {
      const read = readConfig(settings);
      if (!read.ok) throw new Error(read.faults.join());
      const ground = await openGround(read.config, createLog({ level: "silent" }));
      try {
        const { clients } = ground.store;
        return await openStage({ origin, directory: directory(), file: join(folder, "world.json"), clients });
      } finally {
        await ground.close();
      }
    },
    remove: async () => {
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

export type PrivateRedis = { url: string; port: number; stop(): Promise<void>; start(): Promise<void> };

const reachable = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const end = (well: boolean) => (): void => {
      socket.destroy();
      resolve(well);
    };
    socket.once("connect", end(true)).once("error", end(false));
  });

/** A Redis that a test may stop, start again and wipe. Undefined, with the reason printed, where none is installed. */
export const privateRedis = async (): Promise<PrivateRedis | undefined> => {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const program = folders.map((folder) => join(folder, "redis-server")).find(existsSync);
  if (program === undefined) {
    if (process.env["CI"] === "true") throw new Error("redis-server is not installed");
    console.log("left out: redis-server is not installed, and these tests stop and wipe one");
    return undefined;
  }
  const port = await freePort();
  let stop: (() => Promise<void>) | undefined;
  const start = async (): Promise<void> => {
    const flags = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
    const child = spawn(program, flags, { stdio: "ignore", cwd: tmpdir() });
    stop = async () => {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
      stop = undefined;
    };
    while (!(await reachable(port))) await rest(20);
  };
  await start();
  return { url: `redis://127.0.0.1:${port}`, port, start, stop: async () => stop?.() };
};
