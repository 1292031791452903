// A programme's rules in the order in which they are read, each as a question to a person: who comes past it?
import type { Programme } from "../../../schemas/programme.ts";
import type { Test } from "../../../schemas/rule.ts";
import { compatible } from "../conditions.ts";
import { evaluate, type Known } from "../eligibility.ts";
import { not, type Verdict } from "../verdict.ts";
import { ONLY_ON, readBy } from "./facts.ts";
import { asTest, type At, type Leaf, leavesOf } from "./leaves.ts";

export type Rule = {
  /** As others are told of it. */
  name: string;
  kind: "area" | "compatibility" | "eligibility" | "exclusion";
  at: At;
  test?: Test;
  leaves: Leaf[];
  /** Yes: the person comes past it. */
  passes(known: Known): Verdict;
  /** No adviser can set it aside. */
  firm: boolean;
};

export const rulesOf = (programme: Programme): Rule[] => [
  ...area(programme),
  ...compatibility(programme),
  ...programme.eligibility.map((clause, index): Rule => ({
    ...ofTest(clause.test, ["eligibility", index]),
    name: clause.id,
    kind: "eligibility",
    firm: clause.override !== true,
  })),
  ...programme.exclusions.map((clause, index): Rule => {
    const rule = ofTest(clause.test, ["exclusions", index]);
    return { ...rule, name: clause.id, kind: "exclusion", firm: true, passes: (known) => not(rule.passes(known)) };
  }),
];

const ofTest = (test: Test, at: At) => ({
  at,
  test,
  leaves: leavesOf(test, [...at, "test"]),
  passes: (known: Known) => evaluate(test, known),
});

const area = ({ areas }: Programme): Rule[] => {
  const test: Test = { any: areas.map(asTest) };
  return areas.length === 0 ? [] : [{ ...ofTest(test, ["areas"]), name: "areas", kind: "area", firm: true }];
};

const compatibility = (programme: Programme): Rule[] => {
  const { excludes, only } = programme.compatibility;
  const at = ["compatibility"];
  const leaf = (name: string, codes: readonly string[]): Leaf => ({
    name,
    value: codes,
    test: { notOn: [...codes] },
    at,
  });
  if (excludes.length === 0 && only === undefined) return [];
  return [
    {
      name: "compatibility",
      kind: "compatibility",
      at,
      leaves: [leaf("notOn", excludes), ...(only === undefined ? [] : [leaf(ONLY_ON, only)])],
      passes: ({ content, day }) => compatible(programme, content.facts, day),
      firm: true,
    },
  ];
};

/** Those of `rules` that share a fact with the question, or share one with a rule that does. */
export const touching = (leaves: readonly Leaf[], rules: readonly Rule[]): Rule[] => {
  const facts = new Set(leaves.flatMap(readBy));
  const near: Rule[] = [];
  for (let grown = true; grown;) {
    grown = false;
    for (const rule of rules) {
      if (near.includes(rule) || !rule.leaves.some((leaf) => readBy(leaf).some((name) => facts.has(name)))) continue;
      for (const name of rule.leaves.flatMap(readBy)) facts.add(name);
      near.push(rule);
      grown = true;
    }
  }
  return rules.filter((rule) => near.includes(rule));
};
