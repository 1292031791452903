// FHIR R4 resources as far as a referral uses them. Fields that we do not name are kept in the original bytes.
import { z } from "zod";
import {
  Address,
  Code,
  CodeableConcept,
  Coding,
  Extensions,
  FhirDate,
  FhirDateTime,
  FhirId,
  HumanName,
  Identifier,
  Meta,
  Period,
  Reference,
  Telecom,
} from "./datatypes.ts";
import { text } from "../../text.ts";

const base = { id: FhirId.optional(), meta: Meta.optional(), extension: Extensions };
const identifiers = z.array(Identifier).max(20).optional();
const concepts = z.array(CodeableConcept).max(20).optional();
const references = z.array(Reference).max(50).optional();

export const ServiceRequest = z.object({
  ...base,
  resourceType: z.literal("ServiceRequest"),
  identifier: identifiers,
  status: z.enum(["draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"]),
  intent: z.enum([
    "proposal",
    "plan",
    "directive",
    "order",
    "original-order",
    "reflex-order",
    "filler-order",
    "instance-order",
    "option",
  ]),
  category: concepts,
  priority: z.enum(["routine", "urgent", "asap", "stat"]).optional(),
  code: CodeableConcept.optional(),
  subject: Reference,
  encounter: Reference.optional(),
  basedOn: references,
  occurrencePeriod: Period.optional(),
  occurrenceDateTime: FhirDateTime.optional(),
  authoredOn: FhirDateTime.optional(),
  requester: Reference.optional(),
  performer: references,
  locationReference: references,
  reasonCode: concepts,
  note: z
    .array(z.object({ text: text(4000) }))
    .max(20)
    .optional(),
});

export const Patient = z.object({
  ...base,
  resourceType: z.literal("Patient"),
  identifier: identifiers,
  name: z.array(HumanName).max(10).optional(),
  telecom: Telecom,
  gender: z.enum(["male", "female", "other", "unknown"]).optional(),
  birthDate: FhirDate.optional(),
  address: z.array(Address).max(10).optional(),
  contact: z
    .array(z.object({ extension: Extensions, relationship: concepts, telecom: Telecom }))
    .max(20)
    .optional(),
  communication: z
    .array(z.object({ extension: Extensions, language: CodeableConcept, preferred: z.boolean().optional() }))
    .max(10)
    .optional(),
  generalPractitioner: references,
});

export const RelatedPerson = z.object({
  ...base,
  resourceType: z.literal("RelatedPerson"),
  active: z.boolean().optional(),
  patient: Reference,
  relationship: concepts,
  name: z.array(HumanName).max(10).optional(),
  telecom: Telecom,
});

export const Encounter = z.object({
  ...base,
  resourceType: z.literal("Encounter"),
  identifier: identifiers,
  status: Code,
  class: Coding.optional(),
});

export const CarePlan = z.object({ ...base, resourceType: z.literal("CarePlan"), status: Code });

export const Organization = z.object({
  ...base,
  resourceType: z.literal("Organization"),
  identifier: identifiers,
  type: concepts,
  name: text(160).optional(),
  telecom: Telecom,
});

export const Practitioner = z.object({
  ...base,
  resourceType: z.literal("Practitioner"),
  name: z.array(HumanName).max(10).optional(),
  telecom: Telecom,
});

export const PractitionerRole = z.object({
  ...base,
  resourceType: z.literal("PractitionerRole"),
  practitioner: Reference.optional(),
  organization: Reference.optional(),
  code: concepts,
  location: references,
  telecom: Telecom,
});

export const Location = z.object({ ...base, resourceType: z.literal("Location"), identifier: identifiers });

export const HealthcareService = z.object({
  ...base,
  resourceType: z.literal("HealthcareService"),
  identifier: identifiers,
});

export const Flag = z.object({
  ...base,
  resourceType: z.literal("Flag"),
  status: z.enum(["active", "inactive", "entered-in-error"]),
  category: concepts,
  code: CodeableConcept,
});

export const Condition = z.object({
  ...base,
  resourceType: z.literal("Condition"),
  clinicalStatus: CodeableConcept.optional(),
  verificationStatus: CodeableConcept.optional(),
  subject: Reference.optional(),
});
