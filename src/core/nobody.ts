// Content about nobody: only what a rule may read. Packs are tested with it, and questions are answered with it.
import type { Consent } from "../../schemas/consent.ts";
import type { Content, Facts } from "../../schemas/referral.ts";

export type Known = {
  need: NonNullable<Content["need"]>;
  /** In whole years on the day `on`, `YYYY-MM-DD`. */
  age?: number;
  on: string;
  authority?: string;
  postcode?: string;
  practice?: string;
  site?: string;
  facts: Facts;
  consents?: Consent[];
  participation?: Content["participation"];
};

/** Born on the first of January, so that the age holds on every day of the year. */
const birthOf = (on: string, age: number): string => `${String(Number(on.slice(0, 4)) - age).padStart(4, "0")}-01-01`;

export const nobody = ({ need, age, on, authority, postcode, practice, site, facts, ...more }: Known): Content => ({
  need,
  urgency: "routine",
  person: {
    name: { given: [] },
    birthDate: age === undefined ? undefined : birthOf(on, age),
    home: postcode === undefined ? { kind: "not-said" } : { kind: "address", lines: [], postcode },
    authority,
    practice,
    phones: [],
    safeContact: {},
    language: {},
    accessNeeds: [],
  },
  facts,
  flags: { emergency: false, safeguarding: [], risk: [], incidentMarker: false, handling: "standard" },
  consents: more.consents ?? [],
  participation: more.participation ?? "voluntary",
  referrer: { organisation: site ?? "nobody", site },
});
