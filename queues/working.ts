// How a BullMQ worker is run and stopped, the same on both backends.
import { setTimeout as wait } from "node:timers/promises";
import type { Ring } from "../schemas/work.ts";
import { ringsIn } from "./payloads.ts";
import type { Handle, Working } from "./queue.ts";
import { openSlots } from "./slots.ts";

/** As much of BullMQ's Worker as is the same on every backend. */
type Stoppable = { close(): Promise<void>; disconnect(): Promise<void> };
type Processor = (job: { data: unknown }) => Promise<void>;

/** Short, because a worker that met an error must come back soon after the queue does (BullMQ's own is 15 s). */
const RUN_RETRY_MS = 1_000;
/** What BullMQ gets to say goodbye to a queue that may be down, once no step runs. */
const GOODBYE_MS = 1_000;
/** Pages that wait here for room. More would keep rings from a worker that has some. */
const PAGES = 4;

export type RunOptions = {
  /** Rings at one time. */
  concurrency: number;
  start(processor: Processor, options: { concurrency: number; runRetryDelay: number }): Stoppable;
  /** Into the queue again, for another worker: what was taken out of it and not begun when this one closes. */
  putBack(rings: readonly Ring[]): Promise<void>;
};

/** A job ends when each of its rings has begun. Who rings is the queue's, and how a ring ends the store's. */
export const runWorker = (handle: Handle, { concurrency, start, putBack }: RunOptions): Working => {
  const slots = openSlots(concurrency);
  const running = new Set<Promise<void>>();

  const begin = (ring: unknown): void => {
    const one = handle(ring).finally(() => {
      running.delete(one);
      slots.free();
    });
    running.add(one);
  };
  const process = async ({ data }: { data: unknown }): Promise<void> => {
    const rings = ringsIn(data);
    while (rings.length > 0 && (await slots.take())) begin(rings.shift());
    // Where even this fails their leases run out, and they are rung again.
    if (rings.length > 0) await putBack(rings as Ring[]).catch(() => undefined);
  };
  const pages = Math.min(PAGES, concurrency);
  const worker = start(process, { concurrency: pages, runRetryDelay: RUN_RETRY_MS });

  const idle = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running);
  };

  return {
    // A ring still running at the end is cut off; its lease lapses, and another worker takes the work up.
    async close(graceMs) {
      slots.close();
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
