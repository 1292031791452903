// Sends an offer to a provider's own system as a signed webhook. Thin: who the person is opens only on acceptance.
import { offerMade } from "../../src/core/made.ts";
import type { Transport } from "../../src/ports/outward.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Outbound } from "../outbound/client.ts";
import { outcomeOf } from "../outbound/outcome.ts";

type WebhookOptions = {
  outbound: Pick<Outbound, "post">;
  signer: {
    headers(message: { id: string; at: Date; body: string; secrets: readonly string[] }): Record<string, string>;
  };
  clock: Clock;
  /** Root of our own links, without a slash at the end. */
  publicUrl: string;
};

export const createWebhook = ({ outbound, signer, clock, publicUrl }: WebhookOptions): Transport => ({
  name: "webhook",
  // `webhook-id` is the offer's id on every attempt: one offer never arrives under two ids.
  idempotent: true,
  async send(message, to) {
    if (to.callbackUrl === undefined) return { kind: "refused", cause: "no-address" };
    const body = JSON.stringify(offerMade(message, publicUrl));
    const { offer } = message;
    const signed = signer.headers({ id: offer.id, at: clock.now(), body, secrets: to.webhookSecrets });
    const reply = await outbound.post(to.callbackUrl, {
      headers: { "content-type": "application/json", ...signed },
      body,
    });
    return outcomeOf(reply, { now: clock.now(), idempotent: true });
  },
});
