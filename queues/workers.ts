// Workers: take rings from the queue, do what the store says is due, and nudge the bell, because a place is free again.
import type { Work } from "../schemas/work.ts";
import type { Agenda, Bell } from "../src/ports/agenda.ts";
import type { Queue } from "./queue.ts";
import { handleRings, type HandleOptions } from "./handle.ts";

export type Workers = {
  /** Takes no more and waits for running steps. False when some were cut off: their work is given back. */
  close(): Promise<boolean>;
};

/** SIGTERM ends the process within ten seconds: three are left for the queue's goodbye and the store. */
const GRACE_MS = 7_000;

/** Leases of what is held are renewed this often, a few times within each. */
const RENEW_MS = 4_000;
/** A step that takes longer hangs: its lease lapses, and another worker takes the work up. */
const LONGEST_MS = 120_000;

type Options = Omit<HandleOptions, "held" | "agenda"> & {
  agenda: HandleOptions["agenda"] & Pick<Agenda, "renew">;
  queue: Pick<Queue, "work">;
  bell: Bell;
  concurrency: number;
  graceMs?: number;
  renewMs?: number;
};

export const startWorkers = (options: Options): Workers => {
  const { queue, bell, concurrency, graceMs = GRACE_MS, renewMs = RENEW_MS, ...rest } = options;
  const { agenda, clock } = rest;
  const held = new Map<Work, Date>();
  const handle = handleRings({ ...rest, held });
  const working = queue.work((payload) => handle(payload).finally(() => bell.nudge()), { concurrency });

  /** Nobody need wait for the lease to run out. The step that was cut off holds a token that finds nothing any more. */
  const giveBack = (work: Work): Promise<boolean> =>
    agenda.settle(work, { kind: "again", due: clock.now(), attempted: false, cause: "stopped" });

  /** While the store is away nothing is renewed, and nothing can be taken from us either. */
  const renewing = setInterval(() => {
    const oldest = clock.now().getTime() - LONGEST_MS;
    const alive = [...held].flatMap(([work, since]) => (since.getTime() > oldest ? work : []));
    if (alive.length > 0) agenda.renew(alive).catch(() => undefined);
  }, renewMs);

  return {
    async close() {
      const whole = await working.close(graceMs);
      clearInterval(renewing);
      await Promise.allSettled([...held.keys()].map(giveBack));
      return whole;
    },
  };
};
