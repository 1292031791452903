// The ids that a Jobcentre system sends beside the body, as DWP's interfaces name them.
import type { Request } from "express";
import { z } from "zod";
import { reason, type Reason } from "../../schemas/reason.ts";

const Originator = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,39}$/);

export type HandOffHeaders = {
  originator?: string;
  correlationId?: string;
  /** As the IETF draft on Idempotency-Key writes it, with or without its quotation marks. */
  key?: string;
  faults: Reason[];
};

const correlationHeader = (req: Request): string =>
  req.get("correlationId") === undefined ? "X-Correlation-Id" : "correlationId";

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** `sent` are the ids in the body, as far as they could be read. */
export const readHeaders = (req: Request, sent: { handoffId?: string; correlationId?: string }): HandOffHeaders => {
  const faults: Reason[] = [];
  const originator = req.get("gov-uk-originator-id");
  if (originator === undefined) faults.push(reason("header-missing", "gov-uk-originator-id"));
  else if (!Originator.safeParse(originator).success) faults.push(reason("header-invalid", "gov-uk-originator-id"));

  const name = correlationHeader(req);
  const header = req.get(name);
  const correlationId = header ?? sent.correlationId;
  if (correlationId === undefined) faults.push(reason("header-missing", "correlationId"));
  else if (!z.guid().safeParse(correlationId).success) faults.push(reason("header-invalid", name));
  else if (sent.correlationId !== undefined && !same(correlationId, sent.correlationId))
    faults.push(reason("invariant", "correlationId"));

  const key = req.get("Idempotency-Key")?.replace(/^"(.*)"$/, "$1");
  if (key !== undefined && sent.handoffId !== undefined && !same(key, sent.handoffId))
    faults.push(reason("invariant", "Idempotency-Key"));
  return { originator, correlationId, key, faults };
};
