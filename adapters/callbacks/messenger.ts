// Tells a referrer the news: in the form of its door, signed, and only to the address that it registered.
import type { ClientKind } from "../../schemas/client.ts";
import type { Clock, Messenger, RenderCallback } from "../../src/ports.ts";
import type { Outbound } from "../outbound/client.ts";
import { outcomeOf } from "../outbound/outcome.ts";
import { addressOf } from "./address.ts";
import type { Signer } from "./sign.ts";

type MessengerOptions = {
  outbound: Pick<Outbound, "post">;
  /** How the news looks to each kind of client. */
  renderers: Partial<Record<ClientKind, RenderCallback>>;
  signer: Pick<Signer, "headers">;
  clock: Clock;
};

/** Names in one spelling, so that no form can set a second signature; where it goes is no form's business either. */
const ownHeaders = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value])
      .filter(([name]) => name !== "host"),
  );

export const createMessenger = ({ outbound, renderers, signer, clock }: MessengerOptions): Messenger => ({
  async send(callback, to) {
    if (to.callbackUrl === undefined) return { kind: "refused", cause: "no-address" };
    const render = renderers[to.kind];
    if (render === undefined) return { kind: "refused", cause: "no-form" };
    const rendered = render(callback, to);
    const signed = signer.headers({
      id: callback.id,
      at: clock.now(),
      body: rendered.body,
      secrets: to.webhookSecrets,
    });
    const reply = await outbound.post(addressOf(to.callbackUrl, rendered.path), {
      headers: { ...ownHeaders(rendered.headers), "content-type": rendered.contentType, ...signed },
      body: rendered.body,
    });
    // Its id is the receiver's idempotency key, the same on every retry: a lost answer may be followed by another send.
    return outcomeOf(reply, { now: clock.now(), idempotent: true, taken: rendered.taken });
  },
});
