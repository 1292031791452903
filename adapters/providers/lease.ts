// `/provider/v1/offers/lease`: a provider's own workers take offers from its queue, each of them others.
import { Router, type RequestHandler } from "express";
import { z } from "zod";
import { read } from "../../schemas/faults.ts";
import { LeaseWish, RenewWish, ReturnWish } from "../../schemas/offer-lease.ts";
import { reason } from "../../schemas/reason.ts";
import { clientOf } from "../http/access.ts";
import { bytesOf, rawBody, unlessEmpty } from "../http/body.ts";
import type { DoorTools } from "../http/door.ts";
import { readJson } from "../http/json.ts";
import { annotate, refuse } from "../http/speak.ts";

type Named = RequestHandler<{ lease: string }>;

/** Nothing said is a wish for what is usual. */
const wish = <T>(schema: z.ZodType<T>, bytes: Buffer) => {
  const json = bytes.length === 0 ? ({ ok: true, value: {} } as const) : readJson(bytes);
  return json.ok ? read(schema, json.value) : json;
};

const take =
  ({ steps, views }: DoorTools): RequestHandler =>
  async (req, res) => {
    const asked = wish(LeaseWish, bytesOf(req));
    if (!asked.ok) return refuse(res, asked.reasons);
    const client = clientOf(res);
    const { lease, until, offers } = await steps.leaseOffers(client, asked.value);
    annotate(res, { verb: "lease", offers: offers.length });
    const shown = await Promise.all(offers.map((id) => views.offer(client, id)));
    res.json({ lease, until: until.toISOString(), offers: shown.filter((one) => one !== undefined) });
  };

const renew =
  ({ steps }: DoorTools): Named =>
  async (req, res) => {
    const asked = wish(RenewWish, bytesOf(req));
    if (!asked.ok) return refuse(res, asked.reasons);
    const { lease, until, offers } = await steps.renewOffers(clientOf(res), req.params.lease, asked.value.seconds);
    annotate(res, { verb: "renew", offers: offers.length });
    if (offers.length === 0) return refuse(res, [reason("lease-over")]);
    res.json({ lease, until: until.toISOString(), offers });
  };

const giveBack =
  ({ steps }: DoorTools): Named =>
  async (req, res) => {
    const asked = wish(ReturnWish, bytesOf(req));
    if (!asked.ok) return refuse(res, asked.reasons);
    const offers = await steps.returnOffers(clientOf(res), req.params.lease, asked.value.offers);
    annotate(res, { verb: "return", offers: offers.length });
    if (offers.length === 0) return refuse(res, [reason("lease-over")]);
    res.json({ offers });
  };

/** One answer for another's lease, for one that ended and for one that never was. */
const onlyLeases: Named = (req, res, next) =>
  z.guid().safeParse(req.params.lease).success ? next() : refuse(res, [reason("lease-over")]);

export const leaseRoutes = (tools: DoorTools, answers: RequestHandler): Router => {
  const router = Router();
  const body = rawBody(["application/json"]).map(unlessEmpty);
  router.post("/", answers, ...body, take(tools));
  router.post("/:lease/renew", answers, onlyLeases, ...body, renew(tools));
  router.post("/:lease/return", answers, onlyLeases, ...body, giveBack(tools));
  return router;
};
