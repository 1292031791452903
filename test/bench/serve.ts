// The servers that are compared, one to a process. All read the same 13 kB message with the same validation and answer alike;
// they differ in what stands between the validation and the answer.
import { Queue } from "bullmq";
import express, { type Express } from "express";
import { Redis } from "ioredis";
import { gpDoor } from "../../adapters/gp/index.ts";
import type { Access } from "../../adapters/http/door.ts";
import { createMetrics } from "../../adapters/http/metrics.ts";
import { listen } from "../../adapters/http/serve.ts";
import { traces } from "../../adapters/http/trace.ts";
import { createTurns, takesTurns } from "../../adapters/http/turns.ts";
import { createLog } from "../../adapters/log.ts";
import { createIntake } from "../../adapters/postgres/intake.ts";
import type { Client } from "../../schemas/client.ts";
import type { Config } from "../../schemas/config.ts";
import { readConfig } from "../../src/config.ts";
import { referenceFrom } from "../../src/core/reference.ts";
import { composeLetters } from "../../src/letters.ts";
import { composeLinks } from "../../src/links.ts";
import type { Accepted, Intake } from "../../src/ports/intake.ts";
import type { Arrival, Steps } from "../../src/ports/steps.ts";
import { composeViews } from "../../src/compose-views.ts";
import { composeApp, composeSteps, type Ground, openGround, openOutbound } from "../../src/wire.ts";
import { newKeys, tokens } from "../world/system.ts";
import type { Ready } from "./subject.ts";

const log = createLog({ level: "silent" });
const settings = readConfig();
if (!settings.ok) throw new Error(settings.faults.join("\n"));
const { config } = settings;

const taken = (ground: Ground): Accepted => ({
  outcome: "taken",
  taken: { referral: ground.ids.uuid(), reference: referenceFrom(ground.ids.bytes(16)), at: ground.clock.now() },
});

/** Waymark's own doors and steps. The workers are left out: what is measured is the way up to the answer. */
const waymark = async (ground: Ground, intake: Intake): Promise<Express> => {
  const outbound = openOutbound(config, ground.clock);
  const bell = { nudge: () => undefined };
  const links = composeLinks(ground, composeLetters(config, ground.clock, outbound), origin, bell);
  const fresh = { ...ground, store: { ...ground.store, intake } };
  const steps = composeSteps(fresh, bell, { outbound, publicUrl: "", links });
  const metrics = createMetrics();
  const durability = await ground.engine.durability();
  return composeApp({
    config,
    ground,
    steps,
    outbound,
    publicUrl: origin,
    links,
    callers: ground.store.clients,
    checks: {},
    durability,
    metrics,
    log,
  });
};

/** Express with the door's parsing and nothing else around it; `accept` is what the rival does with a valid message. */
const bare = (ground: Ground, client: Client, accept: (arrival: Arrival) => Promise<Accepted>): Express => {
  const caller = { ok: true as const, client };
  const access: Access = { bearer: async () => caller, apiKey: async () => caller };
  const steps = { accept } as unknown as Steps;
  const tools = { steps, views: composeViews(ground), access, clock: ground.clock, ids: ground.ids, publicUrl: origin };
  return express().use(traces(ground.ids)).use("/fhir/R4", gpDoor.routes(tools));
};

type Build = (ground: Ground, client: Client) => Promise<Express>;

/** One statement and one commit for each submission, on as many connections as the pool has. */
const oneByOne = (ground: Ground): Intake =>
  createIntake({
    engine: ground.engine,
    vault: ground.vault,
    group: { most: 1, waitMs: 0, inFlight: config.DATABASE_POOL },
  });

/** Adds a job to a queue on Redis that nobody works. */
const adding = (url: string): ((data: object) => Promise<void>) => {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const queue = new Queue("bench", { connection });
  return async (data) => {
    await queue.add("referral", data, { removeOnComplete: true, removeOnFail: true });
  };
};

/** The rival of the queue: it has taken a message once the job is added. Its job holds the bytes as they came, as ours keeps them. */
const queued: Build = async (ground, client) => {
  const add = adding(config.REDIS_URL ?? "redis://127.0.0.1:6379/9");
  return bare(ground, client, async ({ body }) => {
    await add({ body: Buffer.from(body).toString("utf8") });
    return taken(ground);
  });
};

/** A rival that reads in turns as we do. */
const inTurns =
  (build: Build): Build =>
  async (ground, client) =>
    express().use(takesTurns(createTurns()), await build(ground, client));

const BUILDS: Record<string, Build> = {
  waymark: (ground) => waymark(ground, ground.store.intake),
  "no-storage": (ground) => waymark(ground, { accept: async () => taken(ground) }),
  "one-by-one": (ground) => waymark(ground, oneByOne(ground)),
  "bare-express": async (ground, client) => bare(ground, client, async () => taken(ground)),
  bullmq: queued,
  "bullmq-in-turns": inTurns(queued),
};

let origin = "";

const registered = async ({ store }: Ground, embedded: Config) => {
  const keys = await newKeys();
  const { client } = await store.clients.add({
    kind: "gp",
    organisation: "F83999",
    name: "Bench",
    keys: { keys: [keys.publicKey as { kty: "EC"; kid: string }] },
    test: true,
  });
  const identity = { name: "Bench", kind: "gp" as const, organisation: "F83999", port: 0, ...keys };
  return { client, identity: { ...identity, clientId: client.id, webhookSecret: "" }, embedded };
};

const main = async (): Promise<void> => {
  const build = BUILDS[process.argv[2] ?? ""];
  if (build === undefined) throw new Error(`there is no server called ${process.argv[2]}`);
  const ground = await openGround(config, log);
  let app: Express | undefined;
  const serving = await listen((req, res) => app?.(req, res), { port: 0, host: "127.0.0.1" });
  origin = serving.origin;
  const { client, identity } = await registered(ground, config);
  app = await build(ground, client);
  const plain = process.argv[2]?.startsWith("bare") || process.argv[2]?.startsWith("bullmq");
  const token = tokens(identity, origin);
  const say = async (): Promise<void> => {
    const authorization = plain ? "" : `Bearer ${await token()}`;
    const ready: Ready = { url: `${origin}/fhir/R4/$process-message`, headers: { authorization } };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  };
  await say();
  if (!plain) setInterval(() => void say(), 30_000);
  process.once("SIGTERM", () => process.exit(0));
};

await main();
