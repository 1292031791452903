// News for a Jobcentre: thin and coded, with a link to read the rest. No name, no health data.
import type { RenderCallback } from "../../src/ports/outward.ts";
import { ADDRESS, spoken } from "./answer.ts";

const echoed = (correlationId: string | undefined): Record<string, string> =>
  correlationId === undefined ? {} : { correlationId };

export const renderCallback: RenderCallback = (callback) => ({
  contentType: "application/json",
  headers: echoed(callback.correlationId),
  body: JSON.stringify({
    type: callback.type,
    reference: callback.reference,
    handoffId: callback.callerReference,
    correlationId: callback.correlationId,
    sequence: callback.sequence,
    at: callback.at,
    status: callback.status,
    reasons: callback.reasons.map(spoken),
    // Relative: a renderer knows no host, and the receiver knows ours.
    link: `${ADDRESS}/${callback.referral}`,
  }),
});
