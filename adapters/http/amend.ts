// POST /referrals/{id}/consents and /referrals/{id}/facts: what lifts a hold, and what has changed, from whoever sent it.
import type { RequestHandler } from "express";
import type { z } from "zod";
import { ConsentsAmendment, FactsAmendment, type Amendment } from "../../schemas/amendment.ts";
import { read } from "../../schemas/faults.ts";
import { admitsAny } from "./access.ts";
import { bytesOf, rawBody } from "./body.ts";
import type { Access, DoorTools } from "./door.ts";
import { readJson } from "./json.ts";
import { refuse } from "./speak.ts";
import { amends, standingAfter, tellingHeaders } from "./telling.ts";

/** Who may send a referral may say more of it: the scopes are those of sending. */
export const senders = (access: Access, fhir: string): RequestHandler =>
  admitsAny(access, [
    { kinds: ["gp"], scope: fhir },
    { kinds: ["jobcentre"], scope: "handoff.create" },
    { kinds: ["council"], scope: "request.create" },
  ]);

const takes =
  <S extends z.ZodType<Amendment>>(tools: DoorTools, schema: S): RequestHandler =>
  async (req, res) => {
    const { faults, ...headers } = tellingHeaders(req);
    const json = readJson(bytesOf(req));
    if (!json.ok) return refuse(res, [...json.reasons, ...faults]);
    const body = read(schema, json.value);
    const found = [...(body.ok ? [] : body.reasons), ...faults];
    if (!body.ok || found.length > 0) return refuse(res, found);
    const done = await amends(tools, req, res, body.value, headers);
    if (done === undefined) return;
    const after = await standingAfter(tools, res, done);
    res.set("ETag", `W/"${after.sequence}"`).json(after);
  };

export const amendConsents = (tools: DoorTools): RequestHandler[] => [
  senders(tools.access, "system/Consent.c"),
  ...rawBody(["application/json"]),
  takes(tools, ConsentsAmendment),
];

export const amendFacts = (tools: DoorTools): RequestHandler[] => [
  senders(tools.access, "system/ServiceRequest.c"),
  ...rawBody(["application/json"]),
  takes(tools, FactsAmendment),
];
