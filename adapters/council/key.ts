// What makes a request the same when it comes again: the caller's key, its own reference, or else its bytes.
import type { Request } from "express";
import { BODY_KEY } from "../../schemas/submission.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { Answers } from "./attributes.ts";

export type Key = { ok: true; key: string; callerReference?: string } | { ok: false; reasons: Reason[] };

/** As the IETF draft on Idempotency-Key writes it, with or without its quotation marks. */
const HEADER = /^"?([\w\-./:]{1,100})"?$/;

/** Each source has a name in front, so that a header never meets a report number. */
export const keyOf = (req: Request, answers: Answers): Key => {
  const callerReference = answers.one("client_reference") ?? answers.one("fixmystreet_id");
  const header = req.get("Idempotency-Key");
  if (header !== undefined) {
    const key = HEADER.exec(header)?.[1];
    if (key === undefined) return { ok: false, reasons: [reason("header-invalid", "Idempotency-Key")] };
    return { ok: true, key: `header:${key}`, callerReference };
  }
  if (answers.one("client_reference") !== undefined)
    return { ok: true, key: `reference:${callerReference}`, callerReference };
  if (callerReference !== undefined) return { ok: true, key: `fixmystreet:${callerReference}`, callerReference };
  return { ok: true, key: BODY_KEY };
};
