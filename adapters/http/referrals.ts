// `/referrals/{id}`: what became of a referral, and why, for whoever may see it. Everything else is 404, whatever it is.
import { Router, type RequestHandler, type Response } from "express";
import { z } from "zod";
import { OverrideRequest, ProposalReply } from "../../schemas/case.ts";
import { Check } from "../../schemas/check.ts";
import type { Client, ClientKind } from "../../schemas/client.ts";
import { read } from "../../schemas/faults.ts";
import { reason } from "../../schemas/reason.ts";
import { Door } from "../../schemas/referral.ts";
import type { Recorded } from "../../src/ports/steps.ts";
import type { Views } from "../../src/ports/views.ts";
import { admits, admitsAny, clientOf } from "./access.ts";
import { amendConsents, amendFacts, senders } from "./amend.ts";
import { bytesOf, rawBody } from "./body.ts";
import { asksPerson } from "./consent-request.ts";
import type { Access, DoorTools } from "./door.ts";
import { readJson } from "./json.ts";
import { missing } from "./missing.ts";
import { takesMonitoring } from "./monitoring.ts";
import { annotate, refuse } from "./speak.ts";
import { Named } from "./telling.ts";
import { showRecalls, takeWithdrawal } from "./withdraw.ts";

const SENDERS: readonly ClientKind[] = ["gp", "jobcentre", "council"];

const nothingHere = (res: Response): void => refuse(res, [reason("not-found")]);

/** Operators hold `operate`, commissioners `receipt.read`, everyone else `referral.read`. */
const readers = (access: Access, kinds: readonly ClientKind[]): RequestHandler =>
  admitsAny(access, [
    { kinds, scope: "referral.read" },
    { kinds: ["commissioner"], scope: "receipt.read" },
    { kinds: ["operator"], scope: "operate" },
  ]);

const show =
  (views: Views): RequestHandler =>
  async (req, res) => {
    const id = Named.safeParse(req.params["id"]);
    const view = id.success ? await views.referral(clientOf(res), id.data) : undefined;
    if (view === undefined) return refuse(res, [await missing(views, clientOf(res), req.params["id"])]);
    annotate(res, { referral: view.id });
    res.set("ETag", `W/"${view.sequence}"`).json(view);
  };

/** `for=person`: the words that may be read out to the person referred. */
const Explained = z.strictObject({ for: z.literal("person").optional() });

const explain =
  (views: Views): RequestHandler =>
  async (req, res) => {
    const id = Named.safeParse(req.params["id"]);
    const asked = read(Explained, req.query);
    if (!asked.ok) return refuse(res, asked.reasons);
    const ask = asked.value.for === "person" ? views.personsReceipt : views.receipt;
    const receipts = id.success ? await ask(clientOf(res), id.data) : undefined;
    if (receipts === undefined) return nothingHere(res);
    const [first] = receipts;
    if (first !== undefined && "referral" in first) annotate(res, { referral: first.referral });
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

/** A step on a referral of the caller's own: whatever is not theirs is not there. */
const record =
  <S extends z.ZodType>(
    views: Views,
    schema: S,
    step: (client: Client, referral: string, request: z.output<S>) => Promise<Recorded>,
  ): RequestHandler =>
  async (req, res) => {
    const client = clientOf(res);
    const id = Named.safeParse(req.params["id"]);
    const view = id.success ? await views.referral(client, id.data) : undefined;
    if (view === undefined) return nothingHere(res);
    annotate(res, { referral: view.id });
    const json = readJson(bytesOf(req));
    if (!json.ok) return refuse(res, json.reasons);
    const request = read(schema, json.value);
    if (!request.ok) return refuse(res, request.reasons);
    const result = await step(client, view.id, request.value);
    annotate(res, { outcome: result.outcome });
    if (result.outcome === "not-found") return nothingHere(res);
    if (result.outcome === "refused") return refuse(res, result.reasons);
    res.status(result.outcome === "recorded" ? 201 : 200).json(result);
  };

export const createReferralsRouter = (tools: DoorTools): Router => {
  const { steps, views, access } = tools;
  const router = Router();
  // Some clients escape the dollar sign.
  router.post(
    ["/$check", "/%24check"],
    admits(access, SENDERS, "referral.read"),
    rawBody(["application/json"]),
    check(views),
  );
  const advises = admits(access, SENDERS, "referral.advise");
  const json = rawBody(["application/json"]);
  router.post(
    "/:id/overrides",
    advises,
    json,
    record(views, OverrideRequest, (client, id, request) => steps.override({ client }, id, request)),
  );
  router.post("/:id/proposals", advises, json, record(views, ProposalReply, steps.reply));
  router.post("/:id/withdrawal", senders(access, "system/ServiceRequest.c"), json, takeWithdrawal(tools));
  router.get("/:id/recalls", readers(access, SENDERS), showRecalls(tools));
  router.get("/:id", readers(access, SENDERS), show(views));
  router.post("/:id/consents", amendConsents(tools));
  router.post("/:id/facts", amendFacts(tools));
  router.post("/:id/consent-request", asksPerson(tools));
  router.post("/:id/monitoring", takesMonitoring(tools));
  router.get("/:id/receipt", readers(access, [...SENDERS, "provider"]), explain(views));
  return router;
};
