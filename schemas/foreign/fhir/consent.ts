// FHIR R4 Consent: a base rule and nested exceptions to it.
import { z } from "zod";
import {
  Code,
  CodeableConcept,
  Coding,
  Extensions,
  FhirDateTime,
  FhirId,
  Identifier,
  Meta,
  Period,
  Reference,
} from "./datatypes.ts";

const Actor = z.object({ role: CodeableConcept.optional(), reference: Reference.optional() });

/** What a rule is about: `instance` is the thing itself; the references tell whether it is the referral. */
const Data = z.object({ meaning: Code.optional(), reference: Reference.optional() });

const rule = {
  type: z.enum(["permit", "deny"]).optional(),
  period: Period.optional(),
  actor: z.array(Actor).max(20).optional(),
  action: z.array(CodeableConcept).max(10).optional(),
  purpose: z.array(Coding).max(10).optional(),
  class: z.array(Coding).max(20).optional(),
  data: z.array(Data).max(50).optional(),
  /** Limits to parts of the record that we cannot tell apart. */
  securityLabel: z.array(z.unknown()).max(50).optional(),
  code: z.array(z.unknown()).max(50).optional(),
  dataPeriod: z.unknown().optional(),
};
const Rule = z.object(rule);
export type Provision = z.output<typeof Rule> & { provision?: Provision[] | undefined };
const within = (inner: z.ZodType<Provision>) => z.object({ ...rule, provision: z.array(inner).max(20).optional() });
/** Nothing may be nested here: a rule that we do not read could be a refusal. */
const innermost = z.object({ ...rule, provision: z.undefined({ error: "too-deep" }).optional() });

/** A rule, its exceptions, and theirs, four levels in all. Not recursive, as {@link Extensions} are not. */
export const Provision: z.ZodType<Provision> = within(within(within(innermost)));

export const Consent = z.object({
  id: FhirId.optional(),
  meta: Meta.optional(),
  extension: Extensions,
  resourceType: z.literal("Consent"),
  identifier: z.array(Identifier).max(20).optional(),
  status: z.enum(["draft", "proposed", "active", "rejected", "inactive", "entered-in-error"]),
  scope: CodeableConcept,
  category: z.array(CodeableConcept).min(1).max(20),
  patient: Reference.optional(),
  dateTime: FhirDateTime.optional(),
  organization: z.array(Reference).max(10).optional(),
  sourceAttachment: z.unknown().optional(),
  sourceReference: Reference.optional(),
  policyRule: CodeableConcept.optional(),
  verification: z
    .array(z.object({ verified: z.boolean() }))
    .max(10)
    .optional(),
  provision: Provision.optional(),
});
export type FhirConsent = z.output<typeof Consent>;
