// Days of which a provider tells: none that has not come, none from before it was asked or began, and no rest without end.
import { describe, expect, it } from "vitest";
import type { EventBody } from "../../../schemas/event.ts";
import type { Answer } from "../../../schemas/offer.ts";
import { dayFaults, offerAfter } from "../../../src/core/progress.ts";
import { anOffer, OFFER } from "../../builders/journey.ts";

const NOW = new Date("2026-11-20T10:00:00Z");
const offer = anOffer({ status: "started", madeAt: new Date("2026-11-10T23:30:00Z") });
const started: EventBody = { type: "started", offer: OFFER, on: "2026-11-16" };
const faults = (answer: Answer): string[] =>
  dayFaults(answer, offer, [{ at: NOW, body: started }], NOW).map(({ code, path }) => `${code} ${path}`);

const contact = { verb: "contact", outcome: "reached", way: "phone" } as const;
const milestone = { verb: "milestone", milestone: "plan-agreed" } as const;
const end = { verb: "end", reason: "completed" } as const;

describe("a day that a provider tells of", () => {
  it.each<[string, Answer, string[]]>([
    ["today", { ...contact, on: "2026-11-20" }, []],
    ["the day on which it was asked", { ...contact, on: "2026-11-10" }, []],
    ["tomorrow", { ...contact, on: "2026-11-21" }, ["not-yet on"]],
    ["a plan tomorrow", { ...milestone, on: "2026-11-21" }, ["not-yet on"]],
    ["an end tomorrow", { ...end, on: "2026-11-21" }, ["not-yet on"]],
    ["contact before anybody asked", { ...contact, on: "2026-11-09" }, ["before-offer on"]],
    ["a plan before that", { ...milestone, on: "2026-11-09" }, ["before-offer on"]],
    ["a start before that", { verb: "start", on: "2026-11-09" }, ["before-offer on"]],
    ["an end before that", { ...end, on: "2026-11-09" }, ["before-offer on"]],
    ["an end before the start", { ...end, on: "2026-11-15" }, ["before-start on"]],
    ["an end on the day of the start", { ...end, on: "2026-11-16" }, []],
    ["no day", contact, []],
  ])("%s", (_name, answer, expected) => {
    expect(faults(answer)).toEqual(expected);
  });

  it("is the last one of a rest: ahead, and no more than half a year", () => {
    const rest = (until: string): string[] => faults({ verb: "hold", until });
    expect(rest("2026-11-19")).toEqual(["date-past until"]);
    expect(rest("2026-11-20")).toEqual([]);
    expect(rest("2027-05-20")).toEqual([]);
    expect(rest("2027-05-21")).toEqual(["hold-too-long until"]);
  });
});

describe("what was told last", () => {
  it("stands with the offer, today unless it says otherwise, until something else is told", () => {
    const once = offerAfter(offer, contact, "started", NOW);
    expect(once.progress).toEqual({ kind: "contact", outcome: "reached", way: "phone", on: "2026-11-20" });
    expect(offerAfter(once, { verb: "hold" }, "started", NOW).progress).toEqual(once.progress);
    expect(offerAfter(once, { ...milestone, on: "2026-11-19" }, "started", NOW).progress).toEqual({
      kind: "milestone",
      milestone: "plan-agreed",
      on: "2026-11-19",
    });
  });
});
