// What leaves: every disclosure stands on its legal pegs, and everybody who hears of a person is covered by one.
import type { RecipientClass } from "../../../schemas/consent.ts";
import type { Disclosure, DisclosureField } from "../../../schemas/disclosure.ts";
import type { Programme } from "../../../schemas/programme.ts";
import { readsBelief, readsHealth } from "./clauses.ts";
import { type At, type Check, type Finding, type Beside, found, when } from "./finding.ts";

/** Fields that are, hold or betray data concerning health or another special category (UK GDPR Article 9(1)). */
const SPECIAL: ReadonlySet<DisclosureField> = new Set(["health", "detail", "groups", "benefit", "employment"]);

/** All that an employer may hear of a person: enough to ask them to an interview. */
const FOR_AN_EMPLOYER: ReadonlySet<DisclosureField> = new Set([
  "name",
  "phones",
  "email",
  "referrer",
  "right-to-work",
  "work",
]);

export const disclosureFindings: Check = (programme, beside) => [
  ...programme.disclosures.flatMap((one, at) => pegs(one, ["disclosures", at], programme)),
  ...programme.disclosures.flatMap((one, at) => employers(one, ["disclosures", at])),
  ...doubles(programme.disclosures),
  ...uncovered(programme, beside),
];

/**
 * Access needs, and with them health, go with the person to every body that helps; and where a clause is on health or
 * belief, to be referred tells of it. Only an employer's profile may be free of both.
 */
const isSpecial = ({ to, fields }: Disclosure, { eligibility, exclusions }: Programme): boolean =>
  to.some((one) => one !== "employer") ||
  fields.some((field) => SPECIAL.has(field)) ||
  [...eligibility, ...exclusions].some(({ health, test }) => health || readsHealth(test) || readsBelief(test));

const pegs = (one: Disclosure, at: At, programme: Programme): Finding[] => [
  ...when(one.controllers === undefined, at, "This disclosure names no `controllers`: who answers for the data?"),
  ...when(one.basis === undefined, at, "This disclosure has no lawful `basis` (UK GDPR Article 6(1))."),
  ...when(
    one.condition === undefined && isSpecial(one, programme),
    at,
    "This disclosure has no `condition` for special-category data (UK GDPR Article 9(2)).",
  ),
  ...when(one.gateway === undefined, at, "This disclosure has no `gateway`: which Act lets it be shared?"),
  ...when(one.agreement === undefined, at, "This disclosure has no `agreement`: where is the sharing written down?"),
];

const employers = ({ to, fields }: Disclosure, at: At): Finding[] =>
  to.includes("employer")
    ? fields.flatMap((field, index) =>
        when(!FOR_AN_EMPLOYER.has(field), [...at, "fields", index], `An employer is never told "${field}".`),
      )
    : [];

const doubles = (disclosures: readonly Disclosure[]): Finding[] =>
  disclosures.flatMap(({ to, purpose }, at) =>
    to.flatMap((one, index) =>
      when(
        to.indexOf(one) < index ||
          disclosures.slice(0, at).some((before) => before.purpose === purpose && before.to.includes(one)),
        ["disclosures", at, "to", index],
        `What a body of this kind receives for this purpose stands above already: ${one}.`,
      ),
    ),
  );

const uncovered = (programme: Programme, { directory }: Beside): Finding[] => {
  const covered = new Set<RecipientClass>(programme.disclosures.flatMap(({ to }) => to));
  const lacks = (id: string, at: At): Finding[] => {
    const organisation = directory.organisations.find((one) => one.id === id);
    return organisation === undefined || covered.has(organisation.class)
      ? []
      : [found(at, `No disclosure says what "${id}", a body of the kind ${organisation.class}, receives.`)];
  };
  return [
    ...programme.contracts.flatMap(({ prime, partners }, at) => [
      ...lacks(prime, ["contracts", at, "prime"]),
      ...partners.flatMap((partner, index) => lacks(partner, ["contracts", at, "partners", index])),
    ]),
    ...(covered.has("employer")
      ? []
      : programme.employers.map((_, at) => found(["employers", at], "No disclosure says what an employer receives."))),
  ];
};
