// Our logins at other systems: the key is the same on every process, the assertion holds, and a token is asked for once.
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createOutbound, type Outbound } from "../../adapters/outbound/client.ts";
import { createLoginKey } from "../../adapters/outbound/login-key.ts";
import { createTokens, type Login, type Tokens } from "../../adapters/outbound/tokens.ts";
import { answers, startReceiver, type Receiver } from "./receiver.ts";

const SEED = Buffer.alloc(32, 9).toString("base64");
const key = createLoginKey(SEED);

describe("the key", () => {
  it("is drawn from the ring: the same seed is the same key, another another", () => {
    expect(createLoginKey(SEED).jwk).toEqual(key.jwk);
    expect(createLoginKey(Buffer.alloc(32, 8).toString("base64")).jwk.kid).not.toBe(key.jwk.kid);
  });

  it("shows only its public half", () => {
    expect(Object.keys(key.jwk).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
    expect(key.jwk).toMatchObject({ kty: "EC", crv: "P-384", alg: "ES384", use: "sig" });
  });
});

describe("a login", () => {
  let now = new Date("2026-03-02T09:00:00Z");
  const clock = { now: () => now };
  let count = 0;
  const ids = { uuid: () => `01980000-0000-7000-8000-${String((count += 1)).padStart(12, "0")}` };
  let receiver: Receiver;
  let outbound: Outbound;
  let tokens: Tokens;
  const login = (more: Partial<Login> = {}): Login => ({
    base: `${receiver.url}/r4`,
    clientId: "waymark",
    tokenUrl: `${receiver.url}/token`,
    scope: "system/Task.crus",
    ...more,
  });
  const gives = (more: object = {}) =>
    answers(200, {}, JSON.stringify({ access_token: "one", token_type: "Bearer", expires_in: 300, ...more }));

  beforeEach(async () => {
    now = new Date("2026-03-02T09:00:00Z");
    receiver = await startReceiver();
    outbound = createOutbound({ allow: ["127.0.0.0/8"], clock, timeoutMs: 2_000 });
    tokens = createTokens({ outbound, key, clock, ids });
  });
  afterEach(async () => {
    await outbound.close();
    await receiver.close();
  });

  it("shows an assertion that the published key verifies, for that address alone", async () => {
    receiver.behave(gives());
    expect(await tokens.get(login())).toEqual({ ok: true, token: "one" });
    const [request] = receiver.received;
    expect(request?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    const form = new URLSearchParams(request?.body);
    expect(form.get("grant_type")).toBe("client_credentials");
    expect(form.get("scope")).toBe("system/Task.crus");
    const assertion = form.get("client_assertion") ?? "";
    expect(decodeProtectedHeader(assertion)).toEqual({ alg: "ES384", kid: key.jwk.kid, typ: "JWT" });
    const { payload } = await jwtVerify(assertion, createLocalJWKSet({ keys: [key.jwk as never] }), {
      audience: `${receiver.url}/token`,
      issuer: "waymark",
      subject: "waymark",
      currentDate: now,
    });
    expect(Number(payload.exp) - Number(payload.iat)).toBeLessThanOrEqual(300);
    expect(payload.jti).toBeTypeOf("string");
  });

  it("keeps a token until shortly before its end, then asks again with another assertion", async () => {
    receiver.behave(gives());
    await tokens.get(login());
    now = new Date(now.getTime() + 239_000);
    await tokens.get(login());
    expect(receiver.received).toHaveLength(1);
    now = new Date(now.getTime() + 2_000);
    await tokens.get(login());
    const ids = receiver.received.map(
      ({ body }) => decodeJwt(new URLSearchParams(body).get("client_assertion") ?? "").jti,
    );
    expect(new Set(ids).size).toBe(2);
  });

  it("asks once for many that begin at one moment, and anew after it was forgotten", async () => {
    receiver.behave(gives());
    await Promise.all(Array.from({ length: 20 }, () => tokens.get(login())));
    expect(receiver.received).toHaveLength(1);
    tokens.forget(login());
    await tokens.get(login());
    expect(receiver.received).toHaveLength(2);
  });

  it("keeps the tokens of two servers apart", async () => {
    receiver.behave(gives());
    await tokens.get(login());
    await tokens.get(login({ base: `${receiver.url}/other` }));
    expect(receiver.received).toHaveLength(2);
  });

  it("finds the address where the server says it", async () => {
    receiver.behave((req, res) =>
      req.url === "/r4/.well-known/smart-configuration"
        ? void res.end(JSON.stringify({ token_endpoint: `${receiver.url}/found` }))
        : gives()(req, res),
    );
    const { tokenUrl: _, ...discovers } = login();
    expect(await tokens.get(discovers)).toEqual({ ok: true, token: "one" });
    expect(receiver.received.map((one) => one.path)).toEqual(["/r4/.well-known/smart-configuration", "/found"]);
  });

  it("shows no server a login at another, whatever it says", async () => {
    const elsewhere = await startReceiver();
    elsewhere.behave(gives());
    receiver.behave(answers(200, {}, JSON.stringify({ token_endpoint: `${elsewhere.url}/token` })));
    const { tokenUrl: _, ...discovers } = login();
    expect(await tokens.get(discovers)).toEqual({ ok: false, cause: "no-token-address" });
    expect(elsewhere.connections()).toBe(0);
    await elsewhere.close();
  });

  it.each([
    [answers(401, {}, '{"error":"invalid_client"}'), "token-refused"],
    [answers(400, {}, '{"error":"invalid_scope"}'), "token-refused"],
    [answers(200, {}, "<html>"), "token-unreadable"],
    [gives({ token_type: "mac" }), "token-unreadable"],
    [gives({ access_token: "a b" }), "token-unreadable"],
    [answers(503), "token-unreadable"],
    [answers(307, { location: "http://127.0.0.1:1/" }), "redirected"],
  ])("says in a code why there is none (%#)", async (behaviour, cause) => {
    receiver.behave(behaviour);
    expect(await tokens.get(login())).toEqual({ ok: false, cause });
    receiver.behave(gives());
    expect(await tokens.get(login())).toEqual({ ok: true, token: "one" });
  });

  it("goes to no address that is not allowed", async () => {
    const guarded = createOutbound({ allow: [], clock, timeoutMs: 2_000 });
    const none = createTokens({ outbound: guarded, key, clock, ids });
    expect(await none.get(login())).toEqual({ ok: false, cause: "address-refused" });
    expect(receiver.connections()).toBe(0);
    await guarded.close();
  });
});
