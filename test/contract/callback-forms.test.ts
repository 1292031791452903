// The news in each referrer's form, against a receiver that checks what its own world would check.
import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMessenger } from "../../adapters/callbacks/messenger.ts";
import { createTaskNews } from "../../adapters/callbacks/task-news.ts";
import { createSigner, newSecret } from "../../adapters/callbacks/sign.ts";
import { councilDoor } from "../../adapters/council/index.ts";
import { gpDoor } from "../../adapters/gp/index.ts";
import { newsForm } from "../../adapters/gp/news-task.ts";
import { notifications } from "../../adapters/gp/notification.ts";
import { jobcentreDoor } from "../../adapters/jobcentre/index.ts";
import { createOutbound, type Outbound } from "../../adapters/outbound/client.ts";
import { createFhir } from "../../adapters/outbound/fhir.ts";
import { createLoginKey } from "../../adapters/outbound/login-key.ts";
import { createTokens } from "../../adapters/outbound/tokens.ts";
import type { Callback } from "../../schemas/callback.ts";
import type { Client, ClientKind } from "../../schemas/client.ts";
import { reason } from "../../schemas/reason.ts";
import { openFhirServer, type FhirServer } from "../world/fhir-server.ts";
import { signatureHolds } from "../world/referrer.ts";
import { answers, startReceiver, type Received, type Receiver } from "./receiver.ts";

const clock = { now: () => new Date() };
const secret = newSecret(Buffer.alloc(32, 7));
const older = newSecret(Buffer.alloc(32, 8));
const signer = createSigner(Buffer.alloc(32, 1).toString("base64"));
const key = createLoginKey(Buffer.alloc(32, 9).toString("base64"));
const PUBLIC_URL = "https://broker.example";
const renderers = {
  gp: gpDoor.renderCallback,
  jobcentre: jobcentreDoor.renderCallback,
  council: councilDoor.renderCallback,
  notification: notifications(PUBLIC_URL),
};

const callback: Callback = {
  id: "01980000-0000-7000-8000-0000000000ff",
  type: "referral.unmet",
  client: "01980000-0000-7000-8000-000000000001",
  referral: "01980000-0000-7000-8000-0000000000bb",
  reference: "WM-7K3P-9QXR",
  callerReference: "HO-1",
  correlationId: "01980000-0000-7000-8000-0000000000cc",
  messageId: "request-bundle-1",
  sequence: 4,
  at: "2026-03-02T09:00:00.000Z",
  status: "unmet",
  reasons: [reason("no-place")],
};

let receiver: Receiver;
let outbound: Outbound;
beforeEach(async () => {
  receiver = await startReceiver();
  outbound = createOutbound({ allow: ["127.0.0.0/8"], clock, timeoutMs: 2_000 });
});
afterEach(async () => {
  await outbound.close();
  await receiver.close();
});

const client = (kind: ClientKind, more: Partial<Client> = {}): Client => ({
  id: callback.client,
  kind,
  organisation: "F83004",
  name: "A system",
  callbackUrl: `${receiver.url}/news`,
  scopes: [],
  test: true,
  webhookSecrets: [secret],
  ...more,
});
const messenger = () => {
  const ids = { uuid: () => randomUUID() };
  const fhir = createFhir({ outbound, tokens: createTokens({ outbound, key, clock, ids }) });
  const tellers = { task: createTaskNews({ fhir, form: newsForm, signer, clock }) };
  return createMessenger({ outbound, renderers, tellers, signer, clock });
};
const only = (): Received => {
  const [one, ...more] = receiver.received;
  if (one === undefined || more.length > 0) throw new Error(`${receiver.received.length} requests`);
  return one;
};

describe("a Jobcentre's webhook", () => {
  /** Receivers written with each of the two packages, as their own documents show it. */
  const PACKAGES = { standardwebhooks: Webhook, svix: SvixWebhook };

  it.each(Object.entries(PACKAGES))(
    "is verified by %s, also with the secret before the last",
    async (_name, Package) => {
      for (const secrets of [[secret], [older, secret]]) {
        receiver.received.length = 0;
        expect(await messenger().send(callback, client("jobcentre", { webhookSecrets: secrets }))).toMatchObject({
          kind: "accepted",
        });
        const { body, headers } = only();
        // Newer ones throw or say nothing; what was verified are the bytes.
        new Package(secret).verify(body, headers as Record<string, string>);
        expect(JSON.parse(body)).toMatchObject({
          type: "referral.unmet",
          reference: callback.reference,
          handoffId: "HO-1",
        });
      }
    },
  );

  it.each(Object.entries(PACKAGES))(
    "that was changed on the way, or signed for another, %s refuses",
    async (_name, Package) => {
      await messenger().send(callback, client("jobcentre"));
      const { body, headers } = only();
      const given = headers as Record<string, string>;
      expect(() => new Package(older).verify(body, given)).toThrow(/signature/);
      expect(() => new Package(secret).verify(body.replace("unmet", "ended"), given)).toThrow(/signature/);
      expect(() => new Package(secret).verify(body, { ...given, "webhook-id": "another" })).toThrow(/signature/);
      expect(() => new Package(secret).verify(body, { ...given, "webhook-timestamp": "1700000000" })).toThrow(
        /too old/,
      );
    },
  );
});

// oxlint-disable-next-line typescript/no-explicit-any
type Loose = any;

describe("a practice's BaRS message", () => {
  /** Takes a message as BaRS wants it taken: both ids, a message that answers one of ours, and the ids echoed. */
  const bars = (echo: boolean) => {
    receiver.behave((req, res) => {
      const message: Loose = JSON.parse(receiver.received.at(-1)?.body ?? "{}");
      const [header] = message.entry.map((one: Loose) => one.resource);
      const ids = [req.headers["x-request-id"], req.headers["x-correlation-id"]];
      const fits =
        message.type === "message" &&
        header.eventCoding.code === "servicerequest-response" &&
        header.response.identifier === callback.messageId &&
        message.entry.some((one: Loose) => one.resource.resourceType === "Encounter") &&
        ids.every((id) => /^[0-9a-f-]{36}$/.test(String(id)));
      const headers = echo ? { "x-request-id": String(ids[0]), "x-correlation-id": String(ids[1]) } : {};
      res.writeHead(fits ? 200 : 400, headers).end("{}");
    });
  };
  const outcome = (code: string, http: string) =>
    JSON.stringify({
      resourceType: "OperationOutcome",
      issue: [
        { code, details: { coding: [{ system: "https://fhir.nhs.uk/CodeSystem/http-error-codes", code: http }] } },
      ],
    });

  it("is taken when both ids come back", async () => {
    bars(true);
    expect(await messenger().send(callback, client("gp"))).toEqual({ kind: "accepted", status: 200 });
    const { path, headers, body } = only();
    expect(path).toBe("/news/$process-message");
    expect(headers).toMatchObject({ "x-request-id": callback.id, "x-correlation-id": callback.correlationId });
    expect(signatureHolds(secret, body, headers as Record<string, string>)).toBe(true);
  });

  it("is not, when a 2xx comes without them: a fault on the way", async () => {
    bars(false);
    expect(await messenger().send(callback, client("gp"))).toEqual({
      kind: "unavailable",
      cause: "no-echo",
      status: 200,
    });
  });

  it("is taken when it came before, and not when it is still being worked on", async () => {
    receiver.behave(answers(409, {}, outcome("duplicate", "REC_CONFLICT")));
    expect(await messenger().send(callback, client("gp"))).toEqual({ kind: "accepted", status: 409 });
    receiver.behave(answers(425, {}, outcome("duplicate", "REC_TOO_EARLY")));
    expect(await messenger().send(callback, client("gp"))).toMatchObject({ kind: "unavailable", status: 425 });
  });
});

describe.each([["with a login there"], ["signed like other news"]])("a practice's Task, %s", (way) => {
  let server: FhirServer;
  const loggedIn = way.startsWith("with");
  beforeEach(async () => {
    server = await openFhirServer({
      keys: () => ({ keys: [key.jwk as never] }),
      clientId: "waymark",
      ...(loggedIn ? {} : { secret }),
    });
  });
  afterEach(() => server.close());

  const practice = (more: Partial<Client> = {}): Client =>
    client("gp", {
      callbackUrl: server.url,
      callbackForm: "task",
      ...(loggedIn ? { callbackLogin: { clientId: "waymark" } } : {}),
      ...more,
    });
  const news = (sequence: number, status: Callback["status"]): Callback => ({
    ...callback,
    id: `01980000-0000-7000-8000-0000000000${sequence}0`,
    sequence,
    status,
    type: "referral.accepted",
    at: `2026-03-0${sequence}T09:00:00.000Z`,
    reasons: status === "unmet" ? [reason("no-place")] : [],
  });
  const task = (): Loose => {
    const [one, ...more] = server.tasks();
    expect(more).toEqual([]);
    return one;
  };

  it("is one for each referral, and shows the newest news of it", async () => {
    expect(await messenger().send(news(2, "unmet"), practice())).toEqual({ kind: "accepted", status: 201 });
    expect(task()).toMatchObject({
      status: "failed",
      statusReason: { coding: [{ code: "no-place" }], text: "Each service that fits is full." },
      businessStatus: { coding: [{ code: "unmet" }] },
      identifier: [{ value: callback.reference }, { value: "HO-1" }],
      focus: { identifier: { value: callback.reference } },
      requester: { identifier: { value: "F83004" } },
      lastModified: "2026-03-02T09:00:00.000Z",
    });
    expect(await messenger().send(news(3, "accepted"), practice())).toEqual({ kind: "accepted", status: 200 });
    expect(task()).toMatchObject({ status: "accepted", meta: { versionId: "2" } });
    expect(task().statusReason).toBeUndefined();
    expect(server.logins.given > 0).toBe(loggedIn);
  });

  it("is not covered by older news that comes late, nor written twice by the same", async () => {
    await messenger().send(news(4, "started"), practice());
    for (const late of [news(3, "accepted"), news(4, "started")])
      expect(await messenger().send(late, practice())).toEqual({ kind: "accepted", status: 200 });
    expect(task()).toMatchObject({ status: "in-progress", meta: { versionId: "1" } });
  });

  it("knows older news by its time where the server keeps no extensions", async () => {
    await messenger().send(news(4, "started"), practice());
    server.move(task(), { extension: undefined });
    await messenger().send(news(3, "accepted"), practice());
    expect(task().status).toBe("in-progress");
    await messenger().send(news(5, "ended"), practice());
    expect(task().status).toBe("completed");
  });

  it("keeps what the practice put into it", async () => {
    await messenger().send(news(2, "offered"), practice());
    server.move(task(), { note: [{ text: "ask Dr Sample" }] });
    await messenger().send(news(3, "accepted"), practice());
    expect(task()).toMatchObject({ status: "accepted", note: [{ text: "ask Dr Sample" }] });
  });

  it("is a person's task where there are several", async () => {
    await messenger().send(news(2, "offered"), practice());
    server.resources.set("Task/99", { ...task(), id: "99" });
    expect(await messenger().send(news(3, "accepted"), practice())).toEqual({
      kind: "refused",
      cause: "several-tasks",
    });
  });

  it("is not written by a stranger", async () => {
    const stranger = loggedIn ? { callbackLogin: { clientId: "nobody" } } : { webhookSecrets: [older] };
    expect(await messenger().send(news(2, "offered"), practice(stranger))).toMatchObject({
      kind: "unavailable",
      cause: loggedIn ? "token-refused" : "answered-401",
    });
    expect(server.tasks()).toEqual([]);
  });
});

describe("a practice's notification", () => {
  const subscriber = () => client("gp", { callbackForm: "notification" });

  /** As a subscriber reads it: a history Bundle whose first entry says what happened, and the rest only where it stands. */
  const readNotification = ({ body, headers }: Received): { event: string; number: string; focus: string } => {
    const bundle: Loose = JSON.parse(body);
    const [first, ...rest] = bundle.entry;
    expect(signatureHolds(secret, body, headers as Record<string, string>)).toBe(true);
    expect([bundle.resourceType, bundle.type]).toEqual(["Bundle", "history"]);
    // bdl-3 and bdl-4: in a history every entry has its request and response.
    for (const one of bundle.entry) expect([one.request.method, one.response.status]).toEqual(["GET", "200"]);
    for (const one of rest) expect(one.resource).toBeUndefined();
    const said = Object.fromEntries(first.resource.parameter.map((one: Loose) => [one.name, one]));
    expect(said.status.valueCode).toBe("active");
    expect(said.topic.valueCanonical).toBe("https://waymark.example/fhir/SubscriptionTopic/referral");
    const url = said.subscription.valueReference.reference;
    expect(first.request.url).toBe(`${url}/$status`);
    expect(url).toBe(`${PUBLIC_URL}/fhir/R4/Subscription/${callback.client}`);
    const event = Object.fromEntries(said["notification-event"].part.map((one: Loose) => [one.name, one]));
    expect(event["event-number"].valueString).toBe(said["events-since-subscription-start"].valueString);
    expect(event.timestamp.valueInstant).toBe(callback.at);
    const focus = event.focus.valueReference.reference;
    expect(rest.map((one: Loose) => one.fullUrl)).toEqual([focus]);
    return { event: said.type.valueCode, number: event["event-number"].valueString, focus };
  };

  it("says that something changed and where it stands, and nothing else", async () => {
    expect(await messenger().send({ ...callback, number: 12 }, subscriber())).toEqual({
      kind: "accepted",
      status: 204,
    });
    const request = only();
    expect(request.path).toBe("/news");
    expect(request.headers["content-type"]).toMatch(/^application\/fhir\+json/);
    expect(readNotification(request)).toEqual({
      event: "event-notification",
      number: "12",
      focus: `${PUBLIC_URL}/fhir/R4/ServiceRequest/${callback.referral}`,
    });
    for (const word of ["unmet", "no-place", callback.reference]) expect(request.body).not.toContain(word);
  });
});
