// No caller waits for ever: where the store hangs, it hears so in time and asks again under the same key.
import type { RequestHandler } from "express";
import { reason } from "../../schemas/reason.ts";
import { annotate, refuse } from "./speak.ts";

/** Sooner than callers give up by themselves, and than we give up a connection that does not become free. */
export const ANSWER_MS = 8_000;

/**
 * Says 503 when nobody has answered in time. What was begun goes on: whether it was taken is told to whoever
 * asks again with the same key. A body that is still on its way has limits of its own.
 */
export const answersWithin =
  (ms: number): RequestHandler =>
  (req, res, next) => {
    const late = (): void => {
      if (res.headersSent) return;
      if (!req.complete) return arm();
      annotate(res, { late: true });
      refuse(res, [reason("too-busy")]);
    };
    let timer: NodeJS.Timeout;
    const arm = (): void => void (timer = setTimeout(late, ms));
    arm();
    res.once("close", () => clearTimeout(timer));
    next();
  };
