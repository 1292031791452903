// A BaRS message, checked in the order of its Receiver-ProcessMessage rules; the first rule that fails sets the status.
import { read, type Read } from "../../schemas/faults.ts";
import { AnyResource, Bundle } from "../../schemas/foreign/fhir/bundle.ts";
import { MESSAGE_CATEGORIES, MESSAGE_EVENTS, MESSAGE_REASONS } from "../../schemas/foreign/fhir/systems.ts";
import type { ResourceOf } from "../../schemas/foreign/fhir/bundle.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { codesIn, codings, sameSystem } from "./codes.ts";
import { letterOf, type Asking, type Letter } from "./content.ts";
import { readGraph, type Graph, type Placed } from "./graph.ts";

/** Application versions of BaRS (Bundle.meta.versionId) whose major number we take. */
const MAJORS = new Set(["1"]);
const VERSION = /^(\d+)\.\d+/;

export type Message = Letter & { messageId: string; encounter: ResourceOf<"Encounter"> };

const versionFaults = (bundle: Bundle): Reason[] => {
  const sent = bundle.meta?.versionId;
  if (sent === undefined) return [reason("invariant", "Bundle.meta.versionId")];
  const major = VERSION.exec(sent)?.[1];
  return major !== undefined && MAJORS.has(major) ? [] : [reason("not-supported", "Bundle.meta.versionId")];
};

/** Which workflow this is. A message of another workflow is not looked into any further. */
const workflowFaults = ({ path, resource }: Placed<"MessageHeader">): Reason[] => {
  const event = resource.eventCoding;
  if (event.code === undefined) return [reason("required", `${path}.eventCoding.code`)];
  if (!sameSystem(event.system, MESSAGE_EVENTS) || event.code !== "servicerequest-request") {
    return [reason("not-supported", `${path}.eventCoding`)];
  }
  const why = codesIn(resource.reason, MESSAGE_REASONS)[0] ?? codings(resource.reason)[0]?.code;
  if (why === undefined) return [reason("required", `${path}.reason`)];
  if (why === "update" || why === "delete") return [reason("no-changes-here", `${path}.reason`)];
  return why === "new" ? [] : [reason("not-one-of", `${path}.reason`)];
};

/** BaRS: a new referral is active, its plan completed, and its encounter triaged or finished. */
const stateFaults = (graph: Graph, { path, resource }: Placed<"ServiceRequest">): Reason[] => {
  const faults: Reason[] = [];
  const category = codesIn(resource.category, MESSAGE_CATEGORIES)[0]?.toLowerCase();
  if (category === undefined) faults.push(reason("required", `${path}.category`));
  else if (category !== "referral") faults.push(reason("not-supported", `${path}.category`));
  if (resource.authoredOn === undefined) faults.push(reason("required", `${path}.authoredOn`));

  const referenced = (resource.basedOn ?? []).map((one) => graph.find(one, "CarePlan"));
  const plan = referenced.find((one) => one !== undefined) ?? graph.all("CarePlan")[0];
  if (plan === undefined) faults.push(reason("required", "Bundle.entry.resource.ofType(CarePlan)"));
  else if (plan.resource.status !== "completed") faults.push(reason("invariant", `${plan.path}.status`));

  const encounter = graph.find(resource.encounter, "Encounter");
  if (resource.encounter === undefined) faults.push(reason("required", `${path}.encounter`));
  else if (encounter === undefined) faults.push(reason("reference-unresolved", `${path}.encounter`));
  else if (!["triaged", "finished"].includes(encounter.resource.status)) {
    faults.push(reason("invariant", `${encounter.path}.status`));
  }
  return faults;
};

const refused = (...reasons: Reason[]): Read<never> => ({ ok: false, reasons });

export const readMessage = (input: unknown, asking: Asking): Read<Message> => {
  const parsed = read(Bundle, input, "Bundle");
  if (!parsed.ok) return parsed;
  const bundle = parsed.value;
  if (bundle.type !== "message") return refused(reason("not-supported", "Bundle.type"));
  const version = versionFaults(bundle);
  if (version.length > 0) return refused(...version);

  const sent = bundle.entry.map((one, at) => ({
    path: `Bundle.entry[${at}].resource`,
    fullUrl: one.fullUrl,
    resource: one.resource,
  }));
  const headOnly = readGraph(sent.slice(0, 1).filter(isHeader), "Bundle.entry");
  if (!headOnly.ok) return headOnly;
  // bdl-12: a message begins with its MessageHeader.
  const header = headOnly.value.all("MessageHeader")[0];
  if (header === undefined) return refused(reason("required", "Bundle.entry[0].resource.ofType(MessageHeader)"));
  const workflow = workflowFaults(header);
  if (workflow.length > 0) return refused(...workflow);

  const missing = bundle.id === undefined ? [reason("required", "Bundle.id")] : [];
  const graph = readGraph(sent, "Bundle.entry");
  if (!graph.ok) return refused(...missing, ...graph.reasons);
  return readRequest(bundle.id ?? "", graph.value, header, missing, asking);
};

const isHeader = (one: { path: string; resource: unknown }): boolean => {
  const any = read(AnyResource, one.resource, one.path);
  return any.ok && any.value.resourceType === "MessageHeader";
};

const readRequest = (
  messageId: string,
  graph: Graph,
  header: Placed<"MessageHeader">,
  missing: Reason[],
  asking: Asking,
): Read<Message> => {
  const focus = header.resource.focus?.map((one) => graph.find(one, "ServiceRequest")).find((one) => one !== undefined);
  const requests = graph.all("ServiceRequest");
  const request = focus ?? (header.resource.focus === undefined ? requests[0] : undefined);
  if (request === undefined) return refused(...missing, reason("reference-unresolved", `${header.path}.focus`));
  // "Only one active ServiceRequest": a second one would be lost behind the first.
  const more = requests.filter((one) => one !== request).map((one) => reason("too-many", one.path));

  const state = [...missing, ...more, ...stateFaults(graph, request)];
  const sender = { reference: header.resource.sender, path: `${header.path}.sender` };
  if (sender.reference === undefined) state.push(reason("required", sender.path));
  const letter = letterOf(graph, request, sender, asking);
  const encounter = graph.find(request.resource.encounter, "Encounter")?.resource;
  if (!letter.ok) return refused(...state, ...letter.reasons);
  if (state.length > 0 || encounter === undefined) return refused(...state, ...letter.value.warnings);
  const own = encounter.identifier?.find((one) => one.value !== undefined)?.value;
  return {
    ok: true,
    value: { ...letter.value, callerReference: letter.value.callerReference ?? own, messageId, encounter },
  };
};
