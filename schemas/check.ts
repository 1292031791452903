// A question before anything is sent: would this fit somewhere? Facts for the rules, and nobody's name.
import { z } from "zod";
import { RecipientClass } from "./consent.ts";
import { GssCode, OdsCode } from "./ids.ts";
import { NeedCode } from "./need.ts";
import { Postcode } from "./place.ts";
import { Facts, Participation } from "./referral.ts";

export const Check = z.strictObject({
  need: NeedCode,
  /** In whole years, on the day of asking. A birth date is not needed to ask. */
  age: z.number().int().min(0).max(125).optional(),
  authority: GssCode.optional(),
  postcode: Postcode.optional(),
  /** Where the person is registered, and where they were seen (ODS codes). */
  practice: OdsCode.optional(),
  site: OdsCode.optional(),
  participation: Participation.default("voluntary"),
  facts: z.strictObject(Facts.shape).default({}),
  /** Kinds of provider that the person agreed to share with; and whether they agreed to take part. */
  sharesWith: z.array(RecipientClass).max(6).default([]),
  takesPart: z.boolean().default(false),
});
export type Check = z.infer<typeof Check>;
