// The cookie of a visit: read by nothing but us, sent by nobody but our own pages, over TLS only.
import type { Request, Response } from "express";
import { VISIT } from "../../src/core/link.ts";

const NAME = "waymark-visit";
const HOUR_MS = 3_600_000;
const FLAGS = { path: "/answer", httpOnly: true, secure: true, sameSite: "strict" } as const;

/** Ours are 43 letters of base64url; what is not is nobody's. */
export const visitOf = (req: Request): string | undefined =>
  new RegExp(`(?:^|;\\s*)${NAME}=([\\w-]{43})(?:;|$)`).exec(req.get("cookie") ?? "")?.[1];

export const keepVisit = (res: Response, session: string): void => {
  res.cookie(NAME, session, { ...FLAGS, maxAge: VISIT.hours * HOUR_MS });
};

export const endVisit = (res: Response): void => {
  res.clearCookie(NAME, FLAGS);
};
