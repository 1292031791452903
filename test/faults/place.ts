// Where one fault is run: servers of its own or a folder, the real programs, and a world of senders and receivers around them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../../adapters/log.ts";
import { openEmbedded } from "../../adapters/postgres/embedded.ts";
import { makeKeyRing } from "../../adapters/postgres/keyring.ts";
import { openServer } from "../../adapters/postgres/server.ts";
import { createIds } from "../../adapters/system.ts";
import { readConfig } from "../../src/config.ts";
import { type Ground, openGround } from "../../src/wire.ts";
import { type Running, type Settings, waymark } from "../e2e/program.ts";
import type { Sender } from "../world/send.ts";
import { freePort, register, tokens, type Identity } from "../world/system.ts";
import { openAnswers, type Answering } from "./answers.ts";
import { openLedger, type Door, type Ledger } from "./ledger.ts";
import { adviserOf, RESERVE, writePacks } from "./packs.ts";
import { openReceivers, type Receivers } from "./receivers.ts";
import type { Senders } from "./senders.ts";
import { privatePostgres, privateRedis, type Server } from "./servers.ts";

export type Store = "servers" | "embedded";
export type Sql = (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

export type Place = {
  store: Store;
  boroughs: number;
  folder: string;
  origin: string;
  settings: Settings;
  ledger: Ledger;
  receivers: Receivers;
  senders: Senders;
  postgres?: Server;
  redis?: Server;
  /** The programs that run now, by name. */
  running: Map<string, Running>;
  /** All that ever ran here, with their logs. */
  programs: Running[];
  answering: Answering;
  /** Starts a program under a name, and resolves once it serves. */
  start(name: string, more?: Settings): Promise<Running>;
  /** The usual set: one process on a folder; an api and a worker on servers. */
  startAll(): Promise<void>;
  kill(name: string): Promise<void>;
  /** Asks all to stop, and waits. */
  stopAll(): Promise<void>;
  /** As the owner of the tables; an embedded store only while no broker runs. */
  sql<T>(ask: (query: Sql) => Promise<T>): Promise<T>;
  /** As an operator's verb does, beside the running programs; an embedded store only while none runs. */
  operate<T>(act: (ground: Ground) => Promise<T>): Promise<T>;
  /** In the place of hours: all that waits for its time is due now, and no breaker holds it back. */
  hurry(): Promise<void>;
  close(): Promise<void>;
};

const DOORS = [
  { door: "gp", organisation: "F83999" },
  { door: "jobcentre", organisation: "sample-jobcentre-410" },
  { door: "council", organisation: "E09000101" },
] as const satisfies readonly { door: Door; organisation: string }[];

const HURRY = [
  "UPDATE waymark.work SET due = now() WHERE due > now() AND dead_at IS NULL AND kind IN ('assess', 'deliver', 'notify')",
  "DELETE FROM waymark.breaker",
];

export type PlaceOptions = {
  store: Store;
  boroughs?: number;
  settings?: Settings;
  /** Where the receivers listen. */
  host?: string;
  /** Puts something between the broker and PostgreSQL, and answers its url. */
  throughProxy?: (url: string) => Promise<string>;
};

export const openPlace = async ({
  store,
  boroughs = 24,
  settings: more = {},
  host = "127.0.0.1",
  throughProxy,
}: PlaceOptions): Promise<Place> => {
  const folder = await mkdtemp(join(tmpdir(), "waymark-faults-"));
  const servers = store === "servers";
  const postgres = servers ? await privatePostgres() : undefined;
  const redis = servers ? await privateRedis() : undefined;
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const direct: Settings =
    postgres === undefined || redis === undefined
      ? { WAYMARK_DATA: join(folder, "data") }
      : { DATABASE_URL: postgres.url, REDIS_URL: redis.url, WAYMARK_KEYS: JSON.stringify(makeKeyRing(createIds())) };
  const base: Settings = {
    WAYMARK_PACKS: await writePacks(join(folder, "packs"), { boroughs }),
    WAYMARK_ALLOW_OUTBOUND: "127.0.0.0/8",
    PORT: String(port),
    METRICS_PORT: "0",
    // Offers and cases are counted.
    CANARY_SECONDS: "0",
    PUBLIC_URL: origin,
    // Three referrers hear of everything: with the usual four places each, they would be what a run waits for.
    DESTINATION_PLACES: "12",
    ...direct,
    ...more,
  };
  const ledger = openLedger();
  const receivers = await openReceivers(ledger, host);
  const senders = await populate(base, { boroughs, origin, host, receivers });
  const url = direct["DATABASE_URL"];
  const settings =
    url === undefined || throughProxy === undefined ? base : { ...base, DATABASE_URL: await throughProxy(url) };
  const running = new Map<string, Running>();
  const programs: Running[] = [];
  const answering = openAnswers({ boroughs, origin, receivers, ledger });
  receivers.onNoted = answering.hears;

  const sql: Place["sql"] = async (ask) => {
    const engine =
      url === undefined
        ? await openEmbedded({ folder: base["WAYMARK_DATA"] ?? "" })
        : await openServer({ url, max: 1 });
    try {
      return await ask((text, values) => engine.transaction("owner", (query) => query(text, values)));
    } finally {
      await engine.close();
    }
  };

  const operate: Place["operate"] = async (act) => {
    const ground = await openWith(base);
    try {
      return await act(ground);
    } finally {
      await ground.close();
    }
  };

  const place: Place = {
    store,
    boroughs,
    folder,
    origin,
    settings,
    ledger,
    receivers,
    senders,
    ...(postgres === undefined ? {} : { postgres }),
    ...(redis === undefined ? {} : { redis }),
    running,
    programs,
    answering,
    async start(name, own = {}) {
      const role: Settings = !servers
        ? {}
        : name.startsWith("api")
          ? { WAYMARK_ROLE: "api" }
          : name.startsWith("worker")
            ? { WAYMARK_ROLE: "worker", PORT: "0" }
            : {};
      const program = waymark({ ...settings, ...role, ...own });
      running.set(name, program);
      programs.push(program);
      void program.ended.then(({ code, signal, err }) => {
        if (code !== 0 && signal !== "SIGKILL")
          ledger.wrong(`${name} ended by itself with ${code}: ${err.slice(0, 800)}`);
      });
      await program.ready();
      return program;
    },
    async startAll() {
      await Promise.all((servers ? ["api", "worker"] : ["all"]).map((name) => place.start(name)));
    },
    async kill(name) {
      const program = running.get(name);
      running.delete(name);
      program?.send("SIGKILL");
      await program?.ended;
    },
    async stopAll() {
      const living = [...running.values()];
      running.clear();
      for (const program of living) program.send("SIGTERM");
      await Promise.all(living.map((program) => program.ended));
    },
    sql,
    operate,
    async hurry() {
      const names = [...running.keys()];
      if (!servers) await place.stopAll();
      await sql(async (query) => {
        for (const statement of HURRY) await query(statement);
      });
      if (!servers) await Promise.all(names.map((name) => place.start(name)));
    },
    async close() {
      answering.stop();
      await place.stopAll();
      await receivers.close();
      await Promise.all([postgres?.remove(), redis?.remove()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
  return place;
};

const openWith = (settings: Settings): Promise<Ground> => {
  const read = readConfig(settings);
  if (!read.ok) throw new Error(read.faults.join());
  return openGround(read.config, createLog({ level: "silent" }));
};

type World = { boroughs: number; origin: string; host: string; receivers: Receivers };

/** Registers everybody in the store before any program runs on it. */
const populate = async (settings: Settings, { boroughs, origin, host, receivers }: World): Promise<Senders> => {
  const ground = await openWith(settings);
  const { clients } = ground.store;
  const add = clients.add.bind(clients);
  try {
    const advisers = Array.from({ length: boroughs }, (_, at) => adviserOf(at + 1));
    for (const organisation of [...advisers, RESERVE]) {
      const path = `/offers/${organisation}`;
      const draft = { name: organisation, kind: "provider" as const, organisation, port: receivers.port, host, path };
      receivers.identities.set(organisation, await register(add, draft));
    }
    const senders = new Map<Door, Sender>();
    for (const { door, organisation } of DOORS) {
      const path = `/news/${door}`;
      const identity: Identity = await register(add, {
        name: door,
        kind: door,
        organisation,
        port: receivers.port,
        host,
        path,
      });
      receivers.identities.set(door, identity);
      senders.set(door, { identity, token: tokens(identity, origin), broker: origin });
    }
    return Object.fromEntries(senders) as Senders;
  } finally {
    await ground.close();
  }
};
