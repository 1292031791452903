// The HTTP side as a whole: ids, the wide line, safe headers, then every door at its path, and one handler for what went wrong.
import express, { type Express, type Router } from "express";
import helmet from "helmet";
import type { JWK } from "jose";
import { reason } from "../../schemas/reason.ts";
import type { Clients } from "../../src/ports/clients.ts";
import type { Log } from "../log.ts";
import { ANSWER_MS, answersWithin } from "./deadline.ts";
import type { DoorModule, DoorTools } from "./door.ts";
import { faults } from "./faults.ts";
import { createHealthRouter, type Check, type Durability } from "./health.ts";
import type { FetchKeys } from "./keys.ts";
import { logs } from "./line.ts";
import type { Metrics } from "./metrics.ts";
import { mount } from "./mount.ts";
import { createTokenRouter, type TokenLimits } from "./oauth.ts";
import { renderProblem } from "./problem.ts";
import { createCommissionerRouter } from "./commissioner.ts";
import { createReferralsRouter } from "./referrals.ts";
import { refuse, speaks } from "./speak.ts";
import { traces } from "./trace.ts";
import { createTurns, takesTurns } from "./turns.ts";
import { createWellKnownRouter } from "./wellknown.ts";

export type AppOptions = {
  tools: DoorTools;
  /** The front doors, each with the path it answers at: `/fhir/R4`, `/jobcentre/v1`, `/open311/v2`. */
  doors: readonly { path: string; module: Pick<DoorModule, "routes"> }[];
  /** Pages for people, each with its path, and what they load. */
  pages: readonly { path: string; router: Router }[];
  /** `/provider/v1` */
  provider: (tools: DoorTools) => Router;
  clients: Pick<Clients, "byId" | "firstUse">;
  tokenKey: Buffer;
  tokenLimits?: TokenLimits;
  fetchKeys: FetchKeys;
  /** Public keys that verify what we sign: webhooks, and our logins elsewhere. */
  publicKeys: readonly JWK[];
  checks: Record<string, Check>;
  durability: Durability;
  metrics: Metrics;
  log: Log;
  /** How long a caller waits for an answer at most. */
  answerMs?: number;
  trustedProxies: readonly string[];
  /** Tell browsers to come by TLS only: true when the outside reaches us so. */
  hsts: boolean;
};

/** This serves data, not pages: nothing may be loaded, framed or sniffed. Pages set a policy of their own. */
const safeHeaders = (hsts: boolean) =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    strictTransportSecurity: hsts ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: "no-referrer" },
  });

export const createApp = (options: AppOptions): Express => {
  const { tools, doors, clients, tokenKey, fetchKeys, publicKeys, checks, durability, metrics, log } = options;
  const { clock, publicUrl } = tools;
  const app = express();
  app.set("trust proxy", [...options.trustedProxies]);
  app.set("etag", false);
  app.disable("x-powered-by");

  app.use(traces(tools.ids), logs(log, metrics), safeHeaders(options.hsts), speaks(renderProblem));
  app.use(answersWithin(options.answerMs ?? ANSWER_MS), takesTurns(createTurns()));
  // Answers speak of people: no cache between us and the caller keeps them, unless a router says otherwise.
  app.use((_req, res, next) => {
    res.set("Cache-Control", "no-store");
    next();
  });

  const wellKnown = createWellKnownRouter({ publicUrl, keys: publicKeys });
  // The doors come first, for most of what arrives is for them. SMART clients discover the token endpoint below the FHIR base.
  mount(app, "/fhir/R4/.well-known", wellKnown);
  for (const { path, module } of doors) mount(app, path, module.routes(tools));
  mount(app, "/health", createHealthRouter({ checks, durability, clock }));
  mount(app, "/.well-known", wellKnown);
  mount(
    app,
    "/oauth2",
    createTokenRouter({
      clients,
      tokenKey,
      clock,
      publicUrl,
      fetchKeys,
      ...(options.tokenLimits === undefined ? {} : { limits: options.tokenLimits }),
    }),
  );
  mount(app, "/referrals", createReferralsRouter(tools));
  mount(app, "/commissioner/v1", createCommissionerRouter(tools));
  mount(app, "/provider/v1", options.provider(tools));
  for (const { path, router } of options.pages) mount(app, path, router);

  app.use((_req, res) => refuse(res, [reason("not-found")]));
  app.use(faults(log));
  return app;
};
