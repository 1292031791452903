// Whether a rule holds for a person: yes, no, or not known for want of a fact that is named (Kleene's three values).
import type { Clause, Test } from "../../schemas/programme.ts";
import type { Area } from "../../schemas/place.ts";
import type { Content, Facts } from "../../schemas/referral.ts";
import { ageOn, dayOf, monthsAfter } from "./calendar.ts";

/** What a rule may read. */
export type Known = { content: Content; area: Area; now: Date };

/** `missing` names facts by their path in the content, or `area`. */
export type Verdict = { is: true } | { is: false } | { is: "unknown"; missing: string[] };

const YES: Verdict = { is: true };
const NO: Verdict = { is: false };
const unknown = (...missing: string[]): Verdict => ({ is: "unknown", missing });
const sure = (holds: boolean): Verdict => (holds ? YES : NO);

const missingOf = (verdicts: readonly Verdict[]): string[] => [
  ...new Set(verdicts.flatMap((one) => (one.is === "unknown" ? one.missing : []))),
];

const not = (verdict: Verdict): Verdict => (verdict.is === "unknown" ? verdict : sure(!verdict.is));

const all = (verdicts: readonly Verdict[]): Verdict => {
  if (verdicts.some((one) => one.is === false)) return NO;
  const missing = missingOf(verdicts);
  return missing.length === 0 ? YES : unknown(...missing);
};

const any = (verdicts: readonly Verdict[]): Verdict => not(all(verdicts.map(not)));

const oneOf = (value: string | undefined, wanted: readonly string[], path: string): Verdict =>
  value === undefined ? unknown(path) : sure(wanted.includes(value));

const same = (value: boolean | undefined, wanted: boolean, path: string): Verdict =>
  value === undefined ? unknown(path) : sure(value === wanted);

const ageTest = ({ age }: Extract<Test, { age: unknown }>, { content, now }: Known): Verdict => {
  if (content.person.birthDate === undefined) return unknown("person.birthDate");
  const years = ageOn(content.person.birthDate, dayOf(now));
  return sure(years >= (age.atLeast ?? 0) && years <= (age.atMost ?? Number.POSITIVE_INFINITY));
};

const LSOA = /^([EWS]01|N2[01]|95)/;
const ICB = /^E54/;

/** A code of a small area or of a health area cannot be denied from the authority alone. */
const livesIn = (codes: readonly string[], { area: { home } }: Known): Verdict => {
  if (home === undefined) return unknown("area");
  if ([home.authority, home.lsoa, home.icb].some((code) => code !== undefined && codes.includes(code))) return YES;
  const undecided = codes.some(
    (code) => (LSOA.test(code) && home.lsoa === undefined) || (ICB.test(code) && home.icb === undefined),
  );
  return undecided ? unknown("area") : NO;
};

/** The surgery where the person was seen: the site, or the practice that sends. */
export const seenAt = ({ referrer }: Content): string => referrer.site ?? referrer.organisation;

/** To have no home is to be homeless, also when nobody ticked the box. */
const housingOf = ({ person, facts }: Content): Facts["housing"] =>
  facts.housing ?? (person.home.kind === "none" ? "homeless" : undefined);

const inGroup = (wanted: readonly string[], content: Content): Verdict => {
  if (wanted.includes("homeless") && housingOf(content) === "homeless") return YES;
  const groups = content.facts.groups;
  return groups === undefined ? unknown("facts.groups") : sure(groups.some((group) => wanted.includes(group)));
};

const outOfWork = (atLeast: number, { content: { facts }, now }: Known): Verdict => {
  if (facts.employment === "in-work" || facts.employment === "at-risk") return NO;
  if (facts.unemployedSince === undefined) return unknown("facts.unemployedSince");
  return sure(monthsAfter(facts.unemployedSince, atLeast) <= dayOf(now));
};

type Past = NonNullable<Facts["programmes"]>[number];

const pasts = (codes: readonly string[], { facts }: Content, still: (past: Past) => boolean): Verdict =>
  facts.programmes === undefined
    ? unknown("facts.programmes")
    : sure(!facts.programmes.some((past) => codes.includes(past.code) && still(past)));

export const evaluate = (test: Test, known: Known): Verdict => {
  const { content, now } = known;
  const { facts, person } = content;
  if ("age" in test) return ageTest(test, known);
  if ("livesIn" in test) return livesIn(test.livesIn, known);
  if ("registeredAt" in test) return oneOf(person.practice, test.registeredAt, "person.practice");
  if ("seenAt" in test) return sure(test.seenAt.includes(seenAt(content)));
  if ("employment" in test) return oneOf(facts.employment, test.employment, "facts.employment");
  if ("benefit" in test) return oneOf(facts.benefit, test.benefit, "facts.benefit");
  if ("regime" in test) return oneOf(facts.regime, test.regime, "facts.regime");
  if ("housing" in test) return oneOf(housingOf(content), test.housing, "facts.housing");
  if ("outOfWorkMonths" in test) return outOfWork(test.outOfWorkMonths.atLeast, known);
  if ("longTermCondition" in test)
    return same(facts.longTermCondition, test.longTermCondition, "facts.longTermCondition");
  if ("disability" in test) return same(facts.disability, test.disability, "facts.disability");
  if ("rightToWork" in test) return same(facts.rightToWork, test.rightToWork, "facts.rightToWork");
  if ("group" in test) return inGroup(test.group, content);
  // A referral that led to no start was never started; one without an end still runs.
  if ("neverStarted" in test) return pasts(test.neverStarted, content, (past) => past.startedOn !== undefined);
  if ("notOn" in test)
    return pasts(test.notOn, content, (past) => past.endedOn === undefined || past.endedOn > dayOf(now));
  if ("all" in test) return all(test.all.map((one) => evaluate(one, known)));
  if ("any" in test) return any(test.any.map((one) => evaluate(one, known)));
  return not(evaluate(test.not, known));
};

export type ClauseResult = { clause: Clause; verdict: Verdict };

/** Every clause with its verdict, in the order of the pack. */
export const eligibilityOf = (clauses: readonly Clause[], known: Known): ClauseResult[] =>
  clauses.map((clause) => ({ clause, verdict: evaluate(clause.test, known) }));
