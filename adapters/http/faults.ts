// The one error handler of http: what a parser threw becomes a reason, anything else is our own fault and is logged once.
import type { ErrorRequestHandler } from "express";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { Log } from "../log.ts";
import { patternOf } from "./line.ts";
import { annotate, refuse } from "./speak.ts";
import { loggable, traceOf } from "./trace.ts";

/** How Express and its parsers mark an error: `type` (body-parser), `status` (http-errors). */
type Marked = { type?: unknown; status?: unknown; expose?: unknown };

const reasonOf = (error: unknown): Reason | undefined => {
  const { type, status, expose } = (typeof error === "object" && error !== null ? error : {}) as Marked;
  switch (type) {
    case "entity.too.large":
      return reason("too-large");
    case "charset.unsupported":
      return reason("wrong-media-type", "Content-Type");
    case "encoding.unsupported":
      return reason("wrong-media-type", "Content-Encoding");
    case "request.size.invalid":
      return reason("header-invalid", "Content-Length");
    case "entity.parse.failed":
      return reason("not-json");
    case "parameters.too.many":
      return reason("too-many");
    default:
  }
  // An address with a broken percent sign, or a compressed body that does not unpack.
  if (error instanceof URIError || (status === 400 && expose === true)) return reason("invalid");
  return undefined;
};

export const faults =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, req, res, _next) => {
    // It comes with its answer after the caller was told to ask again.
    if (res.writableEnded && (error as { code?: unknown } | undefined)?.code === "ERR_HTTP_HEADERS_SENT") return;
    const gone = (error as Marked | undefined)?.type === "request.aborted" || req.socket.destroyed;
    const known = reasonOf(error);
    if (known === undefined && !gone) {
      log.error({ err: error, requestId: loggable(traceOf(res).requestId), route: patternOf(req, res) }, "we broke");
    }
    if (gone) {
      annotate(res, { reasons: ["aborted"] });
      res.destroy();
    } else if (res.headersSent) {
      // Half an answer is out: cutting the line is the only way left to say that it is not whole.
      annotate(res, { reasons: ["we-broke"] });
      res.destroy();
    } else refuse(res, [known ?? reason("we-broke")]);
  };
