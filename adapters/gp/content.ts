// One ServiceRequest and all that stands around it, in our own words. All faults are found before any is answered.
import type { Client } from "../../schemas/client.ts";
import { read, type Read } from "../../schemas/faults.ts";
import { ALSO_NEEDS, NHS_NUMBER, SERVICE_ID } from "../../schemas/foreign/fhir/systems.ts";
import type { Reference } from "../../schemas/foreign/fhir/datatypes.ts";
import { NeedCode } from "../../schemas/need.ts";
import { Instant, text } from "../../schemas/text.ts";
import { Content } from "../../schemas/referral.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { Arrival } from "../../src/ports/steps.ts";
import { extensionsOf, identifierIn, sameSystem, valueOf } from "./codes.ts";
import { consentsOf } from "./consents.ts";
import { factsOf } from "./facts.ts";
import { flagsOf } from "./flags.ts";
import type { Graph, Placed } from "./graph.ts";
import { confidentiality } from "./home.ts";
import { monitoringOf } from "./monitoring.ts";
import { needOf } from "./need.ts";
import { errorsOf, mapped, notebook, take, type Mapped } from "./notes.ts";
import { personOf } from "./person.ts";
import { referrerOf } from "./referrer.ts";

export type Asking = { client: Client; now: Date };

/** What a reader hands to the routes. Warnings go back with the answer and stop nothing. */
export type Letter = Pick<Arrival, "content" | "monitoring"> & {
  warnings: Reason[];
  /** Of the ServiceRequest, when the sender gave it one: `system|value`. */
  identifier?: string;
  callerReference?: string;
};

/** Clocks differ; a request written further in the future than this is a mistake. */
const SKEW_MS = 60 * 60 * 1000;

const Detail = text(4000).optional();

type Request = Placed<"ServiceRequest">;

const datesOf = ({ path, resource }: Request, now: Date): Reason[] => {
  const { authoredOn, occurrencePeriod } = resource;
  const start = Date.parse(occurrencePeriod?.start ?? "");
  const end = Date.parse(occurrencePeriod?.end ?? "");
  return [
    ...(authoredOn !== undefined && Date.parse(authoredOn) > now.getTime() + SKEW_MS
      ? [reason("invariant", `${path}.authoredOn`)]
      : []),
    ...(start > end ? [reason("invariant", `${path}.occurrencePeriod`)] : []),
  ];
};

/** The sender's words for the provider that accepts. Coded clinical reasons stay in the original bytes. */
const detailOf = ({ path, resource }: Request): Mapped<string | undefined> => {
  const said = [...(resource.reasonCode ?? []).map((one) => one.text), ...(resource.note ?? []).map((one) => one.text)];
  const words = said.filter((one) => one !== undefined).join("\n\n");
  return take(Detail, words === "" ? undefined : words, `${path}.note`);
};

const choiceOf = (graph: Graph, { path, resource }: Request): Mapped<Content["choice"]> => {
  const service = (resource.performer ?? [])
    .map(
      (one) =>
        identifierIn(graph.find(one, "HealthcareService")?.resource.identifier, SERVICE_ID)?.value ??
        identifierIn(one.identifier === undefined ? [] : [one.identifier], SERVICE_ID)?.value,
    )
    .find((one) => one !== undefined);
  return service === undefined ? mapped(undefined) : take(Content.shape.choice, { service }, `${path}.performer`);
};

const identifierOf = ({ resource }: Request): { identifier?: string; callerReference?: string } => {
  // An NHS number is nobody's reference: it must never become a key or an address.
  const own = resource.identifier?.find((one) => one.value !== undefined && !sameSystem(one.system, NHS_NUMBER));
  return own?.value === undefined ? {} : { identifier: `${own.system ?? ""}|${own.value}`, callerReference: own.value };
};

/** Reads the referral around one request. `sender` is given where a MessageHeader names one. */
export const letterOf = (
  graph: Graph,
  request: Request,
  sender: { reference: Reference | undefined; path: string } | undefined,
  { client, now }: Asking,
): Read<Letter> => {
  const { add, keep, reasons } = notebook();
  const { path, resource } = request;
  const patient = graph.find(resource.subject, "Patient");
  if (patient === undefined) add(reason("reference-unresolved", `${path}.subject`));
  if (resource.status !== "active") add(reason("not-supported", `${path}.status`));
  add(...datesOf(request, now));

  const { accessNeeds, ...flags } = keep(flagsOf(graph, resource.priority));
  const need = keep(needOf(resource.code, path));
  const detail = keep(detailOf(request));
  const facts = keep(factsOf(graph, request));
  const referrer = keep(referrerOf(graph, request, sender, client));
  const choice = keep(choiceOf(graph, request));
  const alsoNeeds = extensionsOf(resource, ALSO_NEEDS, path).flatMap((one) => {
    const { value, path: at } = valueOf(one);
    return keep(take(NeedCode, value, at)) ?? [];
  });
  const person = patient && keep(personOf(graph, patient, accessNeeds, { test: client.test, now }));
  const monitoring = patient && keep(monitoringOf(patient));
  const consents = patient === undefined ? [] : keep(consentsOf(graph, patient, now));
  if (person === undefined || patient === undefined || errorsOf(reasons).length > 0) return { ok: false, reasons };

  const secrecy = confidentiality(patient.resource);
  const content = read(Content, {
    ...need,
    alsoNeeds: alsoNeeds.length === 0 ? undefined : alsoNeeds,
    detail,
    urgency: resource.priority === "stat" ? "asap" : (resource.priority ?? "routine"),
    person,
    facts,
    flags: {
      ...flags,
      incidentMarker: false,
      handling: secrecy === "open" ? "standard" : secrecy === "restricted" ? "minimised" : "out-of-band",
    },
    consents,
    participation: "voluntary",
    choice,
    referrer,
    occurredAt: Instant.safeParse(resource.authoredOn).data,
  });
  return content.ok
    ? { ok: true, value: { content: content.value, monitoring, warnings: reasons, ...identifierOf(request) } }
    : content;
};
