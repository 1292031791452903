// Relay and sweeper in one: leases the work that is due and rings it. After every commit a nudge, every second a sweep.
// While the queue is down nothing is leased; a page that could not be rung is given back, so that it is rung as soon as the queue answers.
import { setTimeout as rest } from "node:timers/promises";
import type { Agenda, Bell } from "../src/ports/agenda.ts";
import type { Clock } from "../src/ports/system.ts";
import type { Ring } from "../schemas/work.ts";
import { RINGS_IN_A_JOB } from "./payloads.ts";
import type { Queue } from "./queue.ts";
import { complaints, type Log } from "./log.ts";

export type Ringer = Bell & {
  /** When it last looked for due work and could ring it. */
  rangAt(): Date;
  stop(): Promise<void>;
};

export type RingerOptions = {
  agenda: Pick<Agenda, "lease" | "settle">;
  queue: Pick<Queue, "addBulk" | "waiting">;
  clock: Clock;
  log: Log;
  /** How often work is looked for that nobody nudged about: what fell due, what a dead worker left, what the queue lost. */
  sweepMs?: number;
  /** Leases at one time for each destination, so that one that hangs starves nobody. */
  places: number;
  /** Leases in any second for each destination. */
  perSecond: number;
  /** From ring to claim. A lost ring is rung again after this. */
  leaseSeconds?: number;
  /** Rows in one page. */
  limit?: number;
  /**
   * Jobs that may wait in the queue. Without a bound a backlog waits longer than its leases last: every ring
   * would be stale when a worker gets to it, and be rung again behind the others, for ever.
   */
  ahead?: number;
};

/** Between two rounds, so that the nudges of many commits share one statement. The first nudge after a quiet time never waits. */
const GAP_MS = 4;
/** With so many jobs in the queue nobody waits for the next: a look at every line of the store can wait a little longer. */
const PLENTY = 64 / RINGS_IN_A_JOB;
const PLENTY_GAP_MS = 25;
/** After a round in which a destination's pace held something back: nobody nudges when a second is over. */
const PACED_MS = 100;

export const startRinger = (options: RingerOptions): Ringer => {
  const {
    agenda,
    queue,
    clock,
    log,
    places,
    perSecond,
    sweepMs = 1_000,
    leaseSeconds = 30,
    limit = 100,
    ahead = 256 / RINGS_IN_A_JOB,
  } = options;
  const health = complaints(log, "ringer");
  let wanted = false;
  let soon: NodeJS.Timeout | undefined;
  let failing = false;
  let gapMs = GAP_MS;
  // A process that has just begun is not late.
  let rangAt = clock.now();
  const over = new AbortController();
  let running: Promise<void> | undefined;

  const round = async (): Promise<"more" | "soon" | "enough"> => {
    const waiting = await queue.waiting();
    gapMs = waiting >= PLENTY ? PLENTY_GAP_MS : GAP_MS;
    const room = Math.min(limit, (ahead - waiting) * RINGS_IN_A_JOB);
    if (room <= 0) return "enough";
    const { rings, paced } = await agenda.lease({ limit: room, places, perSecond, seconds: leaseSeconds });
    const rest = paced ? "soon" : "enough";
    if (rings.length === 0) return rest;
    try {
      await queue.addBulk(rings);
    } catch (error) {
      await giveBack(rings);
      throw error;
    }
    return rings.length === room ? "more" : rest;
  };

  /** Some may have been rung before the error: the old token finds nothing to do. */
  const giveBack = async (rings: readonly Ring[]): Promise<void> => {
    const due = clock.now();
    await Promise.allSettled(
      rings.map(({ work, token }) =>
        agenda.settle({ id: work, token }, { kind: "again", due, attempted: false, cause: "queue-down" }),
      ),
    );
  };

  const rounds = async (): Promise<void> => {
    while (wanted && !over.signal.aborted) {
      wanted = false;
      try {
        const left = await round();
        if (left === "more") wanted = true;
        if (left === "soon") soon ??= setTimeout(again, PACED_MS);
        failing = false;
        rangAt = clock.now();
        health.recovered();
      } catch (error) {
        failing = true;
        health.failed(error);
        return;
      }
      await rest(gapMs);
    }
  };

  const start = (): void => {
    if (over.signal.aborted) return;
    wanted = true;
    running ??= rounds().finally(() => {
      running = undefined;
      if (wanted && !failing) start();
    });
  };

  const again = (): void => {
    soon = undefined;
    start();
  };

  const sweep = setInterval(start, sweepMs);
  start();
  return {
    nudge() {
      // While the queue is down the sweep alone asks, so that a busy intake does not knock at it for every referral.
      if (!failing) start();
    },
    rangAt: () => rangAt,
    async stop() {
      over.abort();
      clearInterval(sweep);
      clearTimeout(soon);
      await running;
    },
  };
};
