// Programmes that others run: a pack may rule them out or ask for them, and this says what their codes mean.
import { z } from "zod";
import { Nation } from "./place.ts";
import { PlainDate, text } from "./text.ts";

export const OtherProgramme = z.strictObject({
  code: text(64),
  name: text(160),
  /** The body that commissions it. */
  by: text(160),
  nations: z.array(Nation).min(1),
  /** First and last day of referrals, where they are known. */
  from: PlainDate.optional(),
  to: PlainDate.optional(),
  /** Where this was read. */
  source: text(300),
});
export type OtherProgramme = z.infer<typeof OtherProgramme>;

export const OtherProgrammes = z.strictObject({ programmes: z.array(OtherProgramme) });
export type OtherProgrammes = z.infer<typeof OtherProgrammes>;
