// Each router says once in which form it answers faults; the one error handler in http then uses that form.
import type { RequestHandler, Response } from "express";
import { statusOf } from "../../schemas/problem.ts";
import type { Reason } from "../../schemas/reason.ts";
import type { Render } from "./door.ts";

/** First in a door's router: every fault below it, also one thrown by a parser, is rendered by `render`. */
export const speaks =
  (render: Render): RequestHandler =>
  (_req, res, next) => {
    res.locals["render"] = render;
    next();
  };

/** Answers with reasons in the form of the router that handles this request. */
export const refuse = (res: Response, reasons: readonly Reason[]): void => {
  const render = res.locals["render"] as Render;
  noteReasons(res, reasons);
  advise(res, reasons);
  render(res, reasons);
};

/** The codes of a refusal, for the line. A page that shows its form again, with what is wrong, has no other place for them. */
export const noteReasons = (res: Response, reasons: readonly Reason[]): void =>
  annotate(res, { reasons: reasons.map((one) => one.code) });

/** What a status owes its reader, in any form: RFC 6750 section 3 for 401, RFC 9110 section 10.2.3 for waiting. */
const advise = (res: Response, reasons: readonly Reason[]): void => {
  const status = statusOf(reasons);
  if (status === 401) {
    const shown = reasons.some((one) => one.code === "login-required") ? "" : ', error="invalid_token"';
    res.set("WWW-Authenticate", `Bearer realm="waymark"${shown}`);
  }
  if ((status === 429 || status === 503) && !res.hasHeader("Retry-After")) res.set("Retry-After", "5");
};

/** Adds fields to the request's one wide log line. Codes and ids only, never anything about a person. */
export const annotate = (res: Response, fields: Record<string, string | number | boolean | string[]>): void => {
  res.locals["line"] = { ...(res.locals["line"] as object | undefined), ...fields };
};
