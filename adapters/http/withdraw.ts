// POST /referrals/{id}/withdrawal and GET /referrals/{id}/recalls: a referral taken back, and who has answered that it deleted.
import type { RequestHandler } from "express";
import { read } from "../../schemas/faults.ts";
import { reason } from "../../schemas/reason.ts";
import { Withdrawal } from "../../schemas/recall.ts";
import { clientOf } from "./access.ts";
import { bytesOf } from "./body.ts";
import type { DoorTools } from "./door.ts";
import { readJson } from "./json.ts";
import { annotate, refuse } from "./speak.ts";
import { Named } from "./telling.ts";

/** 200, also where it was withdrawn before: whoever lost the answer sends it again. */
export const takeWithdrawal =
  ({ steps, views, publicUrl }: DoorTools): RequestHandler =>
  async (req, res) => {
    const client = clientOf(res);
    const id = Named.safeParse(req.params["id"]);
    const view = id.success ? await views.referral(client, id.data) : undefined;
    if (view === undefined) return refuse(res, [reason("not-found")]);
    annotate(res, { referral: view.id });
    const json = readJson(bytesOf(req));
    if (!json.ok) return refuse(res, json.reasons);
    const asked = read(Withdrawal, json.value);
    if (!asked.ok) return refuse(res, asked.reasons);
    const result = await steps.withdraw({ client }, view.id, asked.value);
    annotate(res, { outcome: result.outcome });
    if (result.outcome === "not-found") return refuse(res, [reason("not-found")]);
    if (result.outcome === "refused") return refuse(res, result.reasons);
    const after = await views.recalls(client, view.id);
    res.json({
      id: view.id,
      reference: view.reference,
      outcome: result.outcome === "recorded" ? "withdrawn" : "repeated",
      status: (await views.referral(client, view.id))?.status,
      recalls: after?.recalls ?? [],
      recallsUrl: `${publicUrl}/referrals/${view.id}/recalls`,
    });
  };

export const showRecalls =
  ({ views }: DoorTools): RequestHandler =>
  async (req, res) => {
    const id = Named.safeParse(req.params["id"]);
    const found = id.success ? await views.recalls(clientOf(res), id.data) : undefined;
    if (found === undefined) return refuse(res, [reason("not-found")]);
    annotate(res, { referral: found.referral });
    res.json(found);
  };
