// BullMQ on its PostgreSQL backend, in the schema `bullmq` of the store's own database.
import { createPostgresBackend, runMigrations, withBackend, type PgPool } from "bullmq";
import type { Queue } from "./queue.ts";
import { complaints, type Log } from "./log.ts";
import { JOB_OPTIONS, QUEUE } from "./names.ts";
import { type JobName, type PageOfRings, pagesOf } from "./payloads.ts";
import type { QueuePool } from "./pool.ts";
import { runWorker } from "./working.ts";

const bull = withBackend(createPostgresBackend);

/** One by one: on the embedded store, which does one thing at a time, the first of many that begin together is done when the last is. */
const TOGETHER = 1;

export const onPostgres = async (given: QueuePool, log: Log): Promise<Queue> => {
  // BullMQ's type asks for fluent `on`; it never chains. The contract suite runs the whole backend over this shape.
  const pool = given as unknown as PgPool;
  const health = complaints(log, "queue");
  await migrate(pool);
  const queue = new bull.Queue<PageOfRings, void, JobName>(QUEUE, { connection: pool, defaultJobOptions: JOB_OPTIONS });
  queue.on("error", health.failed);
  const addBulk: Queue["addBulk"] = async (rings) => {
    await queue.addBulk(pagesOf(rings, TOGETHER).map((page) => ({ name: "page", data: page })));
    health.recovered();
  };

  return {
    kind: "postgres",
    addBulk,
    waiting: () => queue.getWaitingCount(),
    work: (handle, { concurrency }) =>
      runWorker(handle, {
        concurrency,
        putBack: addBulk,
        start: (processor, options) =>
          new bull.Worker<PageOfRings, void, JobName>(QUEUE, processor, { ...options, connection: pool }).on(
            "error",
            health.failed,
          ),
      }),
    async check() {
      try {
        await pool.query("SELECT 1 FROM bullmq.job LIMIT 1");
        return { ok: true, detail: "postgres" };
      } catch {
        return { ok: false, detail: "the queue's tables cannot be read" };
      }
    },
    /** The pool is the store's, and stays open. */
    close: () => queue.close(),
  };
};

/** Under an advisory lock of BullMQ's, so that two processes may start at once. */
const migrate = async (pool: PgPool): Promise<void> => {
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
};
