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

/** Degrees north and east (WGS 84). */
export const Point = z.strictObject({ lat: z.number().min(49).max(61), lon: z.number().min(-9).max(2) });
export type Point = z.infer<typeof Point>;

/** One row of the gazetteer: a postcode or a practice, and the areas that hold it. */
export const Place = z.strictObject({
  postcode: Postcode.optional(),
  practice: OdsCode.optional(),
  authority: GssCode,
  ward: GssCode.optional(),
  lsoa: GssCode.optional(),
  icb: GssCode.optional(),
  /** In the nation's own index of deprivation: 1 is the most deprived tenth. */
  decile: z.number().int().min(1).max(10).optional(),
  at: Point.optional(),
});
export type Place = z.infer<typeof Place>;

/** What we know of where a person lives and is registered; every part may be unknown. */
export type Area = {
  home?: Place;
  /** Where the area was taken from, for the receipt. */
  homeFrom: "postcode" | "sender" | "nothing";
  practice?: Place;
  /** A homeless person chose the authority of `home`: where they live or are registered says nothing beside it. */
  chosen?: true;
};

const NATIONS: Record<string, Nation> = { E: "england", W: "wales", S: "scotland", N: "northern-ireland" };

/** The nation that a GSS code belongs to, by its first letter (ONS coding guidance). */
export const nationOf = (gss: string): Nation | undefined => NATIONS[gss.slice(0, 1)];
