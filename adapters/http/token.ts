// Short bearer tokens, ours alone: `base64url(payload).base64url(HMAC-SHA256)`, checked in microseconds without the store.
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** SMART Backend Services, section "Issue access token": expires_in should not exceed 300. */
export const TOKEN_SECONDS = 300;
const MAX_LENGTH = 4_096;

/** Client, scopes, and the second at which it ends. */
const Payload = z.object({ c: z.string(), s: z.array(z.string()), e: z.number() });

export type TokenRead =
  | { ok: true; client: string; scopes: readonly string[] }
  | { ok: false; why: "token-invalid" | "token-expired" };

/** The prefix keeps this use of the key apart from any other. */
const sign = (key: Buffer, payload: string): string =>
  createHmac("sha256", key).update(`waymark-bearer-1.${payload}`).digest("base64url");

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

export const issueToken = (key: Buffer, client: string, scopes: readonly string[], now: Date): string => {
  const ends = Math.floor(now.getTime() / 1000) + TOKEN_SECONDS;
  const payload = Buffer.from(JSON.stringify({ c: client, s: scopes, e: ends })).toString("base64url");
  return `${payload}.${sign(key, payload)}`;
};

type Said = z.infer<typeof Payload>;

/** What tokens of one key say that were read before: a caller shows the same one for five minutes, often many times a second. */
export type KnownTokens = Map<string, Said>;

/** Cleared whole when full: the cost is one reading each. */
const MOST_KNOWN = 10_000;

/** The signature comes first: nothing inside is read before it holds. */
const saidBy = (key: Buffer, token: string): Said | undefined => {
  const [payload, signature, ...rest] = token.length > MAX_LENGTH ? [] : token.split(".");
  if (payload === undefined || signature === undefined || rest.length > 0 || !/^[\w-]{43}$/.test(signature))
    return undefined;
  if (!same(sign(key, payload), signature)) return undefined;
  return Payload.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8"))).data;
};

/** Only what holds is remembered in `known`, and whether it has ended is asked each time. */
export const readToken = (key: Buffer, token: string, now: Date, known: KnownTokens = new Map()): TokenRead => {
  const before = known.get(token);
  const said = before ?? saidBy(key, token);
  if (said === undefined) return { ok: false, why: "token-invalid" };
  if (said.e * 1000 <= now.getTime()) {
    known.delete(token);
    return { ok: false, why: "token-expired" };
  }
  if (before === undefined) {
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(token, said);
  }
  return { ok: true, client: said.c, scopes: said.s };
};
