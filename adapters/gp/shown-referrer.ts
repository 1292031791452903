// Who refers, as a service that accepted may know them: the role, the organisation and the worker, contained.
import { ODS_ORGANISATION, ORGANISATION_ID } from "../../schemas/foreign/fhir/systems.ts";
import { OdsCode } from "../../schemas/ids.ts";
import type { OfferDetail } from "../../schemas/offer.ts";

export const REFERRER = "#referrer";
const WORKER = "#worker";
const ORGANISATION = "#organisation";

export const shownReferrer = ({
  organisation = "",
  name,
  worker,
  role,
  contact,
}: NonNullable<OfferDetail["referrer"]>) => [
  {
    resourceType: "PractitionerRole",
    id: REFERRER.slice(1),
    practitioner: worker === undefined ? undefined : { reference: WORKER },
    organization: { reference: ORGANISATION },
    code: role === undefined ? undefined : [{ text: role }],
    telecom:
      contact === undefined ? undefined : [{ system: contact.includes("@") ? "email" : "phone", value: contact }],
  },
  {
    resourceType: "Organization",
    id: ORGANISATION.slice(1),
    identifier: [
      {
        system: OdsCode.safeParse(organisation).success ? ODS_ORGANISATION : ORGANISATION_ID,
        value: organisation,
      },
    ],
    name,
  },
  ...(worker === undefined ? [] : [{ resourceType: "Practitioner", id: WORKER.slice(1), name: [{ text: worker }] }]),
];
