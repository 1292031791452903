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

/** The signature comes first: nothing inside is read before it holds. */
export const readToken = (key: Buffer, token: string, now: Date): TokenRead => {
  const [payload, signature, ...rest] = token.length > MAX_LENGTH ? [] : token.split(".");
  if (payload === undefined || signature === undefined || rest.length > 0 || !/^[\w-]{43}$/.test(signature))
    return { ok: false, why: "token-invalid" };
  if (!same(sign(key, payload), signature)) return { ok: false, why: "token-invalid" };
  const inside = Payload.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
  if (!inside.success) return { ok: false, why: "token-invalid" };
  return inside.data.e * 1000 <= now.getTime()
    ? { ok: false, why: "token-expired" }
    : { ok: true, client: inside.data.c, scopes: inside.data.s };
};
