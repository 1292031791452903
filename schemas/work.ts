// Work: one row for one thing to do. Outbox, schedule, clock and lease in one table; the queue only rings.
import { z } from "zod";
import type { CallbackState } from "./callback.ts";
import type { Cause, LastCause } from "./cause.ts";

/**
 * `assess` decides; `deliver` sends an offer; `notify` tells the referrer; `follow` looks where a provider keeps its offer;
 * `recall` asks a holder to delete what it has; `rectify` tells it what has changed; `checkpoint` asks whether a job lasts;
 * `remind` and `expire` are the clock of a hold, `chase` that of an offer, and `nudge` tells people what its clock found;
 * `collect` empties our MESH mailbox; `knock` sees whether a link was opened; `ask` writes to the person.
 */
export const WorkKind = z.enum([
  "assess",
  "deliver",
  "notify",
  "follow",
  "recall",
  "rectify",
  "checkpoint",
  "remind",
  "expire",
  "collect",
  "knock",
  "ask",
  "chase",
  "nudge",
]);
export type WorkKind = z.infer<typeof WorkKind>;

export type NewWork = {
  id: string;
  kind: WorkKind;
  /** What it is about: a referral for `assess`, an offer for `deliver`, `follow`, `recall` and `rectify`, a callback for `notify`, an event for a hold's clock, an offer for its own and for `nudge`, a link for `knock`, a request for `ask`. */
  subject: string;
  referral: string;
  /** Whose places it takes: `assess`, `holds`, `clocks`, `contacts`, `knock`, `letters`, `provider:`, `follow:`, `recall:` or `nudge:<organisation>`, or `client:<id>`. Never a personal value. */
  destination: string;
  due: Date;
};

/** A send that was begun and not settled: by which way, and since when. */
export type Intent = { way: string; at: Date };

/** A row as leased: whoever holds the token may settle it, nobody else. `attempt` counts those that came before this one. */
export type Work = NewWork & {
  /** The commit that it came from: what it tells is what had happened by then, however late and often it is tried. */
  madeAt: Date;
  attempt: number;
  token: string;
  leaseUntil: Date;
  /** When its first attempt was due: the last day of the schedule is counted from here. */
  firstDue: Date;
  /** Left open by a send whose end nobody wrote down. Where a second copy would harm, it must not be sent again. */
  intent?: Intent;
};

/** What goes through the queue: ids, never anything about a person. */
export const Ring = z.strictObject({ work: z.guid(), token: z.guid() });
export type Ring = z.infer<typeof Ring>;

/** What became of one attempt to reach a receiver. `unknown` waits for a person and is never blindly sent again. */
export type AttemptOutcome =
  /** `theirs`: the receiver's own id for it, by which its answer will name it. */
  | { kind: "accepted"; status: number; theirs?: string }
  | { kind: "refused"; cause: Cause; status?: number; gone?: boolean }
  | { kind: "unavailable"; cause: Cause; status?: number; retryAfterSeconds?: number }
  | { kind: "unknown"; cause: Cause };

/**
 * What is written of one attempt. Beside the four outcomes: `disabled` (its receiver is switched off), `skipped` (passed
 * over before anything was sent), `unmatched` (nobody, or no way, to send it to), `broke` (we did).
 */
export type Tried = {
  outcome: AttemptOutcome["kind"] | "disabled" | "skipped" | "unmatched" | "broke";
  cause?: Cause;
  status?: number;
  /** The transport, or the form of the news. */
  way?: string;
  theirs?: string;
};

/**
 * How an attempt leaves its work row. `attempted` false spends no attempt (an open breaker, a full destination). Without
 * `tried` nobody says what became of a send, so an open intent stays open. `silences`: the client that said 410.
 */
export type Settlement = { tried?: Tried; silences?: string } & (
  | { kind: "done"; callback?: CallbackState }
  /** `afresh`: it went well and comes again, so that the next fault begins its schedule anew. */
  | { kind: "again"; due: Date; attempted: boolean; cause: Cause; afresh?: boolean }
  | { kind: "dead"; cause: LastCause }
);
