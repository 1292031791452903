// Who is calling: bearer tokens and GeoReport keys become a registered client, or the reasons why not.
import { createHash } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import { CANARY_PROVIDER } from "../../schemas/canary.ts";
import type { Client, ClientKind } from "../../schemas/client.ts";
import { type Reason, reason, type ReasonCode } from "../../schemas/reason.ts";
import type { Clients } from "../../src/ports/clients.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Access, Caller } from "./door.ts";
import { createMemo } from "./memo.ts";
import { covers } from "./scope.ts";
import { annotate, refuse } from "./speak.ts";
import { type KnownTokens, readToken } from "./token.ts";

/** How long a revoked client may still come in. */
const REMEMBERED_MS = 5_000;
const MAX_KEY = 200;

const no = (code: ReasonCode, path?: string): Caller => ({ ok: false, reasons: [reason(code, path)] });

const bearerOf = (authorization: string | undefined): string | undefined =>
  /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? "")?.[1];

export const createAccess = (options: {
  clients: Pick<Clients, "byId" | "byApiKey">;
  tokenKey: Buffer;
  clock: Clock;
  /** Nothing leaves: providers are shown nothing, and what they say is not taken, until we know what they hold. */
  closed?: () => Promise<boolean>;
}): Access => {
  const { clients, tokenKey, clock, closed = async () => false } = options;
  const tokens: KnownTokens = new Map();
  const byId = createMemo<Client | undefined>(clock, REMEMBERED_MS);
  const byKey = createMemo<Client | undefined>(clock, REMEMBERED_MS);

  const bearer: Access["bearer"] = async (authorization, kinds, scope) => {
    const token = bearerOf(authorization);
    if (token === undefined) return no("login-required", "Authorization");
    const read = readToken(tokenKey, token, clock.now(), tokens);
    if (!read.ok) return no(read.why, "Authorization");
    const client = await byId(read.client, () => clients.byId(read.client));
    if (client === undefined || client.revokedAt !== undefined) return no("token-invalid", "Authorization");
    // Both: a token may be narrower than its client, and a client may have lost a scope since.
    const allowed = kinds.includes(client.kind) && covers(read.scopes, scope) && covers(client.scopes, scope);
    if (!allowed) return no("forbidden");
    const shut = client.kind === "provider" && client.id !== CANARY_PROVIDER && (await closed());
    return shut ? no("quarantined") : { ok: true, client };
  };

  const apiKey: Access["apiKey"] = async (key, kind, scope) => {
    if (key === undefined || key === "") return no("api-key-required", "api_key");
    if (key.length > MAX_KEY) return no("api-key-invalid", "api_key");
    // Remembered under a hash, so that the memory of the process holds no list of keys.
    const name = createHash("sha256").update(key).digest("base64url");
    const client = await byKey(name, () => clients.byApiKey(key));
    if (client === undefined || client.revokedAt !== undefined) return no("api-key-invalid", "api_key");
    return client.kind === kind && covers(client.scopes, scope) ? { ok: true, client } : no("forbidden");
  };

  return { bearer, apiKey };
};

export type Way = { kinds: readonly ClientKind[]; scope: string };

/** A council may have no more than its GeoReport key: away from the council door it stands in a header, never in an address. */
const KEY_HEADER = "X-Api-Key";

const callerBy = async (access: Access, req: Request, { kinds, scope }: Way): Promise<Caller> => {
  const key = req.get(KEY_HEADER);
  const authorization = req.get("authorization");
  if (key === undefined || authorization !== undefined || !kinds.includes("council"))
    return access.bearer(authorization, kinds, scope);
  const caller = await access.apiKey(key, "council", scope);
  return caller.ok ? caller : { ok: false, reasons: caller.reasons.map((one) => placed(one)) };
};

const placed = (one: Reason): Reason => (one.path === undefined ? one : { ...one, path: KEY_HEADER });

/** Lets a caller pass that one of the ways is open to, and names it on the wide line; the router's own form refuses the rest. */
export const admitsAny =
  (access: Access, ways: readonly [Way, ...Way[]]): RequestHandler =>
  async (req, res, next) => {
    let caller: Caller = no("forbidden");
    for (const way of ways) {
      caller = await callerBy(access, req, way);
      if (caller.ok) break;
    }
    if (!caller.ok) return refuse(res, caller.reasons);
    res.locals["client"] = caller.client;
    annotate(res, { client: caller.client.id });
    next();
  };

export const admits = (access: Access, kinds: readonly ClientKind[], scope: string): RequestHandler =>
  admitsAny(access, [{ kinds, scope }]);

/** The client that {@link admitsAny} let in. */
export const clientOf = (res: Response): Client => res.locals["client"] as Client;
