// The whole HTTP side on loopback, with clients held in memory, a clock that the test turns, and a log that it can read.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Router, type RequestHandler } from "express";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from "jose";
import { createAccess } from "../../adapters/http/access.ts";
import { createApp, type AppOptions } from "../../adapters/http/app.ts";
import { bytesOf, rawBody } from "../../adapters/http/body.ts";
import { createMetrics } from "../../adapters/http/metrics.ts";
import { listen } from "../../adapters/http/serve.ts";
import { annotate, refuse, speaks } from "../../adapters/http/speak.ts";
import { createLog } from "../../adapters/log.ts";
import { Jwk, SCOPES, type Client, type ClientKind } from "../../schemas/client.ts";
import { statusOf } from "../../schemas/problem.ts";
import { reason } from "../../schemas/reason.ts";
import { only } from "../builders/ports.ts";
import type { Clients } from "../../src/ports/clients.ts";
import type { Views } from "../../src/ports/views.ts";
import { onlySteps } from "../builders/steps.ts";

export const PUBLIC_URL = "https://waymark.test";
export const AUDIENCE = `${PUBLIC_URL}/oauth2/token`;
export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

export const makeClient = (kind: ClientKind, more: Partial<Client> = {}): Client => ({
  id: randomUUID(),
  kind,
  organisation: "F83999",
  name: "Invented system",
  scopes: SCOPES[kind],
  test: true,
  webhookSecrets: [],
  ...more,
});

export const makeKeys = async (alg: "RS384" | "ES384" | "RS512", kid: string = randomUUID()) => {
  const pair = await generateKeyPair(alg, { extractable: true });
  return { alg, kid, privateKey: pair.privateKey, jwk: Jwk.parse({ ...(await exportJWK(pair.publicKey)), kid }) };
};
export type Keys = Awaited<ReturnType<typeof makeKeys>>;

/** In-memory registrations: what the store promises of `Clients`, for these three questions. */
export const makeRegistry = () => {
  const byId = new Map<string, Client>();
  const byKey = new Map<string, string>();
  const used = new Set<string>();
  const asked: string[] = [];
  const clients: Pick<Clients, "byId" | "byApiKey" | "firstUse"> = {
    byId: async (id) => {
      asked.push(id);
      return byId.get(id);
    },
    byApiKey: async (key) => byId.get(byKey.get(key) ?? ""),
    firstUse: async (client, assertionId) => {
      const name = `${client} ${assertionId}`;
      const first = !used.has(name);
      used.add(name);
      return first;
    },
  };
  const add = (client: Client, apiKey?: string): Client => {
    byId.set(client.id, client);
    if (apiKey !== undefined) byKey.set(apiKey, client.id);
    return client;
  };
  return { clients, add, asked, used };
};

/** A door with a form of its own, whose routes do what doors do, and what they should not. */
const toyDoor = (took: () => void): Router => {
  const router = Router();
  router.use(
    speaks((res, reasons) => {
      res
        .status(statusOf(reasons))
        .type("application/toy+json")
        .send(JSON.stringify({ toy: reasons.map((one) => one.code) }));
    }),
  );
  const takes: RequestHandler = (req, res) => {
    took();
    annotate(res, { referral: "0198c0de-0000-7000-8000-000000000001" });
    res.status(201).json({ bytes: bytesOf(req).length });
  };
  router.post("/things", ...rawBody(["application/json"]), takes);
  router.get("/things/:id", (_req, res) => {
    res.json({ ok: true });
  });
  router.get("/address", (req, res) => {
    res.json({ ip: req.ip });
  });
  router.get("/refuses", (_req, res) => refuse(res, [reason("login-required")]));
  router.get("/busy", (_req, res) => refuse(res, [reason("too-busy")]));
  router.get("/breaks", () => {
    throw new Error('no row for "Jane Example", NHS number 999 000 0018');
  });
  router.get("/rejects", () => Promise.reject(Object.assign(new Error("duplicate key"), { detail: "QQ123456C" })));
  router.get("/reached", () => {
    throw Object.assign(new Error("the other side said 400"), { status: 400 });
  });
  router.post("/hangs", ...rawBody(["application/json"]), async (req, res) => {
    await once(req.app, "goes on");
    res.status(201).json({ late: true });
  });
  router.get("/half", (_req, res) => {
    res.write("half");
    throw new Error("too late");
  });
  return router;
};

export type Harness = Awaited<ReturnType<typeof startHarness>>;

export const startHarness = async (more: Partial<AppOptions> & { views?: Partial<Views> } = {}) => {
  let now = new Date("2026-03-02T09:00:00Z");
  const clock = { now: () => now };
  const registry = makeRegistry();
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  let taken = 0;
  const log = createLog({
    level: "debug",
    destination: {
      write: (line) => {
        lines.push(line);
        for (const wake of waiting.splice(0)) wake();
      },
    },
  });
  const metrics = createMetrics();
  const tokenKey = Buffer.alloc(32, 7);
  const { views, ...options } = more;
  const app = createApp({
    tools: {
      steps: onlySteps({}),
      views: only({ ...views }),
      access: createAccess({ clients: registry.clients, tokenKey, clock }),
      clock,
      ids: { uuid: () => randomUUID(), bytes: (count) => Buffer.alloc(count), chance: () => 0.5 },
      publicUrl: PUBLIC_URL,
    },
    doors: [{ path: "/toy/v1", module: { routes: () => toyDoor(() => (taken += 1)) } }],
    pages: [],
    provider: () => Router(),
    clients: registry.clients,
    tokenKey,
    fetchKeys: async () => ({ kind: "failed" }),
    publicKeys: [
      {
        kty: "OKP",
        crv: "Ed25519",
        x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        kid: "w1",
        alg: "EdDSA",
        d: "secret",
      },
    ],
    checks: {},
    durability: "process-crash",
    metrics,
    log,
    trustedProxies: [],
    hsts: false,
    ...options,
  });
  const serving = await listen(app, { port: 0, host: "127.0.0.1" });

  /** The first log line that fits, as soon as it is written: a line is written after the answer is out. */
  const lineWhere = async (fits: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> => {
    for (;;) {
      const found = lines.map((line) => JSON.parse(line) as Record<string, unknown>).find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((wake) => waiting.push(wake));
    }
  };

  return {
    ...registry,
    clock,
    metrics,
    tokenKey,
    lines,
    lineWhere,
    /** How many things were taken so far. */
    taken: () => taken,
    /** Lets what hangs end. */
    goOn: () => void app.emit("goes on"),
    origin: serving.origin,
    close: serving.close,
    turn: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
    seconds: () => Math.floor(now.getTime() / 1000),
  };
};

export const claimsFor = (harness: Harness, client: string): JWTPayload => ({
  iss: client,
  sub: client,
  aud: AUDIENCE,
  exp: harness.seconds() + 240,
  iat: harness.seconds(),
  jti: randomUUID(),
});

export const sign = (
  keys: Pick<Keys, "alg" | "kid"> & { privateKey: CryptoKey | Uint8Array },
  claims: JWTPayload,
  header = {},
) =>
  new SignJWT(claims).setProtectedHeader({ alg: keys.alg, kid: keys.kid, typ: "JWT", ...header }).sign(keys.privateKey);

export const askToken = async (origin: string, assertion: string, more: Record<string, string> = {}) => {
  const reply = await fetch(`${origin}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion,
      ...more,
    }),
  });
  const body = (await reply.json()) as Record<string, unknown>;
  return { status: reply.status, headers: Object.fromEntries(reply.headers), body };
};
