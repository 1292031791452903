// What a programme lets its referrers hear: news that it leaves out is neither sent nor read, and what no programme owns stays.
import { describe, expect, it } from "vitest";
import type { EventBody } from "../../../schemas/event.ts";
import type { Programme } from "../../../schemas/programme.ts";
import type { Status } from "../../../schemas/referral.ts";
import { hearable } from "../../../src/core/hearable.ts";
import { tell, type Teller } from "../../../src/core/tell.ts";
import { aJourney, events, OFFER, RECEIPT } from "../../builders/journey.ts";
import { aProgramme } from "../../builders/rules.ts";

const STORY: EventBody[] = [
  { type: "received", need: "employment" },
  { type: "held", receipt: RECEIPT, why: "information", asks: [] },
  { type: "offered", receipt: RECEIPT, offer: OFFER, programme: "coaching", service: "s", provider: "p" },
  { type: "accepted", offer: OFFER },
  { type: "started", offer: OFFER, on: "2026-11-16" },
  { type: "ended", offer: OFFER, reason: "completed", on: "2026-12-16" },
];
const story = events(...STORY);
const rules = (tells: Programme["tells"]) => ({ inForce: () => [{ programme: aProgramme({ tells }) }] });
const heard = (tells: Programme["tells"], door: "gp" | "council" = "gp") =>
  hearable({ door, participation: "voluntary" as const, timeline: story }, rules(tells)).timeline.map(
    ({ body }) => body.type,
  );

describe("a programme's own word on what a referrer may hear", () => {
  it("leaves out what it does not name, for that door alone", () => {
    const tells: Programme["tells"] = { gp: ["referral.accepted", "referral.ended"] };
    expect(heard(tells)).toEqual(["received", "held", "accepted", "ended"]);
    expect(heard(tells, "council")).toEqual(STORY.map(({ type }) => type));
  });
  it("is silent on everything about its offers when it names nothing, and never on a hold", () => {
    expect(heard({ gp: [] })).toEqual(["received", "held"]);
  });
  it("keeps back how help gets on where it keeps back that help began", () => {
    const contacted = { type: "contacted", offer: OFFER, outcome: "reached", way: "phone", on: "2026-11-17" } as const;
    const more = events(...STORY.slice(0, 4), contacted);
    const seen = (tells: Programme["tells"]) =>
      hearable({ door: "gp", participation: "voluntary" as const, timeline: more }, rules(tells)).timeline.at(-1)?.body;
    expect(seen({ gp: ["referral.accepted"] })?.type).toBe("accepted");
    expect(seen({ gp: ["referral.accepted", "referral.started"] })?.type).toBe("contacted");
    expect(seen({})?.type).toBe("contacted");
  });
  it("tells that another goes on with it to whom it told that somebody has it", () => {
    const to = { type: "moved", offer: "2", from: OFFER, programme: "p", service: "s", provider: "q" } as const;
    const more = events(...STORY.slice(0, 4), to);
    const last = (tells: Programme["tells"]) =>
      hearable({ door: "gp", participation: "voluntary" as const, timeline: more }, rules(tells)).timeline.at(-1)?.body;
    expect(last({ gp: ["referral.accepted"] })?.type).toBe("moved");
    expect(last({ gp: ["referral.moved"] })?.type).toBe("moved");
    expect(last({ gp: ["referral.ended"] })?.type).toBe("held");
  });
  it("holds for what is sent as for what is read", () => {
    let count = 0;
    const types = (tells: Programme["tells"]) =>
      tell(aJourney(), story.slice(2), () => `id-${(count += 1)}`, tells).callbacks.map(({ type }) => type);
    expect(types({ gp: ["referral.started"] })).toEqual(["referral.started"]);
    expect(types({ council: [] })).toHaveLength(4);
  });
});

describe("where a referral stands, in news that is about something else", () => {
  const branched: EventBody = {
    type: "branched",
    to: OFFER,
    reference: "WM-7K3P-9QXR",
    need: "childcare",
    why: "also-needed",
  };
  const stands = (journey: Partial<Teller>, tells?: Programme["tells"]) =>
    tell({ ...aJourney(), ...journey }, events(branched), () => "id", tells).callbacks.map(({ status }) => status);
  const jobcentre = (status: Status, participation: "voluntary" | "mandatory") =>
    stands({ door: "jobcentre", status, content: { participation } });

  it("tells a Jobcentre nothing of a start that it was not told of", () => {
    expect(jobcentre("started", "voluntary")).toEqual(["accepted"]);
    expect(jobcentre("acknowledged", "voluntary")).toEqual(["offered"]);
    expect(jobcentre("started", "mandatory")).toEqual(["started"]);
    expect(jobcentre("acknowledged", "mandatory")).toEqual(["offered"]);
    expect(jobcentre("ended", "voluntary")).toEqual(["ended"]);
    expect(stands({ door: "gp", status: "started" })).toEqual(["started"]);
  });
  it("tells nothing of what the programme leaves out", () => {
    const tells: Programme["tells"] = { gp: ["referral.offered", "referral.branched"] };
    for (const status of ["ended", "started", "accepted", "seeking"] as const)
      expect(stands({ door: "gp", status }, tells)).toEqual(["offered"]);
    expect(stands({ door: "gp", status: "offered" }, { gp: [] })).toEqual(["received"]);
    expect(stands({ door: "gp", status: "held" }, { gp: [] })).toEqual(["held"]);
  });
});
