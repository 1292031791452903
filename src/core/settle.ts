// What one attempt leaves behind: done, tried again, or a person's task. Never sent twice where that could harm.
import type { AttemptOutcome } from "../../schemas/work.ts";
import { nextAttempt, type Attempt } from "./retry.ts";

/** The port's Settlement, as far as an attempt alone can say. */
export type Settled =
  | { kind: "done" }
  | { kind: "again"; due: Date; attempted: boolean; cause: string }
  | { kind: "dead"; cause: string };

export type Tried = Omit<Attempt, "retryAfterSeconds"> & {
  /** Whether the receiver takes a second copy for the first. */
  idempotent: boolean;
};

const again = (cause: string, tried: Tried, retryAfterSeconds?: number): Settled => {
  const due = nextAttempt({ ...tried, retryAfterSeconds });
  return due === undefined
    ? { kind: "dead", cause: `exhausted: ${cause}` }
    : { kind: "again", due, attempted: true, cause };
};

export const settle = (outcome: AttemptOutcome, tried: Tried): Settled => {
  switch (outcome.kind) {
    case "accepted":
      return { kind: "done" };
    case "refused":
      return { kind: "dead", cause: outcome.gone === true ? "gone" : outcome.cause };
    case "unavailable":
      return again(outcome.cause, tried, outcome.retryAfterSeconds);
    case "unknown":
      return tried.idempotent ? again(outcome.cause, tried) : { kind: "dead", cause: `unknown: ${outcome.cause}` };
  }
};
