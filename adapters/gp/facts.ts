// Facts for the rules: said outright in our extension on ServiceRequest, or read from an active Condition.
import type { z } from "zod";
import type { Graph, Placed } from "./graph.ts";
import { FACTS } from "../../schemas/foreign/fhir/systems.ts";
import { Facts } from "../../schemas/referral.ts";
import { reason, warning } from "../../schemas/reason.ts";
import { codings, extensionsOf, partsOf, valueOf, type Found } from "./codes.ts";
import { mapped, notebook, take, type Mapped } from "./notes.ts";

/** Facts that repeat: a part for each code, or for each group of parts. */
const REPEATED = ["groups", "programmes", "basicSkills", "assessmentPeriods"] as const;
type Repeated = (typeof REPEATED)[number];
type Single = Exclude<keyof Facts, Repeated>;
const isRepeated = (name: string): name is Repeated => (REPEATED as readonly string[]).includes(name);
const SINGLE = Object.keys(Facts.shape).filter((name) => !isRepeated(name)) as Single[];
const NONE: Record<string, Repeated> = {
  noGroups: "groups",
  noProgrammes: "programmes",
  noBasicSkills: "basicSkills",
};
const GROUPED: ReadonlySet<Repeated> = new Set(["programmes", "assessmentPeriods"]);

const grouped = (found: Found): unknown =>
  Object.fromEntries(partsOf(found).map((part) => [part.extension.url, valueOf(part).value]));

const stated = (request: Placed<"ServiceRequest">): Mapped<Facts> => {
  const { add, keep, reasons } = notebook();
  const parts = extensionsOf(request.resource, FACTS, request.path).flatMap(partsOf);
  const facts: Record<string, unknown> = {};
  /** An empty list cannot be sent in FHIR, and leaving it out says nothing: "none" has a part of its own. */
  const none = (part: Found): void => {
    const { value, path } = valueOf(part);
    const list = NONE[part.extension.url];
    if (list === undefined) return;
    if (value !== true) add(reason("not-one-of", path));
    else if (parts.some((one) => one.extension.url === list)) add(reason("invariant", part.path));
    else facts[list] = [];
  };
  for (const part of parts) {
    const name = part.extension.url;
    const { value, path } = valueOf(part);
    const single = SINGLE.find((one) => one === name);
    if (single !== undefined) facts[single] = keep(take(Facts.shape[single].unwrap(), value, path));
    else if (name in NONE) none(part);
    else if (!isRepeated(name)) add(warning("field-ignored", part.path));
  }
  for (const name of REPEATED) {
    const said = parts.filter((part) => part.extension.url === name);
    if (said.length === 0) continue;
    const item: z.ZodType = Facts.shape[name].unwrap().element;
    facts[name] = said.flatMap((part) => {
      const value = valueOf(part);
      return keep(GROUPED.has(name) ? take(item, grouped(part), part.path) : take(item, value.value, value.path)) ?? [];
    });
  }
  return mapped((keep(take(Facts, facts, request.path)) ?? {}) as Facts, reasons);
};

const RULED_OUT = new Set(["refuted", "entered-in-error"]);

/**
 * A practice sends a Condition with a referral for work or social help when it bears on it. An active one is taken as
 * a long-term condition; which one it is stays in the original bytes, for no rule needs it.
 */
const activeCondition = ({ resource }: Placed<"Condition">): boolean =>
  codings(resource.clinicalStatus).some((one) => ["active", "recurrence", "relapse"].includes(one.code ?? "")) &&
  !codings(resource.verificationStatus).some((one) => RULED_OUT.has(one.code ?? ""));

export const factsOf = (graph: Graph, request: Placed<"ServiceRequest">): Mapped<Facts> => {
  const said = stated(request);
  const condition = said.value.longTermCondition ?? (graph.all("Condition").some(activeCondition) || undefined);
  return mapped({ ...said.value, longTermCondition: condition }, said.reasons);
};
