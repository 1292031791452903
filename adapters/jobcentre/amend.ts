// POST /handoffs/{id}/amendments: what has changed since the hand-off, or was asked for. An amendment, never a second hand-off.
import type { RequestHandler } from "express";
import type { Amendment } from "../../schemas/amendment.ts";
import { read } from "../../schemas/faults.ts";
import { GlanceAmendment, HandOffAmendment } from "../../schemas/foreign/jobcentre.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { bytesOf } from "../http/body.ts";
import type { DoorTools } from "../http/door.ts";
import { readJson } from "../http/json.ts";
import { annotate, refuse } from "../http/speak.ts";
import { amends, standingAfter, tellingHeaders } from "../http/telling.ts";
import { ADDRESS, spoken } from "./answer.ts";
import { readHeaders } from "./headers.ts";
import { needIn } from "./map.ts";
import { changesOf } from "./person.ts";

/** A hand-off has a code of any system; what is asked for later is one that we know. */
const needFaults = ({ need }: HandOffAmendment): Reason[] =>
  need !== undefined && needIn(need) === undefined ? [reason("need-unknown", "need.code")] : [];

const amendmentOf = (sent: HandOffAmendment): Amendment => ({
  need: sent.need && needIn(sent.need),
  facts: {
    ...sent.circumstances,
    ...sent.claim,
    ...sent.work,
    groups: sent.programme?.earlyEntryCategory,
    programmes: sent.programme?.earlier,
  },
  person: sent.person && changesOf(sent.person),
  consents: sent.consent,
  effective: sent.effectiveFrom,
});

const says = ({ need, facts, person, consents }: Amendment): boolean =>
  need !== undefined ||
  (consents ?? []).length > 0 ||
  [facts, person].some((group) => Object.values(group ?? {}).some((one) => one !== undefined));

export const amendHandOff =
  (tools: DoorTools): RequestHandler =>
  async (req, res) => {
    const json = readJson(bytesOf(req));
    const glance = GlanceAmendment.parse(json.ok ? json.value : {});
    const { faults: ids, correlationId, originator } = readHeaders(req, { correlationId: glance.correlationId });
    const { faults, ...headers } = tellingHeaders(req, glance.amendmentId);
    if (!json.ok) return refuse(res, [...json.reasons, ...ids, ...faults]);
    const parsed = read(HandOffAmendment, json.value);
    const amendment = parsed.ok ? amendmentOf(parsed.value) : undefined;
    const found = [
      ...ids,
      ...faults,
      ...(parsed.ok ? needFaults(parsed.value) : parsed.reasons),
      ...(amendment === undefined || says(amendment) ? [] : [reason("required")]),
    ];
    if (amendment === undefined || found.length > 0) return refuse(res, found);
    annotate(res, { originator: originator ?? "" });
    const done = await amends(tools, req, res, amendment, headers);
    if (done === undefined) return;
    const { reasons, ...after } = await standingAfter(tools, res, done);
    const address = `${ADDRESS}/${done.referral}`;
    res
      .status(202)
      .location(address)
      .set("ETag", `W/"${after.sequence}"`)
      .json({
        ...after,
        amendmentId: glance.amendmentId,
        correlationId,
        statusUrl: `${tools.publicUrl}${address}`,
        reasons: reasons.map(spoken),
      });
  };
