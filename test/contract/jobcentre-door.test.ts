// The Jobcentre's front door over real HTTP: what is taken, what is answered, and what never reaches the step.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { jobcentreDoor } from "../../adapters/jobcentre/index.ts";
import { exampleUuid, handoff, handoffHeaders, type Changes } from "../fixtures/jobcentre/handoff.ts";
import { call, mountDoor, NOW, REFERENCE, REFERRAL, SECRET, taken, type Mounted } from "../fixtures/door.ts";

let door: Mounted;
beforeEach(async () => {
  door = await mountDoor(jobcentreDoor, "jobcentre", "DWP-410", "/jobcentre/v1");
});
afterEach(() => door.close());

const headers = (more: Record<string, string> = {}): Record<string, string> => ({
  ...handoffHeaders(),
  Authorization: `Bearer ${SECRET}`,
  ...more,
});

const without = (name: string): Record<string, string> => {
  const { [name]: _dropped, ...rest } = headers();
  return rest;
};

const post = (changes: Changes = {}, sent = headers()) =>
  call(`${door.url}/handoffs`, { method: "POST", headers: sent, body: JSON.stringify(handoff({ changes })) });

const raw = (body: string | Buffer, more: Record<string, string> = {}) =>
  call(`${door.url}/handoffs`, { method: "POST", headers: headers(more), body });

const codes = (text: string): string[] =>
  (JSON.parse(text) as { errors: { code: string; path?: string }[] }).errors.map((one) =>
    `${one.code} ${one.path ?? ""}`.trim(),
  );

describe("a hand-off that is taken", () => {
  it("answers 202 with where to look, and hands on the bytes as they came", async () => {
    const body = ` ${JSON.stringify(handoff())}\n`;
    const reply = await raw(body);
    expect(reply.status).toBe(202);
    expect(reply.headers["location"]).toBe(`/jobcentre/v1/handoffs/${REFERRAL}`);
    expect(reply.headers["correlationid"]).toBe(exampleUuid(2, 1));
    expect(JSON.parse(reply.text)).toEqual({
      id: REFERRAL,
      reference: REFERENCE,
      handoffId: exampleUuid(1, 1),
      correlationId: exampleUuid(2, 1),
      status: "received",
      statusUrl: `https://broker.example/jobcentre/v1/handoffs/${REFERRAL}`,
      receivedAt: NOW.toISOString(),
      warnings: [],
    });
    expect(door.arrivals).toHaveLength(1);
    const [arrival] = door.arrivals;
    expect(Buffer.from(arrival?.body ?? []).toString()).toBe(body);
    expect(arrival).toMatchObject({
      door: "jobcentre",
      key: exampleUuid(1, 1),
      callerReference: exampleUuid(1, 1),
      correlationId: exampleUuid(2, 1),
      client: { organisation: "DWP-410" },
      content: { need: "employment", referrer: { organisation: "DWP-410" } },
    });
  });

  it("takes the correlation id from X-Correlation-Id, or from the body", async () => {
    const { correlationId, ...rest } = headers();
    expect((await post({}, { ...rest, "X-Correlation-Id": correlationId ?? "" })).status).toBe(202);
    expect((await post({}, rest)).status).toBe(202);
    expect(door.arrivals.map((one) => one.correlationId)).toEqual([correlationId, correlationId]);
  });

  it("makes one key of a hand-off id in either case", async () => {
    await post({ handoffId: "ABCDEF01-0000-4000-8000-000000000001" });
    expect(door.arrivals[0]?.key).toBe("abcdef01-0000-4000-8000-000000000001");
  });

  it("warns of a need that it does not know, and takes it", async () => {
    const reply = await post({ need: { code: "falconry" } });
    expect(reply.status).toBe(202);
    expect(JSON.parse(reply.text)).toMatchObject({ warnings: [{ code: "need-unknown", path: "need.code" }] });
  });

  it("takes a well-formed postcode that nobody knows", async () => {
    expect((await post({ "person.postcode": "zz99 9zz" })).status).toBe(202);
    expect(door.arrivals[0]?.content.person.home).toMatchObject({ postcode: "ZZ99 9ZZ" });
  });

  it("lets a test client off the NHS number's check, with a warning", async () => {
    door.client.test = true;
    const reply = await post({ "person.nhsNumber": "9434765918" });
    expect(reply.status).toBe(202);
    expect(JSON.parse(reply.text)).toMatchObject({ warnings: [{ code: "nhs-number-check-test" }] });
  });
});

describe("what the step answers", () => {
  it("repeats the first reference for the same hand-off", async () => {
    door.answer.value = { ...taken, outcome: "repeat", sameBody: true } as typeof door.answer.value;
    const reply = await post();
    expect(reply.status).toBe(202);
    expect(JSON.parse(reply.text)).toMatchObject({ reference: REFERENCE, repeated: true });
  });

  it("refuses another body under the same id", async () => {
    door.answer.value = { ...taken, outcome: "repeat", sameBody: false } as typeof door.answer.value;
    const reply = await post();
    expect(reply.status).toBe(409);
    expect(codes(reply.text)).toEqual(["key-reused handoffId"]);
  });

  it("says when to come back while it is busy", async () => {
    door.answer.value = { outcome: "busy", retryAfterSeconds: 7 };
    const reply = await post();
    expect(reply.status).toBe(503);
    expect(reply.headers["retry-after"]).toBe("7");
  });

  it("passes an emergency on as the step refuses it", async () => {
    door.answer.value = { outcome: "refused", reasons: [{ code: "emergency-route", severity: "error" }] };
    const reply = await post({ "flags.safeguarding": "emergency" });
    expect(door.arrivals[0]?.content.flags.emergency).toBe(true);
    expect(reply.status).toBe(422);
    expect(reply.text).toContain("999");
  });
});

describe("where a hand-off stands", () => {
  const view = {
    id: REFERRAL,
    reference: REFERENCE,
    callerReference: exampleUuid(1, 1),
    status: "offered" as const,
    words: "We have asked a service to take it.",
    receivedAt: NOW.toISOString(),
    changedAt: NOW.toISOString(),
    sequence: 2,
    reasons: [],
    timeline: [],
  };

  it("is told to its sender by id and by reference", async () => {
    door.views.push(view);
    for (const id of [REFERRAL, REFERENCE]) {
      const reply = await call(`${door.url}/handoffs/${id}`, { headers: headers() });
      expect(reply.status).toBe(200);
      expect(JSON.parse(reply.text)).toMatchObject({ status: "offered", handoffId: exampleUuid(1, 1), sequence: 2 });
    }
  });

  it.each([REFERRAL, "AB123456C", "../x", "%00"])("is not there for anyone else: %s", async (id) => {
    const reply = await call(`${door.url}/handoffs/${encodeURIComponent(id)}`, { headers: headers() });
    expect(reply.status).toBe(404);
    expect(reply.headers["content-type"]).toContain("application/problem+json");
    expect(reply.text).not.toContain("AB123456C");
  });
});

describe("who may come in", () => {
  it("asks for a token before it reads anything", async () => {
    const reply = await call(`${door.url}/handoffs`, { method: "POST", headers: without("Authorization"), body: "{" });
    expect(reply.status).toBe(401);
    expect(reply.headers["www-authenticate"]).toBe('Bearer realm="waymark"');
    expect(codes(reply.text)).toEqual(["login-required"]);
  });

  it("says that a token is not one of ours", async () => {
    const reply = await post({}, headers({ Authorization: "Bearer wrong" }));
    expect(reply.status).toBe(401);
    expect(reply.headers["www-authenticate"]).toContain('error="invalid_token"');
  });

  it("names the methods that an address takes", async () => {
    const reply = await call(`${door.url}/handoffs`, { method: "DELETE", headers: headers() });
    expect(reply.status).toBe(405);
    expect(reply.headers["allow"]).toBe("POST");
  });
});

describe("bad input", () => {
  const deep = `${'{"a":'.repeat(1000)}1${"}".repeat(1000)}`;

  it.each([
    ["not JSON", "{oops", {}, 400, "not-json"],
    ["nothing", "", {}, 400, "not-json"],
    ["another type", "<a/>", { "Content-Type": "text/xml" }, 415, "wrong-media-type Content-Type"],
    ["not UTF-8", Buffer.from([0x22, 0xff, 0x22]), {}, 400, "not-utf8"],
    ["2 MB", Buffer.alloc(2_000_000, 0x20), {}, 413, "too-large"],
    ["1,000 levels", deep, {}, 400, "too-deep"],
    ["a list", "[]", {}, 400, "wrong-type"],
  ])("%s is one clear error, and the server still answers", async (_name, body, more, status, fault) => {
    const reply = await raw(body, more);
    expect(reply.status).toBe(status);
    expect(codes(reply.text)[0]).toBe(fault);
    expect(door.arrivals).toHaveLength(0);
    expect((await post()).status).toBe(202);
  });

  it.each([
    [without("gov-uk-originator-id"), {}, "header-missing gov-uk-originator-id"],
    [headers({ "gov-uk-originator-id": "ab" }), {}, "header-invalid gov-uk-originator-id"],
    [headers({ "gov-uk-originator-id": "a".repeat(41) }), {}, "header-invalid gov-uk-originator-id"],
    [without("correlationId"), { correlationId: undefined }, "header-missing correlationId"],
    [headers({ correlationId: "not-a-uuid" }), {}, "header-invalid correlationId"],
    [headers({ correlationId: exampleUuid(3, 1) }), {}, "invariant correlationId"],
    [headers({ "Idempotency-Key": exampleUuid(9, 9) }), {}, "invariant Idempotency-Key"],
    [headers(), { "person.dob": "2026-11-03" }, "birth-date-future person.dob"],
    [headers(), { "person.dob": "1901-11-01" }, "birth-date-too-old person.dob"],
    [headers(), { "person.nhsNumber": "9434765918" }, "nhs-number-check person.nhsNumber"],
    [headers(), { "person.nhsNumber": "9999999999" }, "nhs-number-check person.nhsNumber"],
    [headers(), { "person.nino": "ZZ123456A" }, "nino-malformed person.nino"],
  ])("names a fault %#", async (sent, changes, fault) => {
    const reply = await post(changes, sent);
    expect(reply.status).toBe(400);
    expect(codes(reply.text)).toEqual([fault]);
    expect(door.arrivals).toHaveLength(0);
  });

  it("takes a birth date of today, one of 125 years back, and a key that equals the hand-off's id", async () => {
    expect((await post({ "person.dob": "2026-11-02" })).status).toBe(202);
    expect((await post({ "person.dob": "1901-11-02" })).status).toBe(202);
    expect((await post({}, headers({ "Idempotency-Key": `"${exampleUuid(1, 1)}"` }))).status).toBe(202);
  });

  it("names every fault at once, with its path and without the value", async () => {
    const reply = await post(
      {
        "person.nino": "BG654321A",
        "person.dob": "2027-01-01",
        "person.nhsNumber": "1234567890",
        "person.postcode": "NOWHERE",
        "person.noFixedAbode": true,
        "flags.extra": 1,
        participation: undefined,
      },
      without("gov-uk-originator-id"),
    );
    expect(reply.status).toBe(400);
    expect(codes(reply.text).sort()).toEqual(
      [
        "birth-date-future person.dob",
        "header-missing gov-uk-originator-id",
        "invariant person.noFixedAbode",
        "nhs-number-check person.nhsNumber",
        "nino-malformed person.nino",
        "postcode-malformed person.postcode",
        "required participation",
        "unknown flags.extra",
      ].sort(),
    );
    for (const value of ["BG654321A", "1234567890", "NOWHERE", "2027-01-01"]) expect(reply.text).not.toContain(value);
  });

  it("gives the emergency route first, also when the hand-off has faults", async () => {
    const reply = await post({ "flags.safeguarding": "emergency", "person.nino": "nonsense" });
    expect(reply.status).toBe(422);
    expect(codes(reply.text)).toEqual(["emergency-route flags.safeguarding", "nino-malformed person.nino"]);
    expect(door.arrivals).toHaveLength(0);
  });
});
