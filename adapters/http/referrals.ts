// `/referrals/{id}`: what became of a referral, and why, for whoever may see it. Everything else is 404, whatever it is.
import { Router, type RequestHandler, type Response } from "express";
import { z } from "zod";
import { Check } from "../../schemas/check.ts";
import type { Client, ClientKind } from "../../schemas/client.ts";
import { read } from "../../schemas/faults.ts";
import { Reference, Uuid } from "../../schemas/ids.ts";
import { reason } from "../../schemas/reason.ts";
import { Door } from "../../schemas/referral.ts";
import type { Views } from "../../src/ports.ts";
import { admits, admitsAny, clientOf } from "./access.ts";
import { bytesOf, rawBody } from "./body.ts";
import type { Access, DoorTools } from "./door.ts";
import { readJson } from "./json.ts";
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

/** A referrer asks as its own door would send. */
const doorOf = ({ kind }: Client): Door | undefined => Door.safeParse(kind).data;

const check =
  (views: Views): RequestHandler =>
  async (req, res) => {
    const client = clientOf(res);
    const door = doorOf(client);
    if (door === undefined) return nothingHere(res);
    const json = readJson(bytesOf(req));
    if (!json.ok) return refuse(res, json.reasons);
    const asked = read(Check, json.value);
    if (!asked.ok) return refuse(res, asked.reasons);
    const answer = await views.check(client, door, asked.value);
    annotate(res, { outcome: answer.outcome });
    res.json(answer);
  };

export const createReferralsRouter = ({ views, access }: Pick<DoorTools, "views" | "access">): Router => {
  const router = Router();
  // Some clients escape the dollar sign.
  router.post(
    ["/$check", "/%24check"],
    admits(access, SENDERS, "referral.read"),
    rawBody(["application/json"]),
    check(views),
  );
  router.get("/:id", readers(access, SENDERS), show(views));
  router.get("/:id/receipt", readers(access, [...SENDERS, "provider"]), explain(views));
  return router;
};
