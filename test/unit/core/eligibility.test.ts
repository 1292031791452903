// One row for each kind of test, with a case that holds, one that does not and one that nobody knows: inverting any breaks it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Test } from "../../../schemas/programme.ts";
import type { Area } from "../../../schemas/place.ts";
import type { Content } from "../../../schemas/referral.ts";
import { eligibilityOf, evaluate, type Known } from "../../../src/core/eligibility.ts";
import { aContent, CAMDEN, ISLINGTON, SURGERY } from "../../builders/content.ts";
import { NOW } from "../../builders/rules.ts";

type With = { facts?: Content["facts"]; person?: Partial<Content["person"]>; site?: string; area?: Area; now?: Date };

const knowing = ({ facts = {}, person = {}, site, area = { homeFrom: "nothing" }, now = NOW }: With): Known => ({
  content: aContent({ facts, person, referrer: { organisation: "sample-referrer", site } }),
  area,
  now,
});
const at = (authority: string): Area => ({ home: { authority }, homeFrom: "sender" });
const past = (startedOn?: string, endedOn?: string): Content["facts"] => ({
  programmes: [{ code: "restart", startedOn, endedOn }],
});
const elsewhere: Content["facts"] = { programmes: [{ code: "other", startedOn: "2026-01-01" }] };
const unknown = (...missing: string[]) => ({ is: "unknown", missing });

const YES = true;
const NO = false;

const TABLE: [string, Test, With, boolean | string][] = [
  ["age, on the birthday", { age: { atLeast: 18 } }, { person: { birthDate: "2008-11-16" } }, YES],
  ["age, a day before", { age: { atLeast: 18 } }, { person: { birthDate: "2008-11-17" } }, NO],
  ["age, at most", { age: { atMost: 24 } }, { person: { birthDate: "2001-11-17" } }, YES],
  ["age, past it", { age: { atMost: 24 } }, { person: { birthDate: "2001-11-16" } }, NO],
  ["age, not said", { age: { atLeast: 18 } }, { person: { birthDate: undefined } }, "person.birthDate"],
  ["lives in", { livesIn: [ISLINGTON] }, { area: at(ISLINGTON) }, YES],
  ["lives elsewhere", { livesIn: [ISLINGTON] }, { area: at(CAMDEN) }, NO],
  ["lives nobody knows where", { livesIn: [ISLINGTON] }, {}, "area"],
  [
    "small area",
    { livesIn: ["E01002704"] },
    { area: { home: { authority: ISLINGTON, lsoa: "E01002704" }, homeFrom: "postcode" } },
    YES,
  ],
  [
    "another small area",
    { livesIn: ["E01002704"] },
    { area: { home: { authority: ISLINGTON, lsoa: "E01000001" }, homeFrom: "postcode" } },
    NO,
  ],
  ["small area not known", { livesIn: ["E01002704"] }, { area: at(ISLINGTON) }, "area"],
  ["health area not known", { livesIn: ["E54000028"] }, { area: at(ISLINGTON) }, "area"],
  ["registered", { registeredAt: [SURGERY] }, { person: { practice: SURGERY } }, YES],
  ["registered elsewhere", { registeredAt: [SURGERY] }, { person: { practice: "Y00001" } }, NO],
  [
    "registered nobody knows where",
    { registeredAt: [SURGERY] },
    { person: { practice: undefined } },
    "person.practice",
  ],
  ["seen at", { seenAt: [SURGERY] }, { site: SURGERY }, YES],
  ["seen elsewhere", { seenAt: [SURGERY] }, { site: "Y00001" }, NO],
  ["seen at nowhere known", { seenAt: [SURGERY] }, {}, NO],
  ["employment", { employment: ["out-of-work"] }, { facts: { employment: "out-of-work" } }, YES],
  ["other employment", { employment: ["out-of-work"] }, { facts: { employment: "in-work" } }, NO],
  ["employment not said", { employment: ["out-of-work"] }, {}, "facts.employment"],
  ["benefit", { benefit: ["uc"] }, { facts: { benefit: "uc" } }, YES],
  ["other benefit", { benefit: ["uc"] }, { facts: { benefit: "none" } }, NO],
  ["benefit not said", { benefit: ["uc"] }, {}, "facts.benefit"],
  ["regime", { regime: ["light-touch"] }, { facts: { regime: "light-touch" } }, YES],
  ["other regime", { regime: ["light-touch"] }, { facts: { regime: "intensive-work-search" } }, NO],
  ["regime not said", { regime: ["light-touch"] }, {}, "facts.regime"],
  ["housing", { housing: ["homeless"] }, { facts: { housing: "homeless" } }, YES],
  ["no home is homeless", { housing: ["homeless"] }, { person: { home: { kind: "none" } } }, YES],
  ["other housing", { housing: ["homeless"] }, { facts: { housing: "settled" } }, NO],
  ["housing not said", { housing: ["homeless"] }, {}, "facts.housing"],
  [
    "a hidden home says nothing",
    { housing: ["homeless"] },
    { person: { home: { kind: "withheld" } } },
    "facts.housing",
  ],
  ["out of work to the day", { outOfWorkMonths: { atLeast: 12 } }, { facts: { unemployedSince: "2025-11-16" } }, YES],
  ["a day short", { outOfWorkMonths: { atLeast: 12 } }, { facts: { unemployedSince: "2025-11-17" } }, NO],
  [
    "in work again",
    { outOfWorkMonths: { atLeast: 1 } },
    { facts: { unemployedSince: "2020-01-01", employment: "in-work" } },
    NO,
  ],
  [
    "since nobody knows when",
    { outOfWorkMonths: { atLeast: 12 } },
    { facts: { employment: "out-of-work" } },
    "facts.unemployedSince",
  ],
  ["condition", { longTermCondition: true }, { facts: { longTermCondition: true } }, YES],
  ["no condition", { longTermCondition: true }, { facts: { longTermCondition: false } }, NO],
  ["no condition wanted", { longTermCondition: false }, { facts: { longTermCondition: false } }, YES],
  ["condition not said", { longTermCondition: true }, {}, "facts.longTermCondition"],
  ["disability", { disability: true }, { facts: { disability: true } }, YES],
  ["no disability", { disability: true }, { facts: { disability: false } }, NO],
  ["disability not said", { disability: true }, {}, "facts.disability"],
  ["right to work", { rightToWork: true }, { facts: { rightToWork: true } }, YES],
  ["no right to work", { rightToWork: true }, { facts: { rightToWork: false } }, NO],
  ["right to work not said", { rightToWork: true }, {}, "facts.rightToWork"],
  ["group", { group: ["carer"] }, { facts: { groups: ["carer"] } }, YES],
  ["other group", { group: ["carer"] }, { facts: { groups: ["lone-parent"] } }, NO],
  ["groups not said", { group: ["carer"] }, {}, "facts.groups"],
  ["homeless by housing", { group: ["homeless"] }, { facts: { housing: "homeless" } }, YES],
  ["never started", { neverStarted: ["restart"] }, { facts: elsewhere }, YES],
  ["started, and long over", { neverStarted: ["restart"] }, { facts: past("2024-01-01", "2024-06-01") }, NO],
  ["referred without a start", { neverStarted: ["restart"] }, { facts: past() }, YES],
  ["starts not said", { neverStarted: ["restart"] }, {}, "facts.programmes"],
  ["not on it", { notOn: ["restart"] }, { facts: elsewhere }, YES],
  ["over since yesterday", { notOn: ["restart"] }, { facts: past("2026-01-01", "2026-11-15") }, YES],
  ["over tomorrow", { notOn: ["restart"] }, { facts: past("2026-01-01", "2026-11-17") }, NO],
  ["on it", { notOn: ["restart"] }, { facts: past("2026-01-01") }, NO],
  ["on what nobody knows", { notOn: ["restart"] }, {}, "facts.programmes"],
];

describe("a test of eligibility", () => {
  it.each(TABLE)("%s", (_name, test, facts, expected) => {
    const verdict = typeof expected === "string" ? unknown(expected) : { is: expected };
    expect(evaluate(test, knowing(facts))).toEqual(verdict);
  });

  it("has a row for every kind", () => {
    const kinds = new Set(TABLE.map(([, test]) => Object.keys(test)[0]));
    const {
      all: _,
      any: __,
      not: ___,
      ...rest
    } = {
      age: 0,
      livesIn: 0,
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
    expect([...kinds].sort()).toEqual(Object.keys(rest).sort());
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
