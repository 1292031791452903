// Who comes in: each way to be refused, and how long a revoked client is still believed.
import { beforeEach, describe, expect, it } from "vitest";
import { createAccess } from "../../adapters/http/access.ts";
import { issueToken } from "../../adapters/http/token.ts";
import type { Client } from "../../schemas/client.ts";
import { makeClient } from "../contract/http-harness.ts";

const tokenKey = Buffer.alloc(32, 3);
let now = new Date("2026-03-02T09:00:00Z");
const clock = { now: () => now };
const turn = (seconds: number): void => {
  now = new Date(now.getTime() + seconds * 1000);
};

const registered = new Map<string, Client>();
let asked = 0;
const clients = {
  byId: async (id: string) => {
    asked += 1;
    return registered.get(id);
  },
  byApiKey: async (key: string) => {
    asked += 1;
    return registered.get(key);
  },
};

let access = createAccess({ clients, tokenKey, clock });
beforeEach(() => {
  registered.clear();
  asked = 0;
  access = createAccess({ clients, tokenKey, clock });
});

const known = (client: Client): Client => {
  registered.set(client.id, client);
  return client;
};
const header = (client: Client, scopes = client.scopes): string =>
  `Bearer ${issueToken(tokenKey, client.id, scopes, now)}`;
const refused = (code: string, path?: string) => ({
  ok: false,
  reasons: [{ code, severity: "error", ...(path === undefined ? {} : { path }) }],
});

describe("bearer", () => {
  it("lets in a client of the right kind with the scope", async () => {
    const client = known(makeClient("provider"));
    expect(await access.bearer(header(client), ["gp", "provider"], "offer.read")).toEqual({ ok: true, client });
    expect(await access.bearer(header(client).replace("Bearer", "bearer"), ["provider"], "offer.read")).toMatchObject({
      ok: true,
    });
  });

  it.each([undefined, "", "Basic dXNlcjpwYXNz", "Bearer", "Bearer ", "Bearer a b"])(
    "asks for a login: %s",
    async (sent) => {
      expect(await access.bearer(sent, ["gp"], "referral.read")).toEqual(refused("login-required", "Authorization"));
    },
  );

  it("knows forged and outlived tokens apart, without asking the store", async () => {
    const client = known(makeClient("gp"));
    const sent = header(client);
    const forged = `Bearer ${issueToken(Buffer.alloc(32, 9), client.id, client.scopes, now)}`;
    expect(await access.bearer(forged, ["gp"], "referral.read")).toEqual(refused("token-invalid", "Authorization"));
    turn(301);
    expect(await access.bearer(sent, ["gp"], "referral.read")).toEqual(refused("token-expired", "Authorization"));
    expect(asked).toBe(0);
  });

  it("forbids the wrong kind, a scope that the token lacks, and one that the client has lost", async () => {
    const client = known(makeClient("provider"));
    expect(await access.bearer(header(client), ["gp"], "offer.read")).toEqual(refused("forbidden"));
    expect(await access.bearer(header(client, ["offer.read"]), ["provider"], "offer.answer")).toEqual(
      refused("forbidden"),
    );
    expect(await access.bearer(header(client, ["operate"]), ["provider"], "operate")).toEqual(refused("forbidden"));
  });

  it("believes a revoked client no longer than five seconds", async () => {
    const client = known(makeClient("gp"));
    const enters = async () => (await access.bearer(header(client), ["gp"], "referral.read")).ok;
    expect(await enters()).toBe(true);
    known({ ...client, revokedAt: now });
    turn(4.9);
    expect(await enters()).toBe(true);
    turn(0.2);
    expect(await access.bearer(header(client), ["gp"], "referral.read")).toEqual(
      refused("token-invalid", "Authorization"),
    );
  });

  it("asks the store once for many requests at the same moment, and again after an absence or a failure", async () => {
    const client = makeClient("gp");
    const enters = async () => (await access.bearer(header(client), ["gp"], "referral.read")).ok;
    expect(await enters()).toBe(false);
    known(client);
    expect(await Promise.all(Array.from({ length: 20 }, enters))).toEqual(Array.from({ length: 20 }, () => true));
    expect(asked).toBe(2);

    let fails = true;
    const shaky = createAccess({
      clients: { ...clients, byId: async () => (fails ? Promise.reject(new Error("down")) : client) },
      tokenKey,
      clock,
    });
    await expect(shaky.bearer(header(client), ["gp"], "referral.read")).rejects.toThrow("down");
    fails = false;
    expect((await shaky.bearer(header(client), ["gp"], "referral.read")).ok).toBe(true);
  });
});

describe("apiKey", () => {
  it("lets in the council whose key it is, and says what is wrong with any other", async () => {
    const council = makeClient("council");
    registered.set("good-key", council);
    registered.set("old-key", { ...council, revokedAt: now });
    registered.set("gp-key", makeClient("gp"));
    expect(await access.apiKey("good-key", "council", "request.create")).toEqual({ ok: true, client: council });
    expect(await access.apiKey(undefined, "council", "request.create")).toEqual(refused("api-key-required", "api_key"));
    expect(await access.apiKey("", "council", "request.create")).toEqual(refused("api-key-required", "api_key"));
    for (const key of ["bad-key", "old-key", "x".repeat(201)])
      expect(await access.apiKey(key, "council", "request.create")).toEqual(refused("api-key-invalid", "api_key"));
    expect(await access.apiKey("gp-key", "council", "referral.read")).toEqual(refused("forbidden"));
    expect(await access.apiKey("good-key", "council", "operate")).toEqual(refused("forbidden"));
  });
});
