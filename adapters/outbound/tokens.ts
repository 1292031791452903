// Our logins at other systems: client credentials with private_key_jwt (SMART Backend Services), kept until shortly before their end.
import { SignJWT } from "jose";
import { z } from "zod";
import type { Cause } from "../../schemas/cause.ts";
import type { Clock, Ids } from "../../src/ports/system.ts";
import { createMemo } from "../http/memo.ts";
import { readJson } from "../http/json.ts";
import type { Outbound } from "./client.ts";
import type { LoginKey } from "./login-key.ts";

/** Who we are at a server, and where its tokens are had; without an address it is discovered below `base`. */
export type Login = { base: string; clientId: string; tokenUrl?: string | undefined; scope: string };

export type Got = { ok: true; token: string } | { ok: false; cause: Cause };

export type Tokens = {
  get(login: Login): Promise<Got>;
  /** The server did not take it: the next attempt asks for another. */
  forget(login: Login): void;
};

/** SMART: at most five minutes. Clocks differ by some seconds. */
const ASSERTION_SECONDS = 240;
/** A token is given up this long before its end, or at half of its life where it is short. */
const MARGIN_SECONDS = 60;
/** For whoever does not say (RFC 6749, section 5.1: expires_in is only recommended). */
const UNSAID_SECONDS = 120;
const LONGEST_SECONDS = 3_600;
const DISCOVERED_MS = 3_600_000;

const Token = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,8000}$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive().optional(),
});
const Configuration = z.object({ token_endpoint: z.url({ protocol: /^https?$/ }) });

type Held = { token: string; until: number };
type Options = { outbound: Pick<Outbound, "post" | "getJson">; key: LoginKey; clock: Clock; ids: Pick<Ids, "uuid"> };

export const createTokens = ({ outbound, key, clock, ids }: Options): Tokens => {
  const held = new Map<string, Held>();
  const asking = new Map<string, Promise<Got>>();
  const discovered = createMemo<string | undefined>(clock, DISCOVERED_MS);

  /** Only at the server's own origin: a token that another server gave us must never be shown to this one. */
  const discover = async (base: string): Promise<string | undefined> => {
    const reply = await outbound.getJson(`${base.replace(/\/+$/, "")}/.well-known/smart-configuration`);
    const found = reply.kind === "answer" ? Configuration.safeParse(reply.value).data?.token_endpoint : undefined;
    return found !== undefined && new URL(found).origin === new URL(base).origin ? found : undefined;
  };

  const assertion = (clientId: string, audience: string): Promise<string> => {
    const now = Math.floor(clock.now().getTime() / 1_000);
    return new SignJWT({})
      .setProtectedHeader({ alg: "ES384", kid: key.jwk.kid, typ: "JWT" })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(audience)
      .setJti(ids.uuid())
      .setIssuedAt(now)
      .setExpirationTime(now + ASSERTION_SECONDS)
      .sign(key.privateKey);
  };

  const ask = async (login: Login, name: string): Promise<Got> => {
    const url = login.tokenUrl ?? (await discovered(login.base, () => discover(login.base)));
    if (url === undefined) return { ok: false, cause: "no-token-address" };
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      scope: login.scope,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await assertion(login.clientId, url),
    });
    const reply = await outbound.post(url, {
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: form.toString(),
    });
    if (reply.kind === "failed") return { ok: false, cause: reply.cause };
    // RFC 6749, section 5.2: a client that is not known, or asks for too much, is told with 400 or 401.
    if (reply.status >= 400 && reply.status < 500) return { ok: false, cause: "token-refused" };
    const json = reply.status === 200 ? readJson(Buffer.from(reply.body, "utf8")) : undefined;
    const token = Token.safeParse(json?.ok === true ? json.value : undefined);
    if (!token.success) return { ok: false, cause: "token-unreadable" };
    const { access_token, expires_in = UNSAID_SECONDS } = token.data;
    const life = Math.min(expires_in, LONGEST_SECONDS);
    held.set(name, {
      token: access_token,
      until: clock.now().getTime() + 1_000 * Math.max(life - MARGIN_SECONDS, life / 2),
    });
    return { ok: true, token: access_token };
  };

  const nameOf = ({ base, clientId, tokenUrl = "", scope }: Login): string =>
    JSON.stringify([base, clientId, tokenUrl, scope]);

  return {
    async get(login) {
      const name = nameOf(login);
      const known = held.get(name);
      if (known !== undefined && known.until > clock.now().getTime()) return { ok: true, token: known.token };
      // Many sends that begin at one moment ask once.
      const running = asking.get(name) ?? ask(login, name).finally(() => asking.delete(name));
      asking.set(name, running);
      return running;
    },
    forget: (login) => void held.delete(nameOf(login)),
  };
};
