// Outcomes by each kind of definition, to the day; and what no order of reports, and no silence, can change.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutcomeRule, type Evidence } from "../../../schemas/outcome.ts";
import { type KeptReport, OutcomeReport } from "../../../schemas/outcome-report.ts";
import type { WageRates } from "../../../schemas/rates.ts";
import { againstReport } from "../../../src/core/outcomes/against.ts";
import { belated, checkpointsOf, planned, toAsk, toTell } from "../../../src/core/outcomes/checkpoints.ts";
import { countOnce } from "../../../src/core/outcomes/once.ts";
import { rateOn, reachedOn } from "../../../src/core/outcomes/reached.ts";
import { spellsOf, stretchesOf } from "../../../src/core/outcomes/spells.ts";
import { daysAfter, noonOf } from "../../../src/core/calendar.ts";
import { anOffer, OFFER } from "../../builders/journey.ts";

const START = "2026-01-05";
const RATES: WageRates = {
  rates: {
    nlw: [
      { from: "2025-04-01", hourly: 12, source: "s", unverified: false },
      { from: "2026-04-01", hourly: 13, source: "s", unverified: false },
    ],
    llw: [{ from: "2026-02-01", hourly: 15, source: "s", unverified: false }],
    "uk-real-living-wage": [{ from: "2026-02-01", hourly: 14, source: "s", unverified: false }],
  },
};
const day = (n: number) => daysAfter(START, n);
const kept = (report: object, at?: string): KeptReport => {
  const parsed = OutcomeReport.parse({ evidence: "provider", ...report });
  return { id: OFFER, offer: OFFER, provider: "p", at: noonOf(at ?? parsed.on), report: parsed };
};
const job = (n: number, more: object = {}) =>
  kept({ what: "job-started", on: day(n), employment: "paid", hours: 20, ...more });
const seen = (n: number, answer = "in-work", more: object = {}) =>
  kept({ what: "checkpoint", on: day(n), week: 13, answer, ...more });
const ended = (n: number) => kept({ what: "job-ended", on: day(n) });
const earned = (n: number, total: number, at?: string) => kept({ what: "earnings", on: day(n), total }, at);

const reached = (rule: object, reports: KeptReport[], evidence: Evidence[] = []) =>
  reachedOn({ evidence }, OutcomeRule.parse({ id: "o", words: "w", ...rule }), {
    reports,
    startedOn: START,
    rates: RATES,
  });

describe("an outcome by its programme's own definition", () => {
  const continuous = { kind: "duration-continuous", weeks: 4 };
  it.each<[string, object, KeptReport[], string | undefined]>([
    ["a job with enough hours", { kind: "job-start", hoursPerWeek: 16 }, [job(3)], day(3)],
    ["a job with too few", { kind: "job-start", hoursPerWeek: 21 }, [job(3)], undefined],
    [
      "self-employment where a paid job is asked for",
      { kind: "job-start", employment: "paid" },
      [job(3, { employment: "self" })],
      undefined,
    ],
    ["four weeks confirmed to the last day", continuous, [job(0), seen(27)], day(27)],
    ["a day less", continuous, [job(0), seen(26)], undefined],
    ["four weeks that nobody confirmed", continuous, [job(0)], undefined],
    ["four weeks in two jobs without a day between", continuous, [job(0), ended(13), job(14), seen(27)], day(27)],
    ["four weeks with a day between", continuous, [job(0), ended(13), job(15), seen(28)], undefined],
    [
      "four weeks in all, with days between",
      { kind: "duration-cumulative", weeks: 4, windowDays: 100 },
      [job(0), ended(13), job(20), seen(33)],
      day(33),
    ],
    [
      "those beyond the window",
      { kind: "duration-cumulative", weeks: 4, windowDays: 30 },
      [job(0), ended(13), job(20), seen(33)],
      undefined,
    ],
    [
      "13 of 16 weeks",
      { kind: "weeks-within-window", weeks: 13, windowWeeks: 16 },
      [job(0), ended(45), job(60), seen(104)],
      day(104),
    ],
    [
      "13 of 17 weeks",
      { kind: "weeks-within-window", weeks: 13, windowWeeks: 16 },
      [job(0), ended(45), job(80), seen(124)],
      undefined,
    ],
    [
      "paid and self-employed, mixed",
      { kind: "duration-cumulative", weeks: 4, windowDays: 100, employment: "not-mixed" },
      [job(0), ended(13), job(20, { employment: "self" }), seen(33)],
      undefined,
    ],
    [
      "self-employed alone",
      { kind: "duration-cumulative", weeks: 2, windowDays: 100, employment: "self" },
      [job(0), ended(13), job(20, { employment: "self" }), seen(33)],
      day(33),
    ],
    ["pay at the rate of its day", { kind: "wage-floor", rate: "nlw" }, [job(80, { hourlyRate: 12 })], day(80)],
    [
      "pay below the rate of a later day",
      { kind: "wage-floor", rate: "nlw" },
      [job(90, { hourlyRate: 12 })],
      undefined,
    ],
    ["pay before any rate is known", { kind: "wage-floor", rate: "llw" }, [job(3, { hourlyRate: 99 })], undefined],
    ["pay that nobody told", { kind: "wage-floor", rate: "nlw" }, [job(80)], undefined],
    [
      "earnings of 16 hours for 26 weeks",
      { kind: "earnings-cumulative", hoursPerWeek: 16, weeks: 26, rate: "nlw" },
      [earned(90, 4991), earned(120, 4992)],
      day(120),
    ],
    [
      "earnings past the window",
      { kind: "earnings-cumulative", hoursPerWeek: 16, weeks: 26, rate: "nlw", windowDays: 100 },
      [earned(120, 9000)],
      undefined,
    ],
    [
      "earnings told within the days after it",
      { kind: "earnings-cumulative", hoursPerWeek: 16, weeks: 26, rate: "nlw", windowDays: 100, trackingDays: 30 },
      [earned(99, 9000, day(129))],
      day(99),
    ],
    [
      "earnings told after them",
      { kind: "earnings-cumulative", hoursPerWeek: 16, weeks: 26, rate: "nlw", windowDays: 100, trackingDays: 30 },
      [earned(99, 9000, day(130))],
      undefined,
    ],
    [
      "a window from the first job",
      { kind: "duration-continuous", weeks: 4, windowFrom: "job-start", windowDays: 28 },
      [job(40), seen(67)],
      day(67),
    ],
    [
      "the same from the start of the help",
      { kind: "duration-continuous", weeks: 4, windowDays: 28 },
      [job(40), seen(67)],
      undefined,
    ],
    [
      "a milestone by its own id",
      { kind: "milestone" },
      [kept({ what: "milestone", on: day(9), outcome: "o" })],
      day(9),
    ],
    ["another's", { kind: "milestone" }, [kept({ what: "milestone", on: day(9), outcome: "x" })], undefined],
  ])("%s", (_, rule, reports, on) => {
    expect(reached(rule, reports)).toBe(on);
  });

  it("counts the evidence that a funder takes, and always what speaks against it", () => {
    const payslips: Evidence[] = [{ outcome: "o", funder: "f", kinds: ["payslip"], keptYears: 2 }];
    const slip = { evidence: "payslip" };
    const said = [job(0, slip), seen(27)];
    expect(reached(continuous, said, payslips)).toBeUndefined();
    expect(reached(continuous, [job(0, slip), seen(27, "in-work", slip)], payslips)).toBe(day(27));
    expect(reached(continuous, [job(0, slip), ended(13), seen(27, "in-work", slip)], payslips)).toBeUndefined();
    expect(reached(continuous, said, [{ ...payslips[0]!, outcome: "other" }])).toBe(day(27));
  });

  it("takes the rate that held on a day", () => {
    const rates = ["2025-03-31", "2025-04-01", "2026-03-31", "2026-04-01"].map((on) => rateOn(RATES, "nlw", on));
    expect(rates).toEqual([undefined, 12, 12, 13]);
  });
});

const reports = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 300 }).map((n) => job(n)),
    fc.integer({ min: 0, max: 300 }).map((n) => ended(n)),
    fc.tuple(fc.integer({ min: 0, max: 300 }), fc.constantFrom("in-work", "not-in-work")).map(([n, a]) => seen(n, a)),
  ),
  { maxLength: 12 },
);

describe("whatever is reported", () => {
  it("is the same when nobody could be reached as when nobody had tried", () => {
    fc.assert(
      fc.property(reports, fc.integer({ min: 0, max: 300 }), (all, n) => {
        expect(spellsOf([...all, seen(n, "could-not-contact")])).toEqual(spellsOf(all));
      }),
    );
  });

  it("counts each day once, and none beyond what was confirmed", () => {
    fc.assert(
      fc.property(reports, (all) => {
        const spells = spellsOf(all);
        const stretches = stretchesOf(spells);
        for (const [at, one] of stretches.entries()) {
          expect(one.from <= one.to).toBe(true);
          expect((stretches[at - 1]?.to ?? "") < daysAfter(one.from, -1)).toBe(true);
        }
        const worked = new Set<string>();
        for (const { from, to } of spells) for (let on = from; on <= to; on = daysAfter(on, 1)) worked.add(on);
        const counted = stretches.flatMap(({ from, to }) => {
          const days: string[] = [];
          for (let on = from; on <= to; on = daysAfter(on, 1)) days.push(on);
          return days;
        });
        expect(counted.toSorted()).toEqual([...worked].toSorted());
      }),
    );
  });

  it("does not depend on the order in which it came, where each speaks of its own day", () => {
    const distinct = fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { maxLength: 8 });
    fc.assert(
      fc.property(distinct, fc.infiniteStream(fc.nat(2)), (days, kinds) => {
        const all = days.map((n) => [job(n), ended(n), seen(n)][kinds.next().value ?? 0]!);
        expect(spellsOf(all.toReversed())).toEqual(spellsOf(all));
      }),
    );
  });
});

describe("what stands against a report", () => {
  const now = noonOf(day(200));
  const standing = {
    offer: anOffer({ status: "started" }),
    recalls: [],
    startedOn: START,
    reports: [] as KeptReport[],
    programme: undefined,
  };
  const codes = (report: KeptReport, more: object = {}) =>
    againstReport({ ...standing, ...more }, report.report, now).map(({ code }) => code);
  it.each<[string, KeptReport, object, string[]]>([
    ["nothing", job(0), {}, []],
    ["that it was recalled", job(0), { offer: anOffer({ status: "recalled" }) }, ["outcome-after-withdrawal"]],
    [
      "that it ended and was then taken back",
      job(0),
      { offer: anOffer({ status: "ended" }), recalls: [{ offer: OFFER }] },
      ["outcome-after-withdrawal"],
    ],
    ["nothing after its end", job(0), { offer: anOffer({ status: "ended" }) }, []],
    ["that help has not begun", job(0), { startedOn: undefined }, ["help-not-begun"]],
    ["tomorrow", job(201), {}, ["not-yet"]],
    ["today", job(200), {}, []],
    ["the day before the help began", job(-1), {}, ["before-start"]],
    ["an end of no job", ended(9), {}, ["no-job"]],
    ["an end before the job", ended(9), { reports: [job(10)] }, ["no-job"]],
    ["a checkpoint of no job", seen(91), {}, ["no-job"]],
    ["a checkpoint eight days early", seen(83), { reports: [job(0)] }, ["not-yet"]],
    ["nothing seven days early", seen(84), { reports: [job(0)] }, []],
    ["a week that was answered", seen(95, "not-in-work"), { reports: [job(0), seen(91)] }, ["checkpoint-answered"]],
    [
      "nothing where nobody was reached",
      seen(95, "not-in-work"),
      { reports: [job(0), seen(91, "could-not-contact")] },
      [],
    ],
    ["earnings that shrink", earned(50, 99), { reports: [earned(40, 100)] }, ["earnings-shrink"]],
    ["earnings of an earlier day that are more", earned(30, 101), { reports: [earned(40, 100)] }, ["earnings-shrink"]],
    ["nothing where they stay", earned(50, 100), { reports: [earned(40, 100)] }, []],
    ["a milestone that is none", kept({ what: "milestone", on: day(1), outcome: "x" }), {}, ["no-outcome"]],
  ])("%s", (_, report, more, expected) => {
    expect(codes(report, more)).toEqual(expected);
  });
});

describe("checkpoints", () => {
  const offer = anOffer({ status: "started" });
  const nextId = () => OFFER;
  const asked = (week: 4 | 13, times: number) =>
    Array.from(
      { length: times },
      (_, at) => ({ type: "checkpoint-asked", offer: OFFER, week, time: at + 1, again: day(91) }) as const,
    );
  it("fall due at 4, 13, 26 and 52 weeks, across the change of clocks", () => {
    expect(planned(offer, "2026-10-01", nextId).map(({ due }) => due.toISOString())).toEqual([
      "2026-10-29T12:00:00.000Z",
      "2026-12-31T12:00:00.000Z",
      "2027-04-01T12:00:00.000Z",
      "2027-09-30T12:00:00.000Z",
    ]);
  });
  it("are asked about once where several wake at one moment, and not again before their day", () => {
    expect(toAsk(offer, [job(0)], asked(4, 1), day(90))).toBeUndefined();
    expect(toTell(offer, [job(0)], asked(4, 1), day(90))?.week).toBe(4);
    expect(toAsk(offer, [job(0)], asked(4, 1), day(91))?.week).toBe(13);
    expect(toTell(offer, [job(0)], asked(4, 1), day(91))).toBeUndefined();
    expect(toTell(offer, [job(0), seen(91)], asked(13, 1), day(91))).toBeUndefined();
  });
  it("are asked about from their day on, the latest alone, three times, and while the job lasts", () => {
    const week = (on: number, all: KeptReport[], marks: ReturnType<typeof asked> = []) =>
      toAsk(offer, all, marks, day(on))?.week;
    expect([week(27, [job(0)]), week(28, [job(0)]), week(91, [job(0)])]).toEqual([undefined, 4, 13]);
    expect([week(91, [job(0)], asked(13, 2)), week(91, [job(0)], asked(13, 3))]).toEqual([13, undefined]);
    expect(week(91, [job(0), seen(91, "could-not-contact")])).toBeUndefined();
    expect(week(91, [job(0), ended(60)])).toBeUndefined();
    expect(week(182, [job(0), seen(91)])).toBe(26);
    expect(week(91, [])).toBeUndefined();
  });
  it("wake anew where a later job that already lasted then is told after its week woke", () => {
    const told = (from: number, on: number, marks: ReturnType<typeof asked> = []) => {
      const reports = [job(0), ended(80), job(from)];
      return belated(offer, reports, marks, { from: day(from), now: noonOf(day(on)), nextId }).map(({ due }) => due);
    };
    expect(told(81, 95)).toEqual([noonOf(day(95))]);
    expect(told(91, 91)).toEqual([noonOf(day(91))]);
    // Nobody was at work when the week was over, it is not over, or it is asked about again anyway.
    expect([told(92, 95), told(81, 85), told(81, 90, asked(13, 1))]).toEqual([[], [], []]);
  });
  it("show the newest answer of each week", () => {
    const all = [job(0), seen(90, "could-not-contact"), seen(95)];
    expect(checkpointsOf(offer, all, []).map(({ week, answer }) => [week, answer])).toEqual([
      [4, undefined],
      [13, "in-work"],
      [26, undefined],
      [52, undefined],
    ]);
  });
});

describe("one person", () => {
  it("is counted once, through however many cases that share a number of theirs", () => {
    const cases = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cases, fc.integer({ min: 0, max: 6 })), { maxLength: 20 }),
        fc.array(cases),
        (links, hits) => {
          const keys = links.map(([one, digest]) => ({ caseId: `c${one}`, digest: `d${digest}` }));
          // By hand: spread each number's smallest case until nothing moves.
          const who = new Map(Array.from({ length: 10 }, (_, at) => [`c${at}`, at]));
          for (let moved = true; moved;) {
            moved = false;
            for (const a of keys)
              for (const b of keys) {
                const least = Math.min(who.get(a.caseId) ?? 0, who.get(b.caseId) ?? 0);
                if (a.digest === b.digest && who.get(a.caseId) !== least)
                  moved = who.set(a.caseId, least) !== undefined;
              }
          }
          const reachedBy = hits.map((one) => ({ programme: "p", outcome: "o", caseId: `c${one}` }));
          const people = new Set(hits.map((one) => who.get(`c${one}`))).size;
          expect(countOnce(reachedBy, keys)).toEqual(
            hits.length === 0 ? [] : [{ programme: "p", outcome: "o", people, referrals: hits.length }],
          );
        },
      ),
    );
  });
});
