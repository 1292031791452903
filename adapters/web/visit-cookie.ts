// The cookie of a visit: read by nothing but us, sent by nobody but our own pages, over TLS only.
import type { Request, Response } from "express";

const MINUTE_MS = 60_000;

export type VisitCookie = {
  /** Ours are 43 letters of base64url; what is not is nobody's. */
  visitOf(req: Request): string | undefined;
  keep(res: Response, session: string): void;
  end(res: Response): void;
};

/** A visit has one room: its cookie goes to the pages below this path, and to no others. */
export const visitCookie = (name: string, path: string, minutes: number): VisitCookie => {
  const flags = { path, httpOnly: true, secure: true, sameSite: "strict" } as const;
  const pattern = new RegExp(`(?:^|;\\s*)${name}=([\\w-]{43})(?:;|$)`);
  return {
    visitOf: (req) => pattern.exec(req.get("cookie") ?? "")?.[1],
    keep: (res, session) => void res.cookie(name, session, { ...flags, maxAge: minutes * MINUTE_MS }),
    end: (res) => void res.clearCookie(name, flags),
  };
};
