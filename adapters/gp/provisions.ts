// FHIR R4 Consent.provision: a base rule, and exceptions nested in it, each narrower than the one around it.
import { Purpose } from "../../schemas/consent.ts";
import type { Provision } from "../../schemas/foreign/fhir/consent.ts";
import type { Coding } from "../../schemas/foreign/fhir/datatypes.ts";
import { ACT_REASON, PURPOSE } from "../../schemas/foreign/fhir/systems.ts";
import { reason, warning } from "../../schemas/reason.ts";
import { actorsOf, type Named } from "./actors.ts";
import { codings, sameSystem } from "./codes.ts";
import type { Graph } from "./graph.ts";
import { mapped, notebook, type Mapped } from "./notes.ts";

export type Sense = "permit" | "deny";
export type Ruling = {
  sense: Sense;
  actors: Pick<Named, "recipients" | "recipientClasses">;
  purpose?: Purpose | undefined;
  until?: string | undefined;
};
type Around = {
  sense: Sense | undefined;
  actors: Named;
  purposes: readonly (Purpose | undefined)[];
  until?: string | undefined;
};

const NOBODY: Named = { recipients: [], recipientClasses: [], unread: [] };
const REASONS_FOR_USE: Record<string, Purpose> = {
  TREAT: "direct-care",
  ETREAT: "direct-care",
  CAREMGT: "direct-care",
  HDIRECT: "direct-care",
  COC: "referral",
};
const SHARING = new Set(["disclose", "access"]);

const purposeOf = (coding: Coding): Purpose | undefined =>
  sameSystem(coding.system, PURPOSE)
    ? Purpose.safeParse(coding.code).data
    : sameSystem(coding.system, ACT_REASON)
      ? REASONS_FOR_USE[coding.code ?? ""]
      : undefined;

/** Limits to parts of the record. We carry a referral as a whole, so we cannot honour them. */
const partial = (rule: Provision): boolean =>
  [rule.securityLabel, rule.class, rule.code, rule.data].some((one) => (one ?? []).length > 0) ||
  rule.dataPeriod !== undefined;

const otherAction = (rule: Provision): boolean =>
  (rule.action ?? []).length > 0 && !codings(rule.action).some((one) => SHARING.has(one.code ?? ""));

/**
 * One ruling for each purpose, then the exceptions. Whatever is unclear permits nothing: an unknown purpose, a limit to
 * part of the record or a period yet to come drops a permission, while a refusal then counts in full.
 */
const walk = (graph: Graph, rule: Provision, path: string, around: Around, now: Date): Mapped<Ruling[]> => {
  const { add, keep, reasons } = notebook();
  const sense = rule.type ?? around.sense;
  const own = rule.actor === undefined ? around.actors : keep(actorsOf(graph, rule.actor, path));
  const purposes = (rule.purpose ?? []).length === 0 ? around.purposes : (rule.purpose ?? []).map(purposeOf);
  const until = rule.period?.end?.slice(0, 10) ?? around.until;
  const dated = until === undefined || until.length === 10 ? until : undefined;
  const rulings: Ruling[] = [];

  const early = rule.period?.start !== undefined && Date.parse(rule.period.start) > now.getTime();
  const misread = (rule.purpose ?? []).length > 0 && purposes.includes(undefined);
  if (sense === "permit") {
    // An end that is not a day cannot be kept, so the permission is not taken.
    const unclear = partial(rule) || otherAction(rule) || early || misread || dated !== until;
    if (unclear) add(warning("field-ignored", path));
    else rulings.push(...purposes.map((purpose) => ({ sense, actors: own, purpose, until })));
    add(...own.unread.map((at) => warning("field-ignored", at)));
  }
  if (sense === "deny") {
    add(...own.unread.map((at) => reason("reference-unresolved", at)));
    rulings.push(...(misread ? [undefined] : purposes).map((purpose) => ({ sense, actors: own, purpose })));
  }
  for (const [at, inner] of (rule.provision ?? []).entries()) {
    const here = `${path}.provision[${at}]`;
    // R4: Consent.provision.type is required in all nested rules.
    if (inner.type === undefined) add(reason("required", `${here}.type`));
    else rulings.push(...keep(walk(graph, inner, here, { sense, actors: own, purposes, until }, now)));
  }
  return mapped(rulings, reasons);
};

const covers = (deny: Ruling, permit: Ruling): boolean => deny.purpose === undefined || deny.purpose === permit.purpose;

/** Takes out of each permission whom an exception names: on a tie, no wins. */
const withoutDenied = (rulings: readonly Ruling[]): Ruling[] =>
  rulings.map((one) => {
    if (one.sense === "deny") return one;
    const against = rulings.filter((other) => other.sense === "deny" && covers(other, one));
    const free = <T>(ids: readonly T[], named: (ruling: Ruling) => readonly T[]): T[] =>
      ids.filter((id) => !against.some((other) => named(other).includes(id)));
    return {
      ...one,
      actors: {
        recipients: free(one.actors.recipients, (other) => other.actors.recipients),
        recipientClasses: free(one.actors.recipientClasses, (other) => other.actors.recipientClasses),
      },
    };
  });

const isBare = (ruling: Ruling): boolean =>
  ruling.actors.recipients.length === 0 && ruling.actors.recipientClasses.length === 0;

/** `base` is what the policy says where the root rule has no type. */
export const rulingsOf = (
  graph: Graph,
  root: Provision,
  path: string,
  base: Sense | undefined,
  now: Date,
): Mapped<Ruling[]> => {
  const around: Around = { sense: base, actors: NOBODY, purposes: [undefined] };
  const walked = walk(graph, root, path, around, now);
  const permits = walked.value.some((one) => one.sense === "permit" && !isBare(one));
  // A base of "no" with exceptions forbids only what no exception permits, which is already so without a record.
  const rulings = walked.value.filter((one) => !(one.sense === "deny" && isBare(one) && permits));
  return mapped(withoutDenied(rulings), walked.reasons);
};
