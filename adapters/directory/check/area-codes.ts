// Codes of places: whether a code is of a kind that a person's home is known by, and whether the directory knows it.
import type { Directory } from "../../../schemas/provider.ts";
import { type At, type Finding, found } from "./finding.ts";

/** Local authorities, wards, small areas and health areas (ONS coding guidance). A county or a region is no place of a person. */
const OF_A_HOME = /^(E0[15-9]|E54|W0[156]|S01|S1[23]|N0[89]|N2[01])/;

export type AreaCodes = {
  fault(code: string, at: At): Finding[];
  faults(codes: readonly string[], at: At): Finding[];
  practices(codes: readonly string[], at: At): Finding[];
};

/**
 * A directory that lists `areas` claims to know them all: then another code is unknown. One that lists practices claims
 * the same of practices.
 */
export const createAreaCodes = (directory: Directory): AreaCodes => {
  const { areas = [], places } = directory;
  const practices = new Set(places.flatMap(({ practice }) => practice ?? []));
  const known = new Set([
    ...areas.map(({ code }) => code),
    ...places.flatMap(({ ward, lsoa, icb }) => [ward, lsoa, icb]),
  ]);
  const fault = (code: string, at: At): Finding[] => {
    if (!OF_A_HOME.test(code))
      return [
        found(at, `${code} is no local authority, ward, small area or health area, so nobody's home is known by it.`),
      ];
    return areas.length > 0 && !known.has(code) ? [found(at, `The directory knows no area ${code}.`)] : [];
  };
  return {
    fault,
    faults: (codes, at) => codes.flatMap((code, index) => fault(code, [...at, index])),
    practices: (codes, at) =>
      codes.flatMap((code, index) =>
        practices.size === 0 || practices.has(code)
          ? []
          : [found([...at, index], `The directory knows no practice ${code}.`)],
      ),
  };
};
