// A consent as it is on record here: what was understood of what the person said, not the resource in which it came.
import type { Consent, Exception } from "../../schemas/consent.ts";
import {
  ACT_CODE,
  CONSENT_HOW,
  CONSENT_KIND,
  CONSENT_SCOPE,
  DATA_ABSENT,
  DATA_CLASS,
  ODS_ORGANISATION,
  ORGANISATION_ID,
  PURPOSE,
  RECIPIENT_CLASS,
} from "../../schemas/foreign/fhir/systems.ts";
import { OdsCode } from "../../schemas/ids.ts";

const STATUS: Record<Consent["decision"], "active" | "rejected" | "inactive"> = {
  given: "active",
  refused: "rejected",
  withdrawn: "inactive",
};
const RECIPIENT = {
  coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", code: "IRCP" }],
};
const MASKED = { extension: [{ url: DATA_ABSENT, valueCode: "masked" }] };

const actor = (system: string, value: string) => ({ role: RECIPIENT, reference: { identifier: { system, value } } });

type Whom = Pick<Consent, "recipients" | "recipientClasses" | "chosenAuthority">;

const actors = ({ recipients = [], recipientClasses = [], chosenAuthority }: Whom) => [
  ...recipients.map((id) => actor(OdsCode.safeParse(id).success ? ODS_ORGANISATION : ORGANISATION_ID, id)),
  ...recipientClasses.map((one) => actor(RECIPIENT_CLASS, one)),
  ...(chosenAuthority === undefined ? [] : [actor(ORGANISATION_ID, chosenAuthority)]),
];

/** What a rule says and what its exceptions say, each in R4's words. */
const ruleOf = (rule: Whom & Omit<Exception, "decision">, type: "permit" | "deny"): object => {
  const named = actors(rule);
  return {
    type,
    period: rule.until === undefined ? undefined : { end: rule.until },
    actor: named.length === 0 ? undefined : named,
    purpose: rule.purpose === undefined ? undefined : [{ system: PURPOSE, code: rule.purpose }],
    class: rule.data?.map((code) => ({ system: DATA_CLASS, code })),
    provision: rule.except?.map((one) => ruleOf(one, one.decision === "given" ? "permit" : "deny")),
  };
};

/** Its place in the line is its name: consents are added, and never changed. */
export const consentId = (referral: string, place: number): string => `${referral}.${place + 1}`;

export const shownConsent = (consent: Consent, referral: string, place: number, receivedAt: string) => {
  // A no with exceptions is a rule in force; without any, R4 says it by the status.
  const deny = consent.decision === "refused" && consent.except !== undefined;
  return {
    resourceType: "Consent",
    id: consentId(referral, place),
    meta: { versionId: "1", lastUpdated: consent.at ?? receivedAt },
    extension: consent.how === undefined ? undefined : [{ url: CONSENT_HOW, valueCode: consent.how }],
    status: deny ? "active" : STATUS[consent.decision],
    scope: { coding: [{ system: CONSENT_SCOPE, code: "patient-privacy" }] },
    category: [{ coding: [{ system: CONSENT_KIND, code: consent.kind }] }],
    patient: MASKED,
    dateTime: consent.at,
    organization: consent.takenBy === undefined ? undefined : [{ display: consent.takenBy }],
    policyRule: { coding: [{ system: ACT_CODE, code: "OPTIN" }] },
    provision: {
      ...ruleOf(consent, deny ? "deny" : "permit"),
      data: [{ meaning: "instance", reference: { reference: `ServiceRequest/${referral}` } }],
    },
  };
};
