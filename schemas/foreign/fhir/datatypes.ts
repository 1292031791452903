// FHIR R4 (4.0.1) datatypes as far as we read them: bounded and exact on what we use, blind to all other fields.
import { z } from "zod";
import { text } from "../../text.ts";

// A message holds dozens of times: a pattern decides, for a schema that fails builds an error each time.
const YEAR_OR_MONTH = /^\d{4}(-(0[1-9]|1[0-2]))?$/;
const DAY = z.core.regexes.date;
const MOMENT = z.core.regexes.datetime({ offset: true });

/** Any FHIR date: a year, a month or a day. Times of day do not belong here. */
export const FhirDate = z
  .string()
  .max(10, { error: "date-impossible" })
  .refine((value) => YEAR_OR_MONTH.test(value) || DAY.test(value), { error: "date-impossible" });

/** Any FHIR dateTime or instant, to any precision of seconds and with any offset. */
export const FhirDateTime = z
  .string()
  .max(40, { error: "date-impossible" })
  .refine((value) => MOMENT.test(value) || DAY.test(value) || YEAR_OR_MONTH.test(value), { error: "date-impossible" });

export const FhirId = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
const Uri = text(300);
export const Code = text(64);

export const Coding = z.object({
  system: Uri.optional(),
  code: Code.optional(),
  display: text(300).optional(),
});
export type Coding = z.output<typeof Coding>;

export const CodeableConcept = z.object({
  coding: z.array(Coding).max(20).optional(),
  text: text(2000).optional(),
});
export type CodeableConcept = z.output<typeof CodeableConcept>;

const Timing = z.object({
  repeat: z
    .looseObject({
      dayOfWeek: z.array(Code).max(7).optional(),
      timeOfDay: z.array(Code).max(10).optional(),
      when: z.array(Code).max(10).optional(),
    })
    .optional(),
});
export type Timing = z.output<typeof Timing>;

/** The values are read where an extension is known; all others stay in the original bytes. */
export type Extension = {
  url: string;
  extension?: Extension[] | undefined;
  valueCode?: string | undefined;
  valueString?: string | undefined;
  valueBoolean?: boolean | undefined;
  valueDate?: string | undefined;
  valueCodeableConcept?: CodeableConcept | undefined;
  valueCoding?: Coding | undefined;
  valueTiming?: Timing | undefined;
};

const values = {
  url: Uri,
  valueCode: Code.optional(),
  valueString: text(2000).optional(),
  valueBoolean: z.boolean().optional(),
  valueDate: FhirDate.optional(),
  valueCodeableConcept: CodeableConcept.optional(),
  valueCoding: Coding.optional(),
  valueTiming: Timing.optional(),
};
const within = <S extends z.ZodType>(inner: S) => z.object({ ...values, extension: z.array(inner).max(60).optional() });

/**
 * Four levels deep, one more than any extension that we read. Not recursive: zod keeps account of cycles in every
 * schema that holds a recursive one, and extensions stand in all of them (it doubled the cost of a message).
 */
export const Extension: z.ZodType<Extension> = within(within(within(z.object(values))));
export const Extensions = z.array(Extension).max(60).optional();

export const Identifier = z.object({
  system: Uri.optional(),
  value: text(120).optional(),
  extension: Extensions,
});
export type Identifier = z.output<typeof Identifier>;

export const Reference = z.object({
  reference: Uri.optional(),
  identifier: Identifier.optional(),
  display: text(300).optional(),
});
export type Reference = z.output<typeof Reference>;

export const Period = z.object({ start: FhirDateTime.optional(), end: FhirDateTime.optional() });
export type Period = z.output<typeof Period>;

export const HumanName = z.object({
  use: Code.optional(),
  text: text(160).optional(),
  family: text(80).optional(),
  given: z.array(text(80)).max(8).optional(),
  prefix: z.array(text(40)).max(4).optional(),
});
export type HumanName = z.output<typeof HumanName>;

export const ContactPoint = z.object({
  system: Code.optional(),
  value: text(254).optional(),
  use: Code.optional(),
  rank: z.number().int().positive().optional(),
});
export type ContactPoint = z.output<typeof ContactPoint>;
export const Telecom = z.array(ContactPoint).max(30).optional();

export const Address = z.object({
  extension: Extensions,
  use: Code.optional(),
  text: text(500).optional(),
  line: z.array(text(120)).max(6).optional(),
  city: text(120).optional(),
  district: text(120).optional(),
  postalCode: text(40).optional(),
});
export type Address = z.output<typeof Address>;

export const Meta = z.object({
  versionId: text(64).optional(),
  lastUpdated: FhirDateTime.optional(),
  security: z.array(Coding).max(20).optional(),
});
