import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, it } from "vitest";
import { addressOf } from "../../adapters/callbacks/address.ts";
import { createMessenger } from "../../adapters/callbacks/messenger.ts";
import { createSigner, newSecret } from "../../adapters/callbacks/sign.ts";
import type { Exchange } from "../../adapters/outbound/exchange.ts";
import type { Callback, RenderedCallback } from "../../schemas/callback.ts";
import type { Client } from "../../schemas/client.ts";

const secret = newSecret(Buffer.alloc(32, 4));
const client: Client = {
  id: "01980000-0000-7000-8000-000000000001",
  kind: "gp",
  organisation: "F83004",
  name: "A practice",
  callbackUrl: "https://gp.example/fhir",
  scopes: [],
  test: true,
  webhookSecrets: [secret],
};
const callback: Callback = {
  id: "01980000-0000-7000-8000-0000000000ff",
  type: "referral.accepted",
  client: client.id,
  referral: "01980000-0000-7000-8000-0000000000bb",
  reference: "WM-7K3P-9QXR",
  sequence: 4,
  at: "2026-03-02T09:00:00.000Z",
  status: "accepted",
  reasons: [],
};

type Sent = { url: string; headers: Record<string, string>; body: string };
let sent: Sent[];
let reply: Exchange;
let now: Date;
let rendered: RenderedCallback;

const messenger = createMessenger({
  outbound: {
    post: async (url, message) => {
      sent.push({ url, ...message });
      return reply;
    },
  },
  renderers: { gp: () => rendered },
  signer: createSigner(Buffer.alloc(32, 1).toString("base64")),
  clock: { now: () => now },
});

beforeEach(() => {
  sent = [];
  now = new Date();
  reply = { kind: "answer", status: 200, headers: {}, body: "" };
  rendered = {
    path: "/$process-message",
    contentType: "application/fhir+json",
    headers: { "X-Request-Id": "r1", "Webhook-Signature": "v1,forged", Host: "elsewhere.example" },
    body: '{"resourceType":"Bundle"}',
  };
});

describe("a callback", () => {
  it("goes to the registered address, in the form of its door, signed over the very bytes", async () => {
    expect(await messenger.send(callback, client)).toEqual({ kind: "accepted", status: 200 });
    expect(sent).toHaveLength(1);
    expect(sent[0]?.url).toBe("https://gp.example/fhir/$process-message");
    expect(sent[0]?.body).toBe(rendered.body);
    expect(sent[0]?.headers).toMatchObject({
      "content-type": "application/fhir+json",
      "x-request-id": "r1",
      "webhook-id": callback.id,
    });
    expect(new Webhook(secret).verify(rendered.body, sent[0]?.headers ?? {})).toEqual({ resourceType: "Bundle" });
  });

  it("lets no form forge its signature or turn it to another host", async () => {
    await messenger.send(callback, client);
    const names = Object.keys(sent[0]?.headers ?? {});
    expect(names).toEqual(names.map((name) => name.toLowerCase()));
    expect(sent[0]?.headers["webhook-signature"]).not.toContain("forged");
    expect(names).not.toContain("host");
  });

  it("keeps its id on every retry, and tells the time of each", async () => {
    await messenger.send(callback, client);
    now = new Date(now.getTime() + 300_000);
    await messenger.send(callback, client);
    const [first, second] = sent.map((one) => one.headers);
    expect(second?.["webhook-id"]).toBe(first?.["webhook-id"]);
    expect(Number(second?.["webhook-timestamp"])).toBe(Number(first?.["webhook-timestamp"]) + 300);
  });

  it("is dialled nowhere without a registered address or a form", async () => {
    const { callbackUrl: _, ...silent } = client;
    expect(await messenger.send(callback, silent)).toEqual({ kind: "refused", cause: "no-address" });
    expect(await messenger.send(callback, { ...client, kind: "operator" })).toEqual({
      kind: "refused",
      cause: "no-form",
    });
    expect(sent).toEqual([]);
  });
});

describe("its reply", () => {
  const answer = (status: number, headers: Record<string, string> = {}): void => {
    reply = { kind: "answer", status, headers, body: "b" };
  };

  it("410 ends it", async () => {
    answer(410);
    expect(await messenger.send(callback, client)).toMatchObject({ kind: "refused", gone: true });
  });
  it.each([302, 400, 404, 500])("%i is tried again", async (status) => {
    answer(status);
    expect(await messenger.send(callback, client)).toMatchObject({ kind: "unavailable", status });
  });
  it("Retry-After is honoured, also as a date", async () => {
    answer(503, { "retry-after": new Date(Math.ceil(now.getTime() / 1_000) * 1_000 + 60_000).toUTCString() });
    const outcome = await messenger.send(callback, client);
    expect(outcome).toMatchObject({ kind: "unavailable", status: 503 });
    expect(outcome.kind === "unavailable" ? outcome.retryAfterSeconds : 0).toBeGreaterThanOrEqual(60);
    expect(outcome.kind === "unavailable" ? outcome.retryAfterSeconds : 99).toBeLessThanOrEqual(61);
  });
  it("without its echo is no delivery", async () => {
    rendered.taken = (_status, headers) => (headers["x-request-id"] === undefined ? false : undefined);
    answer(200);
    expect(await messenger.send(callback, client)).toMatchObject({ kind: "unavailable", cause: "no-echo" });
    answer(200, { "x-request-id": "r1" });
    expect(await messenger.send(callback, client)).toMatchObject({ kind: "accepted" });
  });
  it("that was lost may be asked for again: the id is the receiver's key", async () => {
    reply = { kind: "failed", cause: "timed-out", sent: true };
    expect(await messenger.send(callback, client)).toEqual({ kind: "unavailable", cause: "timed-out" });
  });
});

describe("the address", () => {
  it.each([
    ["https://a.example", undefined, "https://a.example/"],
    ["https://a.example/hooks", undefined, "https://a.example/hooks"],
    ["https://a.example/hooks/", "/x", "https://a.example/hooks/x"],
    ["https://a.example/hooks?key=1", "/x.json", "https://a.example/hooks/x.json?key=1"],
    ["https://a.example/hooks?key=1", "/x?b=2", "https://a.example/hooks/x?key=1&b=2"],
    ["https://a.example", "//evil.example/x", "https://a.example/evil.example/x"],
    ["https://a.example", "https://evil.example/x", "https://a.example/https://evil.example/x"],
    ["https://a.example:8443/a", "/../../x", "https://a.example:8443/x"],
    ["https://a.example", "@evil.example", "https://a.example/@evil.example"],
  ])("%s and %s", (registered, path, whole) => expect(addressOf(registered, path)).toBe(whole));
});
