import { describe, expect, it } from "vitest";
import type { EventBody } from "../../../schemas/event.ts";
import { reason, REASONS, type ReasonCode } from "../../../schemas/reason.ts";
import { forJobcentre } from "../../../src/core/firewall.ts";
import { noticesFor } from "../../../src/core/notice.ts";
import { OFFER, RECEIPT } from "../../builders/journey.ts";

const offer = OFFER;
const receipt = RECEIPT;
const BODIES: EventBody[] = [
  { type: "received", need: "employment" },
  { type: "held", receipt, why: "consent", asks: [reason("consent-refused", "consents")] },
  { type: "unmet", receipt, reasons: [reason("no-place")] },
  { type: "offered", receipt, offer, programme: "coaching", service: "upper-street", provider: "sample-coaching" },
  { type: "delivered", offer },
  { type: "acknowledged", offer },
  { type: "accepted", offer },
  { type: "declined", offer, reason: "person-declined" },
  { type: "recalled", offer, reasons: [reason("consent-withdrawn", "consents")] },
  { type: "started", offer, on: "2026-11-16" },
  { type: "ended", offer, reason: "left-early", on: "2026-12-16" },
  { type: "withdrawn", reasons: [reason("consent-withdrawn", "consents")] },
];

type Heard = string[] | undefined;
/** Type, then the codes of the reasons. */
const heard = (
  body: EventBody,
  door: "gp" | "council" | "jobcentre",
  participation: "voluntary" | "mandatory",
): Heard => {
  const notice = noticesFor({ body }, door, participation);
  if (notice === undefined) return undefined;
  expect(notice.type).toBe(`referral.${notice.status}`);
  return [notice.type, ...notice.reasons.map((one) => one.code)];
};

describe("what a referrer hears", () => {
  const TABLE: Record<EventBody["type"], [full: Heard, voluntary: Heard, mandatory: Heard]> = {
    received: [undefined, undefined, undefined],
    held: [
      ["referral.held", "consent-refused"],
      ["referral.held", "fact-unknown"],
      ["referral.held", "fact-unknown"],
    ],
    unmet: [
      ["referral.unmet", "no-place"],
      ["referral.unmet", "no-place"],
      ["referral.unmet", "no-place"],
    ],
    offered: [["referral.offered"], ["referral.offered"], ["referral.offered"]],
    delivered: [undefined, undefined, undefined],
    acknowledged: [["referral.acknowledged"], undefined, undefined],
    accepted: [["referral.accepted"], ["referral.accepted"], ["referral.accepted"]],
    declined: [["referral.seeking", "person-declined"], ["referral.seeking"], ["referral.seeking", "person-declined"]],
    recalled: [["referral.seeking", "consent-withdrawn"], ["referral.seeking"], ["referral.seeking"]],
    started: [["referral.started"], undefined, ["referral.started"]],
    ended: [["referral.ended", "left-early"], ["referral.ended"], ["referral.ended", "left-early"]],
    withdrawn: [["referral.withdrawn", "consent-withdrawn"], ["referral.withdrawn"], ["referral.withdrawn"]],
  };

  it.each(BODIES.map((body) => [body.type, body] as const))("of %s", (type, body) => {
    const [full, voluntary, mandatory] = TABLE[type];
    expect(heard(body, "gp", "voluntary")).toEqual(full);
    expect(heard(body, "council", "mandatory")).toEqual(full);
    expect(heard(body, "jobcentre", "voluntary")).toEqual(voluntary);
    expect(heard(body, "jobcentre", "mandatory")).toEqual(mandatory);
  });
});

describe("the wall towards a Jobcentre", () => {
  it("lets through no code and no path that speaks of permission or health", () => {
    const all = (Object.keys(REASONS) as ReasonCode[]).map((code) => reason(code, "consents[0].at"));
    const facts = ["facts.longTermCondition", "facts.disability", "area"].map((path) => reason("fact-unknown", path));
    expect(JSON.stringify(forJobcentre([...all, ...facts]))).not.toMatch(/consent|take-part|condition|disab|health/i);
  });

  it("makes refused, withdrawn, expired and missing permission look alike, and says it once", () => {
    const codes = ["consent-missing", "consent-refused", "consent-withdrawn", "consent-expired", "take-part-missing"];
    const seen = codes.map((code) => forJobcentre([reason(code as ReasonCode, "consents")]));
    expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(forJobcentre(codes.map((code) => reason(code as ReasonCode)))).toEqual([
      { code: "fact-unknown", path: "permission", severity: "error" },
    ]);
  });

  it("leaves other facts named", () => {
    expect(forJobcentre([reason("fact-unknown", "facts.unemployedSince")])).toEqual([
      reason("fact-unknown", "facts.unemployedSince"),
    ]);
  });
});
