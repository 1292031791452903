// More about a referral that was sent before: the headers that go with it, and the answer that all doors in JSON share.
import type { Request, Response } from "express";
import { z } from "zod";
import type { Amendment } from "../../schemas/amendment.ts";
import type { Client } from "../../schemas/client.ts";
import { Reference, Uuid } from "../../schemas/ids.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { BODY_KEY } from "../../schemas/submission.ts";
import type { AmendResult, Telling } from "../../src/ports/steps.ts";
import { clientOf } from "./access.ts";
import { bytesOf } from "./body.ts";
import type { DoorTools } from "./door.ts";
import { annotate, refuse } from "./speak.ts";

/** By id or by the reference that people read out. A number of a person is neither, and never reaches the store. */
export const Named = z.union([Uuid, z.string().toUpperCase().pipe(Reference)]);

/** As the IETF draft on Idempotency-Key writes it, with or without its quotation marks. */
const KEY = /^"?([\w\-./:]{1,100})"?$/;
/** RFC 9110, section 13.1.1; weak or strong, for there is one form of each version. */
const VERSION = /^(?:W\/)?"?(\d{1,9})"?$/;

export type TellingHeaders = { key: string; sequence?: number; faults: Reason[] };

/** `own` is a key in the body, which a header must not contradict. */
export const tellingHeaders = (req: Request, own?: string): TellingHeaders => {
  const sent = req.get("Idempotency-Key");
  const key = sent === undefined ? undefined : KEY.exec(sent)?.[1];
  const match = req.get("If-Match");
  const sequence = match === undefined ? undefined : VERSION.exec(match)?.[1];
  return {
    key: own ?? key ?? BODY_KEY,
    ...(sequence === undefined ? {} : { sequence: Number(sequence) }),
    faults: [
      ...(sent !== undefined && key === undefined ? [reason("header-invalid", "Idempotency-Key")] : []),
      ...(own !== undefined && key !== undefined && own.toLowerCase() !== key.toLowerCase()
        ? [reason("invariant", "Idempotency-Key")]
        : []),
      ...(match !== undefined && match !== "*" && sequence === undefined ? [reason("header-invalid", "If-Match")] : []),
    ],
  };
};

type Taken = Exclude<AmendResult, { outcome: "refused" | "not-found" }>;

/** Hands it over; undefined after the refusal was sent. */
export const amends = async (
  { steps }: Pick<DoorTools, "steps">,
  req: Request,
  res: Response,
  amendment: Amendment,
  { key, sequence }: Omit<TellingHeaders, "faults">,
): Promise<Taken | undefined> => {
  const id = Named.safeParse(req.params["id"] ?? "");
  const named = id.success ? id.data : undefined;
  return named === undefined
    ? refuseIt(res, [reason("not-found")])
    : amendsNamed({ steps }, req, res, clientOf(res), named, {
        amendment,
        key,
        sequence,
        contentType: "application/json",
      });
};

/** The same where another part of the request says which referral is meant. */
export const amendsNamed = async (
  { steps }: Pick<DoorTools, "steps">,
  req: Request,
  res: Response,
  client: Client,
  named: string,
  telling: Omit<Telling, "body">,
): Promise<Taken | undefined> => {
  const result = await steps.amend(client, named, { ...telling, body: bytesOf(req) });
  annotate(res, { outcome: result.outcome });
  if (result.outcome === "refused") return refuseIt(res, result.reasons);
  if (result.outcome === "not-found") return refuseIt(res, [reason("not-found")]);
  annotate(res, { referral: result.referral });
  return result;
};

const refuseIt = (res: Response, reasons: Reason[]): undefined => {
  refuse(res, reasons);
  return undefined;
};

/** How the referral stands after it, as its referrer may hear of it. */
export const standingAfter = async ({ views }: Pick<DoorTools, "views">, res: Response, done: Taken) => {
  const seen = await views.referral(clientOf(res), done.referral);
  return {
    id: done.referral,
    reference: done.reference,
    outcome: done.outcome,
    status: seen?.status,
    words: seen?.words,
    sequence: seen?.sequence,
    reasons: seen?.reasons ?? [],
  };
};
