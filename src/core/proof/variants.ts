// A test with one of its parts left out: what comes out the same without it is a part that does nothing.
import type { Test } from "../../../schemas/rule.ts";
import type { At } from "./leaves.ts";
import { branchesOf } from "./leaves.ts";

export type Variant = {
  at: At;
  /** The part, as a question of its own. */
  part: Test;
  /** The whole test without it; undefined for a part of `atLeast`, whose number would change its meaning. */
  without?: Test;
};

/** Later parts first: of two that say the same, the second is the one too many. */
export const variantsOf = (test: Test): Variant[] => {
  const inside = branchesOf(test).flatMap(({ test: branch, at }) =>
    variantsOf(branch).map((one): Variant => ({
      at: [...at, ...one.at],
      part: one.part,
      ...(one.without === undefined ? {} : { without: replaced(test, at, one.without) }),
    })),
  );
  return [...own(test), ...inside];
};

const own = (test: Test): Variant[] => {
  if ("all" in test && test.all.length > 1)
    return test.all
      .map((part, index): Variant => ({ at: ["all", index], part, without: { all: test.all.toSpliced(index, 1) } }))
      .reverse();
  if ("any" in test && test.any.length > 1)
    return test.any
      .map((part, index): Variant => ({ at: ["any", index], part, without: { any: test.any.toSpliced(index, 1) } }))
      .reverse();
  if ("atLeast" in test)
    return test.atLeast.tests.map((part, index): Variant => ({ at: ["atLeast", "tests", index], part })).reverse();
  const [name = "", value] = Object.entries(test)[0] ?? [];
  if (!Array.isArray(value) || value.length < 2 || typeof value[0] !== "string") return [];
  return value
    .map((one, index): Variant => ({
      at: [name, index],
      part: { [name]: [one] } as unknown as Test,
      without: { [name]: value.toSpliced(index, 1) } as unknown as Test,
    }))
    .reverse();
};

const replaced = (test: Test, at: At, by: Test): Test => {
  const [name, index, third] = at;
  if (name === "not") return { not: by };
  if ("atLeast" in test)
    return { atLeast: { ...test.atLeast, tests: test.atLeast.tests.toSpliced(Number(third), 1, by) } };
  if ("all" in test) return { all: test.all.toSpliced(Number(index), 1, by) };
  return "any" in test ? { any: test.any.toSpliced(Number(index), 1, by) } : test;
};
