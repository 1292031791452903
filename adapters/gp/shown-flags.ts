// What keeps everyone safe and lets the person be understood: every concern and adjustment as a contained Flag.
import { FLAG_SYSTEM } from "../../schemas/foreign/fhir/systems.ts";
import type { OfferDetail } from "../../schemas/offer.ts";
import { INCIDENT_MARKER } from "../../src/core/disclose.ts";

type Raised = { category: string; code: string; words?: string | undefined };

const raised = ({ flags, person }: OfferDetail): Raised[] => [
  ...flags.safeguarding.map((one) => ({ category: "safeguarding", ...one })),
  ...flags.risk.map((one) => ({ category: "risk", ...one })),
  ...(flags.incidentMarker ? [{ category: "risk", code: INCIDENT_MARKER, words: flags.controlMeasuresRef }] : []),
  ...person.accessNeeds.map((one) => ({ category: "reasonable-adjustment", ...one })),
];

export const shownFlags = (detail: OfferDetail, person: string) =>
  raised(detail).map(({ category, code, words }, at) => ({
    resourceType: "Flag",
    id: `flag-${at + 1}`,
    status: "active",
    category: [{ coding: [{ system: FLAG_SYSTEM, code: category }] }],
    code: { coding: [{ code }], text: words },
    subject: { reference: person },
  }));
