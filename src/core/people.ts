// By what a person can be found again: normalised texts, which the caller turns into keyed digests and never stores.
import type { Person } from "../../schemas/person.ts";

export type Findable = { kind: "nhs-number" | "nino" | "name-birth" | "postcode-birth"; value: string };

/** Letters only, without marks and case: O'Néill and ONEILL are one name. */
const folded = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/[^\p{L}]/gu, "")
    .toUpperCase();

export const findable = (person: Person): Findable[] => {
  const found: Findable[] = [];
  if (person.nhsNumber !== undefined) found.push({ kind: "nhs-number", value: person.nhsNumber });
  // The suffix letter says which card, not which person, and is often left out.
  if (person.nino !== undefined) found.push({ kind: "nino", value: person.nino.slice(0, 8) });
  if (person.birthDate === undefined) return found;
  const family = folded(person.name.family ?? "");
  if (family !== "") found.push({ kind: "name-birth", value: `${family}|${person.birthDate}` });
  if (person.home.kind === "address" && person.home.postcode !== undefined)
    found.push({ kind: "postcode-birth", value: `${person.home.postcode.replace(" ", "")}|${person.birthDate}` });
  return found;
};
