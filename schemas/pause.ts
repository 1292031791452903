// What an operator may stop for a while: everything, a door, one destination, or one programme.
import { z } from "zod";
import { Door } from "./referral.ts";

export const PauseScope = z.union(
  [
    z.literal("all"),
    z.templateLiteral(["door:", Door]),
    z.string().regex(/^destination:(provider|client):[A-Za-z0-9][A-Za-z0-9._-]{1,63}$/),
    z.string().regex(/^programme:[a-z0-9][a-z0-9-]{0,79}$/),
  ],
  { error: "all, door:<gp|jobcentre|council>, destination:<provider|client>:<id>, or programme:<id>" },
);
export type PauseScope = z.infer<typeof PauseScope>;

/** Who stopped it and why: an operator's own words, never about a person who was referred. */
export type Pause = { scope: PauseScope; by: string; reason: string; since: Date };
