// The composition: every port gets its adapter here and nowhere else. Read it to know what Waymark is made of.
import { join } from "node:path";
import type { Express } from "express";
import { createMessenger } from "../adapters/callbacks/messenger.ts";
import { createSigner } from "../adapters/callbacks/sign.ts";
import { councilDoor } from "../adapters/council/index.ts";
import { loadRulebook } from "../adapters/directory/packs.ts";
import { gpDoor } from "../adapters/gp/index.ts";
import { createAccess } from "../adapters/http/access.ts";
import { createApp } from "../adapters/http/app.ts";
import type { DoorModule } from "../adapters/http/door.ts";
import type { Check } from "../adapters/http/health.ts";
import type { Metrics } from "../adapters/http/metrics.ts";
import { jobcentreDoor } from "../adapters/jobcentre/index.ts";
import type { Log } from "../adapters/log.ts";
import { createBreakers } from "../adapters/outbound/breakers.ts";
import { createOutbound, type Outbound } from "../adapters/outbound/client.ts";
import { openEmbedded } from "../adapters/postgres/embedded.ts";
import type { Engine } from "../adapters/postgres/engine.ts";
import { createStore, type Store } from "../adapters/postgres/index.ts";
import { embeddedKeyRing, parseKeyRing } from "../adapters/postgres/keyring.ts";
import type { FolderLock } from "../adapters/postgres/lock.ts";
import { migrate, packageRoot } from "../adapters/postgres/migrate.ts";
import { openServer } from "../adapters/postgres/server.ts";
import { createVault, type Vault } from "../adapters/postgres/vault.ts";
import { providerRoutes } from "../adapters/providers/api.ts";
import { createTransports } from "../adapters/providers/registry.ts";
import { createWebhook } from "../adapters/providers/webhook.ts";
import { createIds, startClock, type RunningClock } from "../adapters/system.ts";
import type { Config, KeyRing } from "../schemas/config.ts";
import type { Door } from "../schemas/referral.ts";
import type { Bell, Ids, Rulebook, Steps, Views } from "./ports.ts";
import { createAccept } from "./steps/accept.ts";
import { createAnswer } from "./steps/answer.ts";
import { createAssess } from "./steps/assess.ts";
import { createDeliver } from "./steps/deliver.ts";
import { createNotify } from "./steps/notify.ts";
import { createChangedView } from "./views/changed.ts";
import { createCheckView } from "./views/check.ts";
import { createOffersView, createOfferView } from "./views/offers.ts";
import { createReceiptView } from "./views/receipt.ts";
import { createReferralView } from "./views/referral.ts";

/** The front doors: a new one is one schema, one folder, fixtures, and one line here. */
const DOORS: Record<Door, { path: string; module: DoorModule }> = {
  gp: { path: "/fhir/R4", module: gpDoor },
  jobcentre: { path: "/jobcentre/v1", module: jobcentreDoor },
  council: { path: "/open311/v2", module: councilDoor },
};

/** What lies beneath everything: the store with its keys, its clock, and the rules in force. */
export type Ground = {
  engine: Engine;
  store: Store;
  vault: Vault;
  clock: RunningClock;
  ids: Ids;
  rulebook: Rulebook;
  ring: KeyRing;
  close(): Promise<void>;
};

export const isEmbedded = (config: Config): boolean => config.DATABASE_URL === undefined;

/** `lock` is the caller's hold on the embedded store's folder, if it has one. */
export const openGround = async (config: Config, log: Log, lock?: FolderLock): Promise<Ground> => {
  const ids = createIds();
  const ring =
    config.WAYMARK_KEYS === undefined
      ? await embeddedKeyRing(config.WAYMARK_DATA, ids)
      : parseKeyRing(config.WAYMARK_KEYS);
  const rulebook = rulesIn(packsFolder(config));
  const engine =
    config.DATABASE_URL === undefined
      ? await openEmbedded({ folder: config.WAYMARK_DATA, lock })
      : await openServer({
          url: config.DATABASE_URL,
          max: config.DATABASE_POOL,
          onError: (error) => log.warn({ err: error }, "a database connection broke"),
        });
  const applied = await migrate(engine);
  if (applied.length > 0) log.info({ applied }, "store brought up to date");
  const clock = await startClock(engine);
  const vault = createVault(ring, ids);
  const store = createStore({ engine, vault, clock, ids });
  const close = async (): Promise<void> => {
    await store.close();
    clock.close();
    await engine.close();
  };
  return { engine, store, vault, clock, ids, rulebook, ring, close };
};

/** The sample packs lie beside the program, whether it runs from its sources or from `dist/`. */
export const packsFolder = (config: Config): string => config.WAYMARK_PACKS ?? join(packageRoot(), "packs", "london");

/** Rules that do not hold stop the start: a broker with half its rules would decide wrongly. */
export class PacksBroken extends Error {
  override name = "PacksBroken";
}

const rulesIn = (folder: string): Rulebook => {
  const loaded = loadRulebook(folder);
  if (loaded.ok) return loaded.rulebook;
  const lines = loaded.faults.map(
    (fault) => `${fault.file}:${fault.line}:${fault.column} ${fault.path} ${fault.reason}`,
  );
  throw new PacksBroken(`the packs in ${folder} do not hold:\n${lines.join("\n")}`);
};

/** The one guarded way out. Embedded mode is for trial on one machine, so it may reach that machine. */
export const openOutbound = (config: Config, ground: Ground): Outbound =>
  createOutbound({
    allow: [...config.WAYMARK_ALLOW_OUTBOUND, ...(isEmbedded(config) ? ["127.0.0.0/8", "::1/128"] : [])],
    clock: ground.clock,
  });

export const composeSteps = (ground: Ground, bell: Bell, outbound: Outbound, publicUrl: string): Steps => {
  const { store, vault, clock, ids, rulebook, ring } = ground;
  const { intake, ledger, agenda, clients } = store;
  const signer = createSigner(ring.webhook);
  const breakers = createBreakers({ rows: store.breakerRows, clock, ids });
  const renderers = {
    gp: gpDoor.renderCallback,
    jobcentre: jobcentreDoor.renderCallback,
    council: councilDoor.renderCallback,
  };
  const messenger = createMessenger({ outbound, renderers, signer, clock });
  const transports = createTransports([createWebhook({ outbound, signer, clock, publicUrl })]);
  const shared = { ledger, agenda, clients, clock, ids, bell };
  return {
    accept: createAccept({ intake, clock, ids, digest: vault.digest, bell }),
    assess: createAssess({ ...shared, rulebook, digest: vault.digest }),
    deliver: createDeliver({ ...shared, rulebook, transports, breakers }),
    notify: createNotify({ ...shared, messenger, breakers }),
    answer: createAnswer(shared),
  };
};

export const composeViews = ({ store, rulebook, clock, ids }: Ground): Views => {
  const { reader, clients } = store;
  return {
    check: createCheckView({ rulebook, clients, clock, ids }),
    referral: createReferralView(reader),
    receipt: createReceiptView(reader),
    offers: createOffersView({ reader, rulebook, clock }),
    offer: createOfferView({ reader, rulebook, clock }),
    changed: createChangedView(reader),
  };
};

type AppParts = {
  config: Config;
  ground: Ground;
  steps: Steps;
  outbound: Outbound;
  publicUrl: string;
  checks: Record<string, Check>;
  durability: "power-loss" | "process-crash";
  metrics: Metrics;
  log: Log;
};

export const composeApp = (parts: AppParts): Express => {
  const { config, ground, steps, outbound, publicUrl, checks, durability, metrics, log } = parts;
  const { store, vault, clock, ids } = ground;
  const tokenKey = vault.tokenKey();
  const access = createAccess({ clients: store.clients, tokenKey, clock });
  return createApp({
    tools: { steps, views: composeViews(ground), access, clock, ids, publicUrl },
    doors: Object.values(DOORS),
    provider: providerRoutes,
    clients: store.clients,
    tokenKey,
    fetchKeys: outbound.getJson,
    webhookKeys: [vault.webhookKeyPair().publicJwk],
    checks,
    durability,
    metrics,
    log,
    trustedProxies: config.TRUSTED_PROXIES,
    hsts: config.HSTS && (config.TLS_CERT !== undefined || publicUrl.startsWith("https:")),
  });
};
