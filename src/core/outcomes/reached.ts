// When an outcome was reached by its programme's own definition, and by evidence that its funders take.
import type { EvidenceKind, OutcomeRule, RateName } from "../../../schemas/outcome.ts";
import type { KeptReport, OutcomeReport } from "../../../schemas/outcome-report.ts";
import type { Programme } from "../../../schemas/programme.ts";
import type { WageRates } from "../../../schemas/rates.ts";
import type { PlainDate } from "../../../schemas/text.ts";
import { dayOf, daysAfter } from "../calendar.ts";
import { dayNumber, type Spell, spellsOf, stretchesOf } from "./spells.ts";

export type Told = {
  reports: readonly Pick<KeptReport, "at" | "report">[];
  /** The day on which help began. */
  startedOn: PlainDate;
  rates: WageRates;
};

/** The rate that held on a day; undefined before the first that we know, and then nobody can say. */
export const rateOn = ({ rates }: WageRates, name: RateName, day: PlainDate): number | undefined =>
  rates[name].findLast(({ from }) => from <= day)?.hourly;

/** All kinds where the programme says nothing of this outcome; else those that any of its funders takes. */
const evidenceFor = (
  { evidence }: Pick<Programme, "evidence">,
  rule: OutcomeRule,
): ReadonlySet<EvidenceKind> | undefined => {
  const kinds = evidence.filter(({ outcome }) => outcome === rule.id).flatMap((one) => one.kinds);
  return kinds.length === 0 ? undefined : new Set(kinds);
};

/** What speaks against somebody needs no evidence of a kind: it can only take away. */
const takesAway = (report: OutcomeReport): boolean =>
  report.what === "job-ended" || (report.what === "checkpoint" && report.answer !== "in-work");

const DAYS = 7;

export const reachedOn = (
  programme: Pick<Programme, "evidence">,
  rule: OutcomeRule,
  { reports, startedOn, rates }: Told,
): PlainDate | undefined => {
  const kinds = evidenceFor(programme, rule);
  const counted = reports.filter(
    ({ report }) => kinds === undefined || kinds.has(report.evidence) || takesAway(report),
  );
  const all = spellsOf(counted);
  const first = all.map(({ from }) => from).toSorted()[0];
  const from = rule.windowFrom === "job-start" ? first : startedOn;
  if (from === undefined) return undefined;
  const to = rule.windowDays === undefined ? undefined : daysAfter(from, rule.windowDays - 1);
  const heard = to === undefined ? undefined : daysAfter(to, rule.trackingDays);
  const inTime = counted.filter(
    ({ at, report }) => report.what === "job-ended" || heard === undefined || dayOf(at) <= heard,
  );
  const within = { from, ...(to === undefined ? {} : { to }) };
  return byKind(rule, { reports: inTime.map(({ report }) => report), spells: spellsOf(inTime), within, rates });
};

type Counted = {
  reports: readonly OutcomeReport[];
  spells: readonly Spell[];
  within: { from: PlainDate; to?: PlainDate };
  rates: WageRates;
};

const byKind = (rule: OutcomeRule, counted: Counted): PlainDate | undefined => {
  const { reports, within, rates } = counted;
  const inside = (day: PlainDate): boolean => day >= within.from && (within.to === undefined || day <= within.to);
  if (rule.kind === "milestone")
    return reports.find((one) => one.what === "milestone" && one.outcome === rule.id && inside(one.on))?.on;
  if (rule.kind === "earnings-cumulative") {
    const rate = rule.rate === undefined ? undefined : rateOn(rates, rule.rate, within.from);
    if (rate === undefined || rule.hoursPerWeek === undefined || rule.weeks === undefined) return undefined;
    const enough = rate * rule.hoursPerWeek * rule.weeks;
    return earliest(
      reports.flatMap((one) => (one.what === "earnings" && inside(one.on) && one.total >= enough ? [one.on] : [])),
    );
  }
  return earliest(groupsOf(rule, counted).flatMap((spells) => byWork(rule, spells, counted) ?? []));
};

/** Where the two must not be mixed, each kind of work is counted alone. */
const groupsOf = (rule: OutcomeRule, { spells, rates }: Counted): Spell[][] => {
  const fit = spells.filter(
    (spell) =>
      spell.hours >= (rule.hoursPerWeek ?? 0) &&
      (rule.employment === "paid" || rule.employment === "self" ? spell.employment === rule.employment : true) &&
      (rule.kind !== "wage-floor" || paysEnough(rule, spell, rates)),
  );
  if (rule.employment !== "not-mixed") return [fit];
  return (["paid", "self"] as const).map((kind) => fit.filter(({ employment }) => employment === kind));
};

/** By the rate of the day on which the job began. */
const paysEnough = ({ rate }: OutcomeRule, { hourlyRate, from }: Spell, rates: WageRates): boolean => {
  const floor = rate === undefined ? undefined : rateOn(rates, rate, from);
  return floor !== undefined && hourlyRate !== undefined && hourlyRate >= floor;
};

const byWork = (rule: OutcomeRule, spells: readonly Spell[], { within }: Counted): PlainDate | undefined => {
  const stretches = stretchesOf(spells, within);
  const days = (rule.weeks ?? 0) * DAYS;
  switch (rule.kind) {
    case "job-start":
      return stretches.find(({ from }) => spells.some((spell) => spell.from === from))?.from;
    case "duration-continuous":
      return earliest(stretches.flatMap((one) => dayNumber([one], days) ?? []));
    case "duration-cumulative":
      return dayNumber(stretches, days);
    case "weeks-within-window":
      return earliest(
        stretches.flatMap(({ from }) => {
          const to = daysAfter(from, (rule.windowWeeks ?? 0) * DAYS - 1);
          return dayNumber(stretchesOf(stretches, { from, to }), days) ?? [];
        }),
      );
    case "wage-floor":
      return rule.weeks === undefined
        ? stretches[0]?.from
        : earliest(stretches.flatMap((one) => dayNumber([one], days) ?? []));
    default:
      return undefined;
  }
};

const earliest = (days: readonly PlainDate[]): PlainDate | undefined => days.toSorted()[0];
