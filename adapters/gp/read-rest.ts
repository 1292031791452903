// The same referral by REST: one ServiceRequest with what it needs contained in it, or a transaction of resources.
import { read, type Read } from "../../schemas/faults.ts";
import { AnyResource, Bundle, ServiceRequestOnly } from "../../schemas/foreign/fhir/bundle.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { letterOf, type Asking, type Letter } from "./content.ts";
import { readGraph, type Graph } from "./graph.ts";

const refused = (...reasons: Reason[]): Read<never> => ({ ok: false, reasons });

const readAround = (graph: Graph, root: string, before: Reason[], asking: Asking): Read<Letter> => {
  const [request, ...more] = graph.all("ServiceRequest");
  if (request === undefined) return refused(...before, reason("required", `${root}.ofType(ServiceRequest)`));
  const faults = [...before, ...more.map((one) => reason("too-many", one.path))];
  const letter = letterOf(graph, request, undefined, asking);
  if (!letter.ok) return refused(...faults, ...letter.reasons);
  return faults.length > 0 ? refused(...faults, ...letter.value.warnings) : letter;
};

export const readServiceRequest = (input: unknown, asking: Asking): Read<Letter> => {
  const kind = read(ServiceRequestOnly, input, "ServiceRequest");
  if (!kind.ok) return kind;
  const graph = readGraph([{ path: "ServiceRequest", resource: input }], "ServiceRequest.contained");
  return graph.ok ? readAround(graph.value, "ServiceRequest", [], asking) : graph;
};

export type Transaction = Letter & {
  /** The types of the entries in their order, for an answer in the same order. */
  types: string[];
  ifNoneExist?: string;
};

/** Every entry creates something: what we take is one new referral, whole or not at all. */
const entryFaults = (bundle: Bundle): Reason[] =>
  bundle.entry.flatMap((one, at) => {
    const path = `Bundle.entry[${at}].request`;
    if (one.request === undefined) return [reason("required", path)];
    if (one.request.method !== "POST") return [reason("not-supported", `${path}.method`)];
    const type = (one.resource as { resourceType?: unknown } | undefined)?.resourceType;
    return one.request.url === type ? [] : [reason("invariant", `${path}.url`)];
  });

export const readTransaction = (input: unknown, asking: Asking): Read<Transaction> => {
  const parsed = read(Bundle, input, "Bundle");
  if (!parsed.ok) return parsed;
  const bundle = parsed.value;
  // A batch would be many referrals with many answers; a message has an address of its own.
  if (bundle.type !== "transaction") return refused(reason("not-supported", "Bundle.type"));
  const graph = readGraph(
    bundle.entry.map((one, at) => ({
      path: `Bundle.entry[${at}].resource`,
      fullUrl: one.fullUrl,
      resource: one.resource,
    })),
    "Bundle.entry",
  );
  const faults = entryFaults(bundle);
  if (!graph.ok) return refused(...graph.reasons, ...faults);
  const letter = readAround(graph.value, "Bundle.entry.resource", faults, asking);
  if (!letter.ok) return letter;
  const types = bundle.entry.map((one) => AnyResource.parse(one.resource).resourceType);
  const ifNoneExist = bundle.entry[types.indexOf("ServiceRequest")]?.request?.ifNoneExist;
  return { ok: true, value: { ...letter.value, types, ...(ifNoneExist === undefined ? {} : { ifNoneExist }) } };
};
