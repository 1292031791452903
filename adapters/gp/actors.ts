// Whom a consent names: an organisation by its own id, or a class of recipients.
import { RecipientClass, type Consent } from "../../schemas/consent.ts";
import { OrganisationId } from "../../schemas/ids.ts";
import type { CodeableConcept, Identifier, Reference } from "../../schemas/foreign/fhir/datatypes.ts";
import { ODS_ORGANISATION, ORGANISATION_ID, RECIPIENT_CLASS } from "../../schemas/foreign/fhir/systems.ts";
import { codesIn, identifierIn } from "./codes.ts";
import type { Graph } from "./graph.ts";
import { mapped, notebook, take, type Mapped } from "./notes.ts";

type Actor = { role?: CodeableConcept | undefined; reference?: Reference | undefined };

/** `unread` counts actors that name nobody we can tell: they are permitted nothing, and may not be ignored in a refusal. */
export type Named = Required<Pick<Consent, "recipients" | "recipientClasses">> & { unread: string[] };

const organisationIds = (identifiers: readonly Identifier[]): string[] =>
  [ODS_ORGANISATION, ORGANISATION_ID].flatMap((system) => identifierIn(identifiers, system)?.value ?? []);

export const actorsOf = (graph: Graph, actors: readonly Actor[], path: string): Mapped<Named> => {
  const { keep, reasons } = notebook();
  const named: Named = { recipients: [], recipientClasses: [], unread: [] };
  for (const [at, actor] of actors.entries()) {
    const here = `${path}.actor[${at}]`;
    const organisation = graph.find(actor.reference, "Organization")?.resource;
    const logical = actor.reference?.identifier === undefined ? [] : [actor.reference.identifier];
    const ids = organisationIds([...(organisation?.identifier ?? []), ...logical]);
    const byClass = [
      ...codesIn(actor.role, RECIPIENT_CLASS),
      ...codesIn(organisation?.type, RECIPIENT_CLASS),
      ...(identifierIn(logical, RECIPIENT_CLASS)?.value ?? "").split(" ").filter((one) => one !== ""),
    ];
    // An organisation that is named narrows its class: agreement to one charity is not agreement to all.
    if (ids.length > 0) named.recipients.push(...ids.flatMap((id) => keep(take(OrganisationId, id, here)) ?? []));
    else if (byClass.length > 0) {
      named.recipientClasses.push(...byClass.flatMap((code) => keep(take(RecipientClass, code, here)) ?? []));
    } else named.unread.push(here);
  }
  return mapped(
    {
      recipients: [...new Set(named.recipients)],
      recipientClasses: [...new Set(named.recipientClasses)],
      unread: named.unread,
    },
    reasons,
  );
};
