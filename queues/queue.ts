// What the rest of the program knows of the queue, whichever backend it runs on.
import type { Ring } from "../schemas/work.ts";

/** Takes a ring as it came, unparsed, and never rejects: what went wrong is the store's to remember, not the queue's. */
export type Handle = (payload: unknown) => Promise<void>;

export type Working = {
  /** Begins no more rings and waits for the running ones, at most this long. False when some were still running. */
  close(graceMs: number): Promise<boolean>;
};

export type Queue = {
  kind: "redis" | "postgres";
  /** Rejects at once while the queue is down: nobody waits for a bell. */
  addBulk(rings: readonly Ring[]): Promise<void>;
  /** Jobs that no worker has taken yet, of up to `RINGS_IN_A_JOB` each. Rejects while the queue is down. */
  waiting(): Promise<number>;
  /** `concurrency`: rings at one time. */
  work(handle: Handle, options: { concurrency: number }): Working;
  check(): Promise<{ ok: boolean; detail: string }>;
  close(): Promise<void>;
};
