// What is due next of an offer: by which clock, when, and what happens then; over weekends, holidays, changes of the clock
// and rests.
import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import type { EventBody } from "../../../schemas/event.ts";
import { countedBetween, countsFor } from "../../../src/core/clock.ts";
import { dayOf } from "../../../src/core/calendar.ts";
import { actNow, nextOf, runningOf, type Story, type Terms } from "../../../src/core/due.ts";
import { anOffer, OFFER as offer } from "../../builders/journey.ts";
import { aTerms, NO_HOLIDAYS } from "../../builders/terms.ts";

const at = (iso: string): Date => DateTime.fromISO(iso, { zone: "Europe/London" }).toJSDate();
const local = (date: Date | undefined): string | undefined =>
  date && DateTime.fromJSDate(date, { zone: "Europe/London" }).toFormat("ccc yyyy-MM-dd HH:mm");
const told = (when: string, body: EventBody): Story[number] => ({ at: at(when), body });

const MADE = "2026-11-16T10:00"; // a Monday
const made = { madeAt: at(MADE) };
const next = (more: Parameters<typeof anOffer>[0], story: Story = [], terms: Terms = aTerms(), sending = false) => {
  const one = nextOf(anOffer({ ...made, ...more }), story, terms, sending);
  return one && [one.clock, one.act, local(one.at)];
};

describe("the clock of an offer", () => {
  const accepted = { status: "accepted" } as const;
  const reached: EventBody = { type: "contacted", offer, outcome: "reached", way: "phone", on: "2026-11-18" };
  const missed: EventBody = { ...reached, outcome: "no-answer" };
  const chased: EventBody = { type: "chased", offer, clock: "acknowledge" };

  it.each<[string, Parameters<typeof next>, unknown]>([
    ["is on its way", [{}, [], aTerms(), true], ["deliver", "escalate", "Wed 2026-11-18 00:00"]],
    [
      "did not get there",
      [{}, [told("2026-11-18T00:00", { type: "escalated", offer, clock: "deliver" })], aTerms(), true],
      ["acknowledge", "lapse", "Thu 2026-11-19 00:00"],
    ],
    ["is there", [{}], ["acknowledge", "remind", "Tue 2026-11-17 09:00"]],
    ["reminded", [{}, [told("2026-11-17T09:00", chased)]], ["acknowledge", "lapse", "Thu 2026-11-19 00:00"]],
    ["one day alone", [{}, [], aTerms({ acknowledgeWithin: 1 })], ["acknowledge", "lapse", "Wed 2026-11-18 00:00"]],
    [
      "reminded of another clock",
      [accepted, [told("2026-11-17T09:00", chased)]],
      ["contact", "remind", "Mon 2026-11-23 09:00"],
    ],
    [
      "reminded before its clock began anew",
      [{ clocksFrom: at("2026-11-18T10:00") }, [told("2026-11-17T09:00", chased)]],
      ["acknowledge", "remind", "Thu 2026-11-19 09:00"],
    ],
    [
      "reminded as its clock began",
      [{ clocksFrom: at("2026-11-18T10:00") }, [told("2026-11-18T10:00", chased)]],
      ["acknowledge", "lapse", "Sat 2026-11-21 00:00"],
    ],
    ["seen", [{ status: "acknowledged" }], ["answer", "remind", "Mon 2026-11-23 09:00"]],
    ["taken", [accepted], ["contact", "remind", "Mon 2026-11-23 09:00"]],
    ["nobody answered", [accepted, [told("2026-11-18T12:00", missed)]], ["contact", "remind", "Mon 2026-11-23 09:00"]],
    ["reached", [accepted, [told("2026-11-18T12:00", reached)]], ["start", "remind", "Mon 2026-11-30 09:00"]],
    [
      "no contact, which only escalates",
      [accepted, [told("2026-11-23T09:00", { ...chased, clock: "contact" })]],
      ["contact", "escalate", "Tue 2026-12-01 00:00"],
    ],
    [
      "no contact, which goes to the next",
      [accepted, [told("2026-11-23T09:00", { ...chased, clock: "contact" })], aTerms({ noContact: "re-offer" })],
      ["contact", "lapse", "Tue 2026-12-01 00:00"],
    ],
    [
      "escalated, and again",
      [accepted, [told("2026-12-01T00:05", { type: "escalated", offer, clock: "contact" })]],
      ["contact", "escalate", "Wed 2026-12-09 00:00"],
    ],
    [
      "help under way",
      [{ status: "started" }, [told("2026-11-20T12:00", { type: "started", offer, on: "2026-11-20" })]],
      ["review", "remind", "Fri 2027-02-19 09:00"],
    ],
    [
      "a word of it begins the clock anew",
      [
        { status: "started" },
        [
          told("2026-11-20T12:00", { type: "started", offer, on: "2026-11-20" }),
          told("2026-11-27T12:00", { type: "milestone", offer, milestone: "plan-agreed", on: "2026-11-27" }),
        ],
      ],
      ["review", "remind", "Fri 2027-02-26 09:00"],
    ],
    [
      "a rest with an end",
      [{ ...accepted, onHold: { since: at("2026-11-18T10:00"), until: "2026-12-05" } }],
      ["hold", "remind", "Mon 2026-12-07 09:00"],
    ],
    [
      "a rest without one",
      [{ ...accepted, onHold: { since: at("2026-11-18T10:00") } }],
      ["hold", "remind", "Wed 2026-12-16 09:00"],
    ],
    ["closed", [{ status: "lapsed" }], undefined],
    ["ended", [{ status: "ended" }], undefined],
  ])("%s", (_, given, expected) => {
    expect(next(...given)).toEqual(expected);
  });

  it("adds the days of rest to what is owed", () => {
    const story = [
      told("2026-11-18T12:00", { type: "put-on-hold", offer }),
      told("2026-11-25T12:00", { type: "resumed", offer }),
    ];
    const due = (rest: Story) => local(runningOf(anOffer({ ...made, ...accepted }), rest, aTerms(), false)?.due);
    expect(due([])).toBe("Tue 2026-12-01 00:00");
    expect(due(story)).toBe("Tue 2026-12-08 00:00");
  });

  it("counts no bank holiday of the nation, and no day on which the service is shut", () => {
    const holidays = {
      ...NO_HOLIDAYS,
      "england-and-wales": [{ date: "2026-12-25", name: "Christmas", unverified: false }],
      scotland: [{ date: "2026-11-30", name: "St Andrew's", unverified: false }],
    };
    const due = (counts: Terms["counts"], madeAt: Date) =>
      local(runningOf(anOffer({ madeAt }), [], { ...aTerms(), counts }, false)?.due);
    const christmas = at("2026-12-23T12:00");
    expect(due(countsFor("england", holidays), christmas)).toBe("Tue 2026-12-29 00:00");
    expect(due(countsFor("scotland", holidays), christmas)).toBe("Sat 2026-12-26 00:00");
    expect(due(countsFor("scotland", holidays), at("2026-11-27T12:00"))).toBe("Thu 2026-12-03 00:00");
    expect(due(countsFor("england", holidays, { opens: ["mon", "thu", "sat"] }), at(MADE))).toBe(
      "Tue 2026-11-24 00:00",
    );
    expect(due(countsFor("england", holidays, { closedOn: ["2026-11-17"] }), at(MADE))).toBe("Fri 2026-11-20 00:00");
    // Open on no working day at all: working days count, or it would never end.
    expect(due(countsFor("england", holidays, { opens: ["sat", "sun"] }), at(MADE))).toBe("Thu 2026-11-19 00:00");
  });

  it("gives a service that is silent over Easter the days that it has, in each nation its own", () => {
    // Good Friday, 3 April, and Easter Monday, 6 April 2026: a holiday in England, a working day in Scotland.
    const friday = { date: "2026-04-03", name: "Good Friday", unverified: false };
    const monday = { date: "2026-04-06", name: "Easter Monday", unverified: false };
    const holidays = { ...NO_HOLIDAYS, "england-and-wales": [friday, monday], scotland: [friday] };
    const due = (nation: "england" | "scotland") =>
      local(
        runningOf(
          anOffer({ madeAt: at("2026-04-02T12:00") }),
          [],
          { ...aTerms(), counts: countsFor(nation, holidays) },
          false,
        )?.due,
      );
    expect([due("england"), due("scotland")]).toEqual(["Thu 2026-04-09 00:00", "Wed 2026-04-08 00:00"]);
  });

  it("of an offer from before there were clocks begins with the clocks, and not with the offer", () => {
    const clocksFrom = at("2027-03-01T10:00");
    expect(next({ clocksFrom })).toEqual(["acknowledge", "remind", "Tue 2027-03-02 09:00"]);
    const told = [{ at: at("2026-11-20T12:00"), body: { type: "started", offer, on: "2026-11-20" } as const }];
    expect(next({ status: "started", clocksFrom }, told)).toEqual(["review", "remind", "Mon 2027-05-31 09:00"]);
    expect(next({ status: "started", clocksFrom: at("2026-11-17T10:00") }, told)).toEqual(
      next({ status: "started" }, told),
    );
  });

  it("runs out at midnight and reminds at nine by the clock on the wall, also when the clocks change", () => {
    for (const changed of ["2026-03-27T15:00", "2026-10-23T15:00"]) {
      const running = runningOf(anOffer({ madeAt: at(changed) }), [], aTerms(), false);
      expect(local(running?.remind)).toMatch(/^Mon .* 09:00$/);
      expect(local(running?.due)).toMatch(/^Wed .* 00:00$/);
    }
  });

  it("reminds of nothing that is over", () => {
    const one = nextOf(anOffer(made), [], aTerms(), false);
    if (one === undefined) throw new Error("no clock runs");
    expect(actNow(one, at("2026-11-17T08:59"), true)).toBeUndefined();
    expect(actNow(one, at("2026-11-17T09:00"), true)).toBe("remind");
    expect(actNow(one, at("2026-11-19T00:00"), true)).toBe("lapse");
    expect(actNow({ ...one, clock: "contact" }, at("2026-11-19T00:00"), false)).toBe("escalate");
  });
});

describe("whenever an offer is made", () => {
  const moment = fc
    .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) })
    .map((milliseconds) => new Date(milliseconds));

  it("its time is so many days that count, whole to the last, and its reminder lies within", () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 30 }), (madeAt, days) => {
        const terms = aTerms({ acknowledgeWithin: days });
        const running = runningOf(anOffer({ madeAt }), [], terms, false);
        if (running === undefined) throw new Error("no clock runs");
        const last = dayOf(new Date(running.due.getTime() - 1));
        expect(countedBetween(dayOf(madeAt), last, terms.counts)).toBe(days);
        expect(terms.counts(last)).toBe(true);
        expect(local(running.due)).toMatch(/ 00:00$/);
        if (running.remind === undefined) return;
        expect(running.remind > madeAt && running.remind < running.due).toBe(true);
        expect(local(running.remind)).toMatch(/ 09:00$/);
      }),
    );
  });

  it("each ring comes after the one before, until it lapses", () => {
    fc.assert(
      fc.property(moment, fc.constantFrom("sent", "acknowledged", "accepted", "started"), (madeAt, status) => {
        const story: { at: Date; body: EventBody }[] = [];
        let before = madeAt;
        for (let ring = 0; ring < 6; ring += 1) {
          const one = nextOf(anOffer({ madeAt, status }), story, aTerms(), false);
          if (one === undefined) throw new Error("an open offer always has a clock");
          expect(one.at > before).toBe(true);
          before = one.at;
          if (one.act === "lapse") return;
          const type = one.act === "remind" ? "chased" : "escalated";
          story.push({ at: one.at, body: { type, offer, clock: one.clock } });
        }
        expect(["accepted", "started"]).toContain(status);
      }),
    );
  });
});
