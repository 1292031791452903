// From the answers of a form to our words. Every flag, safe-contact rule, access need and interpreter need crosses over.
import type { Client } from "../../schemas/client.ts";
import type { Answers } from "./attributes.ts";
import type { Form } from "./form.ts";

/** As unchecked as it came: `Content` has the last word. */
export type Draft = Record<string, unknown>;

const marker = (code: string, words: string | undefined): Draft[] => (words === undefined ? [] : [{ code, words }]);

export const flagsOf = ({ one, yes }: Answers): Draft => {
  const emergency = one("safeguarding") === "emergency";
  const notes = one("safeguarding_notes");
  // Notes beside a "none" are a concern all the same.
  const concern = one("safeguarding") !== "none" || notes !== undefined;
  return {
    emergency,
    safeguarding: concern ? [{ code: emergency ? "emergency" : "concern", words: notes }] : [],
    risk: marker("as-described", one("risk")),
    incidentMarker: yes("incident") ?? false,
    controlMeasuresRef: one("control_measures"),
    handling: one("handling") ?? "standard",
  };
};

export const personOf = (form: Form, { one, many, yes }: Answers, home: object): Draft => ({
  name: {
    given: form.get("first_name") ?? [],
    family: form.get("last_name")?.[0],
    preferred: one("preferred_name"),
  },
  birthDate: one("birth_date"),
  nhsNumber: one("nhs_number"),
  nino: one("nino"),
  home,
  authority: one("authority"),
  phones: form.get("phone") ?? [],
  email: form.get("email")?.[0],
  safeContact: {
    phone: yes("safe_phone"),
    text: yes("safe_text"),
    voicemail: yes("safe_voicemail"),
    email: yes("safe_email"),
    letter: yes("safe_letter"),
    notes: one("safe_notes"),
  },
  language: { spoken: one("language"), interpreter: yes("interpreter") },
  accessNeeds: [...many("access_needs").map((code) => ({ code })), ...marker("other", one("access_needs_text"))],
  representative: one("representative") && { name: one("representative"), phone: one("representative_phone") },
});

export const factsOf = ({ one, many, yes }: Answers): Draft => ({
  employment: one("employment"),
  unemployedSince: one("unemployed_since"),
  benefit: one("benefit"),
  longTermCondition: yes("long_term_condition"),
  disability: yes("disability"),
  housing: one("housing"),
  groups: many("groups").length === 0 ? undefined : many("groups"),
  rightToWork: yes("right_to_work"),
  childcareNeeded: yes("childcare_needed"),
  basicSkills: many("basic_skills").length === 0 ? undefined : many("basic_skills").filter((skill) => skill !== "none"),
  releasedOn: one("released_on"),
});

const consent = (kind: string, said: boolean | undefined, more: Draft): Draft[] =>
  said === undefined ? [] : [{ kind, decision: said ? "given" : "refused", ...more }];

/** One record for each question that was answered. A question left out is no record: absence is not refusal. */
export const consentsOf = ({ one, many, yes }: Answers): Draft[] => {
  const share = many("consent_share").filter((one) => one !== "nobody");
  const asked = many("consent_share").length > 0;
  const taken = { at: one("consent_at"), takenBy: one("consent_taken_by") };
  const duty = { ...taken, purpose: "duty-to-refer" };
  return [
    ...consent("share", asked ? share.length > 0 : undefined, {
      ...taken,
      purpose: "referral",
      recipientClasses: share.length > 0 ? share : undefined,
    }),
    ...consent("take-part", yes("consent_take_part"), taken),
    ...consent("contact-details", yes("consent_contact_details"), duty),
    ...consent("duty-to-refer", yes("consent_duty_to_refer"), { ...duty, chosenAuthority: one("chosen_authority") }),
  ];
};

export const referrerOf = ({ one }: Answers, client: Client): Draft => ({
  organisation: client.organisation,
  name: client.name,
  worker: one("worker"),
  contact: one("worker_contact"),
});
