// What a clause may ask, and what it must say of itself: health is marked, and sex, ethnic group and belief are justified.
import type { Clause, Test } from "../../../schemas/rule.ts";
import { type Leaf, leavesOf, testsOf } from "../../../src/core/proof/leaves.ts";
import { type At, type Check, type Finding, found, twice, when } from "./finding.ts";

/** Equality Act 2010: a rule on one of these is lawful only for a reason, and the pack says which. */
const JUSTIFIED: ReadonlySet<string> = new Set(["sex", "ethnicGroup", "belief"]);

/** Questions whose answer tells of the person's health, whoever asks. */
const onHealth = ({ name, value }: Leaf): boolean =>
  name === "longTermCondition" ||
  name === "disability" ||
  (name === "group" && Array.isArray(value) && value.includes("substance-dependency"));

export const readsHealth = (test: Test): boolean => leavesOf(test).some(onHealth);
export const readsBelief = (test: Test): boolean =>
  leavesOf(test).some(({ name }) => name === "ethnicGroup" || name === "belief");

export const clauseFindings: Check = (programme) => {
  const { eligibility, exclusions } = programme;
  const at = (index: number): At =>
    index < eligibility.length ? ["eligibility", index] : ["exclusions", index - eligibility.length];
  return [
    ...twice([...eligibility, ...exclusions], (one) => one.id).map((index) =>
      found([...at(index), "id"], "Two clauses have this id."),
    ),
    ...[...eligibility, ...exclusions].flatMap((clause, index) => ofClause(clause, at(index))),
    ...exclusions.flatMap((clause, index) =>
      when(
        clause.override !== undefined,
        ["exclusions", index, "override"],
        "Only a clause of eligibility can be set aside by an adviser.",
      ),
    ),
    ...testsOf(programme).flatMap((one) => (one.of === "clause" ? [] : elsewhere(one.test, one.at))),
  ];
};

const ofClause = ({ test, health, justification }: Clause, at: At): Finding[] => {
  const leaves = leavesOf(test, [...at, "test"]);
  const protectedOnes = leaves.filter(({ name }) => JUSTIFIED.has(name));
  const told = leaves.filter(onHealth);
  return [
    ...(justification === undefined ? protectedOnes.map(lacks) : []),
    ...when(
      justification !== undefined && protectedOnes.length === 0,
      [...at, "justification"],
      "This clause asks nothing that wants a justification.",
    ),
    ...(health ? [] : told.map((leaf) => found(leaf.at, "This tells of health: mark the clause with `health: true`."))),
  ];
};

const lacks = ({ name, at }: Leaf): Finding =>
  found(at, `A rule on ${name} wants a \`justification\` (Equality Act 2010).`);

/** What follows from a fact, or holds places back, has no justification and no reader who is kept from health. */
const elsewhere = (test: Test, at: At): Finding[] =>
  leavesOf(test, at).flatMap((leaf) =>
    when(JUSTIFIED.has(leaf.name), leaf.at, `A rule on ${leaf.name} can only be a clause, with its justification.`),
  );
