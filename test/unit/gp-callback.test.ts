// News to a practice: BaRS in form, thin in content, and taken only when the reply proves it.
import { describe, expect, test } from "vitest";
import { renderCallback } from "../../adapters/gp/callback.ts";
import type { Callback } from "../../schemas/callback.ts";
import { reason, REASONS, type ReasonCode } from "../../schemas/reason.ts";
import { Status } from "../../schemas/referral.ts";
import type { Loose } from "../fixtures/gp/index.ts";

const to = {
  id: "0192f000-0000-7000-8000-0000000000c1",
  kind: "gp" as const,
  organisation: "F83999",
  name: "Example",
  scopes: [],
  test: true,
  webhookSecrets: [],
};
const callback: Callback = {
  id: "0192f000-0000-7000-8000-0000000000d1",
  type: "referral.offered",
  client: to.id,
  referral: "0192f000-0000-7000-8000-0000000000e1",
  reference: "WM-ABCD-EFGH",
  callerReference: "case-1",
  correlationId: "0192f000-0000-7000-8000-0000000000f1",
  messageId: "request-bundle-1",
  sequence: 3,
  at: "2026-11-02T10:00:00.000Z",
  status: "offered",
  reasons: [],
};
const parse = (one: Callback) => {
  const rendered = renderCallback(one, to);
  const bundle: Loose = JSON.parse(rendered.body);
  const find = (type: string) =>
    bundle.entry.map((entry: Loose) => entry.resource).find((r: Loose) => r.resourceType === type);
  return { rendered, bundle, find };
};

test("answers the request by its Bundle.id, under a message id that stays", () => {
  const { rendered, bundle, find } = parse(callback);
  expect(rendered.path).toBe("/$process-message");
  expect(rendered.contentType).toMatch(/^application\/fhir\+json/);
  expect(rendered.headers).toEqual({ "X-Request-Id": callback.id, "X-Correlation-Id": callback.correlationId });
  expect(bundle).toMatchObject({ type: "message", id: callback.id });
  expect(find("MessageHeader")).toMatchObject({
    eventCoding: { code: "servicerequest-response" },
    response: { identifier: "request-bundle-1", code: "ok" },
  });
  expect(find("ServiceRequest")).toMatchObject({ id: callback.referral, status: "active" });
  expect(find("Encounter").identifier[0].value).toBe(callback.reference);
  expect(renderCallback(callback, to).body).toBe(rendered.body);
});

test.each([
  ["received", "planned", "active"],
  ["held", "planned", "active"],
  ["offered", "planned", "active"],
  ["acknowledged", "planned", "active"],
  ["seeking", "planned", "active"],
  ["accepted", "in-progress", "active"],
  ["started", "arrived", "active"],
  ["ended", "finished", "completed"],
  ["unmet", "cancelled", "revoked"],
  ["withdrawn", "cancelled", "revoked"],
] as const)("%s is told as %s", (status, encounter, request) => {
  const { find } = parse({ ...callback, status });
  expect(find("Encounter").status).toBe(encounter);
  expect(find("ServiceRequest").status).toBe(request);
});

test("every status has its word", () => {
  for (const status of Status.options) expect(parse({ ...callback, status }).find("Encounter").status).toBeDefined();
});

test("a rejection carries a BaRS code and our own, with words", () => {
  const codes = (code: Parameters<typeof reason>[0]) =>
    parse({ ...callback, status: "unmet", reasons: [reason(code)] }).find("Encounter").reasonCode[0];
  expect(codes("no-place").coding.map((one: Loose) => one.code)).toEqual(["RRNA", "no-place"]);
  expect(codes("cannot-contact").coding[0].code).toBe("FC");
  expect(codes("not-eligible")).toMatchObject({ coding: [{ code: "OTH" }, { code: "not-eligible" }] });
  expect(codes("not-eligible").text).toMatch(/eligible|take this person/);
});

test("is short, and says every reason in one plain sentence or two", () => {
  for (const code of Object.keys(REASONS) as ReasonCode[]) {
    const one = { ...callback, status: "unmet" as const, reasons: [reason(code)] };
    const { rendered, find } = parse(one);
    const [said] = find("Encounter").reasonCode;
    expect(said.text).toBe(REASONS[code].words);
    expect(said.text.length).toBeLessThanOrEqual(200);
    expect(said.text).toMatch(/^[A-Z].*[.]$/);
    expect(rendered.body.length).toBeLessThan(5_000);
  }
});

test("a referral that came by REST has its own id for a conversation", () => {
  const { correlationId: _none, messageId: _neither, ...rest } = callback;
  expect(parse(rest).rendered.headers["X-Correlation-Id"]).toBe(callback.referral);
});

describe("taken", () => {
  const { taken, headers } = renderCallback(callback, to);
  const echoed = { "x-request-id": callback.id.toUpperCase(), "x-correlation-id": headers["X-Correlation-Id"] ?? "" };
  const issue = (code: string, http: string) =>
    JSON.stringify({
      resourceType: "OperationOutcome",
      issue: [
        { code, details: { coding: [{ system: "https://fhir.nhs.uk/Codesystem/http-error-codes", code: http }] } },
      ],
    });

  test.each<[string, number, Record<string, string>, string, boolean | undefined]>([
    ["200 with both ids", 200, echoed, "", true],
    ["200 without ids", 200, {}, "", false],
    ["200 with another's id", 200, { ...echoed, "x-request-id": callback.referral }, "", false],
    ["409 duplicate", 409, {}, issue("duplicate", "REC_CONFLICT"), true],
    ["409 conflict", 409, {}, issue("conflict", "REC_CONFLICT"), undefined],
    ["409 duplicate of something else", 409, {}, issue("duplicate", "REC_TOO_EARLY"), undefined],
    ["409 that is not JSON", 409, {}, "<html>", undefined],
    ["500", 500, echoed, "", undefined],
  ])("%s", (_name, status, replied, body, expected) => {
    expect(taken?.(status, replied, body)).toBe(expected);
  });
});
