// The far ends of the canary, in the place of the world outside: a provider that takes every offer and ends it, and a
// referrer that hears the news. Both check signatures, as real ones do.
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { CANARY_PROVIDER } from "../../schemas/canary.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Canaries } from "../../src/ports/canary.ts";
import type { Inward } from "../http/inward.ts";
import { readJson } from "../http/json.ts";
import { issueToken } from "../http/token.ts";
import type { Outbound } from "../outbound/client.ts";
import { ADDRESSES } from "./clients.ts";

type Options = {
  inward: Inward;
  tokenKey: Buffer;
  clock: Clock;
  /** Of the webhooks, as `whsec_` and base64. */
  secret: string;
  canaries: Pick<Canaries, "ended">;
};
type Message = { headers: Record<string, string>; body: string };

const News = z.object({ type: z.string(), handoffId: z.guid() });
const Offered = z.object({ type: z.literal("offer.made"), offer: z.guid() });

const parsed = <T>(shape: z.ZodType<T>, body: string): T | undefined => {
  const json = readJson(Buffer.from(body, "utf8"));
  return shape.safeParse(json.ok ? json.value : undefined).data;
};

const signed = ({ headers, body }: Message, secret: string): boolean => {
  const content = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = Buffer.from(`v1,${createHmac("sha256", key).update(content).digest("base64")}`);
  return (headers["webhook-signature"] ?? "").split(" ").some((one) => {
    const given = Buffer.from(one);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
};

/** In the shape of the client that goes out, so that everything before it is what a real offer or piece of news passes. */
export const createCanaryEnds = ({ inward, tokenKey, clock, secret, canaries }: Options): Outbound => {
  const answer = async (offer: string, verb: string, body?: object): Promise<boolean> => {
    const token = issueToken(tokenKey, CANARY_PROVIDER, ["offer.answer"], clock.now());
    const { status } = await inward({
      method: "POST",
      path: `/provider/v1/offers/${offer}/${verb}`,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: body === undefined ? "" : JSON.stringify(body),
    });
    return status === 200;
  };

  /** An offer that comes twice was ended before: to say so again is answered well, too. */
  const provider = async ({ body }: Message): Promise<number> => {
    const offered = parsed(Offered, body);
    if (offered === undefined) return 400;
    await answer(offered.offer, "accept");
    return (await answer(offered.offer, "end", { reason: "completed" })) ? 204 : 503;
  };
  const referrer = async ({ body }: Message): Promise<number> => {
    const news = parsed(News, body);
    if (news === undefined) return 400;
    if (news.type === "referral.ended") await canaries.ended(news.handoffId);
    return 204;
  };
  const receive = async (url: string, message: Message): Promise<number> => {
    if (!signed(message, secret)) return 401;
    const { origin } = new URL(url);
    if (origin === ADDRESSES.provider) return provider(message);
    return origin === ADDRESSES.referrer ? referrer(message) : 404;
  };

  const nowhere = { kind: "failed", cause: "address-refused", sent: false } as const;
  return {
    post: async (url, message) => ({ kind: "answer", status: await receive(url, message), headers: {}, body: "" }),
    request: async () => nowhere,
    getJson: async () => nowhere,
    close: async () => undefined,
  };
};
