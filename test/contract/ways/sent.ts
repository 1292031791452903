// The ways by which we send: webhook, FHIR, letters by GOV.UK Notify and by SMTP, MESH. Each over a real server on loopback.
import type { JSONWebKeySet } from "jose";
import { createSigner, newSecret } from "../../../adapters/callbacks/sign.ts";
import { taskForm } from "../../../adapters/gp/task-form.ts";
import { createLetters } from "../../../adapters/letters/index.ts";
import { createNotify } from "../../../adapters/letters/notify.ts";
import { createSmtp } from "../../../adapters/letters/smtp.ts";
import { createMeshApi } from "../../../adapters/mesh/api.ts";
import { createMailer } from "../../../adapters/mesh/mailer.ts";
import { createMeshTransport } from "../../../adapters/mesh/transport.ts";
import { createOutbound, type Outbound } from "../../../adapters/outbound/client.ts";
import { createFhir } from "../../../adapters/outbound/fhir.ts";
import { createLoginKey } from "../../../adapters/outbound/login-key.ts";
import { createTokens } from "../../../adapters/outbound/tokens.ts";
import { createFhirTransport } from "../../../adapters/providers/fhir.ts";
import { createSubscriptions } from "../../../adapters/providers/fhir-subscription.ts";
import { createWebhook } from "../../../adapters/providers/webhook.ts";
import { SCOPES, type Client } from "../../../schemas/client.ts";
import { type Home, ids } from "../../builders/store.ts";
import { openFhirServer } from "../../world/fhir-server.ts";
import { openMesh } from "../../world/mesh.ts";
import { NOTIFY_KEY, startNotify, TEMPLATES } from "../../world/notify.ts";
import { startPostOffice } from "../../world/post-office.ts";
import { startReceiver } from "../receiver.ts";
import { SUITE_TIMEOUT_MS } from "../transport-suite.ts";
import { emailBy, emailProvider, linksInMemory } from "./email.ts";
import { startFront } from "./front.ts";
import { bySending, letterSays, sayingOf, type Mishap, type Way } from "./way.ts";

const clock = { now: () => new Date() };
const publicUrl = "https://broker.example";
const openOutbound = (): Outbound => createOutbound({ allow: ["127.0.0.0/8"], clock, timeoutMs: SUITE_TIMEOUT_MS });

const provider = (more: Partial<Client>): Client => ({
  id: "01980000-0000-7000-8000-000000000001",
  kind: "provider",
  organisation: "north-advice",
  name: "North Advice",
  scopes: SCOPES.provider,
  test: true,
  webhookSecrets: [newSecret(Buffer.alloc(32, 7))],
  ...more,
});

type Server = { close(): Promise<void> };
const all =
  (...open: Server[]) =>
  async (): Promise<void> => {
    for (const one of open) await one.close();
  };

export const webhook = async (): Promise<Way> => {
  const receiver = await startReceiver();
  const [front, outbound] = [await startFront(receiver.url), openOutbound()];
  const signer = createSigner(Buffer.alloc(32, 1).toString("base64"));
  const transport = createWebhook({ outbound, signer, clock, publicUrl });
  return bySending({
    tells: "preview",
    sending: { transport, to: provider({ callbackUrl: `${front.url}/hooks` }), meets: front.meets },
    arrived: () =>
      receiver.received.map(({ headers, body }) => ({
        says: sayingOf(body),
        key: String(headers["webhook-id"]),
        text: body,
      })),
    close: all(outbound, front, receiver),
  });
};

export const fhir = async (): Promise<Way> => {
  const key = createLoginKey(Buffer.alloc(32, 9).toString("base64"));
  const keys: JSONWebKeySet = { keys: [key.jwk as never] };
  const server = await openFhirServer({ keys: () => keys, clientId: "waymark" });
  const [front, outbound] = [await startFront(server.url), openOutbound()];
  const asking = createFhir({ outbound, tokens: createTokens({ outbound, key, clock, ids }) });
  const subscriptions = createSubscriptions({ fhir: asking, form: taskForm, clock, publicUrl });
  const silent = () => Promise.reject(new Error("nothing was to be answered"));
  const steps = { answer: silent, report: silent };
  const transport = createFhirTransport({ fhir: asking, form: taskForm, subscriptions, ...steps, clock, publicUrl });
  const reach = {
    by: "fhir",
    clientId: "waymark",
    answers: "poll",
    base: front.url,
    tokenUrl: server.tokenUrl,
  } as const;
  return bySending({
    tells: "preview",
    sending: { transport, to: provider({ reach }), meets: front.meets },
    // A Task that was taken back says so itself, and a reminder stands in its notes.
    arrived: () =>
      server.tasks().map((task) => ({
        says: task["status"] === "cancelled" ? "recall" : task["note"] === undefined ? "offer" : "reminder",
        key: task.id,
        text: JSON.stringify(task),
      })),
    close: all(outbound, front, server),
  });
};

export const notify = async (): Promise<Way> => {
  const server = await startNotify();
  const [front, outbound] = [await startFront(server.url), openOutbound()];
  const carrier = createNotify({ apiKey: NOTIFY_KEY, url: front.url, templates: TEMPLATES, outbound, clock });
  const transport = emailBy(createLetters([carrier]), linksInMemory().links);
  return bySending({
    tells: "nothing",
    sending: { transport, to: emailProvider(), meets: front.meets },
    arrived: () => server.sent.map(({ reference: key, body }) => ({ says: letterSays(body), key, text: body })),
    close: all(outbound, front, server),
  });
};

const SMTP: Record<Exclude<Mishap, "down">, { data?: number; by?: "drop" }> = {
  none: {},
  busy: { data: 451 },
  lost: { by: "drop" },
};

export const smtp = async (): Promise<Way> => {
  const office = await startPostOffice();
  const carrier = createSmtp({
    url: `smtp://127.0.0.1:${office.port}`,
    from: "no-reply@waymark.example",
    textDomain: "sms.example",
    timeoutMs: SUITE_TIMEOUT_MS,
  });
  const meets = async (mishap: Mishap): Promise<void> => {
    if (mishap === "down") return office.close();
    const { by, ...codes } = SMTP[mishap];
    office.refuses(codes);
    office.breaks(by && { at: "data", by });
  };
  return bySending({
    tells: "nothing",
    sending: { transport: emailBy(createLetters([carrier]), linksInMemory().links), to: emailProvider(), meets },
    arrived: () =>
      office.mails.map(({ mail }) => {
        const text = `${mail.subject}\n${mail.text}`;
        return { says: letterSays(text), key: mail.messageId ?? "", text };
      }),
    close: () => office.close(),
  });
};

const [OURS, THEIRS] = ["X26WAYMARK", "X26NORTH1"];

export const mesh = async (home: Home): Promise<Way> => {
  const server = await openMesh({ [OURS]: "secret", [THEIRS]: "other" });
  const [front, outbound] = [await startFront(server.url), openOutbound()];
  const account = { url: front.url, mailbox: OURS, password: "secret", sharedKey: server.sharedKey };
  const api = createMeshApi({ outbound, account, clock, ids });
  const mailer = createMailer({ api, book: home.store.mailBook, clock: home.clock, chunkBytes: 100_000 });
  return bySending({
    tells: "preview",
    sending: {
      transport: createMeshTransport({ mailer, workflow: "WAYMARK_OFFER", publicUrl }),
      to: provider({ reach: { by: "mesh", mailbox: THEIRS } }),
      // After what it cannot be sure of it looks again two minutes later.
      meets: (mishap) => {
        home.clock.pass(120);
        return front.meets(mishap);
      },
    },
    arrived: () =>
      server.inbox(THEIRS).map((one) => {
        const text = server.text(one);
        return { says: sayingOf(text), key: one.localId, text };
      }),
    close: all(outbound, front, server),
  });
};
