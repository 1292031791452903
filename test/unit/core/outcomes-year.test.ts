// A simulated year: 500 people with jobs that come and go, asked at their checkpoints, under every definition of the sample programmes.
// A second reckoning, day by day and without any of the code that is tested, must come to the same day.
import fc from "fast-check";
import { expect, it } from "vitest";
import { join } from "node:path";
import { loadRulebook } from "../../../adapters/directory/packs.ts";
import { wageRates } from "../../../src/packs.ts";
import { type EvidenceKind, OutcomeRule } from "../../../schemas/outcome.ts";
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
const PAYDAY = 28;
const DAYS = Array.from({ length: YEAR + 1 }, (_, n) => daysAfter(START, n));
const date = (n: number): string => DAYS[n] ?? daysAfter(START, n);
const programmes: Programme[] = loaded.ok
  ? loaded.rulebook
      .inForce(noonOf(START))
      .flatMap(({ programme }) => (programme.outcomes.length > 0 ? [programme] : []))
  : [];
const rates = wageRates();

/** `gap`: days from the first job's end to the next one, which lasts; at 1 there is no day between. */
type Life = {
  from: number;
  lasts: number;
  gap: number | undefined;
  hours: number;
  hourlyRate: number;
  employment: "paid" | "self";
  evidence: EvidenceKind;
  /** Who was reached at which checkpoint. */
  reached: boolean[];
  milestone: number | undefined;
};
const life: fc.Arbitrary<Life> = fc.record({
  from: fc.integer({ min: 0, max: 20 }),
  lasts: fc.oneof(fc.integer({ min: 1, max: 370 }), fc.constant(1_000)),
  gap: fc.option(fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 40 })), { nil: undefined }),
  hours: fc.constantFrom(4, 7, 16, 35),
  hourlyRate: fc.constantFrom(11, 13, 14.8, 20),
  employment: fc.constantFrom("paid", "paid", "self"),
  evidence: fc.constantFrom("rti", "payslip", "employer", "self-report", "provider"),
  reached: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  milestone: fc.option(fc.integer({ min: 0, max: YEAR }), { nil: undefined }),
});

type Job = { from: number; to: number };

/** To the day of its end, or past the year. */
const jobsOf = ({ from, lasts, gap }: Life): Job[] => {
  const first = { from, to: from + lasts };
  return gap === undefined || first.to + gap > YEAR ? [first] : [first, { from: first.to + gap, to: 9_999 }];
};
const works = (one: Life, n: number): boolean => jobsOf(one).some(({ from, to }) => from <= n && n < to);
const totalAt = (one: Life, n: number): number => {
  const days = Array.from({ length: n }, (_, at) => at).filter((at) => works(one, at)).length;
  return Math.round((one.hours * one.hourlyRate * days) / 7);
};
const paydays = Array.from({ length: YEAR / PAYDAY }, (_, at) => (at + 1) * PAYDAY);
const asked = (one: Life): number[] =>
  CHECKPOINTS.filter((week) => one.from + week * 7 <= YEAR && works(one, one.from + week * 7));

/** One year as its provider lives it: jobs, wages, checkpoints as they are asked, and a milestone where the programme has it. */
const lived = (one: Life, programme: Programme): { reports: KeptReport[]; asks: number[] } => {
  const offer = anOffer({ status: "started" });
  const reports: KeptReport[] = [];
  const asks: number[] = [];
  const jobs = jobsOf(one);
  const says = (on: string, report: OutcomeReport): void => {
    const standing = { offer, recalls: [], startedOn: START, reports, programme };
    expect(againstReport(standing, report, noonOf(on))).toEqual([]);
    reports.push({ id: OFFER, offer: OFFER, provider: "p", at: noonOf(on), report });
  };
  for (let n = 0; n <= YEAR; n += 1) {
    const on = date(n);
    const proof = { on, evidence: one.evidence };
    const { employment, hours, hourlyRate } = one;
    const pay = employment === "paid" ? { hourlyRate } : {};
    if (jobs.some(({ from }) => from === n)) says(on, { what: "job-started", ...proof, employment, hours, ...pay });
    if (jobs.some(({ to }) => to === n)) says(on, { what: "job-ended", ...proof, returns: false });
    if (employment === "paid" && paydays.includes(n)) says(on, { what: "earnings", ...proof, total: totalAt(one, n) });
    for (const { id } of programme.outcomes.filter(({ kind }) => kind === "milestone"))
      if (n === one.milestone) says(on, { what: "milestone", ...proof, outcome: id });
    const due = CHECKPOINTS.find((week) => one.from + week * 7 === n);
    if (due === undefined) continue;
    expect(checkpointDue(date(one.from), due)).toBe(on);
    const ask = toAsk(offer, reports, [], on);
    if (ask === undefined) continue;
    asks.push(ask.week);
    const answer = one.reached[CHECKPOINTS.indexOf(ask.week)] === true ? "in-work" : "could-not-contact";
    says(on, { what: "checkpoint", ...proof, week: ask.week, answer });
  }
  return { reports, asks };
};

/** Days of work that somebody confirmed, one by one: of each job up to its end, or to the last time that anybody was reached. */
const confirmed = (one: Life): number[] => {
  const seen = asked(one).filter((week) => one.reached[CHECKPOINTS.findIndex((each) => each === week)] === true);
  const days = jobsOf(one).flatMap(({ from, to }) => {
    const met = seen.map((week) => one.from + week * 7).filter((n) => from <= n && n < to);
    const last = Math.max(from, to <= YEAR ? to : 0, ...met);
    return Array.from({ length: last - from + 1 }, (_, at) => from + at);
  });
  return [...new Set(days)].toSorted((a, b) => a - b);
};

const proves = ({ evidence }: Programme, rule: OutcomeRule, kind: EvidenceKind): boolean => {
  const asks = evidence.filter(({ outcome }) => outcome === rule.id);
  return asks.length === 0 || asks.some(({ kinds }) => kinds.includes(kind));
};

/** The number-th day of those, of each beginning of work on. */
const soonest = (days: number[], count: number, within: (begun: number, n: number) => boolean): number | undefined => {
  const worked = new Set(days);
  return days
    .filter((n) => !worked.has(n - 1))
    .flatMap((begun) => days.filter((n) => n >= begun && within(begun, n))[count - 1] ?? [])
    .toSorted((a, b) => a - b)[0];
};

const dayOf = (programme: Programme, rule: OutcomeRule, one: Life): number | undefined => {
  if (!proves(programme, rule, one.evidence)) return undefined;
  if (rule.kind === "milestone") return one.milestone;
  const tableOn = (n: number) => rates.rates[rule.rate ?? "nlw"].findLast((row) => row.from <= date(n));
  if (rule.kind === "earnings-cumulative") {
    const enough = (tableOn(0)?.hourly ?? 9_999) * (rule.hoursPerWeek ?? 0) * (rule.weeks ?? 0);
    return one.employment === "paid" ? paydays.find((n) => totalAt(one, n) >= enough) : undefined;
  }
  const fits = rule.employment === "either" || rule.employment === one.employment;
  if (!fits || one.hours < (rule.hoursPerWeek ?? 0)) return undefined;
  const days = confirmed(one);
  const count = (rule.weeks ?? 0) * 7;
  switch (rule.kind) {
    case "job-start":
      return days[0];
    case "duration-continuous":
      // As many days of work lie between as there are days.
      return soonest(days, count, (begun, n) => days.indexOf(n) - days.indexOf(begun) === n - begun);
    case "duration-cumulative":
      return days[count - 1];
    case "weeks-within-window":
      return soonest(days, count, (begun, n) => n < begun + (rule.windowWeeks ?? 0) * 7);
    case "wage-floor": {
      const paid = one.employment === "paid" ? one.hourlyRate : 0;
      return jobsOf(one).find(({ from }) => paid >= (tableOn(from)?.hourly ?? 9_999))?.from;
    }
  }
};

it("carries 500 people through a year under every sample definition", () => {
  expect(new Set(programmes.flatMap(({ outcomes }) => outcomes.map(({ kind }) => kind)))).toEqual(
    new Set(OutcomeRule.shape.kind.options),
  );
  const met = new Set<string>();
  fc.assert(
    fc.property(life, (one) => {
      for (const programme of programmes) {
        const { reports, asks } = lived(one, programme);
        // Every week that is over while a job lasts is asked about, and none while there is none.
        expect(asks).toEqual(asked(one));
        for (const rule of programme.outcomes) {
          const should = dayOf(programme, rule, one);
          const found = reachedOn(programme, rule, { reports, startedOn: START, rates });
          expect([rule.id, found]).toEqual([rule.id, should === undefined ? undefined : date(should)]);
          if (found !== undefined) met.add(`${programme.programme} ${rule.id}`);
        }
      }
    }),
    { numRuns: 500 },
  );
  // Each was reached by somebody: a definition that nobody can meet would prove nothing.
  expect(met.size).toBe(programmes.flatMap(({ outcomes }) => outcomes).length);
}, 60_000);
