// GET ServiceRequest/{id}: how one's own referral stands. Another organisation's is not there.
import type { RequestHandler } from "express";
import { Uuid } from "../../schemas/ids.ts";
import { reason } from "../../schemas/reason.ts";
import type { DoorTools } from "../http/door.ts";
import { refuse } from "../http/speak.ts";
import { etag, serviceRequest } from "./answers.ts";
import { FHIR_JSON } from "./outcome.ts";
import { callerOf } from "./submit.ts";

export const readBack =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const client = await callerOf(tools, req, res, "system/ServiceRequest.r");
    if (client === undefined) return;
    const id = Uuid.safeParse(req.params["id"]);
    const view = id.success ? await tools.views.referral(client, id.data) : undefined;
    if (view === undefined) return refuse(res, [reason("not-found")]);
    const body = serviceRequest({ ...view, at: view.changedAt });
    res
      .status(200)
      .set({ "Content-Type": FHIR_JSON, ETag: etag(view.sequence) })
      .send(JSON.stringify(body));
  };
