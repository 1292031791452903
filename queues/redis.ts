// BullMQ on Redis, through ioredis. The producer fails fast; workers wait for Redis for as long as it takes.
import { once } from "node:events";
import { createRedisBackend, withBackend } from "bullmq";
import { Redis, type RedisOptions } from "ioredis";
import type { Queue } from "./queue.ts";
import { complaints, type Log } from "./log.ts";
import { JOB_OPTIONS, PREFIX, QUEUE } from "./names.ts";
import { type JobName, type PageOfRings, pagesOf } from "./payloads.ts";
import { runWorker } from "./working.ts";

const bull = withBackend(createRedisBackend);

const COMMON: RedisOptions = {
  maxRetriesPerRequest: null,
  retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 5), 2_000),
};

/** A frozen Redis (SIGSTOP, a black hole) answers nothing at all: after this it counts as down. */
const PRODUCER: RedisOptions = { ...COMMON, enableOfflineQueue: false, commandTimeout: 2_000 };

/** A start waits a moment for Redis, and goes on without it: referrals are taken, and rung when it comes. */
const PATIENCE_MS = 2_000;

export const onRedis = async (url: string, log: Log): Promise<Queue> => {
  const health = complaints(log, "redis");
  const open = (options: RedisOptions): Redis =>
    new Redis(url, options).on("error", health.failed).on("ready", health.recovered);

  const producer = open(PRODUCER);
  // Without a version check or a wait for `ready`, one failed first command cannot disable the producer for good.
  const queue = new bull.Queue<PageOfRings, void, JobName>(QUEUE, {
    connection: producer,
    prefix: PREFIX,
    defaultJobOptions: JOB_OPTIONS,
    skipVersionCheck: true,
    skipWaitingForReady: true,
    skipMetasUpdate: true,
  });
  queue.on("error", health.failed);
  const addBulk: Queue["addBulk"] = async (rings) => {
    await queue.addBulk(pagesOf(rings).map((page) => ({ name: "page", data: page })));
  };
  const connections: Redis[] = [];
  await once(producer, "ready", { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(health.failed);

  return {
    kind: "redis",
    addBulk,
    waiting: () => queue.getWaitingCount(),
    work(handle, { concurrency }) {
      const connection = open(COMMON);
      connections.push(connection);
      return runWorker(handle, {
        concurrency,
        putBack: addBulk,
        start: (processor, options) =>
          new bull.Worker<PageOfRings, void, JobName>(QUEUE, processor, {
            ...options,
            connection,
            prefix: PREFIX,
            skipVersionCheck: true,
          }).on("error", health.failed),
      });
    },
    check: () => checkOf(producer),
    async close() {
      await queue.close();
      for (const connection of [producer, ...connections]) connection.disconnect();
    },
  };
};

/** Any other eviction policy may throw keys of the queue away: rings are lost and come a lease later. */
const checkOf = async (redis: Redis): Promise<{ ok: boolean; detail: string }> => {
  try {
    const info = await redis.info("memory");
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? "unknown";
    return policy === "noeviction"
      ? { ok: true, detail: "redis" }
      : { ok: true, detail: `redis, but its maxmemory-policy is ${policy}: set it to noeviction` };
  } catch {
    return { ok: false, detail: `redis is ${redis.status}` };
  }
};
