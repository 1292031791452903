// Homes, practices and surgeries that stand for all others: one for each way in which the rules at hand can tell them apart.
import { nationOf, type Nation, type Place } from "../../../schemas/place.ts";
import type { Directory, Partnership } from "../../../schemas/provider.ts";
import { registeredWith } from "../area.ts";
import type { Leaf } from "./leaves.ts";
import { eachOf, groupsOf, kindsOf, waysOf } from "./sets.ts";

export type Atlas = { directory: Directory; nations: readonly Nation[]; day: string };

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const lists = (leaves: readonly Leaf[], ...names: string[]): string[][] =>
  leaves.flatMap(({ name, value }) => (names.includes(name) ? [listOf(value)] : []));

const WARD = /^(E05|W05|S13|N08)/;
const LSOA = /^([EWS]01|N2[01])/;
const ICB = /^E54/;
const PRACTICE = /^(?![EWSN]\d{8}$)/;
const AUTHORITY = /^(E0[6-9]|W06|S12|N09)/;

/** Codes of nowhere: places of the nation that no rule names. */
export const ELSEWHERE: Record<Nation, string> = {
  england: "E06999999",
  wales: "W06999999",
  scotland: "S12999999",
  "northern-ireland": "N09999999",
};
const NOWHERE = { ward: "E05999999", lsoa: "E01999999", icb: "E54999999" };

const deciles = (leaves: readonly Leaf[]): number[] => [
  ...new Set(
    leaves.flatMap(({ name, value }) => {
      const { atMost } = (name === "deprivation" ? value : {}) as { atMost?: number };
      return atMost === undefined ? [] : [atMost, atMost + 1];
    }),
  ),
];

/** In which authority a ward or small area lies, where the directory says so. */
const parentsIn = ({ areas = [], places }: Directory): Map<string, string> =>
  new Map([
    ...places.flatMap(({ authority, ward, lsoa }) =>
      [ward, lsoa].flatMap((code): [string, string][] => (code === undefined ? [] : [[code, authority]])),
    ),
    ...areas.flatMap(({ code, within }): [string, string][] => (within === undefined ? [] : [[code, within]])),
  ]);

const membersOn = ({ members }: Partnership, day: string): string[] =>
  members.filter(({ from, to }) => from <= day && (to === undefined || day <= to)).map(({ authority }) => authority);

/** Authorities that rules name by code or by partnership, those that hold a named ward, and one for each nation beyond. */
export const authoritiesNamed = (leaves: readonly Leaf[], { directory, nations, day }: Atlas): string[] => {
  const named = lists(leaves, "livesIn", "registeredIn").flat();
  const parents = parentsIn(directory);
  const partnerships = new Set(lists(leaves, "partnership").flat());
  return [
    ...new Set([
      ...nations.map((nation) => ELSEWHERE[nation]),
      ...named.filter((code) => AUTHORITY.test(code)),
      ...named.flatMap((code) => parents.get(code) ?? []),
      ...directory.partnerships.filter(({ id }) => partnerships.has(id)).flatMap((one) => membersOn(one, day)),
    ]),
  ];
};

/** Authorities by kind: those of one kind are told apart by no rule, nor by the further lists in `alike`. */
export const authorityKinds = (leaves: readonly Leaf[], atlas: Atlas, alike: readonly string[][] = []): string[][] => {
  const { directory, nations, day } = atlas;
  const named = lists(leaves, "livesIn");
  const byPartnership = lists(leaves, "partnership").map((ids) =>
    directory.partnerships.filter(({ id }) => ids.includes(id)).flatMap((one) => membersOn(one, day)),
  );
  const authorities = [...new Set([...authoritiesNamed(leaves, atlas), ...alike.flat()])].filter((code) =>
    nations.some((nation) => nation === nationOf(code)),
  );
  const byNation = nations.map((nation) => authorities.filter((code) => nationOf(code) === nation));
  const holders = [...parentsIn(directory)].filter(([code]) => named.flat().includes(code)).map(([, one]) => [one]);
  return groupsOf(authorities, [...named, ...byPartnership, ...byNation, ...holders, ...alike]);
};

/** The homes in one authority that rules can tell apart: by ward, small area, health area and tenth of deprivation. */
export const homesIn = (authority: string, leaves: readonly Leaf[], { directory }: Atlas): Place[] => {
  const named = lists(leaves, "livesIn");
  const codes = [...new Set(named.flat())];
  const parents = parentsIn(directory);
  const inside = (kind: RegExp, none: string): (string | undefined)[] => {
    const ofKind = codes.filter((code) => kind.test(code));
    const here = ofKind.filter((code) => (parents.get(code) ?? authority) === authority);
    return ofKind.length === 0 ? [undefined] : [...kindsOf(here, named), none];
  };
  const tenths = deciles(leaves);
  const ways = waysOf<string | number | undefined>([
    inside(WARD, NOWHERE.ward),
    inside(LSOA, NOWHERE.lsoa),
    inside(ICB, NOWHERE.icb),
    tenths.length === 0 ? [undefined] : tenths,
  ]);
  const written = (entries: [string, unknown][]) =>
    Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  return [
    ...eachOf(ways, ([ward, lsoa, icb, decile]) => ({
      authority,
      ...written(Object.entries({ ward, lsoa, icb, decile })),
    })),
  ];
};

/** One home of each kind there is. */
export const homes = (leaves: readonly Leaf[], atlas: Atlas): Place[] =>
  authorityKinds(leaves, atlas).flatMap(([authority = ""]) => homesIn(authority, leaves, atlas));

const OTHER_PRACTICE = "ZZZ999";

/** A code that stands for all that no rule names. */
export const isElsewhere = (code: string): boolean =>
  code === OTHER_PRACTICE || [...Object.values(ELSEWHERE), ...Object.values(NOWHERE)].includes(code);

/** Practices that are named, each where it is, and one for each way in which rules tell their areas apart. */
export const practices = (leaves: readonly Leaf[], atlas: Atlas): { code: string; place: Place }[] => {
  const codes = lists(leaves, "registeredAt", "registeredIn")
    .flat()
    .filter((code) => PRACTICE.test(code));
  const places = new Map(
    atlas.directory.places.flatMap((one) => (one.practice === undefined ? [] : [[one.practice, one]])),
  );
  const asHomes = leaves.flatMap((leaf) => (leaf.name === "registeredIn" ? [{ ...leaf, name: "livesIn" }] : []));
  const anywhere = homes(asHomes, atlas);
  const elsewhere: Place = { authority: ELSEWHERE[atlas.nations[0] ?? "england"] };
  const named = [...new Set(codes)].map((code) => ({ code, place: places.get(code) ?? elsewhere }));
  const seen = new Set<string>();
  return [...anywhere.map((place) => ({ code: OTHER_PRACTICE, place })), ...named].filter(({ code, place }) => {
    const where = {
      area: { practice: place, homeFrom: "nothing" as const },
      practice: code,
      partnerships: [],
      day: atlas.day,
    };
    const sign = [
      ...lists(leaves, "registeredAt").map((list) => list.includes(code)),
      ...lists(leaves, "registeredIn").map((list) => registeredWith(list, where).is),
    ].join();
    return seen.has(sign) ? false : Boolean(seen.add(sign));
  });
};

/** Surgeries and offices where people are seen. */
export const sites = (leaves: readonly Leaf[]): string[] => {
  const named = lists(leaves, "seenAt");
  return kindsOf([OTHER_PRACTICE, ...named.flat()], named);
};
