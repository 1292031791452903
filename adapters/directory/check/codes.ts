// Codes that a pack names: areas, practices, partnerships and other programmes must be known to its beside.
import type { Programme } from "../../../schemas/programme.ts";
import { leavesOf, testsOf, type Leaf } from "../../../src/core/proof/leaves.ts";
import { nationOf } from "../../../schemas/place.ts";
import { createAreaCodes } from "./area-codes.ts";
import { type At, type Check, type Finding, type Beside, found, twice } from "./finding.ts";

export const codeFindings: Check = (programme, beside) => {
  const codes = createAreaCodes(beside.directory);
  return [
    ...testsOf(programme).flatMap(({ test, at }) =>
      leavesOf(test, at).flatMap((leaf) => leafFindings(leaf, beside, codes)),
    ),
    ...areaFindings(programme, beside, codes),
    ...deprivationFindings(programme, beside),
    ...programmeNames(programme, beside),
    ...programme.tests.flatMap((test, at) => [
      ...(test.livesIn === undefined ? [] : codes.fault(test.livesIn, ["tests", at, "livesIn"])),
      ...(test.choice?.authority === undefined
        ? []
        : codes.fault(test.choice.authority, ["tests", at, "choice", "authority"])),
    ]),
  ];
};

type Codes = ReturnType<typeof createAreaCodes>;

const GSS = /^[EWSN]\d{8}$/;

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

const doubles = (values: readonly string[], at: At): Finding[] =>
  twice(values, (one) => one).map((index) => found([...at, index], `${values[index] ?? ""} stands here twice.`));

const mixed = (values: readonly string[], at: At, codes: Codes): Finding[] =>
  values.flatMap((code, index) =>
    GSS.test(code)
      ? codes.fault(code, [...at, index])
      : codes.practices([code], at).map((one) => ({ ...one, at: [...at, index] })),
  );

const leafFindings = ({ name, value, at }: Leaf, beside: Beside, codes: Codes): Finding[] => {
  const values = listOf(value);
  const repeated = doubles(values, at);
  switch (name) {
    case "livesIn":
      return [...repeated, ...codes.faults(values, at)];
    case "registeredIn":
      return [...repeated, ...mixed(values, at, codes)];
    case "registeredAt":
    case "seenAt":
      return [...repeated, ...codes.practices(values, at)];
    case "partnership":
      return [...repeated, ...unknownPartnerships(values, at, beside)];
    case "neverStarted":
    case "notOn":
      return [...repeated, ...unknownProgrammes(values, at, beside)];
    default:
      return repeated;
  }
};

const areaFindings = (programme: Programme, beside: Beside, codes: Codes): Finding[] =>
  [
    { rules: programme.areas, at: ["areas"] as At },
    ...programme.contracts.map(({ areas }, index) => ({ rules: areas, at: ["contracts", index, "areas"] as At })),
  ].flatMap(({ rules, at }) =>
    rules.flatMap((rule, index): Finding[] => {
      const here = [...at, index];
      if ("authority" in rule)
        return ofKind(rule.authority, [...here, "authority"], /^(E0[6-9]|W06|S12|N09)/, "authority", codes);
      if ("ward" in rule) return ofKind(rule.ward, [...here, "ward"], /^(E05|W05|S13|N08)/, "ward", codes);
      if ("lsoa" in rule) return ofKind(rule.lsoa, [...here, "lsoa"], /^([EWS]01|N2[01])/, "small area", codes);
      if ("registeredWith" in rule) return mixed(rule.registeredWith, [...here, "registeredWith"], codes);
      return "partnership" in rule ? unknownPartnerships(rule.partnership, [...here, "partnership"], beside) : [];
    }),
  );

const ofKind = (values: readonly string[], at: At, kind: RegExp, name: string, codes: Codes): Finding[] => [
  ...doubles(values, at),
  ...values.flatMap((code, index) =>
    kind.test(code)
      ? codes.fault(code, [...at, index])
      : [found([...at, index], `${code} is no code of a local ${name}.`)],
  ),
];

const unknownPartnerships = (ids: readonly string[], at: At, { directory }: Beside): Finding[] =>
  ids.flatMap((id, index) =>
    directory.partnerships.some((one) => one.id === id)
      ? []
      : [found([...at, index], `The directory has no partnership "${id}".`)],
  );

const unknownProgrammes = (ids: readonly string[], at: At, { knows }: Beside): Finding[] =>
  ids.flatMap((id, index) =>
    knows(id) ? [] : [found([...at, index], `No pack here and no line of programmes.yaml is called "${id}".`)],
  );

const programmeNames = ({ compatibility, requires }: Programme, beside: Beside): Finding[] => [
  ...doubles(compatibility.excludes, ["compatibility", "excludes"]),
  ...unknownProgrammes(compatibility.excludes, ["compatibility", "excludes"], beside),
  ...unknownProgrammes(compatibility.only ?? [], ["compatibility", "only"], beside),
  ...requires.flatMap(({ programme }, at) =>
    unknownProgrammes([programme], [], beside).map((one) => ({ ...one, at: ["requires", at, "programme"] })),
  ),
];

/** A decile means nothing without the index and release of the nation that it was taken from. */
const deprivationFindings = (programme: Programme, { directory }: Beside): Finding[] => {
  const asked: At[] = [
    ...programme.areas.flatMap((rule, at) => ("deprivation" in rule ? [["areas", at, "deprivation"]] : [])),
    ...programme.contracts.flatMap(({ areas }, contract) =>
      areas.flatMap((rule, at) => ("deprivation" in rule ? [["contracts", contract, "areas", at, "deprivation"]] : [])),
    ),
    ...testsOf(programme).flatMap(({ test, at }) =>
      leavesOf(test, at).flatMap((leaf) => (leaf.name === "deprivation" ? [leaf.at] : [])),
    ),
  ];
  const lacking = programme.nations.filter((nation) => !directory.deprivation.some((one) => one.nation === nation));
  return asked.flatMap((at) =>
    lacking.map((nation) => found(at, `The directory names no index of deprivation for ${nation}.`)),
  );
};

/** An area in a nation where the programme does not run takes nobody. */
export const nationFindings: Check = ({ nations, areas }) =>
  areas.flatMap((rule, index) =>
    "authority" in rule
      ? rule.authority.flatMap((code, at) => {
          const nation = nationOf(code);
          return nation === undefined || nations.includes(nation)
            ? []
            : [found(["areas", index, "authority", at], `${code} lies in ${nation}, where this does not run.`)];
        })
      : [],
  );
