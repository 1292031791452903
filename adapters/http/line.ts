// One wide line for each request: route pattern and codes. Never the URL, a query, a header or a body.
import type { Request, RequestHandler, Response } from "express";
import type { Log } from "../log.ts";
import { cameInward } from "./inward.ts";
import type { Metrics } from "./metrics.ts";
import { loggable, traceOf } from "./trace.ts";

/** The pattern that took the request, such as `/referrals/:id`; where none did, only the place it was mounted at. */
export const patternOf = (req: Request, res: Response): string => {
  const mount = (res.locals["mount"] as string | undefined) ?? "";
  const path: unknown = (req.route as { path?: unknown } | undefined)?.path;
  if (path === undefined) return `${mount}/*`;
  const own = Array.isArray(path) ? path.map(String).join("|") : String(path);
  return own === "/" && mount !== "" ? mount : `${mount}${own}`;
};

const sizeOf = (length: unknown): number | undefined => {
  const bytes = Number(length);
  return length !== undefined && Number.isSafeInteger(bytes) ? bytes : undefined;
};

const stopwatch = () => {
  const began = performance.now();
  return (_labels: object): number => (performance.now() - began) / 1_000;
};

export const logs =
  (log: Log, metrics: Metrics): RequestHandler =>
  (req, res, next) => {
    // What we ask ourselves is no traffic.
    const inward = cameInward(req);
    const ended = inward ? stopwatch() : metrics.request();
    res.once("close", () => {
      const route = patternOf(req, res);
      // 499: the caller left before the answer was out.
      const status = res.writableFinished ? res.statusCode : 499;
      const seconds = ended({ method: req.method, route, status });
      const line = {
        requestId: loggable(traceOf(res).requestId),
        correlationId: loggable(traceOf(res).correlationId),
        method: req.method,
        route,
        door: res.locals["mount"] as string | undefined,
        status,
        ms: Math.round(seconds * 10_000) / 10,
        bytesIn: sizeOf(req.headers["content-length"]),
        bytesOut: sizeOf(res.getHeader("Content-Length")),
        ...(res.locals["line"] as object | undefined),
      };
      if (status >= 500) log.warn(line, "request");
      else if (inward || line.door === "/health") log.debug(line, "request");
      else log.info(line, "request");
    });
    next();
  };
