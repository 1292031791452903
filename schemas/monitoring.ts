// Answers for equality monitoring: of the person's own free will, for counts alone. They live apart from the referral, and
// nothing that decides, offers or tells may import this file: test/architecture/monitoring.ts names those that may.
import { z } from "zod";

/** Whoever was asked and would rather not say has answered. */
const UNSAID = "prefer-not-to-say";

/** Ethnic groups of the 2021 Census of England and Wales (ONS). */
export const Ethnicity = z.enum([
  "white-british",
  "white-irish",
  "white-gypsy-or-irish-traveller",
  "white-roma",
  "white-other",
  "mixed-white-and-black-caribbean",
  "mixed-white-and-black-african",
  "mixed-white-and-asian",
  "mixed-other",
  "asian-indian",
  "asian-pakistani",
  "asian-bangladeshi",
  "asian-chinese",
  "asian-other",
  "black-african",
  "black-caribbean",
  "black-other",
  "arab",
  "other",
  UNSAID,
]);

/** Kinds of impairment of the harmonised standard of the Government Statistical Service. */
export const Impairment = z.enum([
  "vision",
  "hearing",
  "mobility",
  "dexterity",
  "learning",
  "memory",
  "mental-health",
  "stamina",
  "social",
  "other",
]);

const answers = {
  ethnicity: Ethnicity.optional(),
  religion: z.enum(["none", "buddhist", "christian", "hindu", "jewish", "muslim", "sikh", "other", UNSAID]).optional(),
  sexualOrientation: z.enum(["heterosexual", "gay-or-lesbian", "bisexual", "other", UNSAID]).optional(),
  /** Whether it is the one registered at birth. */
  genderIdentity: z.enum(["same", "different", UNSAID]).optional(),
  /** Whether the person calls themselves disabled. A rule that needs it asks for it as a fact of its own. */
  disabled: z.enum(["yes", "no", UNSAID]).optional(),
  impairments: z.array(Impairment).max(10).optional(),
};

const isSaid = (one: unknown): boolean => one !== undefined && !(Array.isArray(one) && one.length === 0);

/** At least one answer: an empty group says nothing that could be kept. */
export const Monitoring = z
  .strictObject(answers)
  .refine((said) => Object.values(said).some(isSaid), { error: "required" });
export type Monitoring = z.infer<typeof Monitoring>;

/** The questions, for doors that send each by itself. */
export const MONITORED = answers;
