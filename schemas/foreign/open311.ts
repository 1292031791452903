// GeoReport v2 as a council's system speaks it: the attributes of a request for a person, one table for definition and check.
// Limits: body 1 MiB, 200 parameters, description 4,000 characters (GeoReport v2), text as given at each attribute.
import { z } from "zod";
import { RecipientClass } from "../consent.ts";
import { GssCode } from "../ids.ts";
import { Impairment, MONITORED } from "../monitoring.ts";
import { NeedCode } from "../need.ts";
import { NhsNumber, Nino } from "../numbers.ts";
import { Language, Representative } from "../person.ts";
import { Postcode } from "../place.ts";
import { Facts, Flags, Group } from "../referral.ts";
import { Instant, PlainDate, text } from "../text.ts";

export const GEOREPORT = "http://wiki.open311.org/GeoReport_v2";
export const MAX_PARAMETERS = 200;
export const MAX_DESCRIPTION = 4_000;
/** What FixMyStreet sends as `address_id` where a place is known to nobody. */
export const NOT_PINPOINTED = "#NOTPINPOINTED#";

export type Attribute = {
  code: string;
  datatype: "string" | "text" | "datetime" | "singlevaluelist" | "multivaluelist";
  required: boolean;
  /** The question as a form asks it. */
  asks: string;
  /** How to write the answer. */
  how?: string;
  values?: readonly (readonly [key: string, name: string])[];
  /** The form of a value outside lists. */
  shape?: z.ZodType<string>;
  /** FixMyStreet fills these itself and shows them to nobody. */
  serverSet?: boolean;
};

type Extra = Partial<Pick<Attribute, "required" | "how" | "shape" | "serverSet">>;

const words = (code: string, asks: string, limit: number, extra: Extra = {}): Attribute => ({
  code,
  datatype: limit > 200 ? "text" : "string",
  required: false,
  asks,
  shape: text(limit),
  ...extra,
});
const named = (keys: readonly string[]) => keys.map((key) => [key, key.replaceAll("-", " ")] as const);
const oneOf = (code: string, asks: string, keys: readonly string[], extra: Extra = {}): Attribute => ({
  code,
  datatype: "singlevaluelist",
  required: false,
  asks,
  values: named(keys),
  ...extra,
});
const yesNo = (code: string, asks: string): Attribute => oneOf(code, asks, ["yes", "no"]);
const manyOf = (code: string, asks: string, keys: readonly string[]): Attribute => ({
  ...oneOf(code, asks, keys),
  datatype: "multivaluelist",
});

/** Reasonable adjustments that a form can offer; anything else goes into `access_needs_text`. */
const ACCESS_NEEDS = [
  "step-free",
  "wheelchair",
  "large-print",
  "braille",
  "easy-read",
  "audio",
  "hearing-loop",
  "lip-reading",
  "british-sign-language",
  "text-relay",
  "quiet-place",
  "longer-meeting",
  "companion",
  "home-visit",
] as const;

const day = "A day as YYYY-MM-DD";
const gss = "An ONS code such as E09000019";
const reference = { shape: z.string().regex(/^[\w\-./:]{1,80}$/) };
const number = { shape: z.string().regex(/^-?\d{1,9}(\.\d{1,6})?$/), serverSet: true };

export const ATTRIBUTES: readonly Attribute[] = [
  // Danger is asked for in every request: silence about it is not an answer.
  oneOf("safeguarding", "Is there a safeguarding concern?", ["none", "concern", "emergency"], { required: true }),
  words("safeguarding_notes", "What must a worker know about it?", 500),
  words("risk", "What must a worker know to meet the person safely?", 500),
  yesNo("incident", "Is there an incident marker?"),
  words("control_measures", "Reference of the control measures, sent separately", 80),
  oneOf("handling", "How may the record travel?", Flags.shape.handling.options),

  words("preferred_name", "What is the person called?", 80),
  words("birth_date", "When was the person born?", 10, { shape: PlainDate, how: day }),
  words("nhs_number", "NHS number", 20, { shape: NhsNumber, how: "Ten digits" }),
  words("nino", "National Insurance number", 20, { shape: Nino, how: "Two letters, six digits, one letter" }),
  yesNo("no_fixed_abode", "Is the person without a home?"),
  yesNo("address_withheld", "Must the address stay hidden?"),
  words("postcode", "Postcode, where it is not in the address", 40, { shape: Postcode }),
  words("uprn", "Unique Property Reference Number", 12, { shape: z.string().regex(/^\d{1,12}$/) }),
  words("authority", "Which council area does the person live in?", 9, { shape: GssCode, how: gss }),

  yesNo("safe_phone", "Is it safe to ring?"),
  yesNo("safe_text", "Is it safe to send a text?"),
  yesNo("safe_voicemail", "Is it safe to leave a message?"),
  yesNo("safe_email", "Is it safe to send an e-mail?"),
  yesNo("safe_letter", "Is it safe to send a letter?"),
  words("safe_notes", "When and how is it safe?", 500),

  words("language", "Which language does the person speak?", 35, {
    shape: Language.shape.spoken.unwrap(),
    how: "A BCP 47 tag such as bn, or bfi for British Sign Language",
  }),
  yesNo("interpreter", "Is an interpreter needed?"),
  manyOf("access_needs", "Which adjustments does the person need?", ACCESS_NEEDS),
  words("access_needs_text", "Which others?", 200),
  words("representative", "Who speaks for the person?", 160),
  words("representative_phone", "Telephone of that person", 40, { shape: Representative.shape.phone.unwrap() }),

  oneOf("employment", "Is the person in work?", Facts.shape.employment.unwrap().options),
  words("unemployed_since", "Out of work since when?", 10, { shape: PlainDate, how: day }),
  oneOf("benefit", "Which benefit does the person get?", Facts.shape.benefit.unwrap().options),
  yesNo("long_term_condition", "Does the person have a long-term condition?"),
  yesNo("disability", "Is the person disabled?"),
  oneOf("housing", "How is the person housed?", Facts.shape.housing.unwrap().options),
  manyOf("groups", "Which of these is the person? You attest it.", Group.options),
  yesNo("right_to_work", "May the person work here?"),
  yesNo("childcare_needed", "Would a job need childcare?"),
  manyOf("basic_skills", "What does the person need help with?", [
    ...Facts.shape.basicSkills.unwrap().element.options,
    "none",
  ]),
  words("released_on", "On which day was the person released from prison?", 10, { shape: PlainDate, how: day }),
  manyOf("also_needs", "What else does the person need?", NeedCode.options),

  manyOf("consent_share", "With whom may we share, as the person said?", [...RecipientClass.options, "nobody"]),
  yesNo("consent_take_part", "Does the person want to take part?"),
  yesNo("consent_contact_details", "May the person's contact details be passed on?"),
  yesNo("consent_duty_to_refer", "Does the person agree to a homelessness referral?"),
  words("chosen_authority", "Which housing authority did the person choose?", 9, {
    shape: GssCode,
    how: `${gss}; with a homelessness referral an English one`,
  }),
  words("consent_taken_by", "Who asked the person?", 160),
  { ...words("consent_at", "When?", 40, { shape: Instant, how: "A moment with its offset" }), datatype: "datetime" },

  // Answers for counts alone, kept apart from the request: a form says so beside them.
  oneOf("monitoring_ethnicity", "Which ethnic group is the person's?", MONITORED.ethnicity.unwrap().options),
  oneOf("monitoring_religion", "Which religion is the person's?", MONITORED.religion.unwrap().options),
  oneOf(
    "monitoring_sexual_orientation",
    "Which sexual orientation is the person's?",
    MONITORED.sexualOrientation.unwrap().options,
  ),
  oneOf(
    "monitoring_gender_identity",
    "Is the person's gender the one registered at birth?",
    MONITORED.genderIdentity.unwrap().options,
  ),
  oneOf("monitoring_disabled", "Does the person call themselves disabled?", MONITORED.disabled.unwrap().options),
  manyOf("monitoring_impairments", "Which impairments does the person name?", Impairment.options),

  words("detail", "Anything else for the service that helps", 4_000),
  words("worker", "Your name", 160),
  words("worker_contact", "How to reach you", 160),
  words("client_reference", "Your own reference for this request", 80, reference),
  words("fixmystreet_id", "Report number", 80, { ...reference, serverSet: true }),
  words("easting", "Easting", 20, number),
  words("northing", "Northing", 20, number),
];
