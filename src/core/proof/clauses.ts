// Clauses that do nothing and clauses that nobody can meet, proven over everybody there can be. Where a pack is too large
// to be proven, that is said too: silence always means that it was looked at and holds.
import type { Programme } from "../../../schemas/programme.ts";
import type { Directory } from "../../../schemas/provider.ts";
import type { Test } from "../../../schemas/rule.ts";
import { evaluate, type Known } from "../eligibility.ts";
import { all, any, not, type Verdict } from "../verdict.ts";
import { asTest, type At, type Leaf, leavesOf } from "./leaves.ts";
import { createProver, type Prover } from "./prover.ts";
import { type Rule, rulesOf, touching } from "./rules.ts";
import { type Variant, variantsOf } from "./variants.ts";

export type Finding = { at: At; says: string };
export type Proof = { faults: Finding[]; unproven: Finding[] };

type Ask = { leaves: readonly Leaf[]; ask: (known: Known) => Verdict };

const UNPROVEN = "There are too many cases to prove that this does something and can be met.";

export const proveClauses = (programme: Programme, directory: Directory): Proof => {
  const proof: Proof = { faults: [], unproven: [] };
  const prover = createProver(programme, directory);
  const before: Rule[] = [];
  for (const rule of rulesOf(programme)) {
    const fault = wrongWith(rule, before, prover);
    if (fault === "too-much") proof.unproven.push({ at: rule.at, says: UNPROVEN });
    else if (fault !== undefined) proof.faults.push({ at: rule.at, says: fault });
    else idleParts(rule, before, prover, proof);
    // What nobody can meet would hide every fault after it.
    if (fault === undefined || !fault.startsWith("Nobody")) before.push(rule);
  }
  sideTests(programme, before, prover, proof);
  return {
    faults: proof.faults.map((one) => ({ ...one, at: inAreas(one.at, programme) })),
    unproven: proof.unproven.map((one) => ({ ...one, at: inAreas(one.at, programme) })),
  };
};

/** A rule stands as a whole; the areas of a programme are one rule made of several. */
const inAreas = (at: At, { areas }: Programme): At => {
  const [first, , , index, , ...rest] = at;
  if (first !== "areas" || typeof index !== "number") return at;
  const key = Object.keys(areas[index] ?? {})[0] ?? "";
  return ["areas", index, ...(rest.length === 0 ? [] : [key, ...rest])];
};

const together = (question: Ask, rules: readonly Rule[]): Ask => ({
  leaves: [...question.leaves, ...rules.flatMap((rule) => rule.leaves)],
  ask: (known) => all([...rules.map((rule) => rule.passes(known)), question.ask(known)]),
});

const prove = (prover: Prover, { leaves, ask }: Ask) => prover(leaves, ask);

const wrongWith = (rule: Rule, before: readonly Rule[], prover: Prover): string | "too-much" | undefined => {
  const passing: Ask = { leaves: rule.leaves, ask: rule.passes };
  const failing: Ask = { leaves: rule.leaves, ask: (known) => not(rule.passes(known)) };
  const near = touching(rule.leaves, before);
  const firm = near.filter((one) => one.firm);

  const met = prove(prover, passing);
  if (met === "nobody") return rule.kind === "exclusion" ? "Nobody comes in: this always holds." : NEVER[rule.kind];
  const metAfter = near.length === 0 ? met : prove(prover, together(passing, near));
  if (metAfter === "nobody") return contradiction(rule, whichAlone(passing, near, prover));
  const dropped = prove(prover, together(failing, firm));
  if (dropped === "nobody")
    return idle(rule, firm, whichAlone(failing, firm, prover), prove(prover, failing) === "nobody");
  return [met, metAfter, dropped].includes("too-much") ? "too-much" : undefined;
};

/** The one rule before it that already settles the question, if one alone does. */
const whichAlone = (question: Ask, rules: readonly Rule[], prover: Prover): Rule | undefined =>
  rules.find((rule) => prove(prover, together(question, [rule])) === "nobody");

const NEVER = {
  area: "Nobody comes from here on any day of the programme.",
  compatibility: "Nobody can meet this.",
  eligibility: "Nobody can meet this, so that nobody would come in.",
} as const;

const contradiction = ({ kind }: Rule, alone: Rule | undefined): string => {
  const who = alone === undefined ? "who comes past the rules before it" : `who comes past "${alone.name}"`;
  return kind === "exclusion" ? `Nobody comes in: this keeps out everybody ${who}.` : `Nobody ${who} can meet this.`;
};

const idle = ({ kind }: Rule, before: readonly Rule[], alone: Rule | undefined, always: boolean): string => {
  if (always) return kind === "exclusion" ? "This never holds, so that it keeps nobody out." : "This always holds.";
  const past = alone === undefined ? "the rules before it" : `"${alone.name}"`;
  if (before.length === 0) return "This drops nobody.";
  return kind === "exclusion"
    ? `This keeps nobody out: nobody who comes past ${past} is meant by it.`
    : `This drops nobody: whoever comes past ${past} meets it.`;
};

/** Parts of a test without which the same people come in. */
const idleParts = (rule: Rule, before: readonly Rule[], prover: Prover, proof: Proof): void => {
  const near = touching(rule.leaves, before).filter((one) => one.firm);
  const seen = new Set<string>();
  for (let next = rule.test; next !== undefined;) {
    const whole: Test = next;
    next = undefined;
    for (const variant of variantsOf(whole)) {
      const at = [...rule.at, "test", ...variant.at];
      if (seen.has(at.join())) continue;
      const answers = new Set(differences(whole, variant).map((one) => prove(prover, together(one, near))));
      if (answers.has("too-much")) proof.unproven.push({ at, says: UNPROVEN });
      if (!answers.has("nobody")) continue;
      proof.faults.push({ at, says: wordsFor(variant, near, prover) });
      seen.add(at.join());
      next = variant.without ?? whole;
      break;
    }
  }
};

/** Somebody whom the part lets in or keeps out. A part of `atLeast` is to be met by some, and not by all. */
const differences = (test: Test, { part, without }: Variant): Ask[] => {
  if (without === undefined) return [asked(part), asked({ not: part })];
  // The list without the part is a list of its own: two values that only it tells apart must be told apart.
  const leaves = [...leavesOf(test), ...leavesOf(without)];
  const ask = (known: Known): Verdict => {
    const [now, then] = [evaluate(test, known), evaluate(without, known)];
    return any([all([now, not(then)]), all([not(now), then])]);
  };
  return [{ leaves, ask }];
};

const asked = (test: Test): Ask => ({ leaves: leavesOf(test), ask: (known) => evaluate(test, known) });

const wordsFor = ({ part, without }: Variant, near: readonly Rule[], prover: Prover): string => {
  if (prove(prover, together(asked(part), near)) === "nobody") return "This part is met by nobody who comes this far.";
  return without === undefined
    ? "This part is met by everybody who comes this far: count without it."
    : "This part does nothing: without it the same people come in.";
};

/** Tests beside the clauses, asked of those who come in. */
const sideTests = (programme: Programme, rules: readonly Rule[], prover: Prover, proof: Proof): void => {
  const among = (test: Test, at: At, never: string, always?: string): void => {
    const near = touching(leavesOf(test), rules);
    const yes = prove(prover, together(asked(test), near));
    const no = always === undefined ? "somebody" : prove(prover, together(asked({ not: test }), near));
    if (yes === "nobody") proof.faults.push({ at, says: never });
    else if (no === "nobody" && always !== undefined) proof.faults.push({ at, says: always });
    else if (yes === "too-much" || no === "too-much") proof.unproven.push({ at, says: UNPROVEN });
  };
  const { ringFences, startWaits, triggers, contracts } = programme;
  for (const [index, fence] of ringFences.entries())
    among(
      fence.for,
      ["ringFences", index, "for"],
      "Nobody who comes in may take these places.",
      "Everybody who comes in may take these places, so that none is held back.",
    );
  for (const [index, { when }] of startWaits.entries())
    if (when !== undefined)
      among(when, ["startWaits", index, "when"], "Nobody who comes in would wait.", "Everybody waits: leave this out.");
  for (const [index, { when }] of triggers.entries())
    among(when, ["triggers", index, "when"], "Nobody who comes in is proposed this.");
  for (const [index, { areas }] of contracts.entries())
    if (areas.length > 0)
      among({ any: areas.map(asTest) }, ["contracts", index, "areas"], "Nobody who comes in comes from here.");
};
