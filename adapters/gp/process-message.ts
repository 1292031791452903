// POST $process-message: a BaRS referral, answered in the same exchange with our id and our reference.
import type { RequestHandler } from "express";
import { reason } from "../../schemas/reason.ts";
import { bytesOf } from "../http/body.ts";
import type { DoorTools } from "../http/door.ts";
import { readJson } from "../http/json.ts";
import { refuse } from "../http/speak.ts";
import { responseMessage } from "./answers.ts";
import { callerIds } from "./headers.ts";
import { FHIR_JSON, outcome } from "./outcome.ts";
import { readMessage } from "./read-message.ts";
import { callerOf, submit } from "./submit.ts";

export const processMessage =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const client = await callerOf(tools, req, res, "system/ServiceRequest.c");
    if (client === undefined) return;
    const ids = callerIds(req, true);
    if (!ids.ok) return refuse(res, ids.reasons);
    const json = readJson(bytesOf(req));
    if (!json.ok) return refuse(res, json.reasons);
    const message = readMessage(json.value, { client, now: tools.clock.now() });
    if (!message.ok) return refuse(res, message.reasons);

    const { messageId, encounter, warnings } = message.value;
    // X-Request-Id is the identity of a BaRS message: the same on a retry, new for every new message.
    const key = ids.value.requestId ?? "";
    const done = await submit(tools, req, res, { client, key, ids: ids.value, letter: message.value, messageId });
    if (done === undefined) return;
    if (!done.first) {
      if (done.sameBody) res.set("Location", `${tools.publicUrl}/fhir/R4/ServiceRequest/${done.taken.referral}`);
      return refuse(res, [reason(done.sameBody ? "duplicate" : "key-reused", "X-Request-Id")]);
    }
    const at = done.taken.at.toISOString();
    const answer = responseMessage({
      bundleId: tools.ids.uuid(),
      headerId: tools.ids.uuid(),
      answers: messageId,
      at,
      to: client.organisation,
      standing: {
        id: done.taken.referral,
        reference: done.taken.reference,
        callerReference: message.value.callerReference,
        status: "received",
        at,
        sequence: 1,
        reasons: [],
      },
      encounter: {
        resourceType: "Encounter",
        id: encounter.id,
        identifier: encounter.identifier,
        status: encounter.status,
        class: encounter.class,
      },
      ...(warnings.length === 0 ? {} : { outcome: { ...outcome(warnings), id: tools.ids.uuid() } }),
    });
    res.status(200).set("Content-Type", FHIR_JSON).send(JSON.stringify(answer));
  };
