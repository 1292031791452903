// The GP door over real HTTP: what it takes, what it answers, and that nothing is taken twice.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { gpDoor } from "../../adapters/gp/index.ts";
import { barsIds, barsMessage, idOf, serviceRequest, transactionBundle, type Loose } from "../fixtures/gp/index.ts";
import {
  call,
  mountDoor,
  NOW,
  REFERENCE,
  REFERRAL,
  SECRET,
  taken,
  type Mounted,
  type Reply,
} from "../fixtures/door.ts";

let door: Mounted;
beforeAll(async () => {
  door = await mountDoor(gpDoor, "gp", "F83999", "/fhir/R4");
});
afterAll(() => door.close());
beforeEach(() => {
  door.arrivals.length = 0;
  door.views.length = 0;
  door.answer.value = taken;
});

const ids = barsIds();
const BOTH = { "X-Request-Id": ids.requestId, "X-Correlation-Id": ids.correlationId };
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  call(`${door.url}${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${SECRET}`, "Content-Type": "application/fhir+json", ...headers },
    body: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });
const get = (path: string, headers: Record<string, string> = { Authorization: `Bearer ${SECRET}` }): Promise<Reply> =>
  call(`${door.url}${path}`, { headers });
const json = (reply: Reply): Loose => JSON.parse(reply.text);
const repeat = (sameBody: boolean) => {
  door.answer.value = { outcome: "repeat", sameBody, taken: { referral: REFERRAL, reference: REFERENCE, at: NOW } };
};
const firstIssue = (reply: Reply): Loose => json(reply).issue[0];
const httpCode = (reply: Reply): string => firstIssue(reply).details.coding[0].code;

describe("$process-message", () => {
  test("answers with our id, our reference and the sender's message id", async () => {
    const message = barsMessage();
    const reply = await post("/$process-message", message, BOTH);
    expect(reply.status).toBe(200);
    expect(reply.headers["content-type"]).toBe("application/fhir+json; charset=utf-8");
    expect(reply.headers["x-request-id"]).toBe(ids.requestId);
    expect(reply.headers["x-correlation-id"]).toBe(ids.correlationId);
    const resources = json(reply).entry.map((one: Loose) => one.resource);
    const of = (type: string) => resources.filter((one: Loose) => one.resourceType === type);
    expect(of("MessageHeader")[0].response).toEqual({ identifier: message["id"], code: "ok" });
    expect(of("ServiceRequest")[0].id).toBe(REFERRAL);
    expect(of("Encounter")).toHaveLength(2);
    expect(of("Encounter")[1]).toMatchObject({ status: "planned", identifier: [{ value: REFERENCE }] });
    expect(reply.text).not.toContain("Fairweather");
  });

  test("hands over the bytes as they came, and the caller's ids", async () => {
    const sent = `${JSON.stringify(barsMessage({ callerReference: "own-7" }), null, 2)}\n`;
    await post("/$process-message", sent, BOTH);
    const [arrival] = door.arrivals;
    expect(Buffer.from(arrival?.body ?? []).toString("utf8")).toBe(sent);
    expect(arrival).toMatchObject({
      door: "gp",
      key: ids.requestId,
      requestId: ids.requestId,
      correlationId: ids.correlationId,
      messageId: barsMessage()["id"],
      callerReference: "own-7",
    });
  });

  test("warnings come back with the answer", async () => {
    const need = { system: "http://snomed.info/sct", code: "999999999" };
    const reply = await post("/$process-message", barsMessage({ need }), BOTH);
    const resources = json(reply).entry.map((one: Loose) => one.resource);
    const outcome = resources.find((one: Loose) => one.resourceType === "OperationOutcome");
    expect(outcome.issue[0]).toMatchObject({ severity: "warning", details: { coding: [{ code: "need-unknown" }] } });
    expect(resources[0].response.details.reference).toContain(outcome.id);
  });

  test("the same again is 409 duplicate; another body under the same id is 409 conflict", async () => {
    repeat(true);
    const same = await post("/$process-message", barsMessage(), BOTH);
    expect([same.status, firstIssue(same).code, httpCode(same)]).toEqual([409, "duplicate", "REC_CONFLICT"]);
    expect(same.headers["x-request-id"]).toBe(ids.requestId);
    repeat(false);
    const other = await post("/$process-message", barsMessage({ detail: "Other" }), BOTH);
    expect([other.status, firstIssue(other).code, httpCode(other)]).toEqual([409, "conflict", "REC_CONFLICT"]);
  });

  test("a full line says when to come again", async () => {
    door.answer.value = { outcome: "busy", retryAfterSeconds: 7 };
    const reply = await post("/$process-message", barsMessage(), BOTH);
    expect([reply.status, httpCode(reply), reply.headers["retry-after"]]).toEqual([
      503,
      "REC_SERVICE_UNAVAILABLE",
      "7",
    ]);
  });

  test("an emergency is refused with the right route", async () => {
    door.answer.value = { outcome: "refused", reasons: [{ code: "emergency-route", severity: "error" }] };
    const reply = await post("/$process-message", barsMessage(), BOTH);
    expect([reply.status, httpCode(reply)]).toEqual([422, "REC_UNPROCESSABLE_ENTITY"]);
    expect(firstIssue(reply).diagnostics).toContain("999");
  });

  test.each<[string, Record<string, string>, string, string]>([
    ["no request id", { "X-Correlation-Id": ids.correlationId }, "required", "http.X-Request-Id"],
    ["no correlation id", { "X-Request-Id": ids.requestId }, "required", "http.X-Correlation-Id"],
    ["an id that is no GUID", { ...BOTH, "X-Request-Id": "abc" }, "invalid", "http.X-Request-Id"],
  ])("%s is refused", async (_name, headers, code, expression) => {
    const reply = await post("/$process-message", barsMessage(), headers);
    expect([reply.status, httpCode(reply)]).toEqual([400, "REC_BAD_REQUEST"]);
    expect(firstIssue(reply)).toMatchObject({ code, expression: [expression] });
    expect(door.arrivals).toEqual([]);
  });

  test.each([
    [barsMessage({ versionId: "2.0.0" }), 422, "not-supported"],
    [barsMessage({ reason: "update" }), 422, "not-supported"],
    [Object.assign(barsMessage(), { meta: {} }), 400, "invariant"],
  ])("versions and changes that we do not take", async (message, status, code) => {
    const reply = await post("/$process-message", message, BOTH);
    expect([reply.status, firstIssue(reply).code]).toEqual([status, code]);
    expect(door.arrivals).toEqual([]);
  });

  test("another organisation's sender is forbidden", async () => {
    const reply = await post("/$process-message", barsMessage({ practice: { ods: "F84000" } }), BOTH);
    expect([reply.status, httpCode(reply)]).toEqual([403, "REC_FORBIDDEN"]);
    expect(door.arrivals).toEqual([]);
  });
});

describe("REST", () => {
  const LOCATION = `https://broker.example/fhir/R4/ServiceRequest/${REFERRAL}`;

  test("one ServiceRequest is created once, and found again", async () => {
    const sent = serviceRequest({ callerReference: "own-1" });
    const first = await post("/ServiceRequest", sent);
    expect([first.status, first.headers["location"], first.headers["etag"]]).toEqual([201, LOCATION, 'W/"1"']);
    expect(json(first)).toMatchObject({ id: REFERRAL, status: "active" });
    expect(json(first).identifier.map((one: Loose) => one.value)).toEqual([REFERENCE, "own-1"]);
    expect(door.arrivals[0]?.key).toBe("https://surgery.example/Id/referral|own-1");
    repeat(true);
    const again = await post("/ServiceRequest", sent);
    expect([again.status, again.headers["location"], json(again).id]).toEqual([200, LOCATION, REFERRAL]);
    repeat(false);
    expect((await post("/ServiceRequest", sent)).status).toBe(409);
  });

  test("the key is the condition, then the request's id, then the identifier; without any it is refused", async () => {
    const sent = serviceRequest({ callerReference: "own-1" });
    await post("/ServiceRequest", sent, {
      "X-Request-Id": ids.requestId,
      "If-None-Exist": "identifier=https://x.example|9",
    });
    await post("/ServiceRequest", sent, { "X-Request-Id": ids.requestId });
    expect(door.arrivals.map((one) => one.key)).toEqual(["https://x.example|9", ids.requestId]);
    const none = await post("/ServiceRequest", serviceRequest());
    expect([none.status, firstIssue(none).code, firstIssue(none).expression]).toEqual([
      400,
      "required",
      ["http.X-Request-Id"],
    ]);
  });

  test.each(["identifier=https://fhir.nhs.uk/id/nhs-number|9990000018", "patient=1", "identifier=novalue", "a=1&b=2"])(
    "the condition %s makes no key",
    async (condition) => {
      const reply = await post("/ServiceRequest", serviceRequest(), { "If-None-Exist": condition });
      expect(reply.status).toBe(400);
      expect(door.arrivals).toEqual([]);
    },
  );

  test("a transaction answers every request in its order", async () => {
    const sent = transactionBundle({ flags: [{ category: "SG", code: "x" }] });
    const reply = await post("/", sent, { "X-Request-Id": ids.requestId });
    expect(reply.status).toBe(200);
    const { type, entry } = json(reply);
    expect([type, entry.length]).toEqual(["transaction-response", sent["entry"].length]);
    expect(entry.every((one: Loose) => one.response.status === "201 Created")).toBe(true);
    const located = entry.flatMap((one: Loose, at: number) => (one.response.location === undefined ? [] : [at]));
    const asked = sent["entry"].findIndex((one: Loose) => one.resource.resourceType === "ServiceRequest");
    expect(located).toEqual([asked]);
    repeat(true);
    const again = await post("/", sent, { "X-Request-Id": ids.requestId });
    expect(json(again).entry[asked].response).toMatchObject({
      status: "200 OK",
      location: `ServiceRequest/${REFERRAL}`,
    });
  });

  test.each<[string, (bundle: Loose) => void, string]>([
    ["a batch", (one) => void (one.type = "batch"), "not-supported"],
    ["a message", (one) => void (one.type = "message"), "not-supported"],
    ["a PUT in it", (one) => void (one.entry[2].request.method = "PUT"), "not-supported"],
    ["an address that is not its type", (one) => void (one.entry[2].request.url = "Basic"), "invariant"],
    ["no ServiceRequest", (one) => void one.entry.shift(), "required"],
    ["two of them", (one) => void one.entry.push({ ...one.entry[0], fullUrl: "urn:uuid:2" }), "too-costly"],
  ])("%s is refused as a whole", async (_name, change, code) => {
    const sent = transactionBundle();
    change(sent);
    const reply = await post("/", sent, { "X-Request-Id": ids.requestId });
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(firstIssue(reply).code).toBe(code);
    expect(door.arrivals).toEqual([]);
  });

  test("one's own referral can be read; any other is not there", async () => {
    door.views.push({
      id: REFERRAL,
      reference: REFERENCE,
      callerReference: "own-1",
      status: "ended",
      words: "",
      receivedAt: NOW.toISOString(),
      changedAt: NOW.toISOString(),
      sequence: 9,
      reasons: [],
      timeline: [],
    });
    const reply = await get(`/ServiceRequest/${REFERRAL}`);
    expect([reply.status, reply.headers["etag"], json(reply).status]).toEqual([200, 'W/"9"', "completed"]);
    for (const id of [idOf("another"), REFERENCE, "x"]) {
      const none = await get(`/ServiceRequest/${id}`);
      expect([none.status, httpCode(none)]).toEqual([404, "REC_NOT_FOUND"]);
    }
  });

  test("$validate finds what is wrong and stores nothing", async () => {
    const good = await post("/ServiceRequest/$validate", serviceRequest());
    expect([good.status, firstIssue(good).severity]).toEqual([200, "information"]);
    const wrapped = { resourceType: "Parameters", parameter: [{ name: "resource", resource: barsMessage() }] };
    expect(firstIssue(await post("/Bundle/$validate", wrapped)).severity).toBe("information");
    expect(firstIssue(await post("/Bundle/%24validate", transactionBundle())).severity).toBe("information");
    const bad = await post("/Bundle/$validate", barsMessage({ person: { nhsNumber: "1", postcode: "?" } }));
    expect([bad.status, json(bad).issue.length]).toEqual([200, 2]);
    expect((await post("/Patient/$validate", {})).status).toBe(422);
    expect(door.arrivals).toEqual([]);
  });
});

describe("who and in which form", () => {
  test("metadata needs no login and says what is there", async () => {
    const reply = await get("/metadata", {});
    expect([reply.status, json(reply).fhirVersion, json(reply).resourceType]).toEqual([
      200,
      "4.0.1",
      "CapabilityStatement",
    ]);
    expect(json(reply).messaging[0].supportedMessage[0].mode).toBe("receiver");
  });

  test.each([
    ["/$process-message", "POST"],
    ["/ServiceRequest", "POST"],
    ["/", "POST"],
    ["/Bundle/$validate", "POST"],
    [`/ServiceRequest/${REFERRAL}`, "GET"],
  ])("%s needs a token", async (path, method) => {
    const body = method === "POST" ? JSON.stringify(barsMessage()) : undefined;
    for (const [token, scheme] of [
      [undefined, "Bearer realm"],
      ["wrong", "invalid_token"],
    ] as const) {
      const headers = {
        ...BOTH,
        "Content-Type": "application/fhir+json",
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      };
      const reply = await call(`${door.url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
      expect([reply.status, httpCode(reply)]).toEqual([401, "REC_UNAUTHORIZED"]);
      expect(reply.headers["www-authenticate"]).toContain(scheme);
      expect(reply.headers["x-correlation-id"]).toBe(ids.correlationId);
    }
    expect(door.arrivals).toEqual([]);
  });

  test.each<[string, number]>([
    ["application/fhir+json", 200],
    ["application/json", 200],
    ["*/*", 200],
    ["application/fhir+json; version=1.4.0", 200],
    ["text/html, application/fhir+json;q=0.5", 200],
    ["application/fhir+json; version=2.0.0", 406],
    ["application/fhir+json; fhirVersion=3.0", 406],
    ["application/fhir+xml", 406],
    ["text/html", 406],
    ["application/json;q=0", 406],
  ])("Accept: %s is answered %i", async (accept, status) => {
    expect((await get("/metadata", { Accept: accept })).status).toBe(status);
  });
});

describe("bad input moves nothing", () => {
  const deep = `${"[".repeat(1_000)}${"]".repeat(1_000)}`;
  test.each<[string, string | Buffer, Record<string, string>, number, string]>([
    ["not JSON", "{", {}, 400, "structure"],
    ["nothing", "", {}, 400, "structure"],
    ["not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), {}, 400, "structure"],
    ["a list", "[]", {}, 400, "structure"],
    ["nesting 1,000 deep", deep, {}, 400, "too-costly"],
    ["2 MB", " ".repeat(2_000_000), {}, 413, "too-long"],
    ["the wrong media type", "{}", { "Content-Type": "text/plain" }, 415, "not-supported"],
    ["another resource", '{"resourceType":"Patient"}', {}, 400, "code-invalid"],
  ])("%s", async (_name, body, headers, status, code) => {
    for (const path of ["/$process-message", "/ServiceRequest", "/"]) {
      const reply = await post(path, body, { ...BOTH, ...headers });
      expect([path, reply.status, firstIssue(reply).code]).toEqual([path, status, code]);
      expect(reply.headers["x-request-id"]).toBe(ids.requestId);
    }
    expect(door.arrivals).toEqual([]);
    expect((await get("/metadata", {})).status).toBe(200);
  });

  test("many faults are answered together, each with its path and without its value", async () => {
    const person = { nhsNumber: "99912345", postcode: "SECRET-STREET", birthDate: "2026-02-30" };
    const sent = barsMessage({ person: { ...person, birthDate: "2031-01-01" }, facts: { employment: "private-word" } });
    const reply = await post("/$process-message", sent, BOTH);
    expect(reply.status).toBe(400);
    const codes = json(reply).issue.map((one: Loose) => one.details.coding[1].code);
    expect(codes.sort()).toEqual(["birth-date-future", "nhs-number-malformed", "not-one-of", "postcode-malformed"]);
    for (const issue of json(reply).issue) expect(issue.expression[0]).toMatch(/^Bundle\.entry\[\d+\]\.resource\./);
    for (const value of ["99912345", "SECRET-STREET", "private-word", "2031"]) expect(reply.text).not.toContain(value);
    expect(door.arrivals).toEqual([]);
  });

  test.each([
    ["an impossible date", { birthDate: "2026-02-30" }, "date-impossible"],
    ["a number that fails its check", { nhsNumber: "9990000010" }, "nhs-number-check"],
    ["a number of nine digits", { nhsNumber: "999000001" }, "nhs-number-malformed"],
    ["a postcode of no form", { postcode: "N1" }, "postcode-malformed"],
  ])("%s", async (_name, person, code) => {
    for (const [path, body] of [
      ["/$process-message", barsMessage({ person })],
      ["/ServiceRequest", serviceRequest({ person })],
      ["/", transactionBundle({ person })],
    ] as const) {
      const reply = await post(path, body, BOTH);
      expect([reply.status, firstIssue(reply).details.coding[1].code]).toEqual([400, code]);
    }
    expect(door.arrivals).toEqual([]);
  });
});
