// The composition: every port gets its adapter here and nowhere else. Read it to know what Waymark is made of.
import type { Express } from "express";
import { createMessenger } from "../adapters/callbacks/messenger.ts";
import { createSigner, type Signer } from "../adapters/callbacks/sign.ts";
import { createTaskNews } from "../adapters/callbacks/task-news.ts";
import { councilDoor } from "../adapters/council/index.ts";
import type { OpenDesk } from "../adapters/directory/desk.ts";
import { gpDoor } from "../adapters/gp/index.ts";
import { newsForm } from "../adapters/gp/news-task.ts";
import { notifications } from "../adapters/gp/notification.ts";
import { taskForm } from "../adapters/gp/task-form.ts";
import { createAccess } from "../adapters/http/access.ts";
import { createApp } from "../adapters/http/app.ts";
import type { DoorModule } from "../adapters/http/door.ts";
import type { Check } from "../adapters/http/health.ts";
import type { Metrics } from "../adapters/http/metrics.ts";
import { jobcentreDoor } from "../adapters/jobcentre/index.ts";
import type { Log } from "../adapters/log.ts";
import { createBreakers } from "../adapters/outbound/breakers.ts";
import { createOutbound, type Outbound } from "../adapters/outbound/client.ts";
import { createFhir } from "../adapters/outbound/fhir.ts";
import { createLoginKey, type LoginKey } from "../adapters/outbound/login-key.ts";
import { createTokens } from "../adapters/outbound/tokens.ts";
import { openEmbedded } from "../adapters/postgres/embedded.ts";
import type { Engine } from "../adapters/postgres/engine.ts";
import { createStore, type Store } from "../adapters/postgres/index.ts";
import { embeddedKeyRing, parseKeyRing } from "../adapters/postgres/keyring.ts";
import type { FolderLock } from "../adapters/postgres/lock.ts";
import { migrate } from "../adapters/postgres/migrate.ts";
import { openServer } from "../adapters/postgres/server.ts";
import { createVault, type Vault } from "../adapters/postgres/vault.ts";
import { providerRoutes } from "../adapters/providers/api.ts";
import { createFhirTransport } from "../adapters/providers/fhir.ts";
import { createSubscriptions } from "../adapters/providers/fhir-subscription.ts";
import { createTransports } from "../adapters/providers/registry.ts";
import { createWebhook } from "../adapters/providers/webhook.ts";
import { createIds, startClock, type RunningClock } from "../adapters/system.ts";
import type { Config } from "../schemas/config.ts";
import { isEmbedded } from "./config.ts";
import type { WageRates } from "../schemas/rates.ts";
import type { Holidays } from "../schemas/holidays.ts";
import type { Door } from "../schemas/referral.ts";
import { composeViews } from "./compose-views.ts";
import type { Links } from "./links.ts";
import { type Mailbox, noMailbox } from "./mailbox.ts";
import { composePages } from "./pages.ts";
import { bankHolidays, openPacks, packsFolder, wageRates, wholeFolder } from "./packs.ts";
import type { Bell } from "./ports/agenda.ts";
import type { Clients } from "./ports/clients.ts";
import type { Rulebook } from "./ports/rulebook.ts";
import type { Steps } from "./ports/steps.ts";
import type { Clock, Ids } from "./ports/system.ts";
import { createAccept } from "./steps/accept.ts";
import { createAmend } from "./steps/amend.ts";
import { createAnswer } from "./steps/answer.ts";
import { createLeaseOffers } from "./steps/lease-offers.ts";
import { createAssign } from "./steps/assign.ts";
import { createChase } from "./steps/chase.ts";
import { createNudge } from "./steps/nudge.ts";
import { createAssess } from "./steps/assess.ts";
import { createDeliver } from "./steps/deliver.ts";
import { createFollow } from "./steps/follow.ts";
import { createHeed } from "./steps/heed.ts";
import { createHoldClock } from "./steps/hold.ts";
import { createOverride } from "./steps/override.ts";
import { createCheckpoint } from "./steps/checkpoint.ts";
import { createReportOutcome } from "./steps/report-outcome.ts";
import { createReply } from "./steps/reply.ts";
import { createGate } from "./steps/gate.ts";
import { createQuarantineGate } from "./steps/quarantine.ts";
import { createMonitor } from "./steps/monitor.ts";
import { createTerms } from "./core/terms.ts";
import { createNotify } from "./steps/notify.ts";
import { composeAnswer, composeTakingBack } from "./taking-back.ts";

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
  packs: OpenDesk;
  /** For every clock that counts working days. */
  holidays: Holidays;
  rates: WageRates;
  /** Signs what goes out, with the key whose public half is at `/.well-known/jwks.json`. */
  signer: Signer;
  /** Logs in elsewhere; its public half is there too. */
  loginKey: LoginKey;
  close(): Promise<void>;
};

/** `lock` is the caller's hold on the embedded store's folder, if it has one. */
export const openGround = async (config: Config, log: Log, lock?: FolderLock): Promise<Ground> => {
  const ids = createIds();
  const ring =
    config.WAYMARK_KEYS === undefined
      ? await embeddedKeyRing(config.WAYMARK_DATA, ids)
      : parseKeyRing(config.WAYMARK_KEYS);
  const folder = wholeFolder(packsFolder(config));
  const [holidays, rates] = [bankHolidays(), wageRates()];
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
  const { rulebook, packs } = await openPacks(folder, store, clock, log);
  const close = async (): Promise<void> => {
    await store.close();
    clock.close();
    await engine.close();
  };
  const [signer, loginKey] = [createSigner(ring.webhook), createLoginKey(ring.webhook)];
  return { engine, store, vault, clock, ids, rulebook, packs, holidays, rates, signer, loginKey, close };
};

type OutboundSpecial = Pick<Parameters<typeof createOutbound>[0], "maxAnswer" | "timeoutMs" | "tls">;

/** The one guarded way out. Embedded mode is for trial on one machine, so it may reach that machine. */
export const openOutbound = (config: Config, clock: Clock, special: OutboundSpecial = {}): Outbound =>
  createOutbound({
    ...special,
    allow: [...config.WAYMARK_ALLOW_OUTBOUND, ...(isEmbedded(config) ? ["127.0.0.0/8", "::1/128"] : [])],
    clock,
  });

type Ways = {
  outbound: Outbound;
  publicUrl: string;
  links: Links;
  mailbox?: Mailbox;
  /** Where it is written down what providers' own servers say of their offers. */
  log?: Log;
  /** Told of each destination that answers. */
  onReached?: (destination: string, at: Date) => void;
};

export const composeSteps = (ground: Ground, bell: Bell, ways: Ways): Steps => {
  const { outbound, publicUrl, links, mailbox, log, onReached } = ways;
  const { store, vault, clock, ids, rulebook, holidays, rates, signer, loginKey } = ground;
  const { intake, ledger, agenda, clients, pauses } = store;
  const breakers = createBreakers({ rows: store.breakerRows, clock, ids, onReached });
  const renderers = {
    gp: gpDoor.renderCallback,
    notification: notifications(publicUrl),
    jobcentre: jobcentreDoor.renderCallback,
    council: councilDoor.renderCallback,
  };
  const terms = createTerms(rulebook, holidays);
  const shared = { ledger, agenda, clients, clock, ids, bell };
  const answer = composeAnswer(shared, createAnswer({ ...shared, rulebook, terms }));
  const fhir = createFhir({ outbound, tokens: createTokens({ outbound, key: loginKey, clock, ids }) });
  const tellers = { task: createTaskNews({ fhir, form: newsForm, signer, clock }) };
  const messenger = createMessenger({ outbound, renderers, tellers, signer, clock });
  const subscriptions = createSubscriptions({ fhir, form: taskForm, clock, publicUrl });
  const report = createReportOutcome({ ...shared, rulebook, rates });
  const transports = createTransports([
    createWebhook({ outbound, signer, clock, publicUrl }),
    createFhirTransport({ fhir, form: taskForm, subscriptions, answer, report, clock, log, publicUrl }),
    links.transport,
    ...(mailbox === undefined ? [] : [mailbox.transport]),
  ]);
  const holdClock = createHoldClock(shared);
  const steps: Steps = {
    accept: createAccept({ intake, lost: store.restoring, pauses, clock, ids, digest: vault.digest, bell }),
    assess: createAssess({ ...shared, pauses, rulebook, terms, digest: vault.digest }),
    deliver: createDeliver({ ...shared, rulebook, holidays, transports, breakers }),
    ...composeTakingBack({ ...shared, rulebook, holidays, transports, breakers }),
    reportOutcome: report,
    checkpoint: createCheckpoint({ ...shared, rulebook, holidays, transports, breakers }),
    knock: links.knock,
    ...links.asking.steps,
    notify: createNotify({ ...shared, messenger, breakers }),
    follow: createFollow({ ...shared, transports, breakers }),
    heed: createHeed(shared),
    monitor: createMonitor({ reader: store.reader, monitoring: store.monitoring, ids }),
    amend: createAmend({ ...shared, reader: store.reader, rulebook, holidays, digest: vault.digest }),
    remind: holdClock,
    expire: holdClock,
    chase: createChase({ ...shared, rulebook, holidays, terms }),
    nudge: createNudge({ ...shared, rulebook, transports, letters: links.letters, breakers }),
    ...createLeaseOffers({ leases: store.offerLeases, clock, ids }),
    assign: createAssign({ ...shared, rulebook, terms }),
    collect: mailbox?.collect({ answer, offer: composeViews(ground).offer }) ?? noMailbox(agenda),
    answer,
    override: createOverride({ ...shared, rulebook }),
    reply: createReply(shared),
  };
  const { quarantine } = store;
  const unpaused = createGate({ pauses, agenda, clock }, steps);
  return { ...steps, ...createQuarantineGate({ quarantine, pauses, agenda, clock }, unpaused) };
};

type AppParts = {
  config: Config;
  ground: Ground;
  steps: Steps;
  outbound: Outbound;
  publicUrl: string;
  links: Pick<Links, "doorkeeper" | "asking">;
  /** Whose tokens and keys are known. */
  callers: Pick<Clients, "byId" | "byApiKey">;
  checks: Record<string, Check>;
  durability: "power-loss" | "process-crash";
  metrics: Metrics;
  log: Log;
};

export const composeApp = (parts: AppParts): Express => {
  const { config, ground, steps, outbound, publicUrl, links, checks, durability, metrics, log } = parts;
  const { store, vault, clock, ids } = ground;
  const tokenKey = vault.tokenKey();
  const closed = async (): Promise<boolean> => (await store.quarantine.inForce()) !== undefined;
  const access = createAccess({ clients: parts.callers, tokenKey, clock, closed });
  const views = composeViews(ground);
  return createApp({
    tools: { steps, views, access, clock, ids, publicUrl },
    doors: Object.values(DOORS),
    pages: composePages({ links, clock, steps, views, rulebook: ground.rulebook, closed }),
    provider: (tools) => providerRoutes(tools, store.clients),
    clients: store.clients,
    tokenKey,
    fetchKeys: outbound.getJson,
    publicKeys: [ground.signer.jwk, ground.loginKey.jwk],
    checks,
    durability,
    metrics,
    log,
    trustedProxies: config.TRUSTED_PROXIES,
    hsts: config.HSTS && (config.TLS_CERT !== undefined || publicUrl.startsWith("https:")),
  });
};
