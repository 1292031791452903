// Request and correlation ids: the caller's own where they have a form that we can repeat, ours where they sent none.
import type { RequestHandler, Response } from "express";
import type { Ids } from "../../src/ports/system.ts";

export type Trace = { requestId: string; correlationId: string };

/** Opaque ids as callers make them. Printable and short: what we repeat must not carry anything else. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._:~+/=-]{0,127}$/;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Puts both ids on every reply, whatever becomes of the request (BaRS: a 2xx without them counts as lost). */
export const traces =
  (ids: Ids): RequestHandler =>
  (req, res, next) => {
    const own = (name: string): string => {
      const sent = req.get(name);
      return sent !== undefined && ID.test(sent) ? sent : ids.uuid();
    };
    const trace: Trace = { requestId: own("X-Request-Id"), correlationId: own("X-Correlation-Id") };
    res.locals["trace"] = trace;
    res.set({ "X-Request-Id": trace.requestId, "X-Correlation-Id": trace.correlationId });
    next();
  };

export const traceOf = (res: Response): Trace => res.locals["trace"] as Trace;

/** For logs: a GUID names nobody, while an opaque id might be a number of somebody. */
export const loggable = (id: string): string | undefined => (GUID.test(id) ? id.toLowerCase() : undefined);
