// How this door says what is wrong: an OperationOutcome with NHS England's error codes and our own reason codes.
import type { Render } from "../http/door.ts";
import { HTTP_ERRORS, REASON_SYSTEM, UK_OUTCOME } from "../../schemas/foreign/fhir/systems.ts";
import { statusOf } from "../../schemas/problem.ts";
import { REASONS, type Reason } from "../../schemas/reason.ts";

export const FHIR_JSON = "application/fhir+json; charset=utf-8";

/** We are the receiver: prefix REC (BaRS, error handling). 413 has no code of its own there. */
const CODES: Record<number, string> = {
  400: "REC_BAD_REQUEST",
  401: "REC_UNAUTHORIZED",
  403: "REC_FORBIDDEN",
  404: "REC_NOT_FOUND",
  405: "REC_METHOD_NOT_ALLOWED",
  406: "REC_NOT_ACCEPTABLE",
  408: "REC_TIMEOUT",
  409: "REC_CONFLICT",
  413: "REC_BAD_REQUEST",
  415: "REC_UNSUPPORTED_MEDIA_TYPE",
  422: "REC_UNPROCESSABLE_ENTITY",
  429: "REC_TOO_MANY_REQUESTS",
  500: "REC_SERVER_ERROR",
  503: "REC_SERVICE_UNAVAILABLE",
};

/** FHIR R4, OperationOutcome.issue.location: a fault of HTTP is named `http.` and the header's name. */
const HEADERS = new Set(["header-missing", "header-invalid", "wrong-media-type", "not-acceptable"]);
const expressionOf = ({ code, path }: Reason): string[] | undefined =>
  path === undefined ? undefined : [HEADERS.has(code) || path.startsWith("X-") ? `http.${path}` : path];

const issue = (one: Reason, status: number | undefined) => {
  const { issue, status: own, words } = REASONS[one.code];
  const http = one.severity === "error" ? CODES[status ?? own] : undefined;
  return {
    severity: one.severity,
    code: issue,
    details: {
      coding: [
        ...(http === undefined ? [] : [{ system: HTTP_ERRORS, code: http }]),
        { system: REASON_SYSTEM, code: one.code },
      ],
    },
    diagnostics: words,
    expression: expressionOf(one),
  };
};

/** One issue for each reason. `status` is that of the answer; without an answer each issue keeps its own. */
export const outcome = (reasons: readonly Reason[], status?: number) => ({
  resourceType: "OperationOutcome",
  meta: { profile: [UK_OUTCOME] },
  issue: reasons.map((one) => issue(one, status)),
});

export const render: Render = (res, reasons) => {
  const status = statusOf(reasons);
  // RFC 6750, section 3: a refusal for want of a token names the scheme.
  if (status === 401) {
    const bad = reasons.some((one) => one.code === "token-invalid" || one.code === "token-expired");
    res.set("WWW-Authenticate", `Bearer realm="waymark"${bad ? ', error="invalid_token"' : ""}`);
  }
  res
    .status(status)
    .set("Content-Type", FHIR_JSON)
    .send(JSON.stringify(outcome(reasons, status)));
};
