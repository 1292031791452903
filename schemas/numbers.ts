// The two national numbers. Each has rules of its own, and both are kept out of every address and log.
import { z } from "zod";
import nhsNumber from "nhs-number-validator";

const digitsOf = (value: string): string => value.replace(/[\s-]/g, "");

/** Ten digits, spaces and dashes removed. Whether they check is {@link nhsNumberChecks}. */
export const NhsNumber = z
  .string()
  .transform(digitsOf)
  .pipe(z.string().regex(/^\d{10}$/, { error: "nhs-number-malformed" }));

/** Modulus 11 (NHS Data Dictionary, NHS NUMBER), and not one digit ten times, which would pass it. */
export const nhsNumberChecks = (value: string): boolean => nhsNumber.validate(value) && !/^(\d)\1{9}$/.test(value);

/**
 * HMRC NIM39110: D F I Q U V in neither place, O never second, no BG GB KN NK NT TN ZZ, suffix A to D or none.
 * CR, MW, NC, PP, PY and PZ are administrative numbers, never a person's own.
 */
const NINO = /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]?$/;
const ADMINISTRATIVE = /^(CR|FY|MW|NC|OO|PP|PY|PZ)/;

/** A National Insurance number: upper case, without spaces; the suffix may be absent. */
export const Nino = z
  .string()
  .transform((value) => value.replace(/\s/g, "").toUpperCase())
  .pipe(
    z
      .string()
      .regex(NINO, { error: "nino-malformed" })
      .refine((value) => !ADMINISTRATIVE.test(value), { error: "nino-malformed" }),
  );
