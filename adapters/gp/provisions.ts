// FHIR R4 Consent.provision: a base rule, and exceptions nested in it, each narrower than the one around it. It becomes one
// statement of ours, with the same exceptions. Whatever is unclear permits nothing; a refusal then counts in full.
import { DataClass, Purpose, type Consent, type Exception } from "../../schemas/consent.ts";
import type { Provision } from "../../schemas/foreign/fhir/consent.ts";
import type { Coding, Reference } from "../../schemas/foreign/fhir/datatypes.ts";
import { ACT_REASON, DATA_CLASS, PURPOSE, RESOURCE_TYPES } from "../../schemas/foreign/fhir/systems.ts";
import { reason, warning } from "../../schemas/reason.ts";
import { actorsOf, type Named } from "./actors.ts";
import { codings, sameSystem } from "./codes.ts";
import type { Graph } from "./graph.ts";
import { mapped, notebook, type Mapped } from "./notes.ts";

export type Sense = "permit" | "deny";
/** The part of a consent that its rules say. */
export type Ruling = Pick<Consent, "recipients" | "recipientClasses" | "purpose" | "data" | "until"> & {
  sense: Sense;
  except?: Exception[];
};
export type Reading = {
  graph: Graph;
  now: Date;
  /** Whether a reference is to the referral as a whole. */
  isReferral: (reference: Reference | undefined) => boolean;
};

const REASONS_FOR_USE: Record<string, Purpose> = {
  TREAT: "direct-care",
  ETREAT: "direct-care",
  CAREMGT: "direct-care",
  HDIRECT: "direct-care",
  COC: "referral",
};
/** What kinds of resource hold about a person, as far as a referral brings it. */
const HEALTH = new Set([
  "AllergyIntolerance",
  "Condition",
  "DiagnosticReport",
  "Immunization",
  "MedicationRequest",
  "MedicationStatement",
  "Observation",
  "Procedure",
]);
const SHARING = new Set(["disclose", "access"]);

/** `unknown`: it says something that we do not know. */
type Known<T> = T | "unknown";

const purposeOf = (coding: Coding): Known<Purpose> =>
  (sameSystem(coding.system, PURPOSE)
    ? Purpose.safeParse(coding.code).data
    : sameSystem(coding.system, ACT_REASON)
      ? REASONS_FOR_USE[coding.code ?? ""]
      : undefined) ?? "unknown";

const dataOf = (coding: Coding): Known<DataClass> => {
  if (sameSystem(coding.system, RESOURCE_TYPES)) return HEALTH.has(coding.code ?? "") ? "health" : "unknown";
  return (sameSystem(coding.system, DATA_CLASS) ? DataClass.safeParse(coding.code).data : undefined) ?? "unknown";
};

const allKnown = <T>(values: readonly Known<T>[]): Known<T[]> =>
  values.includes("unknown") ? "unknown" : [...new Set(values as T[])];

/** Limits to parts of the record that we cannot tell apart. The whole referral is no part of it. */
const partial = (rule: Provision, { isReferral }: Reading): boolean =>
  [rule.securityLabel, rule.code].some((one) => (one ?? []).length > 0) ||
  rule.dataPeriod !== undefined ||
  !(rule.data ?? []).every((one) => isReferral(one.reference));

const otherAction = (rule: Provision): boolean =>
  (rule.action ?? []).length > 0 && !codings(rule.action).some((one) => SHARING.has(one.code ?? ""));

const dayOf = (end: string | undefined): Known<string | undefined> =>
  end === undefined || end.length >= 10 ? end?.slice(0, 10) : "unknown";

type Rule = Omit<Ruling, "except"> & { except: Exception[] };

const bare = (values: readonly unknown[]): boolean => values.length === 0;
const some = <T>(values: T[]): T[] | undefined => (bare(values) ? undefined : values);

/** The rules that one provision makes, one for each purpose. A permission that is unclear leaves only its refusals. */
const walk = (rule: Provision, path: string, sense: Sense | undefined, reading: Reading): Mapped<Rule[]> => {
  const { add, keep, reasons } = notebook();
  const named = keep(actorsOf(reading.graph, rule.actor ?? [], path));
  const purposes = allKnown((rule.purpose ?? []).map(purposeOf));
  const data = allKnown((rule.class ?? []).map(dataOf));
  const until = dayOf(rule.period?.end);
  const early = rule.period?.start !== undefined && Date.parse(rule.period.start) > reading.now.getTime();
  // Somebody was named, and nobody of them can we tell: that is not everybody.
  const nobody = bare([...named.recipients, ...named.recipientClasses]) && !bare(named.unread);
  const misread = partial(rule, reading) || data === "unknown";
  const unclear =
    misread ||
    purposes === "unknown" ||
    until === "unknown" ||
    early ||
    otherAction(rule) ||
    (nobody && sense === "permit");
  const except = keep(exceptionsOf(rule, path, reading));

  if (sense === "permit") add(...named.unread.map((at) => warning("field-ignored", at)));
  if (sense === "deny") add(...named.unread.map((at) => reason("reference-unresolved", at)));
  // Where nobody says what the base is, the exceptions speak for themselves.
  if (sense === undefined) return mapped(except.map(asRule), reasons);
  if (sense === "permit" && unclear) {
    add(warning("field-ignored", path));
    return mapped(except.filter((one) => one.decision === "refused").map(asRule), reasons);
  }
  const said: Rule = {
    sense,
    recipients: some(named.recipients),
    recipientClasses: some(named.recipientClasses),
    data: misread ? undefined : some(data),
    // A refusal that ends on no day that we can tell does not end.
    until: until === "unknown" ? undefined : until,
    except,
  };
  const each = purposes === "unknown" || bare(purposes) ? [undefined] : purposes;
  return mapped(
    each.map((purpose) => ({ ...said, purpose })),
    reasons,
  );
};

const asRule = ({ decision, except, ...rest }: Exception): Rule => ({
  ...rest,
  sense: decision === "given" ? "permit" : "deny",
  except: except ?? [],
});

const asException = ({ sense, except, ...rest }: Rule): Exception => ({
  ...rest,
  decision: sense === "permit" ? "given" : "refused",
  ...(bare(except) ? {} : { except }),
});

const exceptionsOf = (rule: Provision, path: string, reading: Reading): Mapped<Exception[]> => {
  const { add, keep, reasons } = notebook();
  const exceptions = (rule.provision ?? []).flatMap((inner, at): Exception[] => {
    const here = `${path}.provision[${at}]`;
    // R4: Consent.provision.type is required in all nested rules.
    if (inner.type === undefined) add(reason("required", `${here}.type`));
    return keep(walk(inner, here, inner.type, reading)).map(asException);
  });
  return mapped(exceptions, reasons);
};

/** `base` is what the policy says where the root rule has no type. */
export const rulingsOf = (
  root: Provision,
  path: string,
  base: Sense | undefined,
  reading: Reading,
): Mapped<Ruling[]> => {
  const walked = walk(root, path, root.type ?? base, reading);
  return mapped(
    walked.value.map(({ except, ...rest }) => ({ ...rest, ...(bare(except) ? {} : { except }) })),
    walked.reasons,
  );
};

/** Everyone to whom any of these rules gives leave. */
export const permittedIn = (rulings: readonly Ruling[]): Pick<Named, "recipients" | "recipientClasses"> => {
  const all = rulings.flatMap(flat).filter(({ yes }) => yes);
  return {
    recipients: [...new Set(all.flatMap(({ recipients }) => recipients))],
    recipientClasses: [...new Set(all.flatMap(({ recipientClasses }) => recipientClasses))],
  };
};

const flat = (rule: Ruling | Exception): (Pick<Named, "recipients" | "recipientClasses"> & { yes: boolean })[] => [
  {
    yes: "sense" in rule ? rule.sense === "permit" : rule.decision === "given",
    recipients: rule.recipients ?? [],
    recipientClasses: rule.recipientClasses ?? [],
  },
  ...(rule.except ?? []).flatMap(flat),
];
