// How the token endpoint says no: RFC 6749, section 5.2, with a code for our log and plain words for the caller.
import type { Response } from "express";
import type { Fault } from "./assertion.ts";
import { annotate } from "./speak.ts";

type ErrorCode =
  | "invalid_request"
  | "invalid_client"
  | "invalid_scope"
  | "unsupported_grant_type"
  | "temporarily_unavailable";
const STATUS: Record<ErrorCode, number> = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_scope: 400,
  unsupported_grant_type: 400,
  temporarily_unavailable: 429,
};

export const refuseGrant = (res: Response, error: ErrorCode, fault: Fault, status = STATUS[error]): void => {
  annotate(res, { reasons: [`token:${fault.code}`] });
  res.status(status).set({ "Cache-Control": "no-store", Pragma: "no-cache" });
  res.json({ error, error_description: fault.words });
};
