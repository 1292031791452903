// Why a start is refused, as far as its provider may know: a fact is named only where the programme discloses it to them.
import type { RecipientClass } from "../../schemas/consent.ts";
import type { DisclosureField } from "../../schemas/disclosure.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Reason } from "../../schemas/reason.ts";

/** The field that discloses a fact. A fact without one is never named to a provider. */
const DISCLOSED_BY: Readonly<Record<string, DisclosureField>> = {
  "person.birthDate": "birth-date",
  "person.practice": "practice",
  "facts.employment": "employment",
  "facts.unemployedSince": "employment",
  "facts.inWorkSince": "employment",
  "facts.benefit": "benefit",
  "facts.claimStart": "benefit",
  "facts.regime": "benefit",
  "facts.regimeSince": "benefit",
  "facts.assessmentPeriods": "benefit",
  "facts.longTermCondition": "health",
  "facts.disability": "health",
  "facts.groups": "groups",
  "facts.rightToWork": "right-to-work",
  "facts.programmes": "programmes",
  "facts.childcareNeeded": "work",
  "facts.basicSkills": "work",
  "facts.sex": "sex",
};

/** Paths of the provider's own message, and the area, which it always has. */
const OWN = new Set(["on", "person.authority"]);

export const providerHears = (
  reasons: readonly Reason[],
  { disclosures }: Pick<Programme, "disclosures">,
  to: RecipientClass | undefined,
): Reason[] => {
  const open = new Set(disclosures.flatMap((one) => (to !== undefined && one.to.includes(to) ? one.fields : [])));
  const seen = new Map<string, Reason>();
  for (const { code, path, severity } of reasons) {
    const field = path === undefined ? undefined : DISCLOSED_BY[path];
    const named = path !== undefined && (OWN.has(path) || (field !== undefined && open.has(field)));
    seen.set(`${code} ${named ? path : ""}`, { code, severity, ...(named ? { path } : {}) });
  }
  return [...seen.values()];
};
