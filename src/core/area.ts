// Where a person belongs: by postcode, else as the sender says. What it does not know stays unknown.
import type { AreaRule } from "../../schemas/area.ts";
import type { Person } from "../../schemas/person.ts";
import type { Area, Place } from "../../schemas/place.ts";
import type { Directory, Partnership } from "../../schemas/provider.ts";
import { all, any, NO, sure, unknown, type Verdict, YES } from "./verdict.ts";
import { once } from "./once.ts";

type Gazetteer = { postcodes: Map<string, Place>; practices: Map<string, Place> };

/** A directory is read whole and never changed, so its index is made once. */
const gazetteerOf = once((directory: Directory): Gazetteer => {
  const made: Gazetteer = { postcodes: new Map(), practices: new Map() };
  for (const place of directory.places) {
    if (place.postcode !== undefined) made.postcodes.set(place.postcode, place);
    if (place.practice !== undefined) made.practices.set(place.practice, place);
  }
  return made;
});

/** The postcode's place first; else the authority that the sender names; else nothing. */
export const placeOf = (person: Person, directory: Directory): Area => {
  const { postcodes, practices } = gazetteerOf(directory);
  const practice = person.practice === undefined ? undefined : practices.get(person.practice);
  const registered = practice === undefined ? {} : { practice };
  const postcode = person.home.kind === "address" ? person.home.postcode : undefined;
  const found = postcode === undefined ? undefined : postcodes.get(postcode);
  if (found !== undefined) return { home: found, homeFrom: "postcode", ...registered };
  return person.authority === undefined
    ? { homeFrom: "nothing", ...registered }
    : { home: { authority: person.authority }, homeFrom: "sender", ...registered };
};

/** What the tests of an area read: the place, the partnerships, and the day, `YYYY-MM-DD`. */
export type Whereabouts = {
  area: Area;
  practice: string | undefined;
  partnerships: readonly Partnership[];
  day: string;
};

const GSS = /^[EWSNKJLM]\d{8}$/;
const WARD = /^(E05|W05|S13|N08)/;
const LSOA = /^([EWS]01|N2[01]|95)/;
/** Integrated care boards, local health boards of Wales and health boards of Scotland. */
const HEALTH = /^(E54|W11|S08)/;

type Codes = { all: ReadonlySet<string>; wards: boolean; small: boolean; health: boolean };

/** The codes of a rule, looked through once: packs are never changed. */
const codesIn = once((codes: readonly string[]): Codes => {
  const has = (kind: RegExp): boolean => codes.some((code) => kind.test(code));
  return { all: new Set(codes), wards: has(WARD), small: has(LSOA), health: has(HEALTH) };
});

const holds = (place: Place, codes: readonly string[]): Verdict => {
  const { all: listed, wards, small, health } = codesIn(codes);
  const { authority, ward, lsoa, icb } = place;
  if (
    listed.has(authority) ||
    (ward !== undefined && listed.has(ward)) ||
    (lsoa !== undefined && listed.has(lsoa)) ||
    (icb !== undefined && listed.has(icb))
  )
    return YES;
  // A code of a small area or of a health area cannot be denied from the authority alone.
  const undecided = (wards && ward === undefined) || (small && lsoa === undefined) || (health && icb === undefined);
  return undecided ? unknown("area") : NO;
};

export const livesIn = (codes: readonly string[], { area }: Whereabouts): Verdict => {
  if (area.home === undefined) return unknown("area");
  // What a homeless person chose is an authority: no smaller area stands for it.
  return area.chosen === true ? sure(codes.includes(area.home.authority)) : holds(area.home, codes);
};

/** The practice's own code, or an area that holds the practice. */
export const registeredWith = (codes: readonly string[], where: Whereabouts): Verdict => {
  const { area, practice } = where;
  // Nor does the practice count beside it: a council next door must not come in by the surgery.
  if (area.chosen === true) return livesIn(codes, where);
  if (practice === undefined) return unknown("person.practice");
  if (codes.includes(practice)) return YES;
  const areas = codes.filter((code) => GSS.test(code));
  if (areas.length === 0) return NO;
  return area.practice === undefined ? unknown("person.practice") : holds(area.practice, areas);
};

export const mostDeprived = (atMost: number, { area }: Whereabouts): Verdict =>
  area.chosen === true ? YES : area.home?.decile === undefined ? unknown("area") : sure(area.home.decile <= atMost);

const hasMember = ({ members }: Partnership, authority: string, day: string): boolean =>
  members.some((one) => one.authority === authority && one.from <= day && (one.to === undefined || day <= one.to));

export const inPartnership = (ids: readonly string[], where: Whereabouts): Verdict => {
  if (where.area.home === undefined) return unknown("area");
  const { authority } = where.area.home;
  return sure(where.partnerships.some((one) => ids.includes(one.id) && hasMember(one, authority, where.day)));
};

const ruleHolds = (rule: AreaRule, where: Whereabouts): Verdict => {
  if ("authority" in rule) return livesIn(rule.authority, where);
  if ("ward" in rule) return livesIn(rule.ward, where);
  if ("lsoa" in rule) return livesIn(rule.lsoa, where);
  if ("deprivation" in rule) return mostDeprived(rule.deprivation.atMost, where);
  if ("partnership" in rule) return inPartnership(rule.partnership, where);
  return registeredWith(rule.registeredWith, where);
};

/** One of the rules holds; no rule at all is everywhere. */
export const withinAreas = (rules: readonly AreaRule[], where: Whereabouts): Verdict =>
  rules.length === 0 ? all([]) : any(rules.map((rule) => ruleHolds(rule, where)));
