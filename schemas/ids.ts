// Identifiers. Ours are UUIDv7; a referral also has a short reference that people can read out.
import { z } from "zod";

/** A UUID of ours, or of a caller that keeps to RFC 9562. */
export const Uuid = z.guid().transform((value) => value.toLowerCase());

/**
 * What people say on the telephone: `WM-XXXX-XXXC`, Crockford letters without look-alikes
 * (no I, L, O, U, 0 or 1) and a check character; core/reference.ts makes and checks it.
 */
export const Reference = z.string().regex(/^WM-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/);
export type Reference = z.infer<typeof Reference>;

/** An organisation as its own world knows it: an ODS code, a GSS code, or an id of its own. */
export const OrganisationId = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$/);
export type OrganisationId = z.infer<typeof OrganisationId>;

/** An ONS code for a place, such as E09000019 (Islington). Codes that we do not know are still codes. */
export const GssCode = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[EWSNKJLM]\d{8}$/);

/** An NHS Organisation Data Service code, such as F83000 for a practice. */
export const OdsCode = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9]{3,10}$/);
