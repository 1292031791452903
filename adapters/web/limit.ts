// How often one address may ask: a whole charity may stand behind one, a guesser too.
import type { RequestHandler } from "express";
import { ipKeyGenerator, rateLimit } from "express-rate-limit";
import { reason } from "../../schemas/reason.ts";
import { refuse } from "../http/speak.ts";

export type PageLimits = {
  /** Pages looked at, in a minute. */
  looks: number;
  /** Forms sent, in ten minutes: each may cost a text message or be a guess. */
  sends: number;
};
export const PAGE_LIMITS: PageLimits = { looks: 240, sends: 60 };

const atMost = (limit: number, minutes: number, skip: (method: string) => boolean): RequestHandler =>
  rateLimit({
    windowMs: minutes * 60_000,
    limit,
    skip: (req) => skip(req.method),
    keyGenerator: (req) => ipKeyGenerator(req.ip ?? "unknown"),
    standardHeaders: false,
    legacyHeaders: false,
    // What X-Forwarded-For says counts only behind a trusted proxy, and that is a setting of ours.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: (_req, res) => {
      res.set("Retry-After", String(minutes * 60));
      refuse(res, [reason("too-many-requests")]);
    },
  });

const isLook = (method: string): boolean => method === "GET" || method === "HEAD";

export const pageLimits = ({ looks, sends }: PageLimits): RequestHandler[] => [
  atMost(looks, 1, (method) => !isLook(method)),
  atMost(sends, 10, isLook),
];
