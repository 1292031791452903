// `/provider/v1/bells/{client}`: a FHIR server rings when a Task of ours changed there. Whatever it sends along is not read.
import { timingSafeEqual } from "node:crypto";
import { Router, type RequestHandler } from "express";
import type { Client } from "../../schemas/client.ts";
import { Uuid } from "../../schemas/ids.ts";
import { reason } from "../../schemas/reason.ts";
import type { Clients } from "../../src/ports/clients.ts";
import type { DoorTools } from "../http/door.ts";
import { createMemo } from "../http/memo.ts";
import { annotate, refuse } from "../http/speak.ts";
import { BELL_HEADER, bellSecret } from "./fhir-subscription.ts";

const REMEMBERED_MS = 5_000;

const same = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));

/** Any secret that is live will do: a subscription made before a rotation still rings. */
const mayRing = (client: Client | undefined, shown: string | undefined): client is Client =>
  client?.kind === "provider" &&
  client.revokedAt === undefined &&
  shown !== undefined &&
  client.webhookSecrets.some((secret) => same(shown, bellSecret(client.id, secret)));

export const bellRoutes = ({ steps, clock }: DoorTools, clients: Pick<Clients, "byId">): Router => {
  const byId = createMemo<Client | undefined>(clock, REMEMBERED_MS);
  const ring: RequestHandler = async (req, res) => {
    const id = Uuid.safeParse(req.params["id"]).data;
    const client = id === undefined ? undefined : await byId(id, () => clients.byId(id));
    // Whose bell it is stands in the line of a refusal too: a subscription may still hold a secret that was retired.
    if (client !== undefined) annotate(res, { bell: client.id });
    if (!mayRing(client, req.get(BELL_HEADER))) return refuse(res, [reason("forbidden")]);
    annotate(res, { client: client.id });
    await steps.heed(client);
    res.status(204).end();
  };
  const router = Router();
  // With a payload some servers write the resource below the address (R4, subscription, rest-hook).
  router.post(["/:id", "/:id/*rest"], ring);
  router.put(["/:id", "/:id/*rest"], ring);
  return router;
};
