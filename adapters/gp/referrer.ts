// Who refers. The client's own organisation is always the owner; the message only adds names.
import type { Client } from "../../schemas/client.ts";
import type { Reference } from "../../schemas/foreign/fhir/datatypes.ts";
import { ODS_SITE } from "../../schemas/foreign/fhir/systems.ts";
import { OdsCode } from "../../schemas/ids.ts";
import { Referrer, type Content } from "../../schemas/referral.ts";
import { reason } from "../../schemas/reason.ts";
import { identifierIn, odsOf, spokenName, wordsOf } from "./codes.ts";
import type { Graph, Placed } from "./graph.ts";
import { mapped, notebook, take, type Mapped } from "./notes.ts";

const Names = Referrer.omit({ organisation: true, site: true });

type Sender = { reference: Reference | undefined; path: string };

/** The requester may be a role, a person (whose role stands elsewhere in the message) or an organisation. */
const requesterOf = (graph: Graph, reference: Reference | undefined) => {
  const person = graph.find(reference, "Practitioner");
  const role =
    graph.find(reference, "PractitionerRole") ??
    graph
      .all("PractitionerRole")
      .find((one) => person !== undefined && graph.find(one.resource.practitioner, "Practitioner") === person);
  const practitioner = person ?? graph.find(role?.resource.practitioner, "Practitioner");
  const organisation = graph.find(reference, "Organization") ?? graph.find(role?.resource.organization, "Organization");
  return { role, practitioner, organisation };
};

const reach = (telecom: readonly { system?: string | undefined; value?: string | undefined }[] | undefined) =>
  (telecom ?? []).find((one) => (one.system === "phone" || one.system === "email") && one.value !== undefined)?.value;

const siteOf = (graph: Graph, references: readonly Reference[]): string | undefined =>
  references
    .map(
      (reference) =>
        identifierIn(graph.find(reference, "Location")?.resource.identifier, ODS_SITE)?.value ??
        identifierIn(reference.identifier === undefined ? [] : [reference.identifier], ODS_SITE)?.value,
    )
    .find((code) => code !== undefined);

/** In a message `sender` speaks for itself; elsewhere the requester's organisation is the sender. */
export const referrerOf = (
  graph: Graph,
  { path, resource }: Placed<"ServiceRequest">,
  sender: Sender | undefined,
  client: Pick<Client, "organisation">,
): Mapped<Content["referrer"]> => {
  const { add, keep, reasons } = notebook();
  const { role, practitioner, organisation } = requesterOf(graph, resource.requester);
  if (resource.requester?.reference !== undefined && (role ?? practitioner ?? organisation) === undefined) {
    add(reason("reference-unresolved", `${path}.requester`));
  }
  const from = sender === undefined ? organisation : graph.find(sender.reference, "Organization");
  if (sender?.reference?.reference !== undefined && from === undefined) {
    add(reason("reference-unresolved", sender.path));
  }
  const logical = (sender?.reference ?? resource.requester)?.identifier;
  const code = odsOf(from?.resource.identifier) ?? odsOf(logical === undefined ? [] : [logical]);
  if (code !== undefined && code !== client.organisation.toUpperCase()) {
    add(reason("sender-not-you", sender?.path ?? `${path}.requester`));
  }
  const site =
    siteOf(graph, [...(role?.resource.location ?? []), ...(resource.locationReference ?? [])]) ??
    identifierIn((organisation ?? from)?.resource.identifier, ODS_SITE)?.value;
  const said = keep(
    take(
      Names,
      {
        name: (from ?? organisation)?.resource.name,
        worker: spokenName(practitioner?.resource.name)?.slice(0, 160),
        role: role?.resource.code
          ?.map(wordsOf)
          .find((one) => one !== undefined)
          ?.slice(0, 120),
        contact: (
          reach(role?.resource.telecom) ??
          reach(practitioner?.resource.telecom) ??
          reach(from?.resource.telecom)
        )?.slice(0, 160),
      },
      `${path}.requester`,
    ),
  );
  return mapped(
    {
      organisation: client.organisation,
      ...said,
      site: site === undefined ? undefined : keep(take(OdsCode, site, `${path}.locationReference`)),
    },
    reasons,
  );
};
