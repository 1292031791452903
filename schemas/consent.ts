// Consent is several records, never one flag: sharing with a recipient for a purpose, taking part, and what a statute asks.
import { z } from "zod";
import { GssCode, OrganisationId } from "./ids.ts";
import { Instant, PlainDate, text } from "./text.ts";

/** Kinds of body that may receive data. Agreement to one never stretches to another. */
export const RecipientClass = z.enum(["nhs", "council", "charity", "company", "jobcentre", "employer"]);
export type RecipientClass = z.infer<typeof RecipientClass>;

export const Purpose = z.enum(["direct-care", "referral", "duty-to-refer", "follow-up"]);
export type Purpose = z.infer<typeof Purpose>;

/** `share`: permission under the duty of confidence. `take-part`: agreement to join. `contact-details`, `duty-to-refer`: Housing Act 1996 s.213B. */
export const ConsentKind = z.enum(["share", "take-part", "contact-details", "duty-to-refer"]);
export type ConsentKind = z.infer<typeof ConsentKind>;

export const Consent = z.object({
  kind: ConsentKind,
  decision: z.enum(["given", "refused", "withdrawn"]),
  /** Absent on both: no recipient is named, which permits nobody for `share`. */
  recipientClasses: z.array(RecipientClass).max(6).optional(),
  recipients: z.array(OrganisationId).max(20).optional(),
  purpose: Purpose.optional(),
  /** The housing authority the person chose (Homelessness Code of Guidance, chapter 4). */
  chosenAuthority: GssCode.optional(),
  at: Instant.optional(),
  until: PlainDate.optional(),
  takenBy: text(160).optional(),
  how: z.enum(["written", "spoken", "implied", "electronic"]).optional(),
});
export type Consent = z.infer<typeof Consent>;

/** The UK GDPR basis of the sender's disclosure: its own field, because withdrawing a consent does not remove it. */
export const LawfulBasis = z.object({
  gdpr: z.enum(["6(1)(a)", "6(1)(c)", "6(1)(e)", "6(1)(f)"]).optional(),
  article9: text(40).optional(),
  gateway: text(120).optional(),
  agreement: text(120).optional(),
});
