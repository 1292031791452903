// The subscription of a practice that registered for notifications: what it subscribed to, and how much news there was.
import type { RequestHandler, Response } from "express";
import type { Client } from "../../schemas/client.ts";
import { BACKPORT_PAYLOAD, TOPIC } from "../../schemas/foreign/fhir/systems.ts";
import { reason } from "../../schemas/reason.ts";
import type { DoorTools } from "../http/door.ts";
import { refuse } from "../http/speak.ts";
import { subscriptionStatus, subscriptionUrl } from "./notification.ts";
import { tell } from "./reply.ts";
import { callerOf } from "./submit.ts";

/** An operator made it by registering the client, and only an operator ends it. */
const shown = ({ id, callbackUrl }: Client) => ({
  resourceType: "Subscription",
  id,
  status: callbackUrl === undefined ? "off" : "active",
  reason: "Registered for news of its referrals",
  criteria: TOPIC,
  channel: {
    type: "rest-hook",
    endpoint: callbackUrl,
    payload: "application/fhir+json",
    _payload: { extension: [{ url: BACKPORT_PAYLOAD, valueCode: "id-only" }] },
  },
});

const searchBundle = (entry: object[]) => ({ resourceType: "Bundle", type: "searchset", entry });

type Told = (client: Client, res: Response) => Promise<void> | void;

const own =
  (tools: DoorTools, answer: Told): RequestHandler =>
  async (req, res) => {
    const client = await callerOf(tools, req, res, "referral.read");
    if (client === undefined) return;
    const subscribed =
      client.callbackForm === "notification" && client.id === req.params["id"]?.toString().toLowerCase();
    if (!subscribed) return refuse(res, [reason("not-found")]);
    await answer(client, res);
  };

export const readSubscription = (tools: DoorTools): RequestHandler =>
  own(tools, (client, res) => tell(res, shown(client)));

export const readStatus = (tools: DoorTools): RequestHandler =>
  own(tools, async (client, res) => {
    const number = await tools.views.newsCount(client);
    const status = subscriptionStatus(subscriptionUrl(tools.publicUrl, client.id), "query-status", number);
    const resource = { ...status, id: client.id };
    tell(res, searchBundle([{ resource, search: { mode: "match" } }]));
  });
