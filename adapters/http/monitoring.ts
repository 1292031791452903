// POST /referrals/{id}/monitoring: answers for equality monitoring, from whoever sent the referral. They go one way: in.
import type { RequestHandler } from "express";
import { read } from "../../schemas/faults.ts";
import { Monitoring } from "../../schemas/monitoring.ts";
import { reason } from "../../schemas/reason.ts";
import { clientOf } from "./access.ts";
import { senders } from "./amend.ts";
import { bytesOf, rawBody } from "./body.ts";
import type { DoorTools } from "./door.ts";
import { readJson } from "./json.ts";
import { annotate, refuse } from "./speak.ts";
import { Named } from "./telling.ts";

const keeps =
  ({ steps }: DoorTools): RequestHandler =>
  async (req, res) => {
    const id = Named.safeParse(req.params["id"]);
    const json = readJson(bytesOf(req));
    if (!json.ok) return refuse(res, json.reasons);
    const said = read(Monitoring, json.value);
    if (!said.ok) return refuse(res, said.reasons);
    const { outcome } = id.success
      ? await steps.monitor(clientOf(res), id.data, said.value)
      : ({ outcome: "not-found" } as const);
    annotate(res, { outcome });
    if (outcome === "not-found") return refuse(res, [reason("not-found")]);
    // Nothing to show: what was kept is shown to nobody.
    res.status(204).end();
  };

export const takesMonitoring = (tools: DoorTools): RequestHandler[] => [
  senders(tools.access, "system/ServiceRequest.c"),
  ...rawBody(["application/json"]),
  keeps(tools),
];
