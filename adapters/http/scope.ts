// What a scope covers: SMART 2.0 for FHIR (`system/Task.rs`, and the 1.0 words read, write, *), exact words elsewhere.
const LETTERS = "cruds";
/** Some of them, each once and in that order. */
const ORDERED = /^c?r?u?d?s?$/;
const FHIR = /^system\/(\*|[A-Z][A-Za-z]{1,63})\.(\S{1,8})$/;

/** SMART 1.0 suffixes in 2.0 letters (SMART App Launch 2.0, "Scopes for requesting FHIR resources"). */
const OLD: Record<string, string> = { read: "rs", write: "cud", "*": LETTERS };

type Fhir = { resource: string; letters: string };

/** Undefined for a word that is no FHIR scope, also one whose letters are out of order, as the standard wants them. */
const fhirOf = (scope: string): Fhir | undefined => {
  const [, resource, suffix] = FHIR.exec(scope) ?? [];
  if (resource === undefined || suffix === undefined) return undefined;
  const letters = OLD[suffix] ?? suffix;
  return ORDERED.test(letters) ? { resource, letters } : undefined;
};

/** Letters granted for a resource by all scopes together. */
const lettersFor = (granted: readonly string[], resource: string): string => {
  const held = granted.flatMap((scope) => fhirOf(scope) ?? []);
  const fitting = held.filter((one) => one.resource === resource || one.resource === "*");
  return [...LETTERS].filter((letter) => fitting.some((one) => one.letters.includes(letter))).join("");
};

/** What was found for a list of grants before: clients and tokens that are remembered show the same list with each request. */
const found = new WeakMap<readonly string[], Map<string, boolean>>();

/** True when the grants together allow all of what is wanted. A list, once asked about, must not change. */
export const covers = (granted: readonly string[], wanted: string): boolean => {
  const before = found.get(granted) ?? new Map<string, boolean>();
  const known = before.get(wanted);
  if (known !== undefined) return known;
  const answer = allows(granted, wanted);
  found.set(granted, before.set(wanted, answer));
  return answer;
};

const allows = (granted: readonly string[], wanted: string): boolean => {
  const fhir = fhirOf(wanted);
  if (fhir === undefined) return granted.includes(wanted);
  const held = lettersFor(granted, fhir.resource);
  return [...fhir.letters].every((letter) => held.includes(letter));
};

/** What is both asked for and granted. A wildcard that is asked for gives each granted resource its share. */
export const narrow = (granted: readonly string[], requested: readonly string[]): string[] => {
  const given = requested.flatMap((wanted) => {
    const fhir = fhirOf(wanted);
    if (fhir === undefined) return granted.includes(wanted) ? [wanted] : [];
    const resources =
      fhir.resource === "*" ? granted.flatMap((scope) => fhirOf(scope)?.resource ?? []) : [fhir.resource];
    return resources.flatMap((resource) => {
      const held = lettersFor(granted, resource);
      const letters = [...fhir.letters].filter((letter) => held.includes(letter)).join("");
      return letters === "" ? [] : [`system/${resource}.${letters}`];
    });
  });
  return [...new Set(given)];
};
