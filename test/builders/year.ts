// A year of work in somebody's life, and when each definition of success is met in it: reckoned day by day, without any of the
// code that says so in earnest.
import fc from "fast-check";
import type { EvidenceKind, OutcomeRule } from "../../schemas/outcome.ts";
import { CHECKPOINTS, type CheckpointAnswer, type OutcomeReport } from "../../schemas/outcome-report.ts";
import type { Programme } from "../../schemas/programme.ts";
import { join } from "node:path";
import { packageRoot } from "../../adapters/postgres/migrate.ts";
import { loadRulebook } from "../../adapters/directory/packs.ts";
import { daysAfter, noonOf } from "../../src/core/calendar.ts";
import { wageRates } from "../../src/packs.ts";

export const START = "2026-05-04";
export const YEAR = 380;
const PAYDAY = 28;
const DAYS = Array.from({ length: YEAR + 1 }, (_, n) => daysAfter(START, n));
export const date = (n: number): string => DAYS[n] ?? daysAfter(START, n);
const rates = wageRates();

/** Every sample programme that says what counts as success. */
export const withOutcomes = (): Programme[] => {
  const loaded = loadRulebook(join(packageRoot(), "packs", "london"));
  if (!loaded.ok) throw new Error("the sample packs do not hold");
  return loaded.rulebook
    .inForce(noonOf(START))
    .flatMap(({ programme }) => (programme.outcomes.length > 0 ? [programme] : []));
};

/** `gap`: days from the first job's end to the next one, which lasts; at 1 there is no day between. */
export type Life = {
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
export const life: fc.Arbitrary<Life> = fc.record({
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
  const days = jobsOf(one).reduce((sum, { from, to }) => sum + Math.max(0, Math.min(n, to) - from), 0);
  return Math.round((one.hours * one.hourlyRate * days) / 7);
};
const paydays = Array.from({ length: YEAR / PAYDAY }, (_, at) => (at + 1) * PAYDAY);
export const asked = (one: Life): number[] =>
  CHECKPOINTS.filter((week) => one.from + week * 7 <= YEAR && works(one, one.from + week * 7));

/** What its provider says of a day beside checkpoints: jobs, wages, and a milestone where the programme has it. */
export const saidOn = (one: Life, programme: Pick<Programme, "outcomes">, n: number): OutcomeReport[] => {
  const { employment, hours, hourlyRate, evidence, milestone } = one;
  const proof = { on: date(n), evidence };
  const jobs = jobsOf(one);
  const pay = employment === "paid" ? { hourlyRate } : {};
  const said: OutcomeReport[] = [];
  if (jobs.some(({ from }) => from === n)) said.push({ what: "job-started", ...proof, employment, hours, ...pay });
  if (jobs.some(({ to }) => to === n)) said.push({ what: "job-ended", ...proof, returns: false });
  if (employment === "paid" && paydays.includes(n)) said.push({ what: "earnings", ...proof, total: totalAt(one, n) });
  if (n === milestone)
    for (const { id } of programme.outcomes.filter(({ kind }) => kind === "milestone"))
      said.push({ what: "milestone", ...proof, outcome: id });
  return said;
};

export const answerOf = (one: Life, week: number): CheckpointAnswer =>
  one.reached[CHECKPOINTS.findIndex((each) => each === week)] === true ? "in-work" : "could-not-contact";

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

export const dayOf = (programme: Programme, rule: OutcomeRule, one: Life): number | undefined => {
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
