// Sends an offer to a provider's own system as a signed webhook. Thin: who the person is opens only on acceptance.
import { offerMade, offerTold } from "../../src/core/made.ts";
import { wordSaid } from "../../src/core/word.ts";
import type { Client } from "../../schemas/client.ts";
import type { AttemptOutcome } from "../../schemas/work.ts";
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

export const createWebhook = (options: WebhookOptions): Transport => ({
  name: "webhook",
  // `webhook-id` is the offer's id on every attempt: one offer never arrives under two ids.
  idempotent: true,
  send: (message, to) => post(options, to, message.offer.id, offerMade(message, options.publicUrl)),
  tell: (notice, to) => post(options, to, notice.id, offerTold(notice, options.publicUrl)),
  say: ({ id, offer, reference, word }, to) =>
    post(options, to, id, wordSaid(offer, reference, word, options.publicUrl)),
});

const post = async (
  { outbound, signer, clock }: WebhookOptions,
  to: Client,
  id: string,
  said: object,
): Promise<AttemptOutcome> => {
  if (to.callbackUrl === undefined) return { kind: "refused", cause: "no-address" };
  const body = JSON.stringify(said);
  const signed = signer.headers({ id, at: clock.now(), body, secrets: to.webhookSecrets });
  const reply = await outbound.post(to.callbackUrl, {
    headers: { "content-type": "application/json", ...signed },
    body,
    mayComeTwice: true,
  });
  return outcomeOf(reply, { now: clock.now(), idempotent: true });
};
