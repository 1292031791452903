// The token endpoint over real HTTP: each rule of the client assertion broken once, alone.
import { randomUUID } from "node:crypto";
import { base64url, type JWTPayload } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Client } from "../../schemas/client.ts";
import {
  askToken,
  ASSERTION_TYPE,
  claimsFor,
  makeClient,
  makeKeys,
  sign,
  startHarness,
  type Harness,
  type Keys,
} from "./http-harness.ts";

let harness: Harness;
let rsa: Keys;
let ec: Keys;
let rsa512: Keys;
let client: Client;

beforeAll(async () => {
  harness = await startHarness({ tokenLimits: { perAddress: 10_000, perClient: 10_000 } });
  [rsa, ec, rsa512] = await Promise.all([makeKeys("RS384"), makeKeys("ES384"), makeKeys("RS512")]);
  client = harness.add(makeClient("gp", { keys: { keys: [rsa.jwk, ec.jwk, rsa512.jwk] } }));
});
afterAll(() => harness.close());

const ask = async (claims: JWTPayload, header = {}, more = {}) =>
  askToken(harness.origin, await sign(ec, { ...claimsFor(harness, client.id), ...claims }, header), more);

/** The whole of a refusal: nothing else is told, and nobody keeps it. */
const refusal = (words: RegExp, error = "invalid_client", status = 401) => ({
  status,
  headers: expect.objectContaining({ "cache-control": "no-store" }) as object,
  body: { error, error_description: expect.stringMatching(words) as string },
});

describe("a good assertion", () => {
  it("gets a token of five minutes with all of its scopes, whichever algorithm it is signed with", async () => {
    for (const keys of [rsa, ec, rsa512]) {
      const reply = await askToken(harness.origin, await sign(keys, claimsFor(harness, client.id)));
      expect(reply.body).toEqual({
        access_token: expect.any(String) as string,
        token_type: "bearer",
        expires_in: 300,
        scope: client.scopes.join(" "),
      });
      expect(reply.status).toBe(200);
      expect(reply.headers["cache-control"]).toBe("no-store");
    }
  });

  it("may name its audience among others, and leave typ out", async () => {
    expect((await ask({ aud: ["https://elsewhere.test", "https://waymark.test/oauth2/token"] })).status).toBe(200);
    expect((await ask({}, { typ: undefined })).status).toBe(200);
  });

  it("gets no more than it asks for, and no more than it was granted", async () => {
    const narrower = await ask({}, {}, { scope: "system/ServiceRequest.cu system/Patient.rs system/Task.r" });
    expect(narrower.body["scope"]).toBe("system/ServiceRequest.c system/Task.r");
    expect(await ask({}, {}, { scope: "operate system/Patient.rs" })).toEqual(
      refusal(/none of the scopes/, "invalid_scope", 400),
    );
  });
});

describe("an assertion is refused", () => {
  it("when its audience is another", async () =>
    expect(await ask({ aud: "https://elsewhere.test/token" })).toEqual(refusal(/aud must be/)));
  it("when it ends more than five minutes ahead", async () =>
    expect(await ask({ exp: harness.seconds() + 320 })).toEqual(refusal(/5 minutes/)));
  it("when it has expired", async () => expect(await ask({ exp: harness.seconds() - 20 })).toEqual(refusal(/expired/)));
  it("when it is not yet valid", async () => {
    expect(await ask({ nbf: harness.seconds() + 60 })).toEqual(refusal(/future/));
    expect(await ask({ iat: harness.seconds() + 60 })).toEqual(refusal(/future/));
  });
  it("when iss and sub differ", async () => expect(await ask({ sub: randomUUID() })).toEqual(refusal(/iss and sub/)));
  it("when it has no jti or no exp", async () => {
    expect(await ask({ jti: undefined, exp: undefined })).toEqual(refusal(/exp, jti/));
  });
  it("when its typ is not JWT", async () => expect(await ask({}, { typ: "at+jwt" })).toEqual(refusal(/header.*typ/)));
  it("when its kid is not registered", async () => expect(await ask({}, { kid: "another" })).toEqual(refusal(/kid/)));
  it("when its kid belongs to a key of another kind", async () =>
    expect(await ask({}, { kid: rsa.kid })).toEqual(refusal(/kid/)));
  it("when it names an address of keys that was not registered", async () =>
    expect(await ask({}, { jku: "https://elsewhere.test/jwks.json" })).toEqual(refusal(/jku/)));

  it("when another key signed it", async () => {
    const stranger = await makeKeys("ES384", ec.kid);
    expect(await askToken(harness.origin, await sign(stranger, claimsFor(harness, client.id)))).toEqual(
      refusal(/signature/),
    );
  });

  it("when what it says was changed after signing", async () => {
    const [header, , signature] = (await sign(ec, claimsFor(harness, client.id))).split(".");
    const changed = base64url.encode(JSON.stringify({ ...claimsFor(harness, client.id), jti: "another" }));
    expect(await askToken(harness.origin, `${header}.${changed}.${signature}`)).toEqual(refusal(/signature/));
  });

  it("when it is signed with HS256, also with the public key as the secret", async () => {
    const secret = new TextEncoder().encode(JSON.stringify(ec.jwk));
    const forged = await sign(
      { alg: "HS256" as "ES384", kid: ec.kid, privateKey: secret },
      claimsFor(harness, client.id),
    );
    expect(await askToken(harness.origin, forged)).toEqual(refusal(/alg must be one of/));
  });

  it("when it is not signed at all (alg none)", async () => {
    const part = (value: object): string => base64url.encode(JSON.stringify(value));
    const unsigned = `${part({ alg: "none", kid: ec.kid, typ: "JWT" })}.${part(claimsFor(harness, client.id))}.`;
    expect(await askToken(harness.origin, unsigned)).toEqual(refusal(/alg must be one of/));
  });

  it("when it was used before, also at the same moment, and yet a refused one can be mended", async () => {
    const claims = claimsFor(harness, client.id);
    const stranger = await makeKeys("ES384", ec.kid);
    expect(await askToken(harness.origin, await sign(stranger, claims))).toEqual(refusal(/signature/));
    const jwt = await sign(ec, claims);
    const replies = await Promise.all([1, 2, 3].map(() => askToken(harness.origin, jwt)));
    expect(replies.map((one) => one.status).sort()).toEqual([200, 401, 401]);
    expect(await askToken(harness.origin, jwt)).toEqual(refusal(/used before/));
  });

  it("when its client is unknown, revoked, without keys, or no id of ours: in the same words", async () => {
    const revoked = harness.add(makeClient("gp", { keys: { keys: [ec.jwk] }, revokedAt: new Date() }));
    const keyless = harness.add(makeClient("gp"));
    for (const id of [randomUUID(), revoked.id, keyless.id, "'; drop table"]) {
      const reply = await askToken(harness.origin, await sign(ec, claimsFor(harness, id)));
      expect(reply).toEqual(refusal(/^This client is not registered here, or was revoked\.$/));
    }
    expect(harness.asked).not.toContain("'; drop table");
  });

  it("when the client_id beside it is another", async () =>
    expect(await ask({}, {}, { client_id: randomUUID() })).toEqual(refusal(/client_id/)));
  it("when it is no JWT, or longer than any JWT should be", async () => {
    for (const text of ["nonsense", "a.b.c", "x".repeat(9_000)])
      expect(await askToken(harness.origin, text)).toEqual(refusal(/not a signed JWT/));
  });
});

describe("a request is refused", () => {
  const post = (body: string, type = "application/x-www-form-urlencoded") =>
    fetch(`${harness.origin}/oauth2/token`, { method: "POST", body, headers: { "content-type": type } });

  it("without its parameters, or with one twice, and every missing one is named", async () => {
    const bare = await post("grant_type=client_credentials");
    expect(bare.status).toBe(400);
    expect(await bare.json()).toMatchObject({
      error: "invalid_request",
      error_description: expect.stringMatching(/client_assertion_type, client_assertion/) as string,
    });
    const twice = await post(`grant_type=a&grant_type=b&client_assertion_type=x&client_assertion=y`);
    expect(await twice.json()).toMatchObject({ error: "invalid_request" });
    expect((await post("")).status).toBe(400);
  });

  it("with another grant or another kind of assertion", async () => {
    expect(await ask({}, {}, { grant_type: "password" })).toEqual(refusal(/grant_type/, "unsupported_grant_type", 400));
    expect(await ask({}, {}, { client_assertion_type: "urn:x" })).toEqual(
      refusal(/client_assertion_type/, "invalid_request", 400),
    );
  });

  it("as JSON, or larger than a form should be", async () => {
    expect((await post("{}", "application/json")).status).toBe(400);
    const large = await post(`grant_type=${"x".repeat(20_000)}`);
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ error: "invalid_request" });
  });

  it("by another method, with the one that is allowed", async () => {
    const reply = await fetch(`${harness.origin}/oauth2/token`);
    expect(reply.status).toBe(405);
    expect(reply.headers.get("allow")).toBe("POST");
  });
});

describe("limits and traces", () => {
  it("holds back an address that asks too often, before any signature is looked at", async () => {
    const small = await startHarness({ tokenLimits: { perAddress: 2, perClient: 10 } });
    try {
      for (const status of [401, 401, 429]) {
        const reply = await askToken(small.origin, "nonsense");
        expect(reply.status).toBe(status);
      }
      const held = await askToken(small.origin, "nonsense");
      expect(held.headers["retry-after"]).toBe("60");
      expect(held.body["error"]).toBe("temporarily_unavailable");
    } finally {
      await small.close();
    }
  });

  it("holds back one client, and not its neighbour at the same address", async () => {
    const small = await startHarness({ tokenLimits: { perAddress: 100, perClient: 2 } });
    try {
      const one = small.add(makeClient("gp", { keys: { keys: [ec.jwk] } }));
      const other = small.add(makeClient("gp", { keys: { keys: [ec.jwk] } }));
      const statuses: number[] = [];
      for (const id of [one.id, one.id, one.id, other.id])
        statuses.push((await askToken(small.origin, await sign(ec, claimsFor(small, id)))).status);
      expect(statuses).toEqual([200, 200, 429, 200]);
    } finally {
      await small.close();
    }
  });

  it("lets nobody wait for a system whose keys cannot be had: it alone is held up, asked for once, and then refused", async () => {
    let asked = 0;
    let givesUp = (): void => undefined;
    const answer = new Promise<{ kind: "failed" }>((done) => (givesUp = () => done({ kind: "failed" })));
    const fetchKeys = () => {
      asked += 1;
      return answer;
    };
    const slow = await startHarness({ fetchKeys });
    try {
      const hanging = slow.add(makeClient("provider", { keys: { url: "https://keys.example/jwks.json" } }));
      const other = slow.add(makeClient("provider", { keys: { keys: [ec.jwk] } }));
      let answered = 0;
      const waiting = [1, 2, 3, 4, 5].map(async () => {
        const reply = await askToken(slow.origin, await sign(ec, claimsFor(slow, hanging.id)));
        answered += 1;
        return reply;
      });
      await expect.poll(() => slow.asked.filter((id) => id === hanging.id).length).toBe(5);
      const good = await askToken(slow.origin, await sign(ec, claimsFor(slow, other.id)));
      expect([good.status, answered, asked]).toEqual([200, 0, 1]);
      givesUp();
      for (const reply of await Promise.all(waiting)) expect(reply).toEqual(refusal(/keys could not be read/));
      expect(await slow.lineWhere((line) => line["status"] === 401)).toMatchObject({
        reasons: ["token:keys-unreachable"],
        claims: hanging.id,
      });
    } finally {
      await slow.close();
    }
  });

  it("leaves the cause in the wide line, and neither assertion nor token", async () => {
    const fresh = await startHarness();
    try {
      const known = fresh.add(makeClient("gp", { keys: { keys: [ec.jwk] } }));
      const jwt = await sign(ec, claimsFor(fresh, known.id));
      const good = await askToken(fresh.origin, jwt);
      await askToken(fresh.origin, jwt);
      expect(await fresh.lineWhere((line) => line["status"] === 401)).toMatchObject({
        route: "/oauth2/token",
        reasons: ["token:replay"],
        claims: known.id,
      });
      expect(await fresh.lineWhere((line) => line["status"] === 200)).toMatchObject({ client: known.id });
      const log = fresh.lines.join("");
      expect(log).not.toContain(jwt.slice(0, 40));
      expect(log).not.toContain(String(good.body["access_token"]).slice(0, 40));
      expect(log).not.toContain(ASSERTION_TYPE);
    } finally {
      await fresh.close();
    }
  });
});
