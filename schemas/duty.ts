// The duty to refer homeless people (Housing Act 1996, section 213B): which public bodies have it, and what a receipt says of it.
import { z } from "zod";
import { GssCode } from "./ids.ts";

/** The bodies that the regulations list. Whoever is none of them, such as a practice or a charity, refers voluntarily. */
export const AuthorityType = z.enum([
  "prison",
  "young-offender-institution",
  "secure-training-centre",
  "secure-college",
  "youth-offending-team",
  "probation",
  "jobcentre-plus",
  "social-services",
  "emergency-department",
  "urgent-treatment-centre",
  "inpatient-hospital",
  "armed-forces",
]);
export type AuthorityType = z.infer<typeof AuthorityType>;

/** Where the duty stands, and where its bodies are listed: cited in receipts as they stand here. */
export const DUTY_TO_REFER = {
  statute: "Housing Act 1996, section 213B",
  list: "SI 2018/223, regulation 10 and Schedule",
} as const;

/** How a homeless person was referred to the authority that they chose. */
export const DutyToRefer = z.object({
  referred: z.enum(["under-duty", "voluntary"]),
  /** The listed body that the sender is. */
  as: AuthorityType.optional(),
  /** The local housing authority that the person chose, in England. */
  authority: GssCode,
  statute: z.string(),
  list: z.string(),
  words: z.string(),
});
export type DutyToRefer = z.infer<typeof DutyToRefer>;
