// A made-up person in the making: some facts are settled, the rest is not known yet. Rules are asked about it as about anyone.
import type { Place } from "../../../schemas/place.ts";
import type { Directory } from "../../../schemas/provider.ts";
import type { Content } from "../../../schemas/referral.ts";
import { ageOn } from "../calendar.ts";
import type { Known } from "../eligibility.ts";
import { nobody } from "../nobody.ts";

export type Draft = {
  facts: Content["facts"];
  birthDate?: string;
  home?: Place;
  practice?: { code: string; place?: Place };
  site?: string;
  participation?: Content["participation"];
  needs?: readonly [NonNullable<Content["need"]>, ...NonNullable<Content["alsoNeeds"]>];
};

export const NOBODY: Draft = { facts: {} };

/** What one value of one fact adds to a draft. */
export type Value = Omit<Draft, "facts"> & { facts?: Content["facts"] };

export const withValue = (draft: Draft, value: Value): Draft => ({
  ...draft,
  ...value,
  facts: value.facts === undefined ? draft.facts : { ...draft.facts, ...value.facts },
});

const SOMEWHERE_ELSE = "nobody";

export const contentOf = (draft: Draft, day: string): Content => {
  const [need, ...alsoNeeds] = draft.needs ?? [];
  const { practice, site = SOMEWHERE_ELSE, participation = "voluntary", facts } = draft;
  const content = nobody({ need: need ?? "employment", on: day, facts, practice: practice?.code, site, participation });
  return {
    ...content,
    need,
    alsoNeeds,
    person: { ...content.person, birthDate: draft.birthDate },
  };
};

export const areaOf = ({ home, practice }: Draft): Known["area"] => ({
  homeFrom: home === undefined ? "nothing" : "postcode",
  ...(home === undefined ? {} : { home }),
  ...(practice?.place === undefined ? {} : { practice: practice.place }),
});

export const knownOf = (draft: Draft, day: string, { partnerships }: Pick<Directory, "partnerships">): Known => {
  const content = contentOf(draft, day);
  const { birthDate } = content.person;
  return {
    content,
    area: areaOf(draft),
    practice: draft.practice?.code,
    partnerships,
    day,
    years: birthDate === undefined ? undefined : ageOn(birthDate, day),
  };
};
