// Work: one row for one thing to do. Outbox, schedule, clock and lease in one table; the queue only rings.
import { z } from "zod";

/** `assess` decides; `deliver` sends an offer; `notify` tells the referrer. */
export const WorkKind = z.enum(["assess", "deliver", "notify"]);
export type WorkKind = z.infer<typeof WorkKind>;

export type NewWork = {
  id: string;
  kind: WorkKind;
  /** What it is about: a referral for `assess`, an offer for `deliver`, a callback for `notify`. */
  subject: string;
  referral: string;
  /** Whose places it takes: `assess`, `provider:<organisation>` or `client:<id>`. Never a personal value. */
  destination: string;
  due: Date;
};

/** A row as leased: whoever holds the token may settle it, nobody else. `attempt` counts those that came before this one. */
export type Work = NewWork & { attempt: number; token: string; leaseUntil: Date };

/** What goes through the queue: ids, never anything about a person. */
export const Ring = z.strictObject({ work: z.guid(), token: z.guid() });
export type Ring = z.infer<typeof Ring>;

/** What became of one attempt to reach a receiver. `unknown` waits for a person and is never blindly sent again. */
export type AttemptOutcome =
  | { kind: "accepted"; status: number }
  | { kind: "refused"; cause: string; status?: number; gone?: boolean }
  | { kind: "unavailable"; cause: string; status?: number; retryAfterSeconds?: number }
  | { kind: "unknown"; cause: string };
