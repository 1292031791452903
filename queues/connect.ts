// The queue on either backend: Redis when it is given, otherwise PostgreSQL (a server, or PGlite in this process).
// It rings and nothing else: whatever is lost here is rung again from the store.
import type { Log } from "./log.ts";
import type { QueuePool } from "./pool.ts";
import { onPostgres } from "./postgres.ts";
import type { Queue } from "./queue.ts";
import { onRedis } from "./redis.ts";

export const connectQueue = async (options: { redisUrl?: string; pool?: QueuePool; log: Log }): Promise<Queue> => {
  const { redisUrl, pool, log } = options;
  if (redisUrl !== undefined) return onRedis(redisUrl, log);
  if (pool !== undefined) return onPostgres(pool, log);
  throw new Error("a queue needs Redis or a PostgreSQL pool");
};
