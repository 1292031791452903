// What this door can do, as GET /metadata says it. Only what is true today stands here.
import { REQUEST_DEFINITION, RESPONSE_DEFINITION } from "../../schemas/foreign/fhir/systems.ts";

const VALIDATE = { name: "validate", definition: "http://hl7.org/fhir/OperationDefinition/Resource-validate" };

export const capability = (publicUrl: string, date: string) => ({
  resourceType: "CapabilityStatement",
  status: "active",
  date,
  kind: "instance",
  software: { name: "Waymark" },
  implementation: { description: "Waymark, referral broker", url: `${publicUrl}/fhir/R4` },
  fhirVersion: "4.0.1",
  format: ["application/fhir+json", "application/json"],
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
          interaction: [{ code: "create" }, { code: "read" }],
          versioning: "versioned",
          conditionalCreate: true,
          operation: [VALIDATE],
        },
        { type: "Bundle", operation: [VALIDATE] },
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
