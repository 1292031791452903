// `/referrals/{id}`: what became of a referral, and why, for whoever may see it. Everything else is 404, whatever it is.
import { Router, type RequestHandler, type Response } from "express";
import { z } from "zod";
import type { ClientKind } from "../../schemas/client.ts";
import { Reference, Uuid } from "../../schemas/ids.ts";
import { reason } from "../../schemas/reason.ts";
import type { Views } from "../../src/ports.ts";
import { admitsAny, clientOf } from "./access.ts";
import type { Access, DoorTools } from "./door.ts";
import { annotate, refuse } from "./speak.ts";

const SENDERS: readonly ClientKind[] = ["gp", "jobcentre", "council"];

/** By id or by the reference that people read out. A number of a person is neither, and never reaches the store. */
const Named = z.union([Uuid, z.string().toUpperCase().pipe(Reference)]);

const nothingHere = (res: Response): void => refuse(res, [reason("not-found")]);

/** Operators hold `operate`, everyone else `referral.read`. */
const readers = (access: Access, kinds: readonly ClientKind[]): RequestHandler =>
  admitsAny(access, [
    { kinds, scope: "referral.read" },
    { kinds: ["operator"], scope: "operate" },
  ]);

const show =
  (views: Views): RequestHandler =>
  async (req, res) => {
    const id = Named.safeParse(req.params["id"]);
    const view = id.success ? await views.referral(clientOf(res), id.data) : undefined;
    if (view === undefined) return nothingHere(res);
    annotate(res, { referral: view.id });
    res.json(view);
  };

const explain =
  (views: Views): RequestHandler =>
  async (req, res) => {
    const id = Named.safeParse(req.params["id"]);
    const receipts = id.success ? await views.receipt(clientOf(res), id.data) : undefined;
    if (receipts === undefined) return nothingHere(res);
    const about = receipts.at(0)?.referral;
    if (about !== undefined) annotate(res, { referral: about });
    res.json({ receipts });
  };

export const createReferralsRouter = ({ views, access }: Pick<DoorTools, "views" | "access">): Router => {
  const router = Router();
  router.get("/:id", readers(access, SENDERS), show(views));
  router.get("/:id/receipt", readers(access, [...SENDERS, "provider"]), explain(views));
  return router;
};
