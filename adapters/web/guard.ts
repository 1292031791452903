// What stands before every page: a policy for the browser, and no change that another site started.
import type { RequestHandler } from "express";
import helmet from "helmet";
import { reason } from "../../schemas/reason.ts";
import { refuse } from "../http/speak.ts";

/** Nothing runs and nothing is loaded but our style sheet; nobody frames us; forms come back to us. */
export const pagePolicy: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["data:"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
  // An address may hold a token: no other site hears it. Ours must, or a form would come with `Origin: null`.
  referrerPolicy: { policy: "same-origin" },
});

/** Browsers say where a request began (Fetch Metadata); older ones name the origin of a form. */
export const sameSite: RequestHandler = (req, res, next) => {
  if (req.method === "GET" || req.method === "HEAD") return next();
  const site = req.get("sec-fetch-site");
  const origin = req.get("origin");
  const ours = site === undefined ? origin === undefined || hostOf(origin) === req.get("host") : site === "same-origin";
  if (ours) next();
  else refuse(res, [reason("forbidden")]);
};

/** While nothing leaves, no page shows anything and no code is sent. */
export const unlessClosed =
  (closed: () => Promise<boolean>): RequestHandler =>
  async (_req, res, next) => {
    if (await closed()) refuse(res, [reason("quarantined")]);
    else next();
  };

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);
