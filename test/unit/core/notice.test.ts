import { describe, expect, it } from "vitest";
import { VoluntaryNews } from "../../../schemas/callback.ts";
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
  { type: "reminded", asks: [reason("consent-missing", "consents")] },
  { type: "expired", reasons: [reason("hold-expired"), reason("consent-missing", "consents")] },
  { type: "amended", fields: ["consents"], by: "person" },
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
  { type: "branched", to: offer, reference: "WM-7K3P-9QXR", need: "childcare", why: "also-needed" },
  { type: "proposed", programme: "skills-check", trigger: "basic", need: "basic-skills", health: false },
  { type: "proposal-answered", programme: "skills-check", trigger: "basic", wanted: true },
  { type: "overridden", programme: "coaching", clause: "adult" },
  { type: "lapsed", offer, clock: "acknowledge" },
  { type: "contacted", offer, outcome: "reached", way: "phone", on: "2026-11-16" },
  { type: "escalated", offer, clock: "contact" },
  { type: "placed", offer, programme: "coaching", employer: "shop", vacancy: "till", stage: "offered" },
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
  if (notice.status !== undefined) expect(notice.type).toBe(`referral.${notice.status}`);
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
    reminded: [
      ["referral.held", "consent-missing"],
      ["referral.held", "fact-unknown"],
      ["referral.held", "fact-unknown"],
    ],
    expired: [
      ["referral.expired", "hold-expired", "consent-missing"],
      ["referral.expired", "hold-expired", "fact-unknown"],
      ["referral.expired", "hold-expired", "fact-unknown"],
    ],
    amended: [undefined, undefined, undefined],
    "recall-asked": [undefined, undefined, undefined],
    "recall-told": [undefined, undefined, undefined],
    "recall-answered": [undefined, undefined, undefined],
    rectified: [undefined, undefined, undefined],
    "outcome-reported": [["referral.job-started", "job-started"], undefined, ["referral.job-started", "job-started"]],
    "checkpoint-asked": [undefined, undefined, undefined],
    "outcome-reached": [
      ["referral.outcome-reached", "outcome-reached"],
      undefined,
      ["referral.outcome-reached", "outcome-reached"],
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
    branched: [
      ["referral.branched", "branched"],
      ["referral.branched", "branched"],
      ["referral.branched", "branched"],
    ],
    proposed: [
      ["referral.proposed", "proposed"],
      ["referral.proposed", "proposed"],
      ["referral.proposed", "proposed"],
    ],
    "proposal-answered": [undefined, undefined, undefined],
    overridden: [undefined, undefined, undefined],
    placed: [undefined, undefined, undefined],
    contacted: [undefined, undefined, undefined],
    "put-on-hold": [undefined, undefined, undefined],
    resumed: [undefined, undefined, undefined],
    milestone: [undefined, undefined, undefined],
    assigned: [undefined, undefined, undefined],
    "handed-back": [undefined, undefined, undefined],
    moved: [["referral.moved", "caseload-moved"], ["referral.moved"], ["referral.moved", "caseload-moved"]],
    chased: [undefined, undefined, undefined],
    escalated: [undefined, undefined, undefined],
    lapsed: [["referral.seeking", "not-in-time"], ["referral.seeking"], ["referral.seeking", "not-in-time"]],
  };

  it.each(BODIES.map((body) => [body.type, body] as const))("of %s", (type, body) => {
    const [full, voluntary, mandatory] = TABLE[type];
    expect(heard(body, "gp", "voluntary")).toEqual(full);
    expect(heard(body, "council", "mandatory")).toEqual(full);
    expect(heard(body, "jobcentre", "voluntary")).toEqual(voluntary);
    expect(heard(body, "jobcentre", "mandatory")).toEqual(mandatory);
  });
});

describe("news for a Jobcentre of somebody who need not take part", () => {
  const REASONS_OF_ALL = (Object.keys(REASONS) as ReasonCode[]).map((code) => reason(code, "facts.disability"));
  /** Every event of every kind that carries reasons, with all the reasons there are. */
  const LOADED = BODIES.map((body) =>
    "asks" in body
      ? { ...body, asks: REASONS_OF_ALL }
      : "reasons" in body
        ? { ...body, reasons: REASONS_OF_ALL }
        : body,
  );

  it("has no type and no field that could tell of attendance, of a refusal or of health", () => {
    for (const { reasons, type } of LOADED.flatMap((body) => noticesFor({ body }, "jobcentre", "voluntary") ?? [])) {
      const said = reasons.length === 0 ? { type } : { type, reasons };
      expect(VoluntaryNews.safeParse(said).success).toBe(true);
    }
    for (const type of ["started", "acknowledged", "job-started", "outcome-reached"])
      expect(VoluntaryNews.safeParse({ type: `referral.${type}`, reasons: [] }).success).toBe(false);
    for (const type of ["seeking", "ended", "withdrawn", "accepted", "offered"])
      for (const more of [{ reasons: [] }, { on: "2026-11-16" }, { attended: true }])
        expect(VoluntaryNews.safeParse({ type: `referral.${type}`, ...more }).success).toBe(false);
  });

  it("tells of the same events as contract facts where the person must take part", () => {
    const told = (participation: "voluntary" | "mandatory") =>
      LOADED.flatMap((body) => noticesFor({ body }, "jobcentre", participation)?.type ?? []);
    const more = told("mandatory").filter((type) => !told("voluntary").includes(type));
    expect(new Set(more)).toEqual(new Set(["referral.started"]));
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
