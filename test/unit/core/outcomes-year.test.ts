// A simulated year: 500 people with jobs that come and go, asked at their checkpoints, under every definition of the sample programmes.
// A second reckoning, day by day and without any of the code that is tested, must come to the same day.
import fc from "fast-check";
import { expect, it } from "vitest";
import { join } from "node:path";
import { loadRulebook } from "../../../adapters/directory/packs.ts";
import { wageRates } from "../../../src/packs.ts";
import type { OutcomeRule } from "../../../schemas/outcome.ts";
import { CHECKPOINTS, type KeptReport, type OutcomeReport } from "../../../schemas/outcome-report.ts";
import type { Programme } from "../../../schemas/programme.ts";
import { daysAfter, noonOf } from "../../../src/core/calendar.ts";
import { againstReport } from "../../../src/core/outcomes/against.ts";
import { checkpointDue, toAsk } from "../../../src/core/outcomes/checkpoints.ts";
import { reachedOn } from "../../../src/core/outcomes/reached.ts";
import { anOffer, OFFER } from "../../builders/journey.ts";

const loaded = loadRulebook(join(import.meta.dirname, "../../../packs/london"));
const START = "2026-05-04";
const YEAR = 380;
const programmes: Programme[] = loaded.ok
  ? loaded.rulebook
      .inForce(noonOf(START))
      .flatMap(({ programme }) => (programme.outcomes.length > 0 ? [programme] : []))
  : [];
const rates = wageRates();

type Life = { from: number; lasts: number; hours: number; hourlyRate: number; reached: boolean[] };
const life: fc.Arbitrary<Life> = fc.record({
  from: fc.integer({ min: 0, max: 20 }),
  lasts: fc.oneof(fc.integer({ min: 1, max: 370 }), fc.constant(1_000)),
  hours: fc.constantFrom(4, 7, 16, 35),
  hourlyRate: fc.constantFrom(11, 13, 14.8, 20),
  reached: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
});

/** One year as its provider lives it: the job, its checkpoints as they are asked, and its end when it ends. */
const lived = ({ from, lasts, hours, hourlyRate, reached }: Life): { reports: KeptReport[]; asked: number[] } => {
  const offer = anOffer({ status: "started" });
  const reports: KeptReport[] = [];
  const asked: number[] = [];
  const says = (on: string, report: OutcomeReport): void => {
    const standing = { offer, recalls: [], startedOn: START, reports, programme: undefined };
    expect(againstReport(standing, report, noonOf(on))).toEqual([]);
    reports.push({ id: OFFER, offer: OFFER, provider: "p", at: noonOf(on), report });
  };
  for (let n = 0; n <= YEAR; n += 1) {
    const on = daysAfter(START, n);
    const proof = { on, evidence: "payslip" as const };
    if (n === from) says(on, { what: "job-started", ...proof, employment: "paid", hours, hourlyRate });
    if (n === from + lasts) says(on, { what: "job-ended", ...proof, returns: false });
    const due = CHECKPOINTS.find((week) => checkpointDue(daysAfter(START, from), week) === on);
    const ask = due === undefined ? undefined : toAsk(offer, reports, [], on);
    if (ask === undefined || n < from) continue;
    asked.push(ask.week);
    const answer = reached[CHECKPOINTS.indexOf(ask.week)] === true ? "in-work" : "could-not-contact";
    says(on, { what: "checkpoint", ...proof, week: ask.week, answer });
  }
  return { reports, asked };
};

/** Days of work that somebody confirmed, one by one. */
const confirmed = ({ from, lasts, reached }: Life): Set<number> => {
  const until = from + lasts <= YEAR ? from + lasts : 0;
  const seen = CHECKPOINTS.filter((week, at) => reached[at] === true && from + week * 7 <= YEAR && week * 7 < lasts);
  const last = Math.max(from, until, ...seen.map((week) => from + week * 7));
  return new Set(Array.from({ length: last - from + 1 }, (_, at) => from + at));
};

const again = (rule: OutcomeRule, one: Life): string | undefined => {
  const days = [...confirmed(one)].toSorted((a, b) => a - b);
  const enough = one.hours >= (rule.hoursPerWeek ?? 0);
  const number = (count: number) =>
    days[count - 1] === undefined ? undefined : daysAfter(START, days[count - 1] ?? 0);
  if (!enough) return undefined;
  switch (rule.kind) {
    case "job-start":
      return number(1);
    case "duration-continuous":
      return number((rule.weeks ?? 0) * 7);
    case "weeks-within-window":
      // One job is one stretch: its first days lie in the window that begins with it.
      return number((rule.weeks ?? 0) * 7);
    case "wage-floor": {
      const table = rates.rates[rule.rate ?? "nlw"];
      const on = daysAfter(START, one.from);
      return one.hourlyRate >= (table.findLast((row) => row.from <= on)?.hourly ?? 9_999) ? number(1) : undefined;
    }
    default:
      return undefined;
  }
};

const KINDS: ReadonlySet<string> = new Set(["job-start", "duration-continuous", "weeks-within-window", "wage-floor"]);

it("carries 500 people through a year under every sample definition", () => {
  expect(programmes.length).toBeGreaterThan(4);
  const rules = programmes.flatMap((programme) =>
    programme.outcomes.filter(({ kind, windowDays }) => KINDS.has(kind) && windowDays === undefined),
  );
  expect(new Set(rules.map(({ kind }) => kind))).toEqual(KINDS);
  fc.assert(
    fc.property(life, (one) => {
      const { reports, asked } = lived(one);
      // Every week that is over while the job lasts is asked about, and none after it has ended.
      expect(asked).toEqual(CHECKPOINTS.filter((week) => week * 7 < one.lasts && one.from + week * 7 <= YEAR));
      for (const rule of rules) {
        const told = { reports, startedOn: START, rates };
        expect(reachedOn({ evidence: [] }, rule, told)).toBe(again(rule, one));
      }
    }),
    { numRuns: 500 },
  );
});
