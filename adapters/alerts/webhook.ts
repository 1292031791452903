// An alert as a signed webhook (Standard Webhooks 1.0.0). `text` is what chat systems show.
import { ALERTS, type Telling } from "../../schemas/alert.ts";
import type { Means } from "../../src/ports/on-call.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Outbound } from "../outbound/client.ts";
import { outcomeOf } from "../outbound/outcome.ts";
import { hostOf } from "./host.ts";

type Signer = {
  headers(message: { id: string; at: Date; body: string; secrets: readonly string[] }): Record<string, string>;
};
type Options = {
  url: string;
  secrets: readonly string[];
  outbound: Pick<Outbound, "post">;
  signer: Signer;
  clock: Clock;
};

export const createAlertWebhook = ({ url, secrets, outbound, signer, clock }: Options): Means => ({
  name: "webhook",
  host: hostOf(url),
  async tell(telling, { subject, text }) {
    const at = clock.now();
    const body = JSON.stringify({
      type: `alert.${telling.what}`,
      timestamp: at.toISOString(),
      text: `Waymark: ${subject}\n\n${text}`,
      data: dataOf(telling),
    });
    const reply = await outbound.post(url, {
      headers: { "content-type": "application/json", ...signer.headers({ id: telling.id, at, body, secrets }) },
      body,
    });
    // Its id is the same on every try: a second copy does no harm.
    const outcome = outcomeOf(reply, { now: at, idempotent: true });
    return outcome.kind === "accepted" ? undefined : outcome.cause;
  },
});

const dataOf = ({ alert: { id, code, of, cause, count, since, endedAt } }: Telling) => ({
  alert: id,
  code,
  of,
  cause,
  count,
  wakes: ALERTS[code].wakes,
  since: since.toISOString(),
  endedAt: endedAt?.toISOString(),
});
