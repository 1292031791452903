// Letters by GOV.UK Notify (its REST API, version 2), through the one guarded client. Two templates of the account hold
// nothing but ((subject)) and ((body)): the words are ours. Our letter's id is its `reference`, and can be asked about.
import { SignJWT } from "jose";
import { z } from "zod";
import type { LetterTo, LetterWay } from "../../schemas/letter.ts";
import type { Clock } from "../../src/ports/system.ts";
import { readJson } from "../http/json.ts";
import type { Outbound } from "../outbound/client.ts";
import { textOf } from "../outbound/exchange.ts";
import { outcomeOf } from "../outbound/outcome.ts";
import type { Carrier } from "./carrier.ts";
import { write } from "./words.ts";

export type NotifyOptions = {
  /** `<name>-<service id>-<secret>`, both of them UUIDs. */
  apiKey: string;
  url: string;
  templates: Partial<Record<LetterWay, string>>;
  outbound: Pick<Outbound, "post" | "request">;
  clock: Clock;
};

const UUID_LENGTH = 36;

/** Only what we act on. What cannot be delivered says so by its status. */
const Found = z.object({ notifications: z.array(z.object({ reference: z.string().nullish(), status: z.string() })) });
/** Notify gave up on these for reasons of its own, and asks for another send. */
const LOST = new Set(["technical-failure", "temporary-failure"]);

export const createNotify = ({ apiKey, url, templates, outbound, clock }: NotifyOptions): Carrier => {
  const service = apiKey.slice(-2 * UUID_LENGTH - 1, -UUID_LENGTH - 1);
  const secret = Buffer.from(apiKey.slice(-UUID_LENGTH), "utf8");
  const headers = async (): Promise<Record<string, string>> => {
    const token = await new SignJWT({ iss: service, iat: Math.floor(clock.now().getTime() / 1_000) })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .sign(secret);
    return { authorization: `Bearer ${token}`, "content-type": "application/json" };
  };

  return {
    ways: (["email", "text"] as const).filter((by) => templates[by] !== undefined),
    idempotent: true,
    async send(letter, to) {
      const form = write(letter, to.by);
      const template = templates[to.by];
      if (form === undefined || template === undefined) return { kind: "refused", cause: "no-such-letter" };
      const { subject, body } = form;
      const reply = await outbound.post(`${url}/v2/notifications/${KIND[to.by]}`, {
        headers: await headers(),
        body: JSON.stringify({
          ...addressOf(to),
          template_id: template,
          personalisation: to.by === "email" ? { subject, body } : { body },
          reference: letter.id,
        }),
      });
      const outcome = outcomeOf(reply, { now: clock.now(), idempotent: true });
      // Notify speaks for itself: that it is gone says nothing of whom the letter is for.
      return outcome.kind === "refused" && outcome.gone === true
        ? { kind: "unavailable", cause: "answered-410", status: 410 }
        : outcome;
    },
    async fate(id, by) {
      const query = new URLSearchParams({ template_type: KIND[by], reference: id });
      const asked = { method: "GET", headers: await headers() } as const;
      const reply = textOf(await outbound.request(`${url}/v2/notifications?${query}`, asked));
      if (reply.kind === "failed") return "unsure";
      if (reply.status === 404) return "none";
      const json = readJson(Buffer.from(reply.body, "utf8"));
      const found = Found.safeParse(json.ok ? json.value : undefined);
      if (reply.status !== 200 || !found.success) return "unsure";
      const own = found.data.notifications.filter(({ reference }) => reference === id).map(({ status }) => status);
      if (own.every((status) => LOST.has(status))) return "none";
      return own.includes("permanent-failure") ? "undeliverable" : "taken";
    },
  };
};

const KIND = { email: "email", text: "sms" } as const;
const addressOf = (to: LetterTo): Record<string, string> =>
  to.by === "email" ? { email_address: to.address } : { phone_number: to.mobile };
