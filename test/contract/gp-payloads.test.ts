// Real published payloads of others, where they lie beside the project: each is taken or refused for the right reason.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readMessage } from "../../adapters/gp/read-message.ts";
import { readServiceRequest } from "../../adapters/gp/read-rest.ts";

const ROOT = resolve(import.meta.dirname, "../../../shared/data/fhir");
const client = {
  id: "0192f000-0000-7000-8000-0000000000c1",
  kind: "gp" as const,
  organisation: "RND",
  name: "Example",
  scopes: [],
  test: true,
  webhookSecrets: [],
};
const asking = { client, now: new Date("2026-11-02T10:00:00Z") };

const CASES: [string, typeof readMessage | typeof readServiceRequest, string[]][] = [
  // A validation, its plan still active, and without the time of its author: all three at once.
  [
    "bars-api-1.4.0/process_message/request/ValidationRequest (POST) .json",
    readMessage,
    ["not-supported", "required", "invariant"],
  ],
  ["bars-api-1.4.0/process_message/request/ValidationResponse (POST) .json", readMessage, ["not-supported"]],
  ["bars-api-1.4.0/process_message/request/Booking (POST).json", readMessage, ["not-supported"]],
  ["bars-api-1.4.0/process_message/response/ValidationRequest (HTTP Response) .json", readMessage, ["invariant"]],
  // `basedOn` is one object there; R4 has a list.
  ["bars-api-1.4.0/service_request/id/GET-success.json", readServiceRequest, ["wrong-type"]],
  // Whom it is about and who asks stand elsewhere.
  [
    "uk-core/examples/UKCore-ServiceRequest-ColonoscopyRequest-Example.json",
    readServiceRequest,
    ["reference-unresolved", "reference-unresolved"],
  ],
];

for (const [file, reader, expected] of CASES) {
  const path = resolve(ROOT, file);
  const here = existsSync(path);
  if (!here) console.info(`skipped: ${file} does not lie beside the project`);
  test.skipIf(!here)(`${file}`, () => {
    const result = reader(JSON.parse(readFileSync(path, "utf8")), asking);
    const codes = result.ok ? [] : result.reasons.filter((one) => one.severity === "error").map((one) => one.code);
    expect(codes).toEqual(expected);
  });
}

const VALIDATION = resolve(ROOT, "bars-api-1.4.0/process_message/request/ValidationRequest (POST) .json");
test.skipIf(!existsSync(VALIDATION))(
  "made into a referral, the published message is taken with all that it says",
  () => {
    const text = readFileSync(VALIDATION, "utf8");
    const bundle = JSON.parse(text);
    for (const { resource } of bundle.entry) {
      if (resource.resourceType === "CarePlan") resource.status = "completed";
      if (resource.resourceType !== "ServiceRequest") continue;
      resource.authoredOn = "2021-11-26T15:00:00.0000000+00:00";
      resource.category[0].coding[0].code = "referral";
    }
    const result = readMessage(bundle, asking);
    if (!result.ok) throw new Error(JSON.stringify(result.reasons));
    const { content, warnings } = result.value;
    // The number that the published examples use fails its check: a test client may send it.
    expect(warnings.map((one) => one.code)).toEqual(["need-unknown", "nhs-number-check-test"]);
    expect(content.person).toMatchObject({
      nhsNumberVerified: true,
      practice: "G82080",
      phones: ["07736312544", "01138698975"],
    });
    expect(content.flags.risk).toEqual([{ code: "S", words: "The Scene is safe" }]);
    expect(content.consents).toMatchObject([{ recipientClasses: ["nhs"], purpose: "direct-care", how: "implied" }]);
  },
);
