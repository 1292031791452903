// Whether a rule holds for a person: yes, no, or not known for want of a fact that is named.
import type { Clause, Test } from "../../schemas/rule.ts";
import { nationOf } from "../../schemas/place.ts";
import type { Content, Facts } from "../../schemas/referral.ts";
import { inPartnership, livesIn, mostDeprived, registeredWith, type Whereabouts } from "./area.ts";
import { ageOn, daysBetween, leavesSchoolOn, monthsAfter } from "./calendar.ts";
import { all, any, atLeast, NO, not, sure, unknown, type Verdict, YES } from "./verdict.ts";
import { once } from "./once.ts";

export type { Verdict } from "./verdict.ts";

/** What a rule may read: declared facts, the area and the time. Monitoring answers are not among them. */
export type Known = Whereabouts & {
  content: Content;
  /** How old the person is on the day. */
  years: number | undefined;
};

type Name = Test extends infer T ? (T extends object ? keyof T : never) : never;
type Value<N extends Name> = Extract<Test, Record<N, unknown>>[N];
/** A test made ready: it is asked of many people. */
type Ask = (known: Known) => Verdict;

const oneOf = (value: string | undefined, wanted: readonly string[], path: string): Verdict =>
  value === undefined ? unknown(path) : sure(wanted.includes(value));

const same = (value: boolean | undefined, wanted: boolean, path: string): Verdict =>
  value === undefined ? unknown(path) : sure(value === wanted);

const age =
  ({ atLeast: least = 0, atMost = Number.POSITIVE_INFINITY, on }: Value<"age">): Ask =>
  ({ content: { person }, years: now }) => {
    if (person.birthDate === undefined || now === undefined) return unknown("person.birthDate");
    const years = on === undefined ? now : ageOn(person.birthDate, on);
    return sure(years >= least && years <= atMost);
  };

/** From the 18th birthday; in Wales from the day after the one on which they may leave school, as DWP provision has it. */
const workingAge =
  (wanted: boolean): Ask =>
  ({ content: { person }, area, day, years }) => {
    if (person.birthDate === undefined || years === undefined) return unknown("person.birthDate");
    if (years >= 18) return sure(wanted);
    if (years < 15) return sure(!wanted);
    if (area.home === undefined) return unknown("area");
    const reached = nationOf(area.home.authority) === "wales" && leavesSchoolOn(person.birthDate) < day;
    return sure(reached === wanted);
  };

/** The surgery where the person was seen: the site, or the practice that sends. */
export const seenAt = ({ referrer }: Content): string => referrer.site ?? referrer.organisation;

/** To have no home is to be homeless, whatever box was ticked. */
const housingOf = ({ person, facts }: Content): Facts["housing"] =>
  person.home.kind === "none" ? "homeless" : facts.housing;

const group =
  (wanted: readonly string[]): Ask =>
  ({ content }) => {
    if (wanted.includes("homeless") && housingOf(content) === "homeless") return YES;
    const groups = content.facts.groups;
    return groups === undefined ? unknown("facts.groups") : sure(groups.some((one) => wanted.includes(one)));
  };

const outOfWorkMonths =
  (value: Value<"outOfWorkMonths">): Ask =>
  ({ content: { facts }, day }) => {
    if (facts.employment === "in-work" || facts.employment === "at-risk") return NO;
    if (facts.unemployedSince === undefined) return unknown("facts.unemployedSince");
    return sure(facts.unemployedSince <= day && monthsAfter(facts.unemployedSince, value.atLeast) <= day);
  };

const daysSince =
  ({ fact, atLeast: least = 0, atMost = Number.POSITIVE_INFINITY }: Value<"daysSince">): Ask =>
  ({ content: { facts }, day }) => {
    const from = facts[fact];
    if (from === undefined) return unknown(`facts.${fact}`);
    const days = daysBetween(from, day);
    return sure(days >= least && days <= atMost);
  };

const MONTH_DAYS = 30.44;

/**
 * The periods that have begun, counted back from the newest; they follow one another by the month. One that is missing
 * leaves the question open, unless another already answers it.
 */
const periods =
  (value: Value<"allOfLast">, wanted: boolean): Ask =>
  ({ content: { facts }, day }) => {
    const begun = (facts.assessmentPeriods ?? []).filter(({ from }) => from <= day);
    const newest =
      begun
        .map(({ from }) => from)
        .sort()
        .at(-1) ?? "";
    const back = (from: string): number => Math.round(daysBetween(from, newest) / MONTH_DAYS);
    const counted = begun.filter(({ from }) => back(from) < value.last);
    if (counted.some(({ regime }) => value.regimes.includes(regime) !== wanted)) return NO;
    const months = new Set(counted.map(({ from }) => back(from)));
    return months.size < value.last ? unknown("facts.assessmentPeriods") : YES;
  };

type Past = NonNullable<Facts["programmes"]>[number];

const pasts = (codes: readonly string[], { content: { facts } }: Known, still: (past: Past) => boolean): Verdict =>
  facts.programmes === undefined
    ? unknown("facts.programmes")
    : sure(!facts.programmes.some((past) => codes.includes(past.code) && still(past)));

export const runsOn = (past: Past, day: string): boolean => past.endedOn === undefined || past.endedOn > day;

const basicSkills =
  (wanted: readonly string[]): Ask =>
  ({ content: { facts } }) =>
    facts.basicSkills === undefined
      ? unknown("facts.basicSkills")
      : sure(facts.basicSkills.some((one) => wanted.includes(one)));

const need =
  (wanted: readonly string[]): Ask =>
  ({ content }) => {
    const needs = [content.need, ...(content.alsoNeeds ?? [])].filter((one) => one !== undefined);
    return needs.length === 0 ? unknown("need") : sure(needs.some((one) => wanted.includes(one)));
  };

/** One row for each predicate of a pack. */
const ASKED: { [N in Name]: (value: Value<N>) => Ask } = {
  age,
  workingAge,
  livesIn: (codes) => (known) => livesIn(codes, known),
  partnership: (ids) => (known) => inPartnership(ids, known),
  deprivation:
    ({ atMost }) =>
    (known) =>
      mostDeprived(atMost, known),
  registeredAt: (codes) => (known) => oneOf(known.practice, codes, "person.practice"),
  registeredIn: (codes) => (known) => registeredWith(codes, known),
  seenAt: (codes) => (known) => sure(codes.includes(seenAt(known.content))),
  employment: (values) => (known) => oneOf(known.content.facts.employment, values, "facts.employment"),
  benefit: (values) => (known) => oneOf(known.content.facts.benefit, values, "facts.benefit"),
  regime: (values) => (known) => oneOf(known.content.facts.regime, values, "facts.regime"),
  allOfLast: (value) => periods(value, true),
  noneOfLast: (value) => periods(value, false),
  housing: (values) => (known) => oneOf(housingOf(known.content), values, "facts.housing"),
  outOfWorkMonths,
  daysSince,
  longTermCondition: (value) => (known) =>
    same(known.content.facts.longTermCondition, value, "facts.longTermCondition"),
  disability: (value) => (known) => same(known.content.facts.disability, value, "facts.disability"),
  rightToWork: (value) => (known) => same(known.content.facts.rightToWork, value, "facts.rightToWork"),
  childcareNeeded: (value) => (known) => same(known.content.facts.childcareNeeded, value, "facts.childcareNeeded"),
  basicSkills,
  group,
  sex: (values) => (known) => oneOf(known.content.facts.sex, values, "facts.sex"),
  ethnicGroup: (values) => (known) => oneOf(known.content.facts.ethnicGroup, values, "facts.ethnicGroup"),
  belief: (values) => (known) => oneOf(known.content.facts.belief, values, "facts.belief"),
  // A referral that led to no start was never started; one without an end still runs.
  neverStarted: (codes) => (known) => pasts(codes, known, (past) => past.startedOn !== undefined),
  notOn: (codes) => (known) => pasts(codes, known, (past) => runsOn(past, known.day)),
  participation: (values) => (known) => sure(values.includes(known.content.participation)),
  need,
  atLeast: ({ of, tests }) => joined(tests, (verdicts) => atLeast(of, verdicts)),
  all: (tests) => joined(tests, all),
  any: (tests) => joined(tests, any),
  not: (test) => {
    const ask = readied(test);
    return (known) => not(ask(known));
  },
};

const joined = (tests: readonly Test[], join: (verdicts: readonly Verdict[]) => Verdict): Ask => {
  const asks = tests.map(readied);
  return (known) => join(asks.map((ask) => ask(known)));
};

/** A pack is read whole and never changed, so that each of its tests is made ready once. */
export const readied = once((test: Test): Ask => {
  const [name, value] = Object.entries(test)[0] as [Name, never];
  return ASKED[name](value);
});

export const evaluate = (test: Test, known: Known): Verdict => readied(test)(known);

export type ClauseResult = { clause: Clause; verdict: Verdict };

/** Every clause with its verdict, in the order of the pack. */
export const eligibilityOf = (clauses: readonly Clause[], known: Known): ClauseResult[] =>
  clauses.map((clause) => ({ clause, verdict: evaluate(clause.test, known) }));
