// News for a Jobcentre is thin: codes, ids and a link.
import { expect, it } from "vitest";
import { jobcentreDoor } from "../../adapters/jobcentre/index.ts";
import type { Callback } from "../../schemas/callback.ts";
import type { Client } from "../../schemas/client.ts";

const callback: Callback = {
  id: "0192f000-0000-7000-8000-0000000000b1",
  type: "referral.unmet",
  client: "0192f000-0000-7000-8000-0000000000c1",
  referral: "0192f000-0000-7000-8000-000000000001",
  reference: "WM-ABCD-EFGH",
  callerReference: "00000001-0000-4000-8000-000000000001",
  correlationId: "00000002-0000-4000-8000-000000000001",
  sequence: 3,
  at: "2026-11-02T10:00:00.000Z",
  status: "unmet",
  reasons: [{ code: "no-service", severity: "error" }],
};

it("tells status, reasons in words and where to read more, and repeats the correlation id", () => {
  const rendered = jobcentreDoor.renderCallback(callback, {} as Client);
  expect(rendered.contentType).toBe("application/json");
  expect(rendered.headers).toEqual({ correlationId: callback.correlationId });
  expect(JSON.parse(rendered.body)).toEqual({
    type: "referral.unmet",
    reference: "WM-ABCD-EFGH",
    handoffId: callback.callerReference,
    correlationId: callback.correlationId,
    sequence: 3,
    at: callback.at,
    status: "unmet",
    reasons: [{ code: "no-service", words: "No local service offers this help here." }],
    link: "/jobcentre/v1/handoffs/0192f000-0000-7000-8000-000000000001",
  });
});
