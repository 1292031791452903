// Days on which a rule may come out otherwise by nothing but the passing of time: a birthday, months out of work, days since.
import type { Test } from "../../schemas/rule.ts";
import type { Facts } from "../../schemas/referral.ts";
import { daysAfter, leavesSchoolOn, monthsAfter } from "./calendar.ts";
import type { Known } from "./eligibility.ts";
import { once } from "./once.ts";
import { leavesOf } from "./proof/leaves.ts";

type Value<Name extends string> = Extract<Test, Record<Name, unknown>>[Name];

/** Who was born on 29 February grows older on 1 March of a common year. */
const birthdayIn = (birth: string, year: number): string => {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return `${year}-${birth.slice(5) === "02-29" && !leap ? "03-01" : birth.slice(5)}`;
};

const turns = (birth: string | undefined, years: number | undefined): string[] =>
  birth === undefined || years === undefined ? [] : [birthdayIn(birth, Number(birth.slice(0, 4)) + years)];

const ending = (codes: readonly string[] | undefined, { programmes }: Facts): string[] =>
  (programmes ?? []).flatMap(({ code, endedOn }) =>
    endedOn !== undefined && (codes === undefined || codes.includes(code)) ? [endedOn] : [],
  );

type Turns = (known: Known) => string[];

const age =
  ({ atLeast, atMost, on }: Value<"age">): Turns =>
  ({ content: { person } }) => {
    const tooOld = atMost === undefined ? undefined : atMost + 1;
    return on === undefined ? [...turns(person.birthDate, atLeast), ...turns(person.birthDate, tooOld)] : [];
  };

const workingAge: Turns = ({ content: { person } }) =>
  person.birthDate === undefined ? [] : [...turns(person.birthDate, 18), leavesSchoolOn(person.birthDate)];

const outOfWorkMonths =
  ({ atLeast }: Value<"outOfWorkMonths">): Turns =>
  ({ content: { facts } }) =>
    facts.unemployedSince === undefined ? [] : [monthsAfter(facts.unemployedSince, atLeast)];

const daysSince =
  ({ fact, atLeast, atMost }: Value<"daysSince">): Turns =>
  ({ content: { facts } }) => {
    const from = facts[fact];
    if (from === undefined) return [];
    return [
      ...(atLeast === undefined ? [] : [daysAfter(from, atLeast)]),
      ...(atMost === undefined ? [] : [daysAfter(from, atMost + 1)]),
    ];
  };

/** What stands in no row never turns by itself. */
const turnsIn = (test: Test): Turns | undefined => {
  if ("age" in test) return age(test.age);
  if ("workingAge" in test) return workingAge;
  if ("outOfWorkMonths" in test) return outOfWorkMonths(test.outOfWorkMonths);
  if ("daysSince" in test) return daysSince(test.daysSince);
  if ("notOn" in test) return ({ content: { facts } }) => ending(test.notOn, facts);
  return undefined;
};

/** A pack is read whole and never changed, so that each of its tests is looked through once. */
const turningOf = once((test: Test): Turns[] => leavesOf(test).flatMap((leaf) => turnsIn(leaf.test) ?? []));

/** Whether time alone could ever bring it out otherwise. */
export const mayTurn = (test: Test): boolean => turningOf(test).length > 0;

/** In no order; days that have passed are among them. */
export const turningDays = (test: Test, known: Known): string[] => turningOf(test).flatMap((days) => days(known));

/** Days on which the other programmes of a person end. */
export const endingDays = (facts: Facts): string[] => ending(undefined, facts);
