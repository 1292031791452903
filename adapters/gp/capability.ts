// What this door can do, as GET /metadata says it. Only what is true today stands here.
import { REQUEST_DEFINITION, RESPONSE_DEFINITION } from "../../schemas/foreign/fhir/systems.ts";

const VALIDATE = { name: "validate", definition: "http://hl7.org/fhir/OperationDefinition/Resource-validate" };

type Types = Record<string, "token" | "reference" | "date" | "uri">;

const params = (types: Types) => Object.entries({ _id: "token", ...types }).map(([name, type]) => ({ name, type }));
const SERVICE_REQUEST: Types = { identifier: "token", status: "token", _lastUpdated: "date" };
const TASK: Types = { ...SERVICE_REQUEST, focus: "reference" };

export const capability = (publicUrl: string, date: string) => ({
  resourceType: "CapabilityStatement",
  status: "active",
  date,
  kind: "instance",
  software: { name: "Waymark" },
  implementation: { description: "Waymark, referral broker", url: `${publicUrl}/fhir/R4` },
  fhirVersion: "4.0.1",
  format: ["application/fhir+json", "application/json"],
  patchFormat: ["application/json-patch+json"],
  messaging: [
    {
      endpoint: [
        {
          protocol: { system: "http://terminology.hl7.org/CodeSystem/message-transport", code: "http" },
          address: `${publicUrl}/fhir/R4/$process-message`,
        },
      ],
      supportedMessage: [
        { mode: "receiver", definition: REQUEST_DEFINITION },
        { mode: "sender", definition: RESPONSE_DEFINITION },
      ],
    },
  ],
  rest: [
    {
      mode: "server",
      security: {
        service: [
          {
            coding: [
              { system: "http://terminology.hl7.org/CodeSystem/restful-security-service", code: "SMART-on-FHIR" },
            ],
          },
        ],
        description: "Backend services: client credentials with private_key_jwt at /oauth2/token",
      },
      resource: [
        {
          type: "ServiceRequest",
          interaction: [{ code: "create" }, { code: "read" }, { code: "search-type" }],
          versioning: "versioned",
          conditionalCreate: true,
          searchParam: params(SERVICE_REQUEST),
          operation: [VALIDATE],
        },
        {
          type: "Task",
          documentation: "A referrer reads whom its referrals were offered to; a service reads and answers its offers",
          interaction: [{ code: "read" }, { code: "search-type" }, { code: "update" }, { code: "patch" }],
          versioning: "versioned",
          updateCreate: false,
          searchParam: params(TASK),
          operation: [VALIDATE],
        },
        {
          type: "Consent",
          documentation:
            "After its referral: provision.data.reference cites the ServiceRequest. A search tells what is on record for one",
          interaction: [{ code: "create" }, { code: "read" }, { code: "search-type" }],
          versioning: "versioned",
          searchParam: params({ data: "reference", status: "token" }),
        },
        {
          type: "Subscription",
          documentation:
            "Of a client that registered for notifications, under its own id; an operator makes and ends it",
          interaction: [{ code: "read" }],
          operation: [
            {
              name: "status",
              definition:
                "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription-status",
            },
          ],
        },
        { type: "Bundle", operation: [VALIDATE] },
        { type: "MessageDefinition", interaction: [{ code: "search-type" }], searchParam: params({ url: "uri" }) },
      ],
      interaction: [{ code: "transaction" }],
      operation: [
        {
          name: "process-message",
          definition: "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message",
        },
      ],
    },
  ],
});
