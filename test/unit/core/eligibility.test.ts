// Every kind of test, by the table of cases; and how answers are joined.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Test } from "../../../schemas/rule.ts";
import { eligibilityOf, evaluate } from "../../../src/core/eligibility.ts";
import { knowing, PREDICATES, unknown } from "./cases/predicates.ts";

describe("a test of eligibility", () => {
  it.each(PREDICATES)("%s", (_name, test, facts, expected) => {
    const verdict = typeof expected === "string" ? unknown(expected) : { is: expected };
    expect(evaluate(test, knowing(facts))).toEqual(verdict);
  });

  it("has a row for every kind", () => {
    const kinds = new Set(PREDICATES.map(([, test]) => Object.keys(test)[0]));
    const every = {
      age: 0,
      livesIn: 0,
      workingAge: 0,
      partnership: 0,
      deprivation: 0,
      registeredIn: 0,
      allOfLast: 0,
      noneOfLast: 0,
      daysSince: 0,
      childcareNeeded: 0,
      basicSkills: 0,
      sex: 0,
      ethnicGroup: 0,
      belief: 0,
      participation: 0,
      need: 0,
      atLeast: 0,
      registeredAt: 0,
      seenAt: 0,
      employment: 0,
      benefit: 0,
      regime: 0,
      housing: 0,
      outOfWorkMonths: 0,
      longTermCondition: 0,
      disability: 0,
      rightToWork: 0,
      group: 0,
      neverStarted: 0,
      notOn: 0,
      all: 0,
      any: 0,
      not: 0,
    } satisfies Record<Test extends infer One ? (One extends unknown ? keyof One : never) : never, 0>;
    expect([...kinds].sort()).toEqual(Object.keys(every).sort());
  });

  it("counts ages and months by the calendar of London", () => {
    const midnight = new Date("2026-07-01T23:30:00Z");
    const birthday = knowing({ person: { birthDate: "2008-07-02" }, now: midnight });
    expect(evaluate({ age: { atLeast: 18 } }, birthday)).toEqual({ is: true });
    const leap = (now: string) => knowing({ person: { birthDate: "2008-02-29" }, now: new Date(now) });
    expect(evaluate({ age: { atLeast: 18 } }, leap("2026-02-28T12:00:00Z"))).toEqual({ is: false });
    expect(evaluate({ age: { atLeast: 18 } }, leap("2026-03-01T12:00:00Z"))).toEqual({ is: true });
    const since = (now: string) => knowing({ facts: { unemployedSince: "2025-08-31" }, now: new Date(now) });
    expect(evaluate({ outOfWorkMonths: { atLeast: 6 } }, since("2026-02-27T12:00:00Z"))).toEqual({ is: false });
    expect(evaluate({ outOfWorkMonths: { atLeast: 6 } }, since("2026-02-28T12:00:00Z"))).toEqual({ is: true });
  });

  it("joins in Kleene's three values", () => {
    const T: Test = { rightToWork: true };
    const F: Test = { rightToWork: false };
    const U: Test = { disability: true };
    const V: Test = { longTermCondition: true };
    const known = knowing({ facts: { rightToWork: true } });
    const of = (test: Test) => evaluate(test, known);
    expect(of({ all: [T, T] })).toEqual({ is: true });
    expect(of({ all: [T, U] })).toEqual(unknown("facts.disability"));
    expect(of({ all: [U, F] })).toEqual({ is: false });
    expect(of({ any: [F, F] })).toEqual({ is: false });
    expect(of({ any: [F, U] })).toEqual(unknown("facts.disability"));
    expect(of({ any: [U, T] })).toEqual({ is: true });
    expect(of({ any: [U, V, U] })).toEqual(unknown("facts.disability", "facts.longTermCondition"));
    expect(of({ not: T })).toEqual({ is: false });
    expect(of({ not: F })).toEqual({ is: true });
    expect(of({ not: U })).toEqual(unknown("facts.disability"));
  });

  it("keeps De Morgan's law for any tests", () => {
    const leaf: fc.Arbitrary<Test> = fc.constantFrom<Test>(
      { rightToWork: true },
      { rightToWork: false },
      { disability: true },
      { employment: ["in-work"] },
    );
    const known = knowing({ facts: { rightToWork: true } });
    fc.assert(
      fc.property(fc.array(leaf, { minLength: 1, maxLength: 5 }), (tests) => {
        expect(evaluate({ any: tests }, known)).toEqual(
          evaluate({ not: { all: tests.map((test) => ({ not: test })) } }, known),
        );
      }),
    );
  });

  it("answers clause by clause, in the order of the pack", () => {
    const clauses = [
      { id: "first", words: "First", health: false, test: { rightToWork: true } },
      { id: "second", words: "Second", health: true, test: { disability: true } },
    ];
    const results = eligibilityOf(clauses, knowing({ facts: { rightToWork: true } }));
    expect(results.map(({ clause, verdict }) => [clause.id, verdict.is])).toEqual([
      ["first", true],
      ["second", "unknown"],
    ]);
  });
});
