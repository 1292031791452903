// Three values, for any test whatever: to learn a fact never turns a yes into a no or a no into a yes, and what is missing
// is always named.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Area } from "../../../schemas/place.ts";
import { type Content, Facts, Group, Regime } from "../../../schemas/referral.ts";
import type { Test } from "../../../schemas/rule.ts";
import { ageOn } from "../../../src/core/calendar.ts";
import { evaluate, type Known } from "../../../src/core/eligibility.ts";
import { all, any, atLeast, not, type Verdict } from "../../../src/core/verdict.ts";
import { aContent, CAMDEN, ISLINGTON, SURGERY } from "../../builders/content.ts";
import { TODAY } from "../../builders/rules.ts";
import { PARTNERSHIPS, PREDICATES } from "./cases/predicates.ts";

const day = fc
  .date({ min: new Date("2005-01-01"), max: new Date("2026-11-15"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const one = <T>(values: readonly T[]) => fc.constantFrom(...values);

/** An account that says all and does not contradict itself: who works is not out of work since, who is homeless attests it. */
const anyAccount: fc.Arbitrary<Known> = fc
  .record({
    facts: fc.record({
      employment: one(Facts.shape.employment.unwrap().options),
      unemployedSince: day,
      benefit: one(Facts.shape.benefit.unwrap().options),
      regime: one(Regime.options),
      regimeSince: day,
      claimStart: day,
      inWorkSince: day,
      releasedOn: day,
      assessmentPeriods: fc
        .array(one(Regime.options), { maxLength: 6 })
        .map((regimes) =>
          regimes.map((regime, at) => ({ from: `2026-${String(10 - at).padStart(2, "0")}-12`, regime })),
        ),
      longTermCondition: fc.boolean(),
      disability: fc.boolean(),
      groups: fc.uniqueArray(one(Group.options), { maxLength: 3 }),
      rightToWork: fc.boolean(),
      childcareNeeded: fc.boolean(),
      basicSkills: fc.uniqueArray(one(["literacy", "esol"] as const)),
      sex: one(["female", "male"] as const),
      ethnicGroup: one(["black", "white"] as const),
      belief: one(["sikh", "none"] as const),
      programmes: fc.array(fc.record({ code: one(["restart", "other"]), startedOn: day, endedOn: day }), {
        maxLength: 2,
      }),
    }),
    birthDate: day,
    practice: one([SURGERY, "Y00001"]),
    home: one(["none", "not-said"] as const),
    authority: one([ISLINGTON, CAMDEN, "W06000015"]),
    decile: fc.integer({ min: 1, max: 10 }),
    lsoa: one(["E01002704", "E01000001"]),
  })
  .map(({ facts, birthDate, practice, home, authority, decile, lsoa }): Known => {
    const works = facts.employment === "in-work" || facts.employment === "at-risk";
    const housing = home === "none" || facts.groups.includes("homeless") ? "homeless" : "settled";
    const { unemployedSince, ...rest } = facts;
    return {
      content: aContent({
        facts: { ...rest, housing, ...(works ? {} : { unemployedSince }) },
        person: { birthDate, practice, home: { kind: home } },
      }),
      area: {
        home: { authority, decile, lsoa, ward: "E05000365", icb: "E54000028" },
        homeFrom: "postcode",
        practice: { practice, authority, icb: "E54000028" },
      },
      practice,
      partnerships: PARTNERSHIPS,
      day: TODAY,
      years: ageOn(birthDate, TODAY),
    };
  });

const PARTS = ["birthDate", "practice", "area", "small"] as const;

/** The same account with some of it not said. */
const without = ({ content, area, ...rest }: Known, facts: readonly string[], parts: readonly string[]): Known => {
  const kept = Object.fromEntries(Object.entries(content.facts).filter(([name]) => !facts.includes(name)));
  const { birthDate, practice, ...person } = content.person;
  const home: Area["home"] = parts.includes("area")
    ? undefined
    : parts.includes("small") && area.home !== undefined
      ? { authority: area.home.authority }
      : area.home;
  return {
    ...rest,
    practice: parts.includes("practice") ? undefined : rest.practice,
    years: parts.includes("birthDate") ? undefined : rest.years,
    content: {
      ...content,
      facts: kept as Content["facts"],
      person: {
        ...person,
        ...(parts.includes("birthDate") ? {} : { birthDate }),
        ...(parts.includes("practice") ? {} : { practice }),
      } as Content["person"],
    },
    area: {
      homeFrom: home === undefined ? "nothing" : area.homeFrom,
      ...(home === undefined ? {} : { home }),
      ...(parts.includes("practice") || area.practice === undefined ? {} : { practice: area.practice }),
    },
  };
};

/** Every kind of test that the table has, alone and joined in any way. */
const anyTest: fc.Arbitrary<Test> = fc.letrec<{ test: Test; leaf: Test }>((tie) => ({
  leaf: fc.constantFrom(...PREDICATES.map(([, test]) => test)),
  test: fc.oneof(
    { depthSize: "small" },
    tie("leaf"),
    fc.array(tie("test"), { minLength: 1, maxLength: 3 }).map((tests): Test => ({ all: tests })),
    fc.array(tie("test"), { minLength: 1, maxLength: 3 }).map((tests): Test => ({ any: tests })),
    fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.array(tie("test"), { minLength: 1, maxLength: 3 }))
      .map(([of, tests]): Test => ({ atLeast: { of, tests } })),
    tie("test").map((test): Test => ({ not: test })),
  ),
})).test;

const unsaid = fc.record({
  facts: fc.subarray(Object.keys(Facts.shape)),
  parts: fc.subarray([...PARTS]),
});

describe("any test", () => {
  it("keeps its yes and its no when more is learned", () => {
    fc.assert(
      fc.property(anyTest, anyAccount, unsaid, (test, account, { facts, parts }) => {
        const before = evaluate(test, without(account, facts, parts)).is;
        const after = evaluate(test, account).is;
        expect(before === "unknown" || before === after).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is not known only for want of facts that were not said, each named once", () => {
    fc.assert(
      fc.property(anyTest, anyAccount, unsaid, (test, account, { facts, parts }) => {
        const verdict = evaluate(test, without(account, facts, parts));
        const missing = verdict.is === "unknown" ? verdict.missing : ["nothing"];
        expect(missing.length).toBeGreaterThan(0);
        expect(new Set(missing).size).toBe(missing.length);
        const said = Object.keys(account.content.facts).filter((name) => !facts.includes(name));
        // Too few assessment periods are as good as none.
        const known = said.filter((name) => name !== "assessmentPeriods").map((name) => `facts.${name}`);
        expect(known.filter((name) => missing.includes(name))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

const anyVerdict: fc.Arbitrary<Verdict> = fc.oneof(
  fc.constant<Verdict>({ is: true }),
  fc.constant<Verdict>({ is: false }),
  fc
    .uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 })
    .map((missing): Verdict => ({ is: "unknown", missing })),
);

describe("verdicts", () => {
  const worlds = (verdicts: readonly Verdict[]): boolean[][] =>
    verdicts.reduce<boolean[][]>(
      (rows, { is }) =>
        rows.flatMap((row) =>
          is === "unknown"
            ? [
                [...row, true],
                [...row, false],
              ]
            : [[...row, is]],
        ),
      [[]],
    );
  /** What holds in every world that the verdicts leave open. */
  const surely = (verdicts: readonly Verdict[], holds: (row: boolean[]) => boolean): Verdict["is"] => {
    const answers = new Set(worlds(verdicts).map(holds));
    return answers.size === 2 ? "unknown" : answers.has(true);
  };

  it("join as they would in every world that they leave open", () => {
    fc.assert(
      fc.property(fc.array(anyVerdict, { maxLength: 5 }), fc.integer({ min: 1, max: 5 }), (verdicts, wanted) => {
        expect(all(verdicts).is).toBe(surely(verdicts, (row) => row.every(Boolean)));
        expect(any(verdicts).is).toBe(surely(verdicts, (row) => row.some(Boolean)));
        expect(atLeast(wanted, verdicts).is).toBe(surely(verdicts, (row) => row.filter(Boolean).length >= wanted));
        for (const verdict of verdicts) expect(not(not(verdict))).toEqual(verdict);
      }),
      { numRuns: 500 },
    );
  });
});
