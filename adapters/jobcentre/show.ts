// GET /handoffs/{id}: where a hand-off stands, for the organisation that sent it. Anyone else's is not there.
import type { RequestHandler } from "express";
import { Reference, Uuid } from "../../schemas/ids.ts";
import { clientOf } from "../http/access.ts";
import type { DoorTools } from "../http/door.ts";
import { missing } from "../http/missing.ts";
import { refuse } from "../http/speak.ts";
import { ADDRESS, spoken } from "./answer.ts";

export const showHandOff =
  ({ views, publicUrl }: DoorTools): RequestHandler =>
  async (req, res) => {
    const id = String(req.params["id"]);
    const known = Uuid.safeParse(id).success || Reference.safeParse(id).success;
    const seen = known ? await views.referral(clientOf(res), id) : undefined;
    if (seen === undefined) return refuse(res, [await missing(views, clientOf(res), id)]);
    res.json({
      id: seen.id,
      reference: seen.reference,
      handoffId: seen.callerReference,
      correlationId: seen.correlationId,
      status: seen.status,
      words: seen.words,
      statusUrl: `${publicUrl}${ADDRESS}/${seen.id}`,
      receivedAt: seen.receivedAt,
      changedAt: seen.changedAt,
      sequence: seen.sequence,
      reasons: seen.reasons.map((one) => spoken(one)),
      timeline: seen.timeline,
    });
  };
