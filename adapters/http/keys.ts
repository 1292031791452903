// The public keys that a client registered: given inline, or fetched from its https address and kept no longer than it says.
import { compactVerify, errors, importJWK } from "jose";
import { z } from "zod";
import { Jwk, type ClientKeys } from "../../schemas/client.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Algorithm } from "./assertion.ts";

/** The outbound client's `getJson`: it dials only what its guard lets through, and reads how long the reply may be kept. */
export type FetchKeys = (
  url: string,
) => Promise<{ kind: "answer"; value: unknown; cacheSeconds?: number } | { kind: "failed" }>;

const MOST_KEYS = 50;
const MOST_ADDRESSES = 10_000;
const LONGEST_SECONDS = 3_600;
/** A key id that we do not know asks the address again, yet no more often than this. */
const AGAIN_SECONDS = 30;

type Key = z.infer<typeof Jwk>;
type Held = { keys: Key[]; at: number; until: number };

/** Keys of other kinds may stand in a set (RFC 7517, section 5): they are passed over. */
const readSet = (body: unknown): Key[] => {
  const set = z.object({ keys: z.array(z.unknown()).max(MOST_KEYS) }).safeParse(body);
  return set.success ? set.data.keys.flatMap((one) => Jwk.safeParse(one).data ?? []) : [];
};

const fits = (key: Key, alg: Algorithm, kid: string): boolean =>
  key.kid === kid &&
  (alg === "ES384" ? key.kty === "EC" && key["crv"] === "P-384" : key.kty === "RSA") &&
  (key["use"] === undefined || key["use"] === "sig") &&
  (key["alg"] === undefined || key["alg"] === alg);

/** Undefined when the registered address gave no answer. */
export type FindKeys = (registered: ClientKeys, alg: Algorithm, kid: string) => Promise<Key[] | undefined>;

export const createKeys = (clock: Clock, fetchKeys: FetchKeys): FindKeys => {
  const held = new Map<string, Held>();
  const asking = new Map<string, Promise<Held | undefined>>();

  const ask = async (url: string): Promise<Held | undefined> => {
    const reply = await fetchKeys(url);
    if (reply.kind === "failed") return undefined;
    const at = clock.now().getTime();
    // A reply that says nothing of caching is not kept (SMART: no longer than its cache-control).
    const seconds = Math.min(reply.cacheSeconds ?? 0, LONGEST_SECONDS);
    const answer = { keys: readSet(reply.value), at, until: at + seconds * 1000 };
    if (held.size >= MOST_ADDRESSES) held.clear();
    held.set(url, answer);
    return answer;
  };

  const asked = (url: string): Promise<Held | undefined> => {
    const running = asking.get(url);
    if (running !== undefined) return running;
    const question = ask(url).finally(() => asking.delete(url));
    asking.set(url, question);
    return question;
  };

  return async (registered, alg, kid) => {
    const choose = (keys: readonly Key[]): Key[] => keys.filter((key) => fits(key, alg, kid));
    if ("keys" in registered) return choose(registered.keys);
    const { url } = registered;
    const fresh = async (): Promise<Key[] | undefined> => {
      const answer = await asked(url);
      return answer && choose(answer.keys);
    };
    const now = clock.now().getTime();
    const known = held.get(url);
    if (known === undefined || known.until <= now) return fresh();
    const found = choose(known.keys);
    const rotated = found.length === 0 && known.at + AGAIN_SECONDS * 1000 <= now;
    return rotated ? fresh() : found;
  };
};

/** True when one of these keys signed it. A key that cannot be used (a short RSA modulus, say) has not. */
export const signedBy = async (jwt: string, alg: Algorithm, keys: readonly Key[]): Promise<boolean> => {
  for (const jwk of keys.slice(0, 3)) {
    try {
      await compactVerify(jwt, await importJWK(jwk, alg), { algorithms: [alg] });
      return true;
    } catch (error) {
      if (!(error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException))
        throw error;
    }
  }
  return false;
};
