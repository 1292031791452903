// Decisions a second: forty programmes and four hundred services with a full receipt, beside json-rules-engine on the
// same rules of eligibility alone.
import { decide } from "../../src/core/decide.ts";
import { evaluate } from "../../src/core/eligibility.ts";
import { knownOf } from "../../src/core/conditions.ts";
import { decisions, programmes } from "./decide-world.ts";
import { eligibleBy, engineOf, factsFor } from "./decide-rival.ts";
import { ratios, type Summary, summary } from "./statistics.ts";

export type Decided = { ours: Summary; theirs: Summary; ratio: Summary; receiptBytes: Summary };

const eligibleByUs = (at: number): string[] => {
  const known = knownOf(decisions[at]!);
  return programmes
    .filter(({ eligibility }) => eligibility.every(({ test }) => evaluate(test, known).is === true))
    .map(({ programme }) => programme);
};

const perSecond = (count: number, from: number): number => (count * 1000) / (performance.now() - from);

const ours = (ms: number): number => {
  const from = performance.now();
  let count = 0;
  while (performance.now() - from < ms) for (const input of decisions) if (decide(input).receipt.left >= 0) count += 1;
  return perSecond(count, from);
};

export const measureDecisions = async (rounds: number, ms: number): Promise<Decided> => {
  const engine = engineOf(programmes);
  const facts = decisions.map(({ content }) => factsFor(content));
  // Nothing is compared before both find the same programmes for each person.
  for (const [at, one] of facts.entries()) {
    const [found, expected] = [(await eligibleBy(engine, one)).toSorted(), eligibleByUs(at).toSorted()];
    if (found.join() !== expected.join()) throw new Error(`person ${at}: ${found.join()} is not ${expected.join()}`);
  }
  const theirs = async (): Promise<number> => {
    const from = performance.now();
    let count = 0;
    while (performance.now() - from < ms)
      for (const one of facts) {
        await eligibleBy(engine, one);
        count += 1;
      }
    return perSecond(count, from);
  };
  ours(ms);
  await theirs();
  const [us, them]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    // The order turns, so that neither is always the one after the other's rubbish.
    if (round % 2 === 0) us.push(ours(ms));
    them.push(await theirs());
    if (round % 2 === 1) us.push(ours(ms));
  }
  const bytes = decisions.map((input) => Buffer.byteLength(JSON.stringify(decide(input).receipt)));
  return { ours: summary(us), theirs: summary(them), ratio: ratios(us, them), receiptBytes: summary(bytes) };
};
