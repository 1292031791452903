// Invented people and referrals for tests. Each reads as a story: `aContent({ need: "debt-advice" })`.
import type { Consent } from "../../schemas/consent.ts";
import type { Person } from "../../schemas/person.ts";
import type { Content } from "../../schemas/referral.ts";

export const ISLINGTON = "E09000019";
export const NEWHAM = "E09000025";
export const CAMDEN = "E09000007";
export const HACKNEY = "E09000012";

/** The town hall of Islington: nobody lives there. */
export const TOWN_HALL = "N1 2UD";
export const SURGERY = "F83999";

/** Test numbers: the 999 range is never issued. */
export const NHS_NUMBER = "9990000018";
export const NINO = "AB123456C";

export const aPerson = (overrides: Partial<Person> = {}): Person => ({
  name: { given: ["Imogen"], family: "Fairweather-Test" },
  birthDate: "1984-03-09",
  home: { kind: "address", lines: ["Upper Street"], postcode: TOWN_HALL },
  practice: SURGERY,
  phones: ["07700 900123"],
  safeContact: { text: true, voicemail: false },
  language: { spoken: "en", interpreter: false },
  accessNeeds: [],
  ...overrides,
});

/** The person said yes to sharing with all kinds of provider, and to taking part. */
export const allConsents = (at = "2026-11-02T10:00:00Z"): Consent[] => [
  {
    kind: "share",
    decision: "given",
    purpose: "referral",
    recipientClasses: ["nhs", "council", "charity", "company"],
    at,
  },
  { kind: "take-part", decision: "given", at },
];

type ContentOverrides = Partial<Omit<Content, "person" | "flags">> & {
  person?: Partial<Person>;
  flags?: Partial<Content["flags"]>;
};

/** A patient seen at the surgery in Islington, out of work, with a long-term condition, who agreed to everything. */
export const aContent = ({ person, flags, ...overrides }: ContentOverrides = {}): Content => ({
  need: "employment",
  detail: "Would like to work again, at first a few hours.",
  urgency: "routine",
  person: aPerson(person),
  facts: { employment: "out-of-work", longTermCondition: true },
  flags: {
    emergency: false,
    safeguarding: [],
    risk: [],
    incidentMarker: false,
    handling: "standard",
    ...flags,
  },
  consents: allConsents(),
  participation: "voluntary",
  referrer: { organisation: SURGERY, name: "The Sample Surgery", worker: "Dr A. Sample", site: SURGERY },
  ...overrides,
});
