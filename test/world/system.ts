// One sample system outside Waymark: its own key pair, its registration, its tokens, and the address it listens on.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from "jose";
import type { ClientKind, NewClient } from "../../schemas/client.ts";
import type { Registered } from "../../src/ports/clients.ts";

/** What a system needs to be itself again after a restart. */
export type Identity = {
  name: string;
  kind: ClientKind;
  organisation: string;
  port: number;
  privateKey: JWK;
  publicKey: JWK;
  clientId: string;
  webhookSecret: string;
  apiKey?: string;
};

export type Post = { method: string; path: string; headers: Record<string, string>; body: string };
type Reply = { status: number; headers?: Record<string, string>; body?: string };
export type Handler = (post: Post) => Reply | Promise<Reply>;

export type Listening = { port: number; close(): Promise<void> };

/** A plain HTTP server on loopback that hands every request to `handle`. Port 0 draws a free one; a port in use is an error. */
export const listen = async (port: number, handle: Handler): Promise<Listening> => {
  const server = createServer((req, res) => void answer(req, res, handle));
  const open = (at: number) =>
    new Promise<void>((done, fail) => {
      server.once("error", fail);
      server.listen(at, "127.0.0.1", () => {
        server.off("error", fail);
        done();
      });
    });
  await open(port);
  return { port: (server.address() as AddressInfo).port, close: () => stop(server) };
};

/** A port that is free now; a system keeps it from then on. */
export const freePort = async (): Promise<number> => {
  const taken = await listen(0, () => ({ status: 503 }));
  await taken.close();
  return taken.port;
};

const answer = async (req: IncomingMessage, res: ServerResponse, handle: Handler): Promise<void> => {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]));
  const body = Buffer.concat(chunks).toString("utf8");
  const reply = await handle({ method: req.method ?? "GET", path: req.url ?? "/", headers, body });
  res.writeHead(reply.status, reply.headers).end(reply.body);
};

const stop = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });

export const newKeys = async (): Promise<{ privateKey: JWK; publicKey: JWK }> => {
  const pair = await generateKeyPair("ES384", { extractable: true });
  const shared = { kid: randomUUID(), alg: "ES384", use: "sig" };
  return {
    privateKey: { ...(await exportJWK(pair.privateKey)), ...shared },
    publicKey: { ...(await exportJWK(pair.publicKey)), ...shared },
  };
};

/** The time that the world goes by: a test that turns the broker's clock turns this one too. */
export const world = { ahead: 0, now: (): number => Date.now() + world.ahead };

type Register = (draft: NewClient) => Promise<Registered>;

/** Registers a new sample system, as `waymark clients add --test` does. */
export const register = async (
  add: Register,
  draft: {
    name: string;
    kind: ClientKind;
    organisation: string;
    port: number;
    host?: string;
    path?: string;
    pulls?: boolean;
    /** False for a system that is no longer on trial. */
    test?: boolean;
  },
): Promise<Identity> => {
  const keys = await newKeys();
  const { client, apiKey } = await add({
    kind: draft.kind,
    organisation: draft.organisation,
    name: draft.name,
    keys: { keys: [keys.publicKey as { kty: "EC"; kid: string }] },
    callbackUrl:
      draft.pulls === true ? undefined : `http://${draft.host ?? "127.0.0.1"}:${draft.port}${draft.path ?? ""}`,
    test: draft.test ?? true,
  });
  const { name, kind, organisation, port } = draft;
  const webhookSecret = client.webhookSecrets[0] ?? "";
  return { name, kind, organisation, port, ...keys, clientId: client.id, webhookSecret, apiKey };
};

/** Signs an assertion as SMART Backend Services asks (RFC 7523), and trades it for a token that it keeps until it nears its end. */
export const tokens = (identity: Identity, broker: string): (() => Promise<string>) => {
  let kept: Promise<{ token: string; until: number }> | undefined;
  return async () => {
    const now = world.now();
    const held = kept === undefined ? undefined : await kept;
    if (held !== undefined && held.until > now) return held.token;
    const fetching = fetchToken(identity, broker);
    kept = fetching;
    // A broker that was away is asked anew.
    fetching.catch(() => void (kept = kept === fetching ? undefined : kept));
    return (await fetching).token;
  };
};

export const assertionFor = async (identity: Identity, broker: string): Promise<string> => {
  const key = await importJWK(identity.privateKey, "ES384");
  return new SignJWT({})
    .setProtectedHeader({ alg: "ES384", kid: String(identity.privateKey.kid), typ: "JWT" })
    .setIssuer(identity.clientId)
    .setSubject(identity.clientId)
    .setAudience(`${broker}/oauth2/token`)
    .setJti(randomUUID())
    .setIssuedAt(Math.floor(world.now() / 1000))
    .setExpirationTime(Math.floor(world.now() / 1000) + 120)
    .sign(key);
};

const fetchToken = async (identity: Identity, broker: string): Promise<{ token: string; until: number }> => {
  const reply = await fetch(`${broker}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await assertionFor(identity, broker),
    }),
  });
  if (!reply.ok) throw new Error(`${identity.name} got no token: ${reply.status} ${await reply.text()}`);
  const body = (await reply.json()) as { access_token: string; expires_in: number };
  return { token: body.access_token, until: world.now() + (body.expires_in - 60) * 1000 };
};
