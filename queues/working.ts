// How a BullMQ worker is run and stopped, the same on both backends.
import { setTimeout as wait } from "node:timers/promises";
import type { Handle, Working } from "./queue.ts";

/** As much of BullMQ's Worker as is the same on every backend. */
type Stoppable = { close(): Promise<void>; disconnect(): Promise<void> };
type Processor = (job: { data: unknown }) => Promise<void>;

/** Short, because a worker that met an error must come back soon after the queue does (BullMQ's own is 15 s). */
const RUN_RETRY_MS = 1_000;
/** What BullMQ gets to say goodbye to a queue that may be down, once no step runs. */
const GOODBYE_MS = 1_000;

export const runWorker = (
  handle: Handle,
  concurrency: number,
  start: (processor: Processor, options: { concurrency: number; runRetryDelay: number }) => Stoppable,
): Working => {
  const running = new Set<Promise<void>>();
  const process = async ({ data }: { data: unknown }): Promise<void> => {
    const job = handle(data);
    running.add(job);
    await job.finally(() => running.delete(job));
  };
  const worker = start(process, { concurrency, runRetryDelay: RUN_RETRY_MS });

  const idle = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running);
  };

  return {
    // A job still running at the end is cut off; its lease lapses, and another worker takes the work up.
    async close(graceMs) {
      const closed = worker.close().catch(() => undefined);
      await within(graceMs, idle());
      await within(GOODBYE_MS, closed);
      worker.disconnect().catch(() => undefined);
      return running.size === 0;
    },
  };
};

const within = async (ms: number, end: Promise<unknown>): Promise<void> => {
  const inTime = new AbortController();
  await Promise.race([end, wait(ms, undefined, { signal: inTime.signal }).catch(() => undefined)]);
  inTime.abort();
};
