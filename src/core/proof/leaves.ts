// The single questions inside a pack's tests, each with the place where it is written, so that a fault can be pinned there.
import type { AreaRule } from "../../../schemas/area.ts";
import type { Programme } from "../../../schemas/programme.ts";
import type { Test } from "../../../schemas/rule.ts";

export type At = readonly (string | number)[];

/** One question that holds no other: `name` and `value` are its key and what stands beside it. */
export type Leaf = { name: string; value: unknown; test: Test; at: At };

/** Tests inside a test, with their places; none for a leaf. */
export const branchesOf = (test: Test): { test: Test; at: At }[] => {
  if ("all" in test) return test.all.map((one, at) => ({ test: one, at: ["all", at] }));
  if ("any" in test) return test.any.map((one, at) => ({ test: one, at: ["any", at] }));
  if ("not" in test) return [{ test: test.not, at: ["not"] }];
  if ("atLeast" in test) return test.atLeast.tests.map((one, at) => ({ test: one, at: ["atLeast", "tests", at] }));
  return [];
};

export const leavesOf = (test: Test, at: At = []): Leaf[] => {
  const branches = branchesOf(test);
  if (branches.length > 0) return branches.flatMap((branch) => leavesOf(branch.test, [...at, ...branch.at]));
  const [name = "", value] = Object.entries(test)[0] ?? [];
  return [{ name, value, test, at: [...at, name] }];
};

/** Every test of a programme, with what it is for. */
export const testsOf = (programme: Programme): { test: Test; at: At; of: "clause" | "ring-fence" | "pathway" }[] => [
  ...programme.eligibility.map(({ test }, at) => ({ test, at: ["eligibility", at, "test"], of: "clause" as const })),
  ...programme.exclusions.map(({ test }, at) => ({ test, at: ["exclusions", at, "test"], of: "clause" as const })),
  ...programme.ringFences.map((one, at) => ({
    test: one.for,
    at: ["ringFences", at, "for"],
    of: "ring-fence" as const,
  })),
  ...programme.startWaits.flatMap(({ when }, at) =>
    when === undefined ? [] : [{ test: when, at: ["startWaits", at, "when"], of: "pathway" as const }],
  ),
  ...programme.triggers.map(({ when }, at) => ({ test: when, at: ["triggers", at, "when"], of: "pathway" as const })),
];

/** An area rule as the test that asks the same. */
export const asTest = (rule: AreaRule): Test => {
  if ("authority" in rule) return { livesIn: rule.authority };
  if ("ward" in rule) return { livesIn: rule.ward };
  if ("lsoa" in rule) return { livesIn: rule.lsoa };
  if ("registeredWith" in rule) return { registeredIn: rule.registeredWith };
  return rule;
};
