// Days and spans that stand for all others: each bound of a rule on both of its sides, and both ends.
import type { Test } from "../../../schemas/rule.ts";
import { type Facts, Regime } from "../../../schemas/referral.ts";
import { daysAfter, monthsAfter } from "../calendar.ts";
import type { Leaf } from "./leaves.ts";
import { eachOf, kindsOf, partsOf, waysOf } from "./sets.ts";

type Of<N extends string> = Extract<Test, Record<N, unknown>>[N & keyof Extract<Test, Record<N, unknown>>];
const valuesOf = <N extends string>(leaves: readonly Leaf[], name: N): Of<N>[] =>
  leaves.flatMap((leaf) => (leaf.name === name ? [leaf.value as Of<N>] : []));

const unique = (days: readonly string[]): string[] => [...new Set(days)];

const OLDEST_MONTHS = 120 * 12;

/** Who has their birthday on the day, and who a day or two later: a common year has no 29 February. */
const birthdays = (day: string, years: number): string[] =>
  [0, 1, 2].map((late) => daysAfter(monthsAfter(day, -12 * years), late));

/** In Wales school ends by school years, which begin on 1 September. */
const schoolYears = (day: string): string[] =>
  [15, 16, 17, 18].flatMap((years) => {
    const year = Number(day.slice(0, 4)) - years;
    return [`${year}-08-31`, `${year}-09-01`];
  });

export const birthDates = (leaves: readonly Leaf[], day: string): string[] =>
  unique([
    day,
    monthsAfter(day, -OLDEST_MONTHS),
    ...valuesOf(leaves, "age").flatMap(({ atLeast, atMost, on = day }) => [
      ...(atLeast === undefined ? [] : birthdays(on, atLeast)),
      ...(atMost === undefined ? [] : birthdays(on, atMost + 1)),
    ]),
    ...(leaves.some(({ name }) => name === "workingAge")
      ? [...birthdays(day, 18), ...birthdays(day, 15), ...schoolYears(day)]
      : []),
  ]);

/** Long before every bound that a pack may name. */
const LONG_AGO = 40_000;

export const pastDays = (leaves: readonly Leaf[], day: string, fact: string): string[] => {
  const spans = valuesOf(leaves, "daysSince").filter((one) => one.fact === fact);
  const months = fact === "unemployedSince" ? valuesOf(leaves, "outOfWorkMonths") : [];
  return unique([
    daysAfter(day, 1),
    day,
    daysAfter(day, -LONG_AGO),
    ...spans.flatMap(({ atLeast, atMost }) => [
      ...(atLeast === undefined ? [] : [daysAfter(day, -atLeast), daysAfter(day, 1 - atLeast)]),
      ...(atMost === undefined ? [] : [daysAfter(day, -atMost), daysAfter(day, -atMost - 1)]),
    ]),
    // A month ends on different days: whichever day is the last that counts, it is among these.
    ...months.flatMap(({ atLeast }) => [-1, 0, 1, 2, 3].map((late) => daysAfter(monthsAfter(day, -atLeast), late))),
  ]);
};

type Periods = NonNullable<Facts["assessmentPeriods"]>;

/** Rules look at the newest so many: between one such number and the next it counts only which regimes occur. */
export const periodLists = (leaves: readonly Leaf[], day: string): Iterable<Periods> => {
  const asked = [...valuesOf(leaves, "allOfLast"), ...valuesOf(leaves, "noneOfLast")];
  const ends = [...new Set(asked.map(({ last }) => last))].sort((a, b) => a - b);
  const kinds = kindsOf(
    Regime.options,
    asked.map((one) => one.regimes),
  );
  const stretches = ends.map((end, at) => {
    const length = end - (ends[at - 1] ?? 0);
    return [...partsOf(kinds)].flatMap((part) => {
      const [first] = part;
      if (first === undefined || part.length > length) return [];
      return [Array.from({ length }, (_, index) => part[index] ?? first)];
    });
  });
  return eachOf(waysOf(stretches), (way) =>
    way.flat().map((regime, index) => ({ from: monthsAfter(day, -1 - index), regime })),
  );
};
