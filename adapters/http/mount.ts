// Mounts a router at its path, and answers what falls through it: 405 where another method would do, else 404.
import type { Express, RequestHandler, Router } from "express";
import { reason } from "../../schemas/reason.ts";
import { refuse } from "./speak.ts";

/** The part of Express's layers that is needed to say which methods an address takes. */
type Layer = { route?: { methods: Record<string, boolean> }; match(path: string): boolean };

const methodsAt = (router: Router, path: string): string[] => {
  const layers = router.stack as unknown as Layer[];
  const matching = layers.flatMap((layer) => (layer.route !== undefined && layer.match(path) ? [layer.route] : []));
  const methods = matching.flatMap((route) => Object.keys(route.methods)).map((method) => method.toUpperCase());
  return [...new Set(methods.includes("GET") ? [...methods, "HEAD"] : methods)].sort();
};

const unmatched =
  (router: Router): RequestHandler =>
  (req, res) => {
    const allowed = methodsAt(router, req.path);
    if (allowed.length === 0) return refuse(res, [reason("not-found")]);
    // RFC 9110, section 15.5.6: the answer says what is allowed.
    res.set("Allow", allowed.join(", "));
    refuse(res, [reason("method-not-allowed")]);
  };

export const mount = (app: Express, path: string, router: Router): void => {
  const marks: RequestHandler = (_req, res, next) => {
    res.locals["mount"] = path;
    next();
  };
  app.use(path, marks, router, unmatched(router));
};
