// Consent resources become separate records: what was said, to whom, for which purpose, and whether it still holds.
import { Consent as Ours, ConsentKind, outsideEngland, type Consent } from "../../schemas/consent.ts";
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
import { permittedIn, rulingsOf, type Reading, type Ruling, type Sense } from "./provisions.ts";

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

/** BaRS says direct care and no more: it never stretches to a council, a charity or a company. Who is not named is the NHS. */
const directCare = (ruling: Ruling): Ruling => ({
  ...ruling,
  purpose: ruling.purpose ?? "direct-care",
  ...(ruling.sense === "permit" && (ruling.recipients ?? ruling.recipientClasses) === undefined
    ? { recipientClasses: ["nhs"] as const satisfies Ruling["recipientClasses"] }
    : {}),
});

/**
 * Refused or taken back, a consent takes back what its rules gave, whatever their limits; where they gave nothing, what
 * they refused stays refused. It speaks even when its rules name nobody.
 */
const closedTo = (rulings: readonly Ruling[]): Ruling[] => {
  const { recipients, recipientClasses } = permittedIn(rulings);
  const refusals = rulings.filter(({ sense }) => sense === "deny").map((one) => ({ ...one, except: undefined }));
  if (recipients.length + recipientClasses.length === 0 && refusals.length > 0) return refusals;
  const [purpose, ...others] = new Set(rulings.map((one) => one.purpose));
  return [
    {
      sense: "permit",
      recipients: recipients.length === 0 ? undefined : recipients,
      recipientClasses: recipientClasses.length === 0 ? undefined : recipientClasses,
      purpose: others.length === 0 ? purpose : undefined,
    },
  ];
};

const rulings = ({ path, resource }: Placed<"Consent">, kind: ConsentKind, reading: Reading): Mapped<Ruling[]> => {
  const { add, keep, reasons } = notebook();
  const base = baseOf(resource, kind);
  const care = isDirectCare(resource);
  const closed = resource.status !== "active";
  const whole: Ruling[] = base === undefined && !care && !closed ? [] : [{ sense: base ?? "permit" }];
  if (resource.provision === undefined && whole.length === 0) add(warning("field-ignored", path));
  const said =
    resource.provision === undefined ? whole : keep(rulingsOf(resource.provision, `${path}.provision`, base, reading));
  const found = care ? said.map(directCare) : said;
  return mapped(closed ? closedTo(found) : found, reasons);
};

/** The housing authority that the person chose (Housing Act 1996, s.213B), named as an actor by its GSS code. */
const authorityOf = (graph: Graph, consent: FhirConsent): Consent["chosenAuthority"] =>
  (consent.provision?.actor ?? [])
    .map(({ reference }) =>
      (graph.find(reference, "Organization")?.resource.identifier ?? []).concat(reference?.identifier ?? []),
    )
    .map((identifiers) => GssCode.safeParse(identifierIn(identifiers, ORGANISATION_ID)?.value).data)
    .find((code) => code !== undefined);

/** The records of one Consent. Its owner is the caller's business. */
export const recordsOf = (placed: Placed<"Consent">, reading: Reading): Mapped<Consent[]> => {
  const { add, keep, reasons } = notebook();
  const { path, resource } = placed;
  const { graph } = reading;
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
  if (outsideEngland(authority)) add(reason("authority-not-england", `${path}.provision.actor`));
  const records = keep(rulings(placed, kind, reading)).map(({ sense, ...said }): Consent => ({
    kind,
    decision: decisionOf(resource.status, sense),
    ...said,
    chosenAuthority: authority,
    at: momentOf(resource.dateTime),
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
    else
      records.push(
        ...keep(
          recordsOf(placed, { graph, now, isReferral: (one) => graph.find(one, "ServiceRequest") !== undefined }),
        ),
      );
  }
  return mapped(keep(atMost(20, records, "Consent", (path) => reason("too-many", path))), reasons);
};
