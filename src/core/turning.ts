// Days on which a rule may come out otherwise by nothing but the passing of time: a birthday, months out of work, days since.
import type { Test } from "../../schemas/rule.ts";
import type { Facts } from "../../schemas/referral.ts";
import { daysAfter, leavesSchoolOn, monthsAfter } from "./calendar.ts";
import type { Known } from "./eligibility.ts";

/** Who was born on 29 February grows older on 1 March of a common year. */
const birthdayIn = (birth: string, year: number): string => {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return `${year}-${birth.slice(5) === "02-29" && !leap ? "03-01" : birth.slice(5)}`;
};

const turns = (birth: string | undefined, years: number | undefined): string[] =>
  birth === undefined || years === undefined ? [] : [birthdayIn(birth, Number(birth.slice(0, 4)) + years)];

const since = (
  facts: Facts,
  { fact, atLeast, atMost }: Extract<Test, { daysSince: unknown }>["daysSince"],
): string[] => {
  const from = facts[fact];
  if (from === undefined) return [];
  return [
    ...(atLeast === undefined ? [] : [daysAfter(from, atLeast)]),
    ...(atMost === undefined ? [] : [daysAfter(from, atMost + 1)]),
  ];
};

const ending = (codes: readonly string[] | undefined, { programmes }: Facts): string[] =>
  (programmes ?? []).flatMap(({ code, endedOn }) =>
    endedOn !== undefined && (codes === undefined || codes.includes(code)) ? [endedOn] : [],
  );

/** In no order; days that have passed are among them. */
export const turningDays = (test: Test, known: Known): string[] => {
  const { person, facts } = known.content;
  if ("age" in test) {
    const { atLeast, atMost, on } = test.age;
    const tooOld = atMost === undefined ? undefined : atMost + 1;
    return on === undefined ? [...turns(person.birthDate, atLeast), ...turns(person.birthDate, tooOld)] : [];
  }
  if ("workingAge" in test)
    return person.birthDate === undefined ? [] : [...turns(person.birthDate, 18), leavesSchoolOn(person.birthDate)];
  if ("outOfWorkMonths" in test)
    return facts.unemployedSince === undefined
      ? []
      : [monthsAfter(facts.unemployedSince, test.outOfWorkMonths.atLeast)];
  if ("daysSince" in test) return since(facts, test.daysSince);
  if ("notOn" in test) return ending(test.notOn, facts);
  if ("not" in test) return turningDays(test.not, known);
  if ("all" in test) return test.all.flatMap((one) => turningDays(one, known));
  if ("any" in test) return test.any.flatMap((one) => turningDays(one, known));
  if ("atLeast" in test) return test.atLeast.tests.flatMap((one) => turningDays(one, known));
  return [];
};

/** Days on which the other programmes of a person end. */
export const endingDays = (facts: Facts): string[] => ending(undefined, facts);
