// The HTTP side as callers and operators see it: ids, faults in the door's own form, the wide line, health, discovery.
import { once } from "node:events";
import { request as rawRequest } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issueToken } from "../../adapters/http/token.ts";
import type { Receipt } from "../../schemas/receipt.ts";
import type { ReferralView } from "../../src/ports/views.ts";
import { makeClient, startHarness, type Harness } from "./http-harness.ts";

const REFERRAL = "0198c0de-0000-7000-8000-00000000abcd";
const REFERENCE = "WM-7K3M-X9QA";
/** An invented number of the range that is never given to anyone; it checks. */
const NHS_NUMBER = "9990000018";
const GUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

let harness: Harness;
const asked: string[] = [];
const broken = { parts: false };

beforeAll(async () => {
  harness = await startHarness({
    views: {
      lost: async () => false,
      referral: async (client, id) => {
        asked.push(id);
        return client.organisation === "F83999" && [REFERRAL, REFERENCE].includes(id)
          ? ({ id: REFERRAL, reference: REFERENCE, status: "offered" } as ReferralView)
          : undefined;
      },
      receipt: async (client, id) =>
        client.organisation === "F83999" ? [{ referral: id, reference: REFERENCE } as Receipt] : undefined,
    },
    checks: {
      store: async () => ({ ok: !broken.parts }),
      queue: async () => {
        if (broken.parts) throw new Error("connect ECONNREFUSED redis://:secret@host");
        return { ok: true, detail: "redis" };
      },
    },
  });
});
afterAll(() => harness.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${harness.origin}${path}`, { headers });
const post = (path: string, body: string, headers: Record<string, string>) =>
  fetch(`${harness.origin}${path}`, { method: "POST", body, headers });
const bearer = (kind: "gp" | "jobcentre" | "council" | "provider" | "operator", more = {}) => {
  const client = harness.add(makeClient(kind, more));
  return {
    client,
    authorization: `Bearer ${issueToken(harness.tokenKey, client.id, client.scopes, harness.clock.now())}`,
  };
};

/** Sends so many messages at one moment, each on a line that is open already, and says how many were read in each turn of the loop. */
const readAtOnce = async (count: number): Promise<number[]> => {
  const { port } = new URL(harness.origin);
  const head = "POST /toy/v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";
  const lines = Array.from({ length: count }, () => connect(Number(port), "127.0.0.1"));
  const post = async (): Promise<string[]> => {
    for (const line of lines) line.write(`${head}{}`);
    return Promise.all(lines.map(async (line) => String((await once(line, "data"))[0])));
  };
  await post();
  const turns: number[] = [];
  let before = harness.taken();
  const note = (): void => {
    turns.push(harness.taken() - before);
    before = harness.taken();
  };
  let watching = true;
  const watch = (): void => {
    note();
    if (watching) setImmediate(watch);
  };
  setImmediate(watch);
  const answers = await post();
  watching = false;
  note();
  for (const line of lines) line.destroy();
  expect(answers.filter((answer) => answer.startsWith("HTTP/1.1 201 "))).toHaveLength(count);
  return turns;
};

describe("many messages at once", () => {
  it("are read at most 20 in one turn of the loop, so that others are heard between", async () => {
    const turns = await readAtOnce(90);
    expect(turns.reduce((sum, one) => sum + one, 0)).toBe(90);
    expect(Math.max(...turns)).toBeLessThanOrEqual(20);
  });
});

describe("ids", () => {
  it("of the caller come back on every reply, good or bad", async () => {
    const ids = { "x-request-id": "F0E1D2C3-0000-4000-8000-000000000001", "x-correlation-id": "case:77/b" };
    for (const path of ["/toy/v1/things/1", "/nowhere", "/toy/v1/breaks", "/health/live"]) {
      const reply = await get(path, ids);
      expect(reply.headers.get("x-request-id")).toBe(ids["x-request-id"]);
      expect(reply.headers.get("x-correlation-id")).toBe(ids["x-correlation-id"]);
    }
  });

  it("are made where there are none, or where they could not be repeated safely", async () => {
    for (const headers of [{}, { "x-request-id": "a b<script>" }, { "x-request-id": "x".repeat(200) }]) {
      const reply = await get("/health/live", headers as Record<string, string>);
      expect(reply.headers.get("x-request-id")).toMatch(GUID);
      expect(reply.headers.get("x-correlation-id")).toMatch(GUID);
    }
  });
});

describe("faults", () => {
  it("at an address that is nobody's are problem+json with the request's id", async () => {
    const reply = await get("/nowhere", { "x-request-id": "F0E1D2C3-0000-4000-8000-000000000002" });
    expect(reply.status).toBe(404);
    expect(reply.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(await reply.json()).toMatchObject({
      status: 404,
      requestId: "F0E1D2C3-0000-4000-8000-000000000002",
      errors: [{ code: "not-found" }],
    });
  });

  it("inside a door take that door's form, also 404 and 405, which says what is allowed", async () => {
    const missing = await get("/toy/v1/nowhere");
    expect([missing.status, await missing.json()]).toEqual([404, { toy: ["not-found"] }]);
    const wrong = await get("/toy/v1/things");
    expect([wrong.status, await wrong.json()]).toEqual([405, { toy: ["method-not-allowed"] }]);
    expect(wrong.headers.get("allow")).toBe("POST");
    const deleted = await fetch(`${harness.origin}/toy/v1/things/1`, { method: "DELETE" });
    expect(deleted.headers.get("allow")).toBe("GET, HEAD");
  });

  it("say how to log in, and when to come back", async () => {
    expect((await get("/toy/v1/refuses")).headers.get("www-authenticate")).toBe('Bearer realm="waymark"');
    expect((await get("/toy/v1/busy")).headers.get("retry-after")).toBe("5");
  });

  it("of a body: too large, the wrong type, broken or unknown compression", async () => {
    const json = { "content-type": "application/json" };
    const large = await post("/toy/v1/things", "x".repeat(2_097_152), json);
    expect([large.status, await large.json()]).toEqual([413, { toy: ["too-large"] }]);
    const fits = await post("/toy/v1/things", "x".repeat(1_048_576), json);
    expect([fits.status, await fits.json()]).toEqual([201, { bytes: 1_048_576 }]);
    expect((await post("/toy/v1/things", "x", { "content-type": "text/plain" })).status).toBe(415);
    expect((await post("/toy/v1/things", "x", { ...json, "content-encoding": "zip" })).status).toBe(415);
    const bomb = await fetch(`${harness.origin}/toy/v1/things`, {
      method: "POST",
      body: gzipSync(Buffer.alloc(8_388_608)),
      headers: { ...json, "content-encoding": "gzip" },
    });
    expect(bomb.status).toBe(413);
    const torn = await post("/toy/v1/things", "not gzip", { ...json, "content-encoding": "gzip" });
    expect([torn.status, await torn.json()]).toEqual([400, { toy: ["invalid"] }]);
  });

  it("of an address whose percent signs cannot be read", async () => {
    const reply = await get("/toy/v1/things/%E0%A4%A");
    expect(reply.status).toBe(400);
  });

  it("of ours are 500 in the door's form, logged once with the stack and without what they quote", async () => {
    for (const [path, route] of [
      ["/toy/v1/breaks", "/toy/v1/breaks"],
      ["/toy/v1/rejects", "/toy/v1/rejects"],
      // A 400 that somebody else gave us is no fault of our caller.
      ["/toy/v1/reached", "/toy/v1/reached"],
    ] as const) {
      const reply = await get(path);
      expect([reply.status, await reply.json()]).toEqual([500, { toy: ["we-broke"] }]);
      const error = await harness.lineWhere((line) => line["level"] === "error" && line["route"] === route);
      expect(error).toMatchObject({ msg: "we broke", err: { type: "Error", stack: expect.any(Array) as string[] } });
    }
    const log = harness.lines.join("");
    expect(log).not.toMatch(/Jane|999 000 0018|QQ123456C/);
  });

  it("after half an answer cut the line, so that nobody takes it for whole", async () => {
    await expect(get("/toy/v1/half").then((reply) => reply.text())).rejects.toThrow(/terminated|fetch failed/);
    expect(
      await harness.lineWhere((line) => line["route"] === "/toy/v1/half" && line["msg"] === "request"),
    ).toMatchObject({
      status: 499,
      reasons: ["we-broke"],
    });
  });

  it("of a caller that leaves in the middle stop nothing", async () => {
    const call = rawRequest(`${harness.origin}/toy/v1/things`, {
      method: "POST",
      headers: { "content-type": "application/json", "content-length": "5000", expect: "100-continue" },
    });
    call.on("error", () => {});
    call.flushHeaders();
    await once(call, "continue");
    call.write("{");
    call.destroy();
    expect(
      await harness.lineWhere((line) => line["status"] === 499 && line["route"] === "/toy/v1/things"),
    ).toMatchObject({
      bytesIn: 5000,
    });
    expect(harness.lines.filter((line) => line.includes('"we broke"') && line.includes("/toy/v1/things"))).toEqual([]);
    expect((await get("/health/live")).status).toBe(200);
  });

  it("of HTTP itself: headers beyond the limit get 431", async () => {
    const port = Number(new URL(harness.origin).port);
    const socket = connect(port, "127.0.0.1");
    socket.write(`GET /health/live HTTP/1.1\r\nHost: a\r\nX-Big: ${"a".repeat(20_000)}\r\n\r\n`);
    const text = await new Promise<string>((resolve) => socket.once("data", (data) => resolve(String(data))));
    socket.destroy();
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe("the wide line", () => {
  it("has the route's pattern, the client, the referral and codes, and nothing that could name a person", async () => {
    const { client, authorization } = bearer("gp");
    await get(`/referrals/${REFERENCE}?name=Jane+Example&nhs=${NHS_NUMBER}`, {
      authorization,
      "x-request-id": NHS_NUMBER,
      "user-agent": "JaneExamplePhone",
      cookie: "who=JaneExample",
    });
    const line = await harness.lineWhere((one) => one["client"] === client.id);
    expect(line).toEqual({
      level: "info",
      time: expect.any(String) as string,
      correlationId: expect.stringMatching(GUID) as string,
      method: "GET",
      route: "/referrals/:id",
      door: "/referrals",
      status: 200,
      ms: expect.any(Number) as number,
      bytesOut: expect.any(Number) as number,
      client: client.id,
      referral: REFERRAL,
      msg: "request",
    });
    await get(`/referrals/${NHS_NUMBER}`, { authorization });
    await get(`/people/${NHS_NUMBER}/Jane?q=Jane`);
    await post("/toy/v1/things", `{"name":"Jane","nhs":"${NHS_NUMBER}"}`, { "content-type": "application/json" });
    await harness.lineWhere((one) => one["route"] === "/*");
    await harness.lineWhere((one) => one["route"] === "/toy/v1/things" && one["status"] === 201);
    const log = harness.lines.join("");
    expect(log).not.toMatch(/Jane|9990000018|\?|user-agent|cookie|Bearer/);
  });

  it("keeps health checks quiet, and counts every request by pattern", async () => {
    await get("/health/live");
    expect(await harness.lineWhere((line) => line["route"] === "/health/live")).toMatchObject({ level: "debug" });
    await get(`/referrals/${NHS_NUMBER}`);
    await harness.lineWhere((line) => line["route"] === "/referrals/:id" && line["status"] === 401);
    const text = await harness.metrics.registry.metrics();
    expect(text).toMatch(
      /waymark_http_request_duration_seconds_count\{method="GET",route="\/referrals\/:id",status="401"\} \d/,
    );
    expect(text).not.toContain(NHS_NUMBER);
  });
});

describe("/referrals", () => {
  it("shows a referral by id and by reference, and why, never to be cached", async () => {
    const { authorization } = bearer("council");
    for (const name of [REFERRAL, REFERRAL.toUpperCase(), REFERENCE, REFERENCE.toLowerCase()]) {
      const reply = await get(`/referrals/${name}`, { authorization });
      expect([reply.status, await reply.json()]).toEqual([
        200,
        { id: REFERRAL, reference: REFERENCE, status: "offered" },
      ]);
      expect(reply.headers.get("cache-control")).toBe("no-store");
    }
    const receipt = await get(`/referrals/${REFERENCE}/receipt`, { authorization });
    expect(await receipt.json()).toEqual({ receipts: [{ referral: REFERENCE, reference: REFERENCE }] });
  });

  it("is 404 for another organisation's, and for what can be no referral, which is never looked up", async () => {
    const stranger = bearer("gp", { organisation: "F83111" });
    const { authorization } = bearer("gp");
    asked.length = 0;
    const theirs = await get(`/referrals/${REFERRAL}`, { authorization: stranger.authorization });
    expect([theirs.status, (await theirs.json()) as object]).toMatchObject([404, { errors: [{ code: "not-found" }] }]);
    expect((await get(`/referrals/${REFERRAL}/receipt`, { authorization: stranger.authorization })).status).toBe(404);
    for (const name of [NHS_NUMBER, "AB123456C", "..%2f..%2fetc", "WM-0000-0000"])
      expect((await get(`/referrals/${name}`, { authorization })).status).toBe(404);
    expect(asked).toEqual([REFERRAL]);
  });

  it("lets a provider read the receipt alone, an operator both, and nobody without a token or the scope", async () => {
    const statuses = async (authorization: string): Promise<number[]> =>
      Promise.all(
        ["", "/receipt"].map(async (part) => (await get(`/referrals/${REFERRAL}${part}`, { authorization })).status),
      );
    expect(await statuses(bearer("provider").authorization)).toEqual([403, 200]);
    expect(await statuses(bearer("operator").authorization)).toEqual([200, 200]);
    expect(await statuses(bearer("jobcentre").authorization)).toEqual([200, 200]);
    expect(await statuses(bearer("gp", { scopes: ["system/Task.rs"] }).authorization)).toEqual([403, 403]);
    expect(await statuses("")).toEqual([401, 401]);
    expect(await statuses("Bearer nonsense.nonsense")).toEqual([401, 401]);
  });
});

describe("health", () => {
  it("says ready with the durability class, then which part is down and nothing of why", async () => {
    const ready = await get("/health/ready");
    expect([ready.status, await ready.json()]).toEqual([
      200,
      {
        status: "ready",
        durability: "process-crash",
        parts: { store: { status: "up" }, queue: { status: "up", detail: "redis" } },
      },
    ]);
    broken.parts = true;
    harness.turn(2);
    const down = await get("/health/ready");
    expect([down.status, await down.json()]).toEqual([
      503,
      {
        status: "not-ready",
        durability: "process-crash",
        parts: { store: { status: "down" }, queue: { status: "down", detail: "failed" } },
      },
    ]);
    expect((await get("/health/live")).status).toBe(200);
    broken.parts = false;
    harness.turn(2);
    expect((await get("/health/ready")).status).toBe(200);
  });
});

describe("discovery", () => {
  it("tells systems where and how to get a token, also below the FHIR base", async () => {
    for (const base of ["", "/fhir/R4"]) {
      const reply = await get(`${base}/.well-known/smart-configuration`);
      expect(await reply.json()).toMatchObject({
        token_endpoint: "https://waymark.test/oauth2/token",
        token_endpoint_auth_methods_supported: ["private_key_jwt"],
        token_endpoint_auth_signing_alg_values_supported: ["RS384", "ES384", "RS512"],
      });
    }
  });

  it("gives out the public part of the webhook keys alone, and lets it be kept a while", async () => {
    const reply = await get("/.well-known/jwks.json");
    expect(reply.headers.get("cache-control")).toMatch(/max-age=/);
    expect(await reply.json()).toEqual({
      keys: [
        {
          kty: "OKP",
          crv: "Ed25519",
          x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
          kid: "w1",
          use: "sig",
          alg: "EdDSA",
        },
      ],
    });
  });
});

describe("headers and proxies", () => {
  it("are safe for data, and ask for TLS only where there is TLS", async () => {
    const plain = await get("/health/live");
    expect(plain.headers.get("content-security-policy")).toBe("default-src 'none';frame-ancestors 'none'");
    expect(plain.headers.get("x-content-type-options")).toBe("nosniff");
    expect(plain.headers.get("x-powered-by")).toBeNull();
    expect(plain.headers.get("strict-transport-security")).toBeNull();
    const strict = await startHarness({ hsts: true });
    try {
      const reply = await fetch(`${strict.origin}/health/live`);
      expect(reply.headers.get("strict-transport-security")).toBe("max-age=31536000");
    } finally {
      await strict.close();
    }
  });

  it("believe X-Forwarded-For from a trusted proxy alone", async () => {
    const forwarded = { "x-forwarded-for": "203.0.113.9" };
    expect(await (await get("/toy/v1/address", forwarded)).json()).toEqual({ ip: "127.0.0.1" });
    const behind = await startHarness({ trustedProxies: ["127.0.0.0/8"] });
    try {
      const reply = await fetch(`${behind.origin}/toy/v1/address`, { headers: forwarded });
      expect(await reply.json()).toEqual({ ip: "203.0.113.9" });
    } finally {
      await behind.close();
    }
  });
});
