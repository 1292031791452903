// The addresses of code systems and extensions that we read and write at the FHIR door.

const OURS = "https://waymark.example/fhir";
const NHS = "https://fhir.nhs.uk";
const HL7_UK = "https://fhir.hl7.org.uk";

export const NHS_NUMBER = `${NHS}/Id/nhs-number`;
export const ODS_ORGANISATION = `${NHS}/Id/ods-organization-code`;
export const ODS_SITE = `${NHS}/Id/ods-site-code`;
export const HTTP_ERRORS = `${NHS}/CodeSystem/http-error-codes`;
export const FLAG_CATEGORIES = `${NHS}/CodeSystem/flag-categories-bars`;
export const CONSENT_CATEGORIES = `${NHS}/CodeSystem/consent-categories-bars`;
export const MESSAGE_EVENTS = `${NHS}/CodeSystem/message-events-bars`;
export const MESSAGE_REASONS = `${NHS}/CodeSystem/message-reason-bars`;
export const MESSAGE_CATEGORIES = `${NHS}/CodeSystem/message-category-servicerequest`;
export const REJECTED_REASONS = `${NHS}/CodeSystem/rejected-reasons-bars`;
export const DOS_REJECTED = `${NHS}/CodeSystem/dos-rejected-reasons-bars`;
export const BARS_BUNDLE = `${NHS}/StructureDefinition/BARSBundleMessage`;
export const BARS_RESPONSE_HEADER = `${NHS}/StructureDefinition/BARSMessageHeader-servicerequest-response`;
export const REQUEST_DEFINITION = `${NHS}/MessageDefinition/bars-message-servicerequest-request-referral`;
export const RESPONSE_DEFINITION = `${NHS}/MessageDefinition/bars-message-servicerequest-response-referral-short`;

export const UK_OUTCOME = `${HL7_UK}/StructureDefinition/UKCore-OperationOutcome`;
export const UK_VERIFICATION = `${HL7_UK}/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus`;
export const UK_COMMUNICATION = `${HL7_UK}/StructureDefinition/Extension-UKCore-NHSCommunication`;
export const UK_CONTACT_PREFERENCE = `${HL7_UK}/StructureDefinition/Extension-UKCore-ContactPreference`;
export const UK_ETHNIC_CATEGORY = `${HL7_UK}/StructureDefinition/Extension-UKCore-EthnicCategory`;
export const UK_ETHNIC_CATEGORIES = `${HL7_UK}/CodeSystem/UKCore-EthnicCategoryEngland`;
export const UK_ADDRESS_KEY = `${HL7_UK}/StructureDefinition/Extension-UKCore-AddressKey`;
export const INTERPRETER_REQUIRED = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired";
export const TASK_CODE = "http://hl7.org/fhir/CodeSystem/task-code";
export const DATA_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

export const NOTIFICATION_STATUS =
  "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-status-r4";
export const BACKPORT_PAYLOAD =
  "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content";
export const ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
export const ACT_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
export const RESOURCE_TYPES = "http://hl7.org/fhir/resource-types";
export const CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
export const CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope";

export const REASON_SYSTEM = `${OURS}/CodeSystem/reason`;
export const CONSENT_KIND = `${OURS}/CodeSystem/consent-kind`;
export const RECIPIENT_CLASS = `${OURS}/CodeSystem/recipient-class`;
export const PURPOSE = `${OURS}/CodeSystem/purpose`;
export const DATA_CLASS = `${OURS}/CodeSystem/data-class`;
export const FLAG_SYSTEM = `${OURS}/CodeSystem/flag`;
export const PROGRESS = `${OURS}/CodeSystem/progress`;
export const CONTACT_WAY = `${OURS}/CodeSystem/contact-way`;
/** Which week of a job is asked about, what is answered, and what shows it. */
export const CHECKPOINT = `${OURS}/CodeSystem/checkpoint`;
export const CHECKPOINT_ANSWER = `${OURS}/CodeSystem/checkpoint-answer`;
export const EVIDENCE = `${OURS}/StructureDefinition/evidence`;
export const TOLD_ON = `${OURS}/StructureDefinition/told-on`;
export const HOLD_UNTIL = `${OURS}/StructureDefinition/hold-until`;
export const PREVIEW = `${OURS}/CodeSystem/preview`;
export const REFERENCE_ID = `${OURS}/Id/reference`;
export const OFFER_ID = `${OURS}/Id/offer`;
export const ORGANISATION_ID = `${OURS}/Id/organisation`;
export const SERVICE_ID = `${OURS}/Id/service`;
export const BROKER = `${OURS}/Id/broker|waymark`;
export const SAFE_CONTACT = `${OURS}/StructureDefinition/safe-contact`;
export const ALSO_NEEDS = `${OURS}/StructureDefinition/also-needs`;
export const FACTS = `${OURS}/StructureDefinition/facts`;
export const HOME = `${OURS}/StructureDefinition/home`;
export const AUTHORITY = `${OURS}/StructureDefinition/authority`;
export const CONSENT_HOW = `${OURS}/StructureDefinition/consent-how`;
export const SEQUENCE = `${OURS}/StructureDefinition/sequence`;
export const STATUS = `${OURS}/CodeSystem/status`;
export const TOPIC = `${OURS}/SubscriptionTopic/referral`;
export const NINO_ID = `${OURS}/Id/nino`;
export const MONITORING = `${OURS}/StructureDefinition/monitoring`;
export const WORK = `${OURS}/StructureDefinition/work`;
export const HANDOVER = `${OURS}/StructureDefinition/handover`;
