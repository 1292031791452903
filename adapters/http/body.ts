// The raw bytes of a request: kept as they came, within the size limit.
import { raw, type Request, type RequestHandler } from "express";
import { reason } from "../../schemas/reason.ts";
import { refuse } from "./speak.ts";
import { whenItsTurn } from "./turns.ts";

/** Largest body that any door takes, in bytes. */
export const MAX_BODY = 1_048_576;

/** Reads the body as bytes when its content type is one of `types`; anything else is `wrong-media-type`. What follows comes in its turn. */
export const rawBody = (types: readonly string[]): RequestHandler[] => [
  (req, res, next) => {
    if (req.is(types as string[]) === false) refuse(res, [reason("wrong-media-type", "Content-Type")]);
    else next();
  },
  raw({ type: () => true, limit: MAX_BODY }),
  (req, res, next) => whenItsTurn(res, bytesOf(req).length, next),
];

/** Many clients send a length of nothing and no type with a POST that says all in its address. */
export const unlessEmpty =
  (handler: RequestHandler): RequestHandler =>
  (req, res, next) =>
    req.get("content-length") === "0" ? next() : handler(req, res, next);

/** The bytes that {@link rawBody} read; empty when there was no body. */
export const bytesOf = (req: Request): Buffer => (Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0));
