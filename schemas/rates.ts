// Hourly rates by the day from which they hold, as they are published: data, so that a new one needs no new code.
import { z } from "zod";
import { RateName } from "./outcome.ts";
import { PlainDate, text } from "./text.ts";

const Rate = z.strictObject({
  from: PlainDate,
  /** Pounds. */
  hourly: z.number().positive().max(1_000),
  source: text(200),
  /** Remembered or taken from others, and not yet compared with the source. */
  unverified: z.boolean().default(false),
});

/** The oldest first. */
export const WageRates = z.strictObject({
  rates: z
    .record(RateName, z.array(Rate).min(1))
    .refine(
      (all) =>
        Object.values(all).every((rows) => rows.every((row, at) => at === 0 || row.from > (rows[at - 1]?.from ?? ""))),
      { error: "invariant" },
    ),
});
export type WageRates = z.infer<typeof WageRates>;
