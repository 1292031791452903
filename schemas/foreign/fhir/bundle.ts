// What arrives at the FHIR door: a message, a transaction, or one resource with others contained in it.
import { z } from "zod";
import { Code, CodeableConcept, Coding, FhirDateTime, FhirId, Meta, Reference } from "./datatypes.ts";
import { Consent } from "./consent.ts";
import {
  CarePlan,
  Condition,
  Encounter,
  Flag,
  HealthcareService,
  Location,
  Organization,
  Patient,
  Practitioner,
  PractitionerRole,
  RelatedPerson,
  ServiceRequest,
} from "./resources.ts";
import { text } from "../../text.ts";

/** Most entries, and most resources with those contained in them, in one referral. */
export const MAX_RESOURCES = 200;

export const MessageHeader = z.object({
  resourceType: z.literal("MessageHeader"),
  id: FhirId.optional(),
  meta: Meta.optional(),
  eventCoding: Coding,
  reason: CodeableConcept.optional(),
  sender: Reference.optional(),
  focus: z.array(Reference).max(20).optional(),
});

/** The resources that we read; any other type is kept in the original bytes and not looked into. */
export const SHAPES = {
  MessageHeader,
  ServiceRequest,
  Patient,
  RelatedPerson,
  Encounter,
  CarePlan,
  Organization,
  Practitioner,
  PractitionerRole,
  Location,
  HealthcareService,
  Consent,
  Flag,
  Condition,
} as const;
export type KnownType = keyof typeof SHAPES;
export type ResourceOf<K extends KnownType> = z.output<(typeof SHAPES)[K]>;

/** Enough to know what a resource is; `contained` is looked into where its container is. */
export const AnyResource = z.object({
  resourceType: Code,
  id: FhirId.optional(),
  contained: z.array(z.unknown()).max(MAX_RESOURCES).optional(),
});

/** Says only that it is a ServiceRequest; {@link SHAPES} says the rest. */
export const ServiceRequestOnly = z.object({ resourceType: z.literal("ServiceRequest") });

export const Bundle = z.object({
  resourceType: z.literal("Bundle"),
  id: FhirId.optional(),
  meta: Meta.optional(),
  type: Code,
  timestamp: FhirDateTime.optional(),
  entry: z
    .array(
      z.object({
        fullUrl: text(300).optional(),
        resource: z.unknown(),
        request: z.object({ method: Code, url: text(300), ifNoneExist: text(400).optional() }).optional(),
      }),
    )
    .max(MAX_RESOURCES),
});
export type Bundle = z.output<typeof Bundle>;

/** `$validate` may wrap its resource (FHIR R4, resource-operation-validate). */
export const Parameters = z.object({
  resourceType: z.literal("Parameters"),
  parameter: z.array(z.object({ name: Code, resource: z.unknown().optional() })).max(10),
});
