// POST /referrals/{id}/consent-request: ask the person for their own yes, by a contact that they said is safe.
import type { RequestHandler } from "express";
import { AskRequest } from "../../schemas/asking.ts";
import { read } from "../../schemas/faults.ts";
import { reason } from "../../schemas/reason.ts";
import { clientOf } from "./access.ts";
import { senders } from "./amend.ts";
import { bytesOf, rawBody } from "./body.ts";
import type { DoorTools } from "./door.ts";
import { readJson } from "./json.ts";
import { annotate, refuse } from "./speak.ts";
import { Named } from "./telling.ts";

const asks =
  ({ steps }: DoorTools): RequestHandler =>
  async (req, res) => {
    const id = Named.safeParse(req.params["id"]);
    const json = readJson(bytesOf(req));
    if (!json.ok) return refuse(res, json.reasons);
    const request = read(AskRequest, json.value);
    if (!request.ok) return refuse(res, request.reasons);
    const result = id.success
      ? await steps.askPerson(clientOf(res), id.data, request.value)
      : ({ outcome: "not-found" } as const);
    annotate(res, { outcome: result.outcome });
    if (result.outcome === "not-found") return refuse(res, [reason("not-found")]);
    if (result.outcome === "refused") return refuse(res, result.reasons);
    const { outcome, reference, by, until, asks: asked } = result;
    res
      .status(202)
      .json({ outcome, reference, by, until: until.toISOString(), ...(asked.length > 0 && { asks: asked }) });
  };

export const asksPerson = (tools: DoorTools): RequestHandler[] => [
  senders(tools.access, "system/Consent.c"),
  ...rawBody(["application/json"]),
  asks(tools),
];
