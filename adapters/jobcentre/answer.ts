// How the Jobcentre door answers: problem details for faults, a status body for what was taken.
import type { RequestHandler } from "express";
import { REASONS, reason, type Reason } from "../../schemas/reason.ts";
import type { Render } from "../http/door.ts";
import { renderProblem } from "../http/problem.ts";
import { refuse } from "../http/speak.ts";

/** RFC 6750, section 3: a challenge on every 401; its error code only when a token was shown. */
export const renderFaults: Render = (res, reasons) => {
  const code = reasons[0]?.code;
  if (code === "login-required") res.set("WWW-Authenticate", 'Bearer realm="waymark"');
  if (code === "token-invalid" || code === "token-expired")
    res.set("WWW-Authenticate", 'Bearer realm="waymark", error="invalid_token"');
  if (code === "forbidden") res.set("WWW-Authenticate", 'Bearer realm="waymark", error="insufficient_scope"');
  renderProblem(res, reasons);
};

export const takes =
  (methods: string): RequestHandler =>
  (_req, res) => {
    res.set("Allow", methods);
    refuse(res, [reason("method-not-allowed")]);
  };

export const ADDRESS = "/jobcentre/v1/handoffs";

/** A reason with its words, as both answers and callbacks carry it. */
export const spoken = (one: Reason): { code: string; words: string; path?: string } => ({
  code: one.code,
  words: REASONS[one.code].words,
  ...(one.path === undefined ? {} : { path: one.path }),
});
