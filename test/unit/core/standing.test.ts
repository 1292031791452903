import { describe, expect, it } from "vitest";
import { sentIt, mayReadReceipts } from "../../../src/core/ownership.ts";
import { recallOf } from "../../../src/core/recall.ts";
import { standingOf } from "../../../src/core/standing.ts";
import { tell } from "../../../src/core/tell.ts";
import { reason } from "../../../schemas/reason.ts";
import { aJourney, anOffer, CLIENT, events, OFFER, RECEIPT, REFERRAL } from "../../builders/journey.ts";
import { NOW } from "../../builders/rules.ts";

const ids = (): (() => string) => {
  let count = 0;
  return () => `019a0000-0000-7000-8000-00000000${String((count += 1)).padStart(4, "0")}`;
};

const offered = {
  type: "offered",
  receipt: RECEIPT,
  offer: OFFER,
  programme: "p",
  service: "s",
  provider: "o",
} as const;
const declined = { type: "declined", offer: OFFER, reason: "full" } as const;
const accepted = { type: "accepted", offer: OFFER } as const;
const started = { type: "started", offer: OFFER, on: "2026-11-16" } as const;

describe("what a referrer is told", () => {
  it("is one callback for each event it may hear of, and the work that sends it to that client alone", () => {
    const journey = aJourney({ callerReference: "EX-1", correlationId: "c-1", messageId: "m-1" });
    const told = tell(
      journey,
      events({ type: "received" }, offered, { type: "delivered", offer: OFFER }, declined),
      ids(),
    );
    expect(told.callbacks.map((one) => [one.sequence, one.type])).toEqual([
      [2, "referral.offered"],
      [4, "referral.seeking"],
    ]);
    expect(told.callbacks[1]).toMatchObject({
      client: CLIENT,
      referral: REFERRAL,
      callerReference: "EX-1",
      correlationId: "c-1",
      messageId: "m-1",
      reasons: [{ code: "full" }],
    });
    expect(told.work.map((one) => [one.kind, one.subject, one.destination])).toEqual(
      told.callbacks.map((one) => ["notify", one.id, `client:${CLIENT}`]),
    );
    expect(new Set([...told.callbacks, ...told.work].map((one) => one.id)).size).toBe(4);
  });

  it("says where the referral stands, in news that moves it nowhere too", () => {
    const branched = {
      type: "branched",
      to: REFERRAL,
      reference: "WM-ABCD-EFGH",
      need: "debt-advice",
      why: "also-needed",
    } as const;
    const told = tell(aJourney({ status: "received" }), events(branched, offered, branched), ids());
    expect(told.callbacks.map((one) => [one.type, one.status])).toEqual([
      ["referral.branched", "received"],
      ["referral.offered", "offered"],
      ["referral.branched", "offered"],
    ]);
  });

  it("leaves attendance and a provider's reasons out for a Jobcentre", () => {
    const told = tell(aJourney({ door: "jobcentre" }), events({ type: "received" }, offered, declined, started), ids());
    expect(told.callbacks.map((one) => [one.type, one.reasons])).toEqual([
      ["referral.offered", []],
      ["referral.seeking", []],
    ]);
  });
});

describe("a recall", () => {
  it("closes the offer, gives its place back, says why, and has the case decided anew", () => {
    const journey = aJourney({ status: "offered", version: 4, sequence: 6 });
    const lease = { id: "w", token: "t" };
    const change = recallOf(journey, anOffer(), [reason("consent-withdrawn")], lease, ids(), NOW, {
      answerBy: "2026-11-24",
    });
    expect(change).toMatchObject({
      version: 4,
      status: "seeking",
      events: [{ sequence: 7, body: { type: "recalled", reasons: [{ code: "consent-withdrawn" }] } }],
      offers: [{ id: OFFER, status: "recalled" }],
      places: [{ service: "coaching-upper-street", taken: -1, drawn: 0 }],
      done: { work: "w", token: "t" },
    });
    expect(change.work.map((one) => one.kind)).toEqual(["notify", "assess", "recall"]);
  });
});

describe("where a referral stands", () => {
  const row = (door: "gp" | "jobcentre") => ({
    id: REFERRAL,
    reference: "WM-XWNT-JTCC",
    door,
    participation: "voluntary" as const,
    receivedAt: NOW,
    timeline: events({ type: "received", need: "employment" }, offered, accepted, started),
  });

  it("is the last news that its referrer may hear", () => {
    expect(standingOf(row("gp"))).toMatchObject({ status: "started", sequence: 4, need: "employment" });
    expect(standingOf(row("jobcentre"))).toMatchObject({ status: "accepted", sequence: 3 });
    expect(JSON.stringify(standingOf(row("jobcentre")))).not.toContain("started");
  });

  it("is received, at the time it was, before anything else is known", () => {
    const early = { ...row("gp"), timeline: events({ type: "received" }) };
    expect(standingOf(early)).toMatchObject({ status: "received", sequence: 1, changedAt: NOW.toISOString() });
  });
});

describe("whose a referral is", () => {
  const sent = { door: "council", organisation: "E09000012", test: false } as const;
  const council = { kind: "council", organisation: "E09000012", test: false } as const;

  it("is theirs who sent it, through the same door, test or real like it", () => {
    expect(sentIt(council, sent)).toBe(true);
    expect(sentIt({ ...council, organisation: "E09000019" }, sent)).toBe(false);
    expect(sentIt({ ...council, kind: "gp" }, sent)).toBe(false);
    expect(sentIt({ ...council, test: true }, sent)).toBe(false);
  });

  it("lets a provider read receipts, but no test provider those of a real case", () => {
    const provider = { kind: "provider", organisation: "sample-coaching", test: false } as const;
    expect(mayReadReceipts(provider, sent)).toBe(true);
    expect(mayReadReceipts({ ...provider, test: true }, sent)).toBe(false);
    expect(mayReadReceipts({ ...council, kind: "jobcentre" }, sent)).toBe(false);
    expect(sentIt(provider, sent)).toBe(false);
  });
});
