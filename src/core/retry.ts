// When to try again: the schedule of callbacks and offers as data, with jitter from a chance that the caller drew.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Waits between attempts. The last three are the daily ones, which reach into day 7; then a person takes over. */
export const WAITS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  DAY,
  DAY,
  DAY,
  DAY,
];

const LAST_DAY = 7 * DAY;
/** Up to a tenth later, never earlier, so that receivers that failed together are not rung together. */
const JITTER = 0.1;
/** A receiver may ask for at most twice the wait, or an hour where that is longer. */
const longest = (wait: number): number => Math.max(2 * wait, HOUR);

export type Attempt = {
  /** Attempts made, counting the one that has just failed. */
  attempt: number;
  now: Date;
  /** When the first attempt was due; nothing is tried after its seventh day. */
  firstDue?: Date | undefined;
  retryAfterSeconds?: number | undefined;
  /** In [0, 1). */
  chance: number;
};

/** The moment of the next attempt, or undefined when they are exhausted. */
export const nextAttempt = ({ attempt, now, firstDue, retryAfterSeconds, chance }: Attempt): Date | undefined => {
  const base = WAITS[attempt - 1];
  if (base === undefined) return undefined;
  const asked = (retryAfterSeconds ?? 0) * SECOND;
  const wait = Math.min(Math.max(base, asked), longest(base)) * (1 + JITTER * chance);
  const due = new Date(now.getTime() + Math.round(wait));
  return firstDue !== undefined && due.getTime() > firstDue.getTime() + LAST_DAY ? undefined : due;
};
