// Workers: take rings from the queue, do what the store says is due, and nudge the bell, because a place is free again.
import type { Bell } from "../src/ports.ts";
import type { Queue } from "./queue.ts";
import { handleRings, type HandleOptions } from "./handle.ts";

export type Workers = {
  /** Takes no more and waits for running steps. False when some were cut off: their leases lapse. */
  close(): Promise<boolean>;
};

/** SIGTERM ends the process within ten seconds: two are left for the doors and the store. */
const GRACE_MS = 8_000;

export const startWorkers = (
  options: HandleOptions & { queue: Pick<Queue, "work">; bell: Bell; concurrency: number; graceMs?: number },
): Workers => {
  const { queue, bell, concurrency, graceMs = GRACE_MS, ...rest } = options;
  const handle = handleRings(rest);
  const working = queue.work((payload) => handle(payload).finally(() => bell.nudge()), { concurrency });
  return { close: () => working.close(graceMs) };
};
