// POST Consent and GET Consent/{id}: a permission, a refusal or a withdrawal that comes after its referral, and cites it.
import type { RequestHandler } from "express";
import { Uuid } from "../../schemas/ids.ts";
import { reason } from "../../schemas/reason.ts";
import { BODY_KEY } from "../../schemas/submission.ts";
import { bytesOf } from "../http/body.ts";
import type { DoorTools } from "../http/door.ts";
import { readJson } from "../http/json.ts";
import { annotate, refuse } from "../http/speak.ts";
import { amendsNamed } from "../http/telling.ts";
import { etag } from "./answers.ts";
import { callerIds } from "./headers.ts";
import { readConsent } from "./later-consent.ts";
import { FHIR_JSON, outcome } from "./outcome.ts";
import { tell } from "./reply.ts";
import { callerOf } from "./submit.ts";

export const createConsent =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const client = await callerOf(tools, req, res, "system/Consent.c");
    if (client === undefined) return;
    const ids = callerIds(req, false);
    if (!ids.ok) return refuse(res, ids.reasons);
    const json = readJson(bytesOf(req));
    if (!json.ok) return refuse(res, json.reasons);
    const consent = readConsent(json.value, { now: tools.clock.now(), publicUrl: tools.publicUrl });
    if (!consent.ok) return refuse(res, consent.reasons);

    const { named, consents, nhsNumber, identifier, warnings } = consent.value;
    const key = ids.value.requestId ?? identifier ?? BODY_KEY;
    annotate(res, { warnings: warnings.map(({ code }) => code) });
    const done = await amendsNamed(tools, req, res, client, named, {
      amendment: { consents },
      key,
      contentType: FHIR_JSON,
      nhsNumber,
    });
    if (done === undefined) return;
    const created = done.outcome === "amended";
    res.status(created ? 201 : 200).set("ETag", etag(1));
    // What said nothing new was not kept, and has no address.
    if (done.outcome !== "unchanged") res.location(`${tools.publicUrl}/fhir/R4/Consent/${done.id}`);
    if (req.get("Prefer")?.includes("return=OperationOutcome") === true)
      res.set("Content-Type", FHIR_JSON).send(JSON.stringify(outcome(warnings)));
    else res.end();
  };

export const showConsent =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const client = await callerOf(tools, req, res, "system/Consent.r");
    if (client === undefined) return;
    const id = Uuid.safeParse(req.params["id"]).data;
    const kept = id === undefined ? undefined : await tools.views.amendment(client, id);
    const json = kept?.contentType === FHIR_JSON ? readJson(kept.body) : undefined;
    if (id === undefined || kept === undefined || json?.ok !== true) return refuse(res, [reason("not-found")]);
    annotate(res, { referral: kept.referral });
    const sent = json.value as { resourceType: string; meta?: object };
    tell(res, { ...sent, id, meta: { ...sent.meta, versionId: "1", lastUpdated: kept.at.toISOString() } });
  };
