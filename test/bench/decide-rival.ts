// The same rules of eligibility in json-rules-engine: one engine with a rule for each programme, asked about facts made ready.
import { Engine, type TopLevelCondition } from "json-rules-engine";
import type { Programme } from "../../schemas/programme.ts";
import type { Content } from "../../schemas/referral.ts";
import type { Test } from "../../schemas/rule.ts";
import { ageOn, monthsAfter } from "../../src/core/calendar.ts";
import { TODAY } from "../builders/rules.ts";

type Condition = TopLevelCondition | { fact: string; operator: string; value: unknown };

const is = (fact: string, operator: string, value: unknown): Condition => ({ fact, operator, value });

/** Each test of ours as its condition. A test that the benchmark does not use is a mistake of the benchmark. */
const conditionOf = (test: Test): Condition => {
  if ("age" in test)
    return {
      all: [
        is("age", "greaterThanInclusive", test.age.atLeast ?? 0),
        is("age", "lessThanInclusive", test.age.atMost ?? 200),
      ],
    } as TopLevelCondition;
  if ("livesIn" in test) return is("authority", "in", test.livesIn);
  if ("employment" in test) return is("employment", "in", test.employment);
  if ("longTermCondition" in test) return is("longTermCondition", "equal", test.longTermCondition);
  if ("disability" in test) return is("disability", "equal", test.disability);
  if ("rightToWork" in test) return is("rightToWork", "equal", test.rightToWork);
  if ("group" in test) return { any: test.group.map((one) => is("groups", "contains", one)) } as TopLevelCondition;
  if ("notOn" in test)
    return { all: test.notOn.map((one) => is("running", "doesNotContain", one)) } as TopLevelCondition;
  if ("outOfWorkMonths" in test) return is("monthsOut", "greaterThanInclusive", test.outOfWorkMonths.atLeast);
  if ("any" in test) return { any: test.any.map(conditionOf) } as TopLevelCondition;
  throw new Error(`no condition for ${Object.keys(test)[0]}`);
};

export const engineOf = (programmes: readonly Programme[]): Engine => {
  const engine = new Engine([], { allowUndefinedFacts: true });
  for (const { programme, eligibility } of programmes)
    engine.addRule({
      conditions: { all: eligibility.map(({ test }) => conditionOf(test)) } as TopLevelCondition,
      event: { type: programme },
    });
  return engine;
};

const monthsSince = (day: string): number => {
  let months = 0;
  while (monthsAfter(day, months + 1) <= TODAY) months += 1;
  return months;
};

/** Ages and months are reckoned beforehand: that is no part of the rival's time. */
export const factsFor = ({ person, facts }: Content): Record<string, unknown> => ({
  age: ageOn(person.birthDate ?? TODAY, TODAY),
  authority: person.authority,
  employment: facts.employment,
  longTermCondition: facts.longTermCondition,
  disability: facts.disability,
  groups: facts.groups,
  rightToWork: facts.rightToWork,
  running: (facts.programmes ?? []).filter(({ endedOn }) => endedOn === undefined).map(({ code }) => code),
  monthsOut: facts.employment === "in-work" ? 0 : monthsSince(facts.unemployedSince ?? TODAY),
});

export const eligibleBy = async (engine: Engine, facts: Record<string, unknown>): Promise<string[]> =>
  (await engine.run(facts)).events.map(({ type }) => type);
