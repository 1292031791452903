// The queue on either backend: Redis when it is given, otherwise PostgreSQL (a server, or PGlite in this process).
// It rings and nothing else: whatever is lost here is rung again from the store.
import type { Ring } from "../schemas/work.ts";
import type { Log } from "./log.ts";
import type { QueuePool } from "./pool.ts";
import { onPostgres } from "./postgres.ts";
import { onRedis } from "./redis.ts";

/** Takes a job as it came, unparsed, and never rejects: what went wrong is the store's to remember, not the queue's. */
export type Handle = (payload: unknown) => Promise<void>;

export type Working = {
  /** Takes no more jobs and waits for the running ones, at most this long. False when some were still running. */
  close(graceMs: number): Promise<boolean>;
};

export type Queue = {
  kind: "redis" | "postgres";
  /** Rejects at once while the queue is down: nobody waits for a bell. */
  addBulk(rings: readonly Ring[]): Promise<void>;
  /** Rings that no worker has taken yet. Rejects while the queue is down. */
  waiting(): Promise<number>;
  work(handle: Handle, options: { concurrency: number }): Working;
  check(): Promise<{ ok: boolean; detail: string }>;
  close(): Promise<void>;
};

export const connectQueue = async (options: { redisUrl?: string; pool?: QueuePool; log: Log }): Promise<Queue> => {
  const { redisUrl, pool, log } = options;
  if (redisUrl !== undefined) return onRedis(redisUrl, log);
  if (pool !== undefined) return onPostgres(pool, log);
  throw new Error("a queue needs Redis or a PostgreSQL pool");
};
