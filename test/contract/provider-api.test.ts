// `/provider/v1` over real HTTP: who sees which offer, what an answer may hold, and what comes back.
import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newSecret } from "../../adapters/callbacks/sign.ts";
import { createAccess } from "../../adapters/http/access.ts";
import { faults } from "../../adapters/http/faults.ts";
import { mount } from "../../adapters/http/mount.ts";
import { issueToken } from "../../adapters/http/token.ts";
import { traces } from "../../adapters/http/trace.ts";
import { createLog } from "../../adapters/log.ts";
import { providerRoutes } from "../../adapters/providers/api.ts";
import { BELL_HEADER, bellSecret } from "../../adapters/providers/fhir-subscription.ts";
import { SCOPES, type Client, type ClientKind } from "../../schemas/client.ts";
import type { OfferStatus } from "../../schemas/offer.ts";
import type { Said } from "../../schemas/recall.ts";
import type { Problem } from "../../schemas/problem.ts";
import { reason, type ReasonCode } from "../../schemas/reason.ts";
import { only } from "../builders/ports.ts";
import type { AnswerResult } from "../../src/ports/steps.ts";
import type { OfferView, Views } from "../../src/ports/views.ts";
import { offerMessage } from "./transport-suite.ts";
import { onlySteps } from "../builders/steps.ts";

const { offer: made, preview, reference } = offerMessage();
const tokenKey = Buffer.alloc(32, 3);
const clock = { now: () => new Date("2026-03-02T09:00:00Z") };
const ids = { uuid: () => randomUUID(), bytes: (count: number) => Buffer.alloc(count), chance: () => 0 };

const clientOf = (kind: ClientKind, more: Partial<Client> = {}): Client => ({
  id: randomUUID(),
  kind,
  organisation: made.provider,
  name: "A system",
  scopes: SCOPES[kind],
  test: true,
  webhookSecrets: [],
  ...more,
});
const mine = clientOf("provider");
const theirs = clientOf("provider", { organisation: "south-advice" });
const reader = clientOf("provider", { scopes: ["offer.read"] });
const gp = clientOf("gp", { scopes: [...SCOPES.gp, "offer.read", "offer.answer"] });
const rung: string[] = [];
const WEBHOOK_SECRETS = [newSecret(Buffer.alloc(32, 5)), newSecret(Buffer.alloc(32, 6))];
const follows = clientOf("provider", { webhookSecrets: WEBHOOK_SECRETS });
const gone = clientOf("provider", { webhookSecrets: WEBHOOK_SECRETS, revokedAt: new Date("2026-03-01T09:00:00Z") });
const everyone = [mine, theirs, reader, gp, follows, gone];

const viewOf = (id: string, status: OfferStatus): OfferView => ({
  id,
  reference,
  status,
  service: made.service,
  madeAt: "2026-03-02T09:00:00.000Z",
  changedAt: "2026-03-02T09:00:00.000Z",
  preview,
  ...(status === "accepted"
    ? {
        detail: {
          person: {
            name: { given: ["Ada"], family: "Sample" },
            home: { kind: "not-said" },
            phones: [],
            safeContact: {},
            language: {},
            accessNeeds: [],
          },
          flags: { emergency: false, safeguarding: [], risk: [], incidentMarker: false, handling: "standard" },
          referrer: { organisation: "F83004" },
        },
      }
    : {}),
});

let server: Server;
let root: string;
let shelf: OfferView[];
let asked: { client: string; filter: object }[];
let answered: { client: string; offer: string; answer: Said }[];
let result: AnswerResult["outcome"];
let refusal: ReasonCode;
let after: OfferStatus;

beforeEach(async () => {
  rung.length = 0;
  shelf = [viewOf(made.id, "sent")];
  asked = [];
  answered = [];
  result = "changed";
  refusal = "not-your-turn";
  after = "accepted";
  const app = express();
  app.use(traces(ids));
  const byId = async (id: string) => everyone.find((one) => one.id === id);
  mount(
    app,
    "/provider/v1",
    providerRoutes(
      {
        steps: onlySteps({
          heed: async (client) => void rung.push(client.id),
          async answer(client, offer, answer) {
            answered.push({ client: client.id, offer, answer });
            if (result === "not-found" || client.organisation !== made.provider) return { outcome: "not-found" };
            if (result === "refused") return { outcome: "refused", reasons: [reason(refusal)] };
            shelf = [viewOf(offer, after)];
            return { outcome: result, offer: { ...made, status: after } };
          },
        }),
        views: only<Views>({
          async offers(client, filter) {
            asked.push({ client: client.id, filter });
            return client.organisation === made.provider ? shelf.slice(0, filter.limit) : [];
          },
          offer: async (client, id) =>
            client.organisation === made.provider ? shelf.find((one) => one.id === id) : undefined,
        }),
        access: createAccess({ clients: { byId, byApiKey: async () => undefined }, tokenKey, clock }),
        clock,
        ids,
        publicUrl: "https://broker.example",
      },
      { byId },
    ),
  );
  app.use(faults(createLog({ level: "silent" })));
  server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}/provider/v1`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const call = async (client: Client | undefined, path: string, init: RequestInit = {}) => {
  const token = client && issueToken(tokenKey, client.id, client.scopes, clock.now());
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(init.headers as Record<string, string>) };
  const reply = await fetch(root + path, { ...init, headers });
  const body: unknown = await reply.json();
  return { status: reply.status, type: reply.headers.get("content-type"), headers: reply.headers, body };
};
const post = (client: Client | undefined, path: string, body?: unknown) =>
  call(client, path, {
    method: "POST",
    ...(body === undefined
      ? {}
      : {
          headers: { "content-type": "application/json" },
          body: typeof body === "string" ? body : JSON.stringify(body),
        }),
  });
const faultsOf = (body: unknown) => (body as Problem).errors.map((one) => [one.code, one.path]);

describe("the queue", () => {
  it("holds a provider's own offers, kept by no cache", async () => {
    const { status, body, headers } = await call(mine, "/offers");
    expect(status).toBe(200);
    expect(body).toEqual({ offers: shelf });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(asked).toEqual([{ client: mine.id, filter: { limit: 50 } }]);
  });

  it("goes page by page", async () => {
    shelf = Array.from({ length: 3 }, () => viewOf(randomUUID(), "sent"));
    const { body } = await call(mine, "/offers?status=sent&limit=2");
    const next = `https://broker.example/provider/v1/offers?status=sent&limit=2&after=${shelf[1]?.id}`;
    expect(body).toEqual({ offers: shelf.slice(0, 2), next });
    await call(mine, next.slice("https://broker.example/provider/v1".length));
    expect(asked[1]?.filter).toEqual({ status: "sent", limit: 2, after: shelf[1]?.id });
  });

  it.each(["1", "100"])("takes a limit of %s", async (limit) =>
    expect((await call(mine, `/offers?limit=${limit}`)).status).toBe(200),
  );

  it.each(["0", "101", "-1", "1.5", "many", ""])("takes no limit of %j", async (limit) => {
    const { status, body } = await call(mine, `/offers?limit=${limit}`);
    expect(status).toBe(400);
    expect(faultsOf(body).map(([, path]) => path)).toEqual(["limit"]);
    expect(asked).toEqual([]);
  });

  it("tells every fault of a question at once", async () => {
    const { status, type, body } = await call(mine, "/offers?status=lost&after=x&limit=0&colour=red");
    expect(status).toBe(400);
    expect(type).toContain("application/problem+json");
    expect(faultsOf(body).map(([, path]) => path)).toEqual(["status", "after", "limit", "colour"]);
  });
});

describe("one offer", () => {
  it("is shown to its provider", async () => expect((await call(mine, `/offers/${made.id}`)).body).toEqual(shelf[0]));

  it.each([
    ["another's", () => call(theirs, `/offers/${made.id}`)],
    ["one that does not exist", () => call(mine, `/offers/${randomUUID()}`)],
    ["one without the form of an id", () => call(mine, "/offers/42")],
    ["an answer to another's", () => post(theirs, `/offers/${made.id}/accept`)],
    ["an answer to no id", () => post(mine, "/offers/42/accept")],
  ])("is not there: %s", async (_name, ask) => {
    const { status, body } = await ask();
    expect(status).toBe(404);
    expect(faultsOf(body)).toEqual([["not-found", undefined]]);
  });
});

describe("answers", () => {
  it("open who the person is on acceptance, and not before", async () => {
    expect((await call(mine, `/offers/${made.id}`)).body).not.toHaveProperty("detail");
    const { status, body } = await post(mine, `/offers/${made.id}/accept`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "accepted", detail: { person: { name: { family: "Sample" } } } });
    expect(answered).toEqual([{ client: mine.id, offer: made.id, answer: { verb: "accept" } }]);
  });

  it.each([
    ["acknowledge", undefined, { verb: "acknowledge" }],
    ["accept", {}, { verb: "accept" }],
    ["decline", { reason: "full" }, { verb: "decline", reason: "full" }],
    ["decline", { reason: "other", text: "closing" }, { verb: "decline", reason: "other", text: "closing" }],
    ["start", undefined, { verb: "start" }],
    ["start", { on: "2026-03-02" }, { verb: "start", on: "2026-03-02" }],
    ["end", { reason: "completed" }, { verb: "end", reason: "completed" }],
  ])("%s with %j", async (verb, body, answer) => {
    expect((await post(mine, `/offers/${made.id}/${verb}`, body)).status).toBe(200);
    expect(answered.map((one) => one.answer)).toEqual([answer]);
  });

  it.each([
    ["decline", undefined, [["required", "reason"]]],
    ["decline", { reason: "dislike" }, [["not-one-of", "reason"]]],
    ["decline", { reason: "other" }, [["required", "text"]]],
    ["end", { reason: "other" }, [["required", "text"]]],
    [
      "end",
      { reason: 7, on: "2026-02-30", note: "x" },
      [
        ["not-one-of", "reason"],
        ["date-impossible", "on"],
        ["unknown", "note"],
      ],
    ],
    ["start", { on: "tomorrow" }, [["date-impossible", "on"]]],
    ["accept", { on: "2026-03-02" }, [["unknown", "on"]]],
    [
      "accept",
      { verb: "decline", reason: "full" },
      [
        ["unknown", "verb"],
        ["unknown", "reason"],
      ],
    ],
    ["accept", [], [["wrong-type", undefined]]],
    ["accept", "null", [["wrong-type", undefined]]],
    ["accept", "{", [["not-json", undefined]]],
    ["accept", "[".repeat(1_000), [["too-deep", undefined]]],
  ])("%s with %j changes nothing", async (verb, body, wanted) => {
    const { status, type, body: problem } = await post(mine, `/offers/${made.id}/${verb}`, body);
    expect(status).toBe(400);
    expect(type).toContain("application/problem+json");
    expect(faultsOf(problem)).toEqual(wanted);
    expect(answered).toEqual([]);
  });

  it("in another media type are not read", async () => {
    const init = { method: "POST", headers: { "content-type": "text/plain" }, body: "{}" };
    expect((await call(mine, `/offers/${made.id}/accept`, init)).status).toBe(415);
    expect(answered).toEqual([]);
  });

  it("larger than the limit are not read", async () => {
    const { status } = await post(mine, `/offers/${made.id}/decline`, { reason: "other", text: "x".repeat(2_000_000) });
    expect(status).toBe(413);
    expect(answered).toEqual([]);
  });

  it("said twice are told where the offer stands", async () => {
    result = "repeated";
    const { status, body } = await post(mine, `/offers/${made.id}/accept`);
    expect([status, (body as OfferView).status]).toEqual([200, "accepted"]);
  });

  it.each<ReasonCode>(["not-your-turn", "offer-closed", "conflict"])("may come at the wrong time: %s", async (code) => {
    result = "refused";
    refusal = code;
    const { status, body } = await post(mine, `/offers/${made.id}/accept`);
    expect(status).toBe(409);
    expect(faultsOf(body)).toEqual([[code, undefined]]);
  });
});

describe("access", () => {
  it.each(["GET /offers", "GET /offers/x", "POST /offers/x/accept"])("%s wants a provider's token", async (what) => {
    const [method = "", path = ""] = what.split(" ");
    expect((await call(undefined, path, { method })).status).toBe(401);
    expect((await call(gp, path, { method })).status).toBe(403);
  });

  it("to read is not to answer", async () => {
    expect((await call(reader, "/offers")).status).toBe(200);
    expect((await post(reader, `/offers/${made.id}/accept`)).status).toBe(403);
    expect(answered).toEqual([]);
  });

  it("by the wrong method is told the right one", async () => {
    const { status, headers } = await call(mine, `/offers/${made.id}/accept`);
    expect([status, headers.get("allow")]).toEqual([405, "POST"]);
    expect((await post(mine, "/offers")).status).toBe(405);
    expect((await post(mine, `/offers/${made.id}/destroy`)).status).toBe(404);
  });
});

describe("a bell", () => {
  const ring = (client: string, secret: string | undefined, method = "POST", below = "") =>
    fetch(`${root}/bells/${client}${below}`, {
      method,
      headers: secret === undefined ? {} : { [BELL_HEADER]: secret },
      ...(method === "PUT" ? { body: '{"resourceType":"Task","status":"accepted"}' } : {}),
    });
  const secretOf = (at: number, client = follows.id): string => bellSecret(client, WEBHOOK_SECRETS[at] ?? "");

  it("is heard with any secret that is live, whatever it sends along", async () => {
    expect((await ring(follows.id, secretOf(0))).status).toBe(204);
    expect((await ring(follows.id, secretOf(1))).status).toBe(204);
    expect((await ring(follows.id, secretOf(0), "PUT", "/Task/77")).status).toBe(204);
    expect(rung).toEqual([follows.id, follows.id, follows.id]);
    expect(answered).toEqual([]);
  });

  it.each<[string, string, string | undefined]>([
    ["without a secret", follows.id, undefined],
    ["with the webhook secret itself", follows.id, WEBHOOK_SECRETS[0]],
    ["with another client's", follows.id, bellSecret(mine.id, WEBHOOK_SECRETS[0] ?? "")],
    ["for a client that is gone", gone.id, bellSecret(gone.id, WEBHOOK_SECRETS[0] ?? "")],
    ["for nobody", "01980000-0000-7000-8000-0000000000ff", "x"],
    ["for no id", "me", "x"],
    ["for a client without secrets", mine.id, bellSecret(mine.id, "")],
  ])("%s is refused, and says not why", async (_name, client, secret) => {
    const reply = await ring(client, secret);
    expect([reply.status, ((await reply.json()) as Problem).errors[0]?.code]).toEqual([403, "forbidden"]);
    expect(rung).toEqual([]);
  });
});
