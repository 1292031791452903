// What a provider may know, before and after it accepts. Written as lists of what is given, so that a new field stays
// closed until someone opens it here.
import type { Purpose, RecipientClass } from "../../schemas/consent.ts";
import { DisclosureField, type Disclosure } from "../../schemas/disclosure.ts";
import type { OfferDetail, OfferPreview } from "../../schemas/offer.ts";
import type { Area } from "../../schemas/place.ts";
import type { Content } from "../../schemas/referral.ts";
import { ageOn, dayOf } from "./calendar.ts";

export const INCIDENT_MARKER = "incident-marker";

const ageBandOf = (birth: string | undefined, now: Date): OfferPreview["ageBand"] => {
  if (birth === undefined) return "unknown";
  const age = ageOn(birth, dayOf(now));
  if (age < 18) return "under-18";
  if (age < 25) return "18-24";
  if (age < 50) return "25-49";
  return age < 65 ? "50-64" : "65-and-over";
};

const languageOf = ({ spoken, welshSpoken }: Content["person"]["language"]): string | undefined =>
  spoken ?? (welshSpoken === true ? "cy" : undefined);

/** Every concern by its code. Words may name people, so they wait for acceptance. */
const concernsOf = ({ safeguarding, risk, incidentMarker }: Content["flags"]): OfferPreview["risk"] => [
  ...[...safeguarding, ...risk].map(({ code }) => ({ code })),
  ...(incidentMarker ? [{ code: INCIDENT_MARKER }] : []),
];

/** Enough to say yes or no and to keep staff safe; nothing that says who it is. */
export const previewOf = (content: Content, area: Area, now: Date): OfferPreview => {
  const { person, flags } = content;
  const language = languageOf(person.language);
  return {
    ...(content.need === undefined ? {} : { need: content.need }),
    urgency: content.urgency,
    ...(area.home === undefined ? {} : { area: area.home.authority }),
    ageBand: ageBandOf(person.birthDate, now),
    ...(language === undefined ? {} : { language }),
    interpreter: person.language.interpreter === true,
    accessNeeds: person.accessNeeds.map(({ code }) => ({ code })),
    risk: concernsOf(flags),
    safeguarding: flags.safeguarding.length > 0,
    participation: content.participation,
  };
};

const given = <T extends object, K extends keyof T>(from: T, keys: readonly K[]): Partial<Pick<T, K>> => {
  const picked: Partial<Pick<T, K>> = {};
  for (const key of keys) if (from[key] !== undefined) picked[key] = from[key];
  return picked;
};

type Part = {
  content?: readonly ("detail" | "work")[];
  person?: readonly (keyof Content["person"])[];
  facts?: readonly (keyof Content["facts"])[];
  referrer?: readonly (keyof Content["referrer"])[];
};

/** What each field of a pack's disclosure opens. What stands in no row is given to nobody. */
const PARTS: Record<DisclosureField, Part> = {
  name: { person: ["name"] },
  "birth-date": { person: ["birthDate"] },
  address: { person: ["home", "authority"] },
  phones: { person: ["phones"] },
  email: { person: ["email"] },
  representative: { person: ["representative"] },
  detail: { content: ["detail"] },
  referrer: { referrer: ["organisation", "name", "worker", "role", "contact"] },
  "nhs-number": { person: ["nhsNumber", "nhsNumberVerified"] },
  nino: { person: ["nino"] },
  sex: { person: ["sex"], facts: ["sex"] },
  practice: { person: ["practice"] },
  employment: { facts: ["employment", "unemployedSince", "inWorkSince", "childcareNeeded", "basicSkills"] },
  benefit: { facts: ["benefit", "claimStart", "regime", "regimeSince", "assessmentPeriods"] },
  health: { facts: ["longTermCondition", "disability"] },
  groups: { facts: ["groups", "releasedOn", "housing"] },
  "right-to-work": { facts: ["rightToWork"] },
  programmes: { facts: ["programmes"] },
  work: { content: ["work"] },
};

/** These go with the person, whoever helps: how to reach and understand them, and what keeps everyone safe. */
const ALWAYS: Part = { person: ["safeContact", "language", "accessNeeds"] };

const isSaid = (value: unknown): boolean => value !== undefined && !(Array.isArray(value) && value.length === 0);

const holds = (content: Content, { content: own = [], person = [], facts = [], referrer = [] }: Part): boolean =>
  own.some((key) => isSaid(content[key])) ||
  person.some((key) => isSaid(content.person[key])) ||
  facts.some((key) => isSaid(content.facts[key])) ||
  referrer.some((key) => isSaid(content.referrer[key]));

export type Disclosed = { detail: OfferDetail; withheld: DisclosureField[] };

/** Fields that a programme gives to a kind of body, for one of these purposes. */
export const fieldsFor = (
  disclosures: readonly Disclosure[],
  to: RecipientClass,
  purposes: readonly Purpose[] = ["referral"],
): DisclosureField[] =>
  DisclosureField.options.filter((field) =>
    disclosures.some((one) => one.to.includes(to) && purposes.includes(one.purpose) && one.fields.includes(field)),
  );

/** Whether these fields, or what always goes with the person, open a path such as `person.phones`. */
export const opensPath = (path: string, fields: readonly DisclosureField[]): boolean => {
  const [group = "", name = ""] = path.split(".");
  const parts: Part[] = [ALWAYS, ...fields.map((field) => PARTS[field])];
  return parts.some((part) =>
    (group === "person" || group === "facts" ? ((part[group] ?? []) as readonly string[]) : []).includes(name),
  );
};

/** Fields that were sent and are not given. */
export const withheldFrom = (content: Content, fields: readonly DisclosureField[]): DisclosureField[] =>
  DisclosureField.options.filter((field) => !fields.includes(field) && holds(content, PARTS[field]));

/** What opens on acceptance, field by field, and what does not. */
export const disclose = (content: Content, fields: readonly DisclosureField[]): Disclosed => {
  const parts = [ALWAYS, ...fields.map((field) => PARTS[field])];
  const keys = <K extends keyof Part>(name: K) =>
    parts.flatMap((part) => part[name] ?? []) as NonNullable<Part[K]>[number][];
  const facts = given(content.facts, keys("facts"));
  const referrer = given(content.referrer, keys("referrer"));
  return {
    detail: {
      ...given(content, ["flags", "handover", ...keys("content")]),
      person: given(content.person, keys("person")),
      ...(Object.keys(facts).length === 0 ? {} : { facts }),
      ...(Object.keys(referrer).length === 0 ? {} : { referrer }),
    } as OfferDetail,
    withheld: withheldFrom(content, fields),
  };
};
