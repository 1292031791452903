// What one attempt leaves behind: done, tried again, or a person's task. Never sent twice where that could harm.
import { faultOf, type Cause } from "../../schemas/cause.ts";
import type { AttemptOutcome, Settlement, Tried, Work } from "../../schemas/work.ts";
import { isPast, nextAttempt, SCHEDULE, type Attempt } from "./retry.ts";

export type Facts = Omit<Attempt, "retryAfterSeconds"> & {
  /** Whether the receiver takes a second copy for the first. */
  idempotent: boolean;
  /** The client that was dialled: where it is gone, it is switched off with the same commit. */
  receiver: string;
  /** The transport, or the form of the news. */
  way: string;
};

/** Where an attempt stands in the schedule; `chance` is for jitter. */
export const attemptOf = ({ attempt, firstDue }: Pick<Work, "attempt" | "firstDue">, now: Date, chance: number) => ({
  attempt: attempt + 1,
  now,
  firstDue,
  chance,
});

/** What goes on record of an attempt. */
export const triedOf = (outcome: AttemptOutcome, way: string): Tried => ({
  outcome: outcome.kind,
  way,
  ...("status" in outcome && outcome.status !== undefined ? { status: outcome.status } : {}),
  ...("cause" in outcome ? { cause: outcome.cause } : {}),
  ...("theirs" in outcome && outcome.theirs !== undefined ? { theirs: outcome.theirs } : {}),
});

/** Passed over, with nothing sent: on record all the same, with its reason. */
export const passedOver = (
  outcome: Extract<Tried["outcome"], "disabled" | "skipped" | "unmatched">,
  cause: Cause,
): { kind: "done"; tried: Tried } => ({ kind: "done", tried: { outcome, cause } });

/** By the schedule, for as long as this kind of fault deserves; then a person sees to it. */
export const tryAgain = (
  tried: Tried & { cause: Cause },
  facts: Omit<Attempt, "retryAfterSeconds">,
  retryAfterSeconds?: number,
): Settlement => {
  const { cause } = tried;
  const fault = faultOf(cause);
  if (fault === "final") return { kind: "dead", cause, tried };
  const tries = fault === "lasting" ? SCHEDULE.lastingTries : Number.POSITIVE_INFINITY;
  const due = facts.attempt < tries ? nextAttempt({ ...facts, retryAfterSeconds }) : undefined;
  return due === undefined
    ? { kind: "dead", cause: `exhausted: ${cause}`, tried }
    : { kind: "again", due, attempted: true, cause, tried };
};

export const settle = (outcome: AttemptOutcome, facts: Facts): Settlement => {
  const tried = triedOf(outcome, facts.way);
  switch (outcome.kind) {
    case "accepted":
      return { kind: "done", tried };
    case "refused":
      return {
        kind: "dead",
        cause: outcome.cause,
        tried,
        ...(outcome.gone === true ? { silences: facts.receiver } : {}),
      };
    case "unavailable":
      return tryAgain({ ...tried, cause: outcome.cause }, facts, outcome.retryAfterSeconds);
    case "unknown":
      return facts.idempotent
        ? tryAgain({ ...tried, cause: outcome.cause }, facts)
        : { kind: "dead", cause: `unknown: ${outcome.cause}`, tried };
  }
};

/** News differs from an offer: it is told once, and what a receiver that is gone missed is kept for it. */
export const settleNews = (outcome: AttemptOutcome, facts: Facts): Settlement => {
  const { tried, silences, ...settled } = settle(outcome, facts);
  if (settled.kind === "done") return { kind: "done", callback: "delivered", tried };
  return silences === undefined ? { ...settled, tried } : { kind: "done", callback: "kept", tried, silences };
};

/** The breaker held it back: no attempt is spent, yet the last day of the schedule comes all the same. */
export const heldBack = (until: Date, { now, firstDue }: Pick<Facts, "now" | "firstDue">): Settlement =>
  isPast(now, firstDue)
    ? { kind: "dead", cause: "exhausted: breaker-open" }
    : { kind: "again", due: until, attempted: false, cause: "breaker-open" };

/** What came back through a breaker. */
export const settleThrough = (outcome: AttemptOutcome | { kind: "open"; until: Date }, facts: Facts): Settlement =>
  outcome.kind === "open" ? heldBack(outcome.until, facts) : settle(outcome, facts);

/** How it ended, in codes, for the one line in the log. `held`: whether the lease still was ours. */
export const account = (settlement: Settlement, held: boolean) => ({
  ended: held ? settlement.kind : ("nothing" as const),
  ...settlement.tried,
  ...(settlement.kind === "done" ? {} : { cause: settlement.cause }),
});
