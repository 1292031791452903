// The one way from this door to the accept step: who calls, what is handed over, and the answers that all share.
import type { Request, Response } from "express";
import type { Client, ClientKind } from "../../schemas/client.ts";
import { reason } from "../../schemas/reason.ts";
import type { Taken } from "../../src/ports/intake.ts";
import { bytesOf } from "../http/body.ts";
import type { DoorTools } from "../http/door.ts";
import { annotate, refuse } from "../http/speak.ts";
import type { Letter } from "./content.ts";
import type { CallerIds } from "./headers.ts";

/** The client behind the token; undefined after the refusal was sent. */
export const callerOf = async (
  tools: DoorTools,
  req: Request,
  res: Response,
  scope: string,
  kinds: readonly ClientKind[] = ["gp"],
): Promise<Client | undefined> => {
  const caller = await tools.access.bearer(req.get("Authorization"), kinds, scope);
  if (!caller.ok) {
    refuse(res, caller.reasons);
    return undefined;
  }
  annotate(res, { client: caller.client.id });
  return caller.client;
};

export type Sending = { client: Client; key: string; ids: CallerIds; letter: Letter; messageId?: string };
export type Submitted = { taken: Taken; first: boolean; sameBody: boolean };

/** Hands over; undefined after an answer was sent because nothing was taken. */
export const submit = async (
  tools: DoorTools,
  req: Request,
  res: Response,
  { client, key, ids, letter, messageId }: Sending,
): Promise<Submitted | undefined> => {
  const accepted = await tools.steps.accept({
    client,
    door: "gp",
    key,
    body: bytesOf(req),
    contentType: req.get("Content-Type") ?? "application/fhir+json",
    ...ids,
    ...(messageId === undefined ? {} : { messageId }),
    ...(letter.callerReference === undefined ? {} : { callerReference: letter.callerReference }),
    content: letter.content,
    monitoring: letter.monitoring,
  });
  annotate(res, { door: "gp", outcome: accepted.outcome, warnings: letter.warnings.map((one) => one.code) });
  switch (accepted.outcome) {
    case "refused":
      refuse(res, accepted.reasons);
      return undefined;
    case "busy":
      res.set("Retry-After", String(accepted.retryAfterSeconds));
      refuse(res, [reason(accepted.why ?? "too-busy")]);
      return undefined;
    case "repeat":
      return { taken: accepted.taken, first: false, sameBody: accepted.sameBody };
    case "taken":
      return { taken: accepted.taken, first: true, sameBody: true };
  }
};
