// FHIR R4 Consent: a base rule and nested exceptions to it.
import { z } from "zod";
import { CodeableConcept, Coding, Extensions, FhirDateTime, FhirId, Meta, Period, Reference } from "./datatypes.ts";

const Actor = z.object({ role: CodeableConcept.optional(), reference: Reference.optional() });

const rule = {
  type: z.enum(["permit", "deny"]).optional(),
  period: Period.optional(),
  actor: z.array(Actor).max(20).optional(),
  action: z.array(CodeableConcept).max(10).optional(),
  purpose: z.array(Coding).max(10).optional(),
  /** Limits to parts of the record, which a broker of whole referrals cannot honour. */
  securityLabel: z.array(z.unknown()).max(50).optional(),
  class: z.array(z.unknown()).max(50).optional(),
  code: z.array(z.unknown()).max(50).optional(),
  data: z.array(z.unknown()).max(50).optional(),
  dataPeriod: z.unknown().optional(),
};
const Rule = z.object(rule);
export type Provision = z.output<typeof Rule> & { provision?: Provision[] | undefined };
export const Provision: z.ZodType<Provision> = z.object({
  ...rule,
  provision: z.lazy(() => z.array(Provision).max(20).optional()),
});

export const Consent = z.object({
  id: FhirId.optional(),
  meta: Meta.optional(),
  extension: Extensions,
  resourceType: z.literal("Consent"),
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
