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

/** Kinds of data that a person may leave in or out. Without `identity` nothing is shared. */
export const DataClass = z.enum(["identity", "contact", "health", "benefit", "work", "groups"]);
export type DataClass = z.infer<typeof DataClass>;

/** Whom and what a rule is about. Left out is: everyone in the rule around it, every purpose of it, all data of it. */
const scope = {
  recipientClasses: z.array(RecipientClass).max(6).optional(),
  recipients: z.array(OrganisationId).max(20).optional(),
  purpose: Purpose.optional(),
  data: z.array(DataClass).min(1).max(6).optional(),
  until: PlainDate.optional(),
};

const exception = { decision: z.enum(["given", "refused"]), ...scope };
/** "All charities, but not this one": narrower than the rule around it, and stronger (FHIR R4, Consent.provision). */
export type Exception = z.output<z.ZodObject<typeof exception>> & { except?: Exception[] | undefined };

/** Three levels, as deep as the FHIR door reads. */
const Innermost = z.strictObject(exception);
const within = (inner: z.ZodType<Exception>) =>
  z.strictObject({ ...exception, except: z.array(inner).max(20).optional() });
const Exceptions = z.array(within(within(Innermost))).max(20);

export const Consent = z.object({
  kind: ConsentKind,
  decision: z.enum(["given", "refused", "withdrawn"]),
  /** No recipient at all permits nobody for `share`; a refusal then is one to everyone. */
  ...scope,
  except: Exceptions.optional(),
  /** The housing authority the person chose (Homelessness Code of Guidance, chapter 4). */
  chosenAuthority: GssCode.optional(),
  at: Instant.optional(),
  takenBy: text(160).optional(),
  how: z.enum(["written", "spoken", "implied", "electronic"]).optional(),
  /** Version of the words that the person was shown or read, and their language (BCP 47). */
  wording: text(80).optional(),
  language: text(35).optional(),
  /** Who decided, where it was not the person (Mental Capacity Act 2005). */
  capacity: z.enum(["own", "best-interests", "attorney", "deputy"]).optional(),
  /** Where the form or the note is kept: an opaque reference of the sender's. */
  evidence: text(120).optional(),
});
export type Consent = z.infer<typeof Consent>;

/** Housing Act 1996, s.213B: a local housing authority in England. Elsewhere a person applies to the authority itself. */
export const outsideEngland = (authority: string | undefined): boolean => /^[WSN]/.test(authority ?? "");

/** As JSON from a referrer: exceptions one level deep. Homelessness Code of Guidance, chapter 4: the person chooses the authority, in England. */
export const SentConsent = z
  .strictObject({ ...Consent.shape, except: z.array(Innermost).max(20).optional() })
  .refine((one) => one.kind !== "duty-to-refer" || one.decision !== "given" || one.chosenAuthority !== undefined, {
    path: ["chosenAuthority"],
    error: "required",
  })
  .refine((one) => one.kind !== "duty-to-refer" || !outsideEngland(one.chosenAuthority), {
    path: ["chosenAuthority"],
    error: "authority-not-england",
  });

/** The UK GDPR basis of the sender's disclosure: its own field, because withdrawing a consent does not remove it. */
export const LawfulBasis = z.object({
  gdpr: z.enum(["6(1)(a)", "6(1)(c)", "6(1)(e)", "6(1)(f)"]).optional(),
  article9: text(40).optional(),
  gateway: text(120).optional(),
  agreement: text(120).optional(),
});
