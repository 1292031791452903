// A Consent that comes after its referral: whose it is, what it says, and which referral it cites.
import type { Consent } from "../../schemas/consent.ts";
import { read, type Read } from "../../schemas/faults.ts";
import { AnyResource } from "../../schemas/foreign/fhir/bundle.ts";
import { NHS_NUMBER } from "../../schemas/foreign/fhir/systems.ts";
import { NhsNumber } from "../../schemas/numbers.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { citedBy, citedIn } from "./cite.ts";
import { identifierIn } from "./codes.ts";
import { recordsOf } from "./consents.ts";
import { readGraph, type Graph, type Placed } from "./graph.ts";
import { errorsOf } from "./notes.ts";

export type LaterConsent = {
  /** Id or reference of the referral. */
  named: string;
  consents: Consent[];
  /** Of the person, where the sender gives it. */
  nhsNumber?: string;
  /** The sender's own id of this consent: `system|value`. */
  identifier?: string;
  warnings: Reason[];
};

const refused = (...reasons: Reason[]): Read<never> => ({ ok: false, reasons });

const citing = (named: readonly string[]): Reason[] => {
  if (named.length === 1) return [];
  return [reason(named.length === 0 ? "required" : "too-many", "Consent.provision.data.reference")];
};

const numberOf = (graph: Graph, { resource }: Placed<"Consent">): string | undefined => {
  const patient = graph.find(resource.patient, "Patient")?.resource;
  const logical = resource.patient?.identifier === undefined ? [] : [resource.patient.identifier];
  return NhsNumber.safeParse(identifierIn([...(patient?.identifier ?? []), ...logical], NHS_NUMBER)?.value).data;
};

export const readConsent = (input: unknown, asking: { now: Date; publicUrl: string }): Read<LaterConsent> => {
  const any = read(AnyResource, input);
  if (!any.ok) return any;
  if (any.value.resourceType !== "Consent") return refused(reason("invariant", "resourceType"));
  const found = readGraph([{ path: "Consent", resource: input }], "Consent.contained");
  if (!found.ok) return found;
  const graph = found.value;
  const [placed, ...more] = graph.all("Consent");
  if (placed === undefined || more.length > 0) return refused(reason("too-many", "Consent.contained"));

  const named = citedIn(placed.resource.provision, asking.publicUrl);
  const isReferral = (one: Parameters<typeof citedBy>[0]): boolean => citedBy(one, asking.publicUrl) !== undefined;
  const { value: consents, reasons } = recordsOf(placed, { graph, now: asking.now, isReferral });
  const wrong = [...citing(named), ...errorsOf(reasons)];
  if (wrong.length > 0) return refused(...wrong);
  if (consents.length === 0) return refused(reason("consent-unread", "Consent"), ...reasons);
  const own = placed.resource.identifier?.find(({ value }) => value !== undefined);
  return {
    ok: true,
    value: {
      named: named[0] ?? "",
      consents,
      nhsNumber: numberOf(graph, placed),
      identifier: own && `${own.system ?? ""}|${own.value}`,
      warnings: reasons,
    },
  };
};
