// The person referred: who they are, how they may safely be reached, and what they need to be understood.
import { z } from "zod";
import { GssCode, OdsCode } from "./ids.ts";
import { NhsNumber, Nino } from "./numbers.ts";
import { Postcode } from "./place.ts";
import { PlainDate, text } from "./text.ts";

export const Name = z.object({
  title: text(40).optional(),
  given: z.array(text(80)).max(8),
  family: text(80).optional(),
  preferred: text(80).optional(),
});

/** What a worker may do to reach the person. Absent is "not said"; false is "never". */
export const SafeContact = z.object({
  phone: z.boolean().optional(),
  text: z.boolean().optional(),
  voicemail: z.boolean().optional(),
  email: z.boolean().optional(),
  letter: z.boolean().optional(),
  notes: text(500).optional(),
});

/** Where the person lives. No home and a hidden home are answers, not gaps. */
export const Home = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("address"),
    lines: z.array(text(120)).max(6),
    postcode: Postcode.optional(),
    uprn: z
      .string()
      .regex(/^\d{1,12}$/)
      .optional(),
  }),
  z.object({ kind: z.literal("none") }),
  z.object({ kind: z.literal("withheld") }),
  z.object({ kind: z.literal("not-said") }),
]);

export const Language = z.object({
  /** BCP 47, as sent: "bn", "cy", "bfi" for British Sign Language. */
  spoken: z
    .string()
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/)
    .optional(),
  interpreter: z.boolean().optional(),
  welshSpoken: z.boolean().optional(),
  welshWritten: z.boolean().optional(),
});

/** A reasonable adjustment (Equality Act 2010, section 20), coded where the sender coded it. */
export const AccessNeed = z.object({ code: text(64), words: text(200).optional() });

export const Representative = z.object({
  name: text(160),
  relationship: text(80).optional(),
  phone: text(40).optional(),
  email: z.email().max(254).optional(),
});

export const Person = z.object({
  name: Name,
  birthDate: PlainDate.optional(),
  sex: z.enum(["female", "male", "other", "unknown"]).optional(),
  nhsNumber: NhsNumber.optional(),
  nhsNumberVerified: z.boolean().optional(),
  nino: Nino.optional(),
  home: Home,
  /** The authority the sender names, where there is no postcode or we do not know it. */
  authority: GssCode.optional(),
  /** ODS code of the practice where the person is registered. */
  practice: OdsCode.optional(),
  phones: z.array(text(40)).max(6),
  email: z.email().max(254).optional(),
  safeContact: SafeContact,
  language: Language,
  accessNeeds: z.array(AccessNeed).max(40),
  representative: Representative.optional(),
});
export type Person = z.infer<typeof Person>;
