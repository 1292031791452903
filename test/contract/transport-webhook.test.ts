// The webhook as a transport, and what its receivers rely on.
import { Webhook } from "standardwebhooks";
import { expect, it } from "vitest";
import { createSigner, newSecret } from "../../adapters/callbacks/sign.ts";
import { createOutbound } from "../../adapters/outbound/client.ts";
import { createWebhook } from "../../adapters/providers/webhook.ts";
import { SCOPES, type Client } from "../../schemas/client.ts";
import { startReceiver } from "./receiver.ts";
import { offerMessage, SUITE_TIMEOUT_MS, transportSuite, type Subject } from "./transport-suite.ts";

const clock = { now: () => new Date() };
const secret = newSecret(Buffer.alloc(32, 7));
const signer = createSigner(Buffer.alloc(32, 1).toString("base64"));

const provider = (callbackUrl: string): Client => ({
  id: "01980000-0000-7000-8000-000000000001",
  kind: "provider",
  organisation: "north-advice",
  name: "North Advice",
  callbackUrl,
  scopes: SCOPES.provider,
  test: true,
  webhookSecrets: [secret],
});

const start = (): Subject => {
  const outbound = createOutbound({ allow: ["127.0.0.0/8"], clock, timeoutMs: SUITE_TIMEOUT_MS });
  return {
    transport: createWebhook({ outbound, signer, clock, publicUrl: "https://broker.example" }),
    provider,
    keyOf: (request) => request.headers["webhook-id"]?.toString(),
    close: () => outbound.close(),
  };
};

transportSuite("webhook", start);

it("the body is thin, signed, and links to the offer", async () => {
  const receiver = await startReceiver();
  const subject = start();
  const message = offerMessage();
  await subject.transport.send(message, provider(`${receiver.url}/hooks?tenant=7`));
  const [request] = receiver.received;
  expect(request?.path).toBe("/hooks?tenant=7");
  expect(request?.headers["content-type"]).toBe("application/json");
  const body = new Webhook(secret).verify(request?.body ?? "", request?.headers as Record<string, string>);
  expect(body).toEqual({
    type: "offer.made",
    offer: message.offer.id,
    reference: message.reference,
    service: message.offer.service,
    madeAt: "2026-03-02T09:00:00.000Z",
    preview: message.preview,
    link: `https://broker.example/provider/v1/offers/${message.offer.id}`,
  });
  await receiver.close();
  await subject.close?.();
});

it("a provider without an address is dialled nowhere", async () => {
  const subject = start();
  const { callbackUrl: _, ...pulls } = provider("http://127.0.0.1:1");
  expect(await subject.transport.send(offerMessage(), pulls)).toEqual({ kind: "refused", cause: "no-address" });
  await subject.close?.();
});
