// When to try again: the schedule of callbacks and offers as data, with jitter from a chance that the caller drew.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Schedule = {
  /** Waits between attempts, one after the other. */
  waits: readonly number[];
  /** And then, until it ends. */
  after: number;
  /** Counted from when the first attempt was due: past it a person takes over. */
  lasts: number;
  /** Attempts in all for a fault that trying again does not cure: receivers err about those, too. */
  lastingTries: number;
  /** Up to this share of a wait later, never earlier, so that receivers that failed together are not rung together. */
  jitter: number;
};

export const SCHEDULE: Schedule = {
  waits: [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, DAY],
  after: DAY,
  lasts: 7 * DAY,
  lastingTries: 4,
  jitter: 0.1,
};

/** A receiver may ask for at most twice the wait, or an hour where that is longer. */
const longest = (wait: number): number => Math.max(2 * wait, HOUR);

export type Attempt = {
  /** Attempts made, counting the one that has just failed. */
  attempt: number;
  now: Date;
  /** When the first attempt was due. */
  firstDue: Date;
  retryAfterSeconds?: number | undefined;
  /** In [0, 1). */
  chance: number;
};

/** The moment of the next attempt, or undefined when they are exhausted. */
export const nextAttempt = ({ attempt, now, firstDue, retryAfterSeconds, chance }: Attempt): Date | undefined => {
  const base = SCHEDULE.waits[attempt - 1] ?? SCHEDULE.after;
  const asked = (retryAfterSeconds ?? 0) * SECOND;
  const wait = Math.min(Math.max(base, asked), longest(base)) * (1 + SCHEDULE.jitter * chance);
  const due = new Date(now.getTime() + Math.round(wait));
  return isPast(due, firstDue) ? undefined : due;
};

/** Whether the last day of a schedule lies before this moment. */
export const isPast = (moment: Date, firstDue: Date): boolean => moment.getTime() > firstDue.getTime() + SCHEDULE.lasts;
