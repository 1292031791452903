// Tells a referrer the news: in the form of its door, signed, and only to the address that it registered.
import type { CallbackForm, Client, ClientKind } from "../../schemas/client.ts";
import type { Messenger, RenderCallback } from "../../src/ports/outward.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Outbound } from "../outbound/client.ts";
import { outcomeOf } from "../outbound/outcome.ts";
import { addressOf } from "./address.ts";
import type { Signer } from "./sign.ts";

type Form = ClientKind | Exclude<CallbackForm, "bars">;

const formOf = ({ kind, callbackForm = "bars" }: Client): Form => (callbackForm === "bars" ? kind : callbackForm);

type MessengerOptions = {
  outbound: Pick<Outbound, "post">;
  /** How the news looks to each kind of client; a GP's system may have asked for another form than its door's. */
  renderers: Partial<Record<Form, RenderCallback>>;
  /** Forms that take more than one request. */
  tellers?: Partial<Record<Form, Messenger>>;
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

export const createMessenger = ({ outbound, renderers, tellers, signer, clock }: MessengerOptions): Messenger => ({
  async send(callback, to) {
    if (to.callbackUrl === undefined) return { kind: "refused", cause: "no-address" };
    const form = formOf(to);
    const teller = tellers?.[form];
    if (teller !== undefined) return teller.send(callback, to);
    const render = renderers[form];
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
      mayComeTwice: true,
    });
    // Its id is the receiver's idempotency key, the same on every retry: a lost answer may be followed by another send.
    return outcomeOf(reply, { now: clock.now(), idempotent: true, taken: rendered.taken });
  },
});
