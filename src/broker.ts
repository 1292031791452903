// The running broker: its parts start in order and stop in the reverse of it, so that nothing is left half done.
import { z } from "zod";
import { createDoorway } from "../adapters/http/doorway.ts";
import { createMetrics, type Metrics } from "../adapters/http/metrics.ts";
import { listen, serveMetrics } from "../adapters/http/serve.ts";
import type { Log } from "../adapters/log.ts";
import { lockFolder } from "../adapters/postgres/lock.ts";
import { connectQueue } from "../queues/connect.ts";
import { startRinger } from "../queues/ringer.ts";
import { startWorkers } from "../queues/workers.ts";
import type { Config } from "../schemas/config.ts";
import type { Pause } from "../schemas/pause.ts";
import { composeCanary } from "./canary.ts";
import { runVerb } from "./cli/run.ts";
import { isEmbedded } from "./config.ts";
import { gauges } from "./gauges.ts";
import { journalDetail, keepJournal, quarantineDetail } from "./journal.ts";
import { composeLetters } from "./letters.ts";
import { composeLinks } from "./links.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";
import { startOnCall } from "./on-call.ts";
import { toolsOf } from "./operate.ts";
import { followPacks, settlePacks } from "./packs.ts";
import { createReached } from "./reached.ts";
import type { Bell } from "./ports/agenda.ts";
import { composeApp, composeSteps, type Ground, openGround, openOutbound } from "./wire.ts";

export type Broker = {
  ground: Ground;
  /** Where it answers, such as `http://127.0.0.1:8080`. */
  origin: string;
  metricsOrigin: string;
  /** Stops taking, lets what is under way end, and closes; within ten seconds. */
  close(): Promise<void>;
};

type Stop = () => Promise<unknown>;

export const openBroker = async (config: Config, log: Log): Promise<Broker> => {
  // Whatever was opened is closed in the reverse order, also when a later part does not open.
  const opened: Stop[] = [];
  let leaving = false;
  const close = once(async () => {
    leaving = true;
    for (const part of opened.toReversed()) await part().catch((error: unknown) => log.error({ err: error }, "close"));
  });
  try {
    return await open(config, log, opened, close, () => leaving);
  } catch (error) {
    await close();
    throw error;
  }
};

/** For requests under way; the workers take as long for their steps. */
const GRACE_MS = 7_000;
/** A load balancer that looks at `ready` every second or oftener has gone elsewhere by then. */
const FAREWELL_MS = 2_500;

const open = async (
  config: Config,
  log: Log,
  opened: Stop[],
  close: () => Promise<void>,
  leaving: () => boolean,
): Promise<Broker> => {
  const desk = createDesk(log);
  const lock = isEmbedded(config) ? await lockFolder(config.WAYMARK_DATA, { onRequest: desk.answer }) : undefined;
  if (lock !== undefined) opened.push(() => lock.release());
  const bare = await openGround(config, log, lock);
  opened.push(bare.close);
  // Before anything can leave: is this the newest copy of the store?
  const journal = await keepJournal(config, bare, log);
  opened.push(journal.stop);
  const ground: Ground = { ...bare, store: { ...bare.store, quarantine: journal.quarantine } };
  await settlePacks(config, ground.packs);
  // Beside an embedded store there is no other program: a verb is run by this one.
  const followed = isEmbedded(config) ? undefined : followPacks(ground.packs, ground.clock, log);
  opened.push(async () => followed?.stop());
  desk.opens(config, ground);

  const outbound = openOutbound(config, ground.clock);
  opened.push(outbound.close);
  let mailbox: Mailbox | undefined;
  opened.push(async () => mailbox?.close());
  const queue = await connectQueue({ redisUrl: config.REDIS_URL, pool: poolUnlessRedis(config, ground), log });
  opened.push(() => queue.close());

  const metrics = createMetrics();
  const { agenda } = ground.store;
  // We hold the folder, so whoever held a lease is dead: what it had begun is due now, not when its lease runs out.
  const released = isEmbedded(config) ? await agenda.releaseAll() : 0;
  if (released > 0) log.info({ released }, "work that a dead process held is due again");
  const ringer = startRinger({
    agenda,
    queue,
    clock: ground.clock,
    log,
    places: config.DESTINATION_PLACES,
    perSecond: config.DESTINATION_RATE,
  });
  // Nothing new is begun anywhere while what is under way ends: everything in here stops at one time.
  const active: Stop[] = [() => ringer.stop()];
  opened.push(() => Promise.all(active.map((stop) => stop())));

  // Our own address is known once we listen; until then nothing is served.
  const doorway = createDoorway();
  const { PORT: port, HOST: host } = config;
  const serving = await listen(doorway.handle, { port, host, tls: tlsOf(config) });
  active.push(() => {
    doorway.shuts();
    return serving.close({ boundMs: GRACE_MS, farewellMs: FAREWELL_MS });
  });
  const publicUrl = config.PUBLIC_URL ?? serving.origin;

  const links = composeLinks(ground, composeLetters(config, ground.clock, outbound), publicUrl, ringer);
  mailbox = mailboxOf(config, log, ground, publicUrl);
  const reached = createReached();
  const canary = composeCanary({ config, ground, bell: ringer, links, publicUrl, log }, doorway.handle);
  const steps = canary.beside(
    composeSteps(ground, ringer, { outbound, publicUrl, links, mailbox, log, onReached: reached.note }),
  );
  if (config.WAYMARK_ROLE !== "api") await mailbox?.schedule();
  if (config.WAYMARK_ROLE !== "api") active.push(work(config, log, { ground, queue, steps, bell: ringer, metrics }));
  const onCall = startOnCall({
    config,
    ground,
    outbound: openOnCallWay(config, ground, opened),
    log,
    ringer,
    queue,
    packsUnreadSince: () => followed?.unreadSince(),
    journalUnreadSince: journal.unreadSince,
    reached: reached.take,
  });
  active.push(onCall.stop);
  gauges(metrics, ground);
  const durability = await ground.engine.durability();
  const checks = {
    // A load balancer learns that we are leaving before we stop taking connections.
    broker: async () => ({ ok: !leaving(), detail: leaving() ? "stopping" : config.WAYMARK_ROLE }),
    store: async () => ({ ok: (await ground.engine.now()).getTime() > 0, detail: ground.engine.kind }),
    queue: () => queue.check(),
    pauses: async () => ({ ok: true, detail: pausedOf(await ground.store.pauses.inForce()) }),
    journal: async () => ({ ok: true, detail: journalDetail(await ground.store.journalBook.lag(), config) }),
    quarantine: async () => ({ ok: true, detail: quarantineDetail(await ground.store.quarantine.inForce()) }),
  };
  const { callers } = canary;
  const app = composeApp({
    config,
    ground,
    steps,
    outbound,
    publicUrl,
    links,
    callers,
    checks,
    durability,
    metrics,
    log,
  });
  doorway.opens(app);
  active.push(canary.start().stop);
  const measured = await serveMetrics(metrics, { port: config.METRICS_PORT, host });
  opened.push(() => measured.close());
  return { ground, origin: serving.origin, metricsOrigin: measured.origin, close };
};

/** Alerts never wait behind what goes out to others. */
const openOnCallWay = (config: Config, { clock }: Ground, opened: Stop[]) => {
  const outbound = openOutbound(config, clock);
  opened.push(outbound.close);
  return outbound;
};

const pausedOf = (pauses: readonly Pause[]): string =>
  pauses.length === 0 ? "none" : pauses.map(({ scope, since }) => `${scope} since ${since.toISOString()}`).join(", ");

const mailboxOf = (config: Config, log: Log, ground: Ground, publicUrl: string) => {
  const { clock, ids, store } = ground;
  const { mailBook: book, agenda, clients } = store;
  const way = (special: Parameters<typeof openOutbound>[2]) => openOutbound(config, ground.clock, special);
  return openMailbox(config, { book, agenda, clients, clock, ids, log, publicUrl, outbound: way });
};

type Parts = {
  ground: Ground;
  queue: Awaited<ReturnType<typeof connectQueue>>;
  steps: ReturnType<typeof composeSteps>;
  bell: Bell;
  metrics: Metrics;
};

const work = (config: Config, log: Log, { ground, queue, steps, bell, metrics }: Parts): Stop => {
  const jobs = metrics.counter("waymark_jobs_total", "Jobs by kind and outcome", ["kind", "outcome"]);
  const workers = startWorkers({
    queue,
    steps,
    bell,
    log,
    agenda: ground.store.agenda,
    clock: ground.clock,
    metrics: { observe: (kind, outcome) => jobs.inc({ kind, outcome }) },
    concurrency: config.WORKER_CONCURRENCY,
  });
  return () => workers.close();
};

const poolUnlessRedis = (config: Config, { engine }: Ground) =>
  config.REDIS_URL === undefined ? engine.queuePool() : undefined;

const tlsOf = ({ TLS_CERT: cert, TLS_KEY: key, TLS_CLIENT_CA: clientCa }: Config) =>
  cert === undefined || key === undefined ? undefined : { cert, key, clientCa };

const once = (run: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
};

/** What the command line may ask of the broker that holds the store's folder. */
const Asked = z.strictObject({ argv: z.array(z.string().max(2_000)).max(100), cwd: z.string().max(4_000) });

const createDesk = (log: Log) => {
  let tools: ReturnType<typeof toolsOf> | undefined;
  return {
    opens(config: Config, ground: Ground): void {
      tools = toolsOf(config, async () => ground);
    },
    async answer(request: unknown): Promise<unknown> {
      const asked = Asked.safeParse(request);
      if (!asked.success || tools === undefined) return { status: 1, out: "", err: "The broker is starting.\n" };
      try {
        return await runVerb(asked.data.argv, tools, { cwd: asked.data.cwd });
      } catch (error) {
        log.error({ err: error }, "a verb broke");
        return { status: 1, out: "", err: "That broke on our side. The broker's log says where.\n" };
      }
    },
  };
};
