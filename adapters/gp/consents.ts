// Consent resources become separate records: what was said, to whom, for which purpose, and whether it still holds.
import { Consent as Ours, ConsentKind, type Consent } from "../../schemas/consent.ts";
import type { FhirConsent } from "../../schemas/foreign/fhir/consent.ts";
import {
  ACT_CODE,
  CONSENT_CATEGORIES,
  CONSENT_HOW,
  CONSENT_KIND,
  CONSENT_SCOPE,
  ORGANISATION_ID,
} from "../../schemas/foreign/fhir/systems.ts";
import { GssCode } from "../../schemas/ids.ts";
import { reason, warning } from "../../schemas/reason.ts";
import { codesIn, extensionsOf, hasCode, identifierIn, valueOf } from "./codes.ts";
import type { Graph, Placed } from "./graph.ts";
import { atMost, mapped, notebook, take, type Mapped } from "./notes.ts";
import { rulingsOf, type Ruling, type Sense } from "./provisions.ts";

const PERMITTING = new Set(["OPTIN", "OPTINR", "IMPLIED", "IMPLIEDD"]);
const DENYING = new Set(["OPTOUT", "OPTOUTE"]);

const isDirectCare = (consent: FhirConsent): boolean => hasCode(consent.category, CONSENT_CATEGORIES, "DRC");

const kindOf = (consent: FhirConsent): ConsentKind | undefined => {
  const own = codesIn([...consent.category, consent.scope], CONSENT_KIND)[0];
  if (own !== undefined) return ConsentKind.safeParse(own).data;
  return isDirectCare(consent) || hasCode(consent.scope, CONSENT_SCOPE, "patient-privacy") ? "share" : undefined;
};

const baseOf = (consent: FhirConsent, kind: ConsentKind): Sense | undefined => {
  const policy = codesIn(consent.policyRule, ACT_CODE);
  if (policy.some((one) => DENYING.has(one))) return "deny";
  if (policy.some((one) => PERMITTING.has(one))) return "permit";
  // Taking part and the statutory consents are said as a whole; sharing is only ever said to somebody.
  return kind === "share" ? undefined : "permit";
};

const decisionOf = (status: FhirConsent["status"], sense: Sense): Consent["decision"] =>
  sense === "deny" || status === "rejected" ? "refused" : status === "inactive" ? "withdrawn" : "given";

const momentOf = (sent: string | undefined): string | undefined =>
  sent === undefined || sent.length < 10 ? undefined : sent.length === 10 ? `${sent}T00:00:00Z` : sent;

const howOf = (consent: FhirConsent, path: string): Mapped<Consent["how"]> => {
  const said = extensionsOf(consent, CONSENT_HOW, path).map(valueOf)[0];
  if (said !== undefined) return take(Ours.shape.how.unwrap(), said.value, said.path);
  if (codesIn(consent.policyRule, ACT_CODE).some((one) => one.startsWith("IMPLIED"))) return mapped("implied");
  return mapped(
    consent.sourceAttachment !== undefined || consent.sourceReference !== undefined ? "written" : undefined,
  );
};

/** BaRS says direct care and no more: it never stretches to a council, a charity or a company. */
const DIRECT_CARE: Ruling = {
  sense: "permit",
  actors: { recipients: [], recipientClasses: ["nhs"] },
  purpose: "direct-care",
};
const nobody = (sense: Sense): Ruling => ({ sense, actors: { recipients: [], recipientClasses: [] } });

const rulings = (
  graph: Graph,
  { path, resource }: Placed<"Consent">,
  kind: ConsentKind,
  now: Date,
): Mapped<Ruling[]> => {
  const base = baseOf(resource, kind);
  const closed = resource.status !== "active";
  if (resource.provision !== undefined) {
    const found = rulingsOf(graph, resource.provision, `${path}.provision`, base, now);
    // A consent that was refused or taken back speaks even when its rules name nobody.
    if (found.value.length > 0 || !closed) {
      const unnamed = found.value.every(
        (one) => one.actors.recipients.length + one.actors.recipientClasses.length === 0,
      );
      return isDirectCare(resource) && base === "permit" && unnamed && !found.value.some((one) => one.sense === "deny")
        ? mapped([DIRECT_CARE], found.reasons)
        : found;
    }
    return mapped([nobody("permit")], found.reasons);
  }
  if (isDirectCare(resource)) return mapped([base === "deny" ? { ...DIRECT_CARE, sense: "deny" } : DIRECT_CARE]);
  return base === undefined && !closed
    ? mapped([], [warning("field-ignored", path)])
    : mapped([nobody(base ?? "permit")]);
};

/** The housing authority that the person chose (Housing Act 1996, s.213B), named as an actor by its GSS code. */
const authorityOf = (graph: Graph, consent: FhirConsent): Consent["chosenAuthority"] =>
  (consent.provision?.actor ?? [])
    .map(({ reference }) =>
      (graph.find(reference, "Organization")?.resource.identifier ?? []).concat(reference?.identifier ?? []),
    )
    .map((identifiers) => GssCode.safeParse(identifierIn(identifiers, ORGANISATION_ID)?.value).data)
    .find((code) => code !== undefined);

const one = (graph: Graph, placed: Placed<"Consent">, now: Date): Mapped<Consent[]> => {
  const { add, keep, reasons } = notebook();
  const { path, resource } = placed;
  const kind = kindOf(resource);
  // Draft and proposed say nothing yet; entered-in-error never did.
  if (kind === undefined || resource.status === "draft" || resource.status === "proposed") {
    return mapped([], [warning("field-ignored", path)]);
  }
  if (resource.status === "entered-in-error") return mapped([]);
  const how = keep(howOf(resource, path));
  const taker = (resource.organization ?? [])
    .map((reference) => graph.find(reference, "Organization")?.resource.name ?? reference.display)
    .find((name) => name !== undefined);
  const statutory = kind === "duty-to-refer" || kind === "contact-details";
  const authority = statutory ? authorityOf(graph, resource) : undefined;
  const records = keep(rulings(graph, placed, kind, now)).map(({ sense, actors, purpose, until }): Consent => ({
    kind,
    decision: decisionOf(resource.status, sense),
    recipients: actors.recipients.length === 0 ? undefined : actors.recipients,
    recipientClasses: actors.recipientClasses.length === 0 ? undefined : actors.recipientClasses,
    purpose,
    chosenAuthority: authority,
    at: momentOf(resource.dateTime),
    until,
    takenBy: taker?.slice(0, 160),
    how,
  }));
  if (resource.verification?.some((check) => !check.verified)) add(warning("field-ignored", `${path}.verification`));
  return mapped(records, reasons);
};

/** Consents of the person referred. Another person's consent in the same message permits nothing here. */
export const consentsOf = (graph: Graph, patient: Placed<"Patient">, now: Date): Mapped<Consent[]> => {
  const { add, keep, reasons } = notebook();
  const records: Consent[] = [];
  for (const placed of graph.all("Consent")) {
    const reference = placed.resource.patient;
    const owner = graph.find(reference, "Patient");
    if (reference?.reference !== undefined && owner === undefined) {
      add(reason("reference-unresolved", `${placed.path}.patient`));
    } else if (owner === undefined && graph.all("Patient").length > 1) {
      add(reason("invariant", `${placed.path}.patient`));
    } else if (owner !== undefined && owner.path !== patient.path) add(warning("field-ignored", placed.path));
    else records.push(...keep(one(graph, placed, now)));
  }
  return mapped(keep(atMost(20, records, "Consent", (path) => reason("too-many", path))), reasons);
};
