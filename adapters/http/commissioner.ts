// `/commissioner/v1`: the decisions made under the programmes that an organisation commissions or funds, oldest first.
import { Router, type RequestHandler } from "express";
import { z } from "zod";
import { read } from "../../schemas/faults.ts";
import { admits, clientOf } from "./access.ts";
import type { DoorTools } from "./door.ts";
import { refuse } from "./speak.ts";

const Page = z.strictObject({
  programme: z.string().max(80).optional(),
  /** When it was decided: from this moment on, and before that one (RFC 3339). */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  /** The last receipt of the page before. */
  after: z.guid().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

const moment = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

const list =
  ({ views, publicUrl }: DoorTools): RequestHandler =>
  async (req, res) => {
    const page = read(Page, req.query);
    if (!page.ok) return refuse(res, page.reasons);
    const { programme, after, limit, from, to } = page.value;
    const receipts = await views.decisions(clientOf(res), {
      limit,
      ...(programme === undefined ? {} : { programme }),
      ...(after === undefined ? {} : { after }),
      from: moment(from),
      to: moment(to),
    });
    // A full page may have another behind it, which may be empty.
    const last = receipts.length < limit ? undefined : receipts.at(-1);
    const query = new URLSearchParams({
      ...(programme && { programme }),
      ...(from && { from }),
      ...(to && { to }),
      limit: String(limit),
      ...(last && { after: last.id }),
    });
    res.json({ receipts, ...(last && { next: `${publicUrl}/commissioner/v1/receipts?${query}` }) });
  };

export const createCommissionerRouter = (tools: DoorTools): Router => {
  const router = Router();
  router.get("/receipts", admits(tools.access, ["commissioner"], "receipt.read"), list(tools));
  return router;
};
