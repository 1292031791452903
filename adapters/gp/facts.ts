// Facts for the rules: said outright in our extension on ServiceRequest, or read from an active Condition.
import type { Graph, Placed } from "./graph.ts";
import { FACTS } from "../../schemas/foreign/fhir/systems.ts";
import { Facts } from "../../schemas/referral.ts";
import { reason, warning } from "../../schemas/reason.ts";
import { codings, extensionsOf, partsOf, valueOf, type Found } from "./codes.ts";
import { mapped, notebook, take, type Mapped } from "./notes.ts";

type Single = Exclude<keyof Facts, "groups" | "programmes">;
const SINGLE = Object.keys(Facts.shape).filter((name) => name !== "groups" && name !== "programmes") as Single[];
const NONE = { noGroups: "groups", noProgrammes: "programmes" } as const;
const GROUP = Facts.shape.groups.unwrap();
const PROGRAMME = Facts.shape.programmes.unwrap();

const programme = (found: Found): unknown =>
  Object.fromEntries(partsOf(found).map((part) => [part.extension.url, valueOf(part).value]));

const stated = (request: Placed<"ServiceRequest">): Mapped<Facts> => {
  const { add, keep, reasons } = notebook();
  const parts = extensionsOf(request.resource, FACTS, request.path).flatMap(partsOf);
  const facts: Record<string, unknown> = {};
  /** An empty list cannot be sent in FHIR, and leaving it out says nothing: "none" has a part of its own. */
  const none = (part: Found): void => {
    const { value, path } = valueOf(part);
    const list = NONE[part.extension.url as keyof typeof NONE];
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
    else if (name !== "groups" && name !== "programmes") add(warning("field-ignored", part.path));
  }
  const lists = (name: string) => parts.filter((part) => part.extension.url === name);
  const groups = lists("groups");
  const programmes = lists("programmes");
  if (groups.length > 0) {
    facts["groups"] = groups.flatMap(
      (part) => keep(take(GROUP.element, valueOf(part).value, valueOf(part).path)) ?? [],
    );
  }
  if (programmes.length > 0) {
    facts["programmes"] = programmes.flatMap((part) => keep(take(PROGRAMME.element, programme(part), part.path)) ?? []);
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
