// Places: a postcode as written, and what is known of it.
import { z } from "zod";
import { isValid, toNormalised } from "postcode";
import { GssCode, OdsCode } from "./ids.ts";

/** Well formed (upper case, one space). Whether anyone knows it is another question: new homes exist. */
export const Postcode = z
  .string()
  .max(40, { error: "postcode-malformed" })
  .refine((value) => isValid(value.trim()), { error: "postcode-malformed" })
  .transform((value) => toNormalised(value.trim()) ?? value.trim().toUpperCase());

export const Nation = z.enum(["england", "wales", "scotland", "northern-ireland"]);
export type Nation = z.infer<typeof Nation>;

/** One row of the gazetteer: a postcode or a practice, and the areas that hold it. */
export const Place = z.strictObject({
  postcode: Postcode.optional(),
  practice: OdsCode.optional(),
  authority: GssCode,
  lsoa: GssCode.optional(),
  icb: GssCode.optional(),
});
export type Place = z.infer<typeof Place>;

/** What we know of where a person lives and is registered; every part may be unknown. */
export type Area = {
  home?: Place;
  /** Where the area was taken from, for the receipt. */
  homeFrom: "postcode" | "sender" | "nothing";
  practice?: Place;
};

const NATIONS: Record<string, Nation> = { E: "england", W: "wales", S: "scotland", N: "northern-ireland" };

/** The nation that a GSS code belongs to, by its first letter (ONS coding guidance). */
export const nationOf = (gss: string): Nation | undefined => NATIONS[gss.slice(0, 1)];
