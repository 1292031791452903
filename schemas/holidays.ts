// Bank holidays by division, as GOV.UK publishes them: data, so that a new one needs no new code.
import { z } from "zod";
import { PlainDate, text } from "./text.ts";

export const BankHoliday = z.strictObject({
  date: PlainDate,
  name: text(80),
  /** Computed or remembered, and not yet checked against the published list. */
  unverified: z.boolean().default(false),
});

export const Holidays = z.strictObject({
  source: text(200),
  "england-and-wales": z.array(BankHoliday),
  scotland: z.array(BankHoliday),
  "northern-ireland": z.array(BankHoliday),
});
export type Holidays = z.infer<typeof Holidays>;
