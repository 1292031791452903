// One ring, from claim to a settled row: the only place where a step's exception ends. One wide line for each job.
import { performance } from "node:perf_hooks";
import { isCanary } from "../schemas/canary.ts";
import { read } from "../schemas/faults.ts";
import type { Work, WorkKind } from "../schemas/work.ts";
import type { Agenda } from "../src/ports/agenda.ts";
import type { Ended, Steps, Worked } from "../src/ports/steps.ts";
import type { Clock } from "../src/ports/system.ts";
import type { Handle } from "./queue.ts";
import { causeOf, type Log } from "./log.ts";
import { PAYLOADS } from "./payloads.ts";

/** `broke`: we did, not the receiver. `malformed`: no ring of ours. */
export type JobOutcome = Ended | "broke" | "malformed";
export type JobMetrics = { observe(kind: WorkKind | "none", outcome: JobOutcome, ms: number): void };

export type HandleOptions = {
  agenda: Pick<Agenda, "claim" | "settle">;
  steps: Pick<Steps, WorkKind>;
  clock: Clock;
  log: Log;
  metrics?: JobMetrics;
  /** What steps hold right now and since when, for whoever renews their leases or must cut them off. */
  held?: Map<Work, Date>;
};

/** A row that breaks us must not spin: 30 s, doubling to an hour, and after about thirteen hours a person's task. */
const BROKEN = { firstMs: 30_000, longestMs: 3_600_000, most: 20 } as const;

const BROKE = { outcome: "broke", cause: "broke" } as const;

export const handleRings = (options: HandleOptions): Handle => {
  const { agenda, steps, clock, log, metrics, held } = options;

  const settleBroken = async (work: Work): Promise<void> => {
    const wait = Math.min(BROKEN.firstMs * 2 ** work.attempt, BROKEN.longestMs);
    await agenda.settle(
      work,
      work.attempt + 1 >= BROKEN.most
        ? { kind: "dead", cause: "broke", tried: BROKE }
        : { kind: "again", due: new Date(clock.now().getTime() + wait), attempted: true, cause: "broke", tried: BROKE },
    );
  };

  return async (payload) => {
    const started = performance.now();
    const finish = (worked: Worked | "broke" | "malformed", work?: Work, error?: unknown): void => {
      const account: { ended: JobOutcome; outcome?: string } = typeof worked === "string" ? { ended: worked } : worked;
      const { ended: outcome, outcome: tried, ...codes } = account;
      const ms = Math.round((performance.now() - started) * 10) / 10;
      const ids = work && { work: work.id, referral: work.referral, attempt: work.attempt };
      const said = { ...(tried !== undefined && { tried }), ...codes, ...(error !== undefined && causeOf(error)) };
      const line = { job: work?.kind ?? "none", ...ids, outcome, ms, ...said };
      if (outcome === "broke") log.error(line, "job");
      else if (outcome === "malformed" || outcome === "dead") log.warn(line, "job");
      else log.info(line, "job");
      // What is counted are real referrals.
      if (work === undefined || !isCanary(work.referral)) metrics?.observe(work?.kind ?? "none", outcome, ms);
    };

    const ring = read(PAYLOADS.ring, payload);
    if (!ring.ok) return finish("malformed");
    let work: Work | undefined;
    try {
      work = await agenda.claim(ring.value);
      if (work === undefined) return finish("nothing");
      held?.set(work, clock.now());
      return finish(await steps[work.kind](work), work);
    } catch (error) {
      // Where even this fails the store is away; the lease lapses and the work is rung again.
      if (work !== undefined) await settleBroken(work).catch(() => undefined);
      return finish("broke", work, error);
    } finally {
      if (work !== undefined) held?.delete(work);
    }
  };
};
