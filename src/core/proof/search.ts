// Looks for one person for whom a question comes out yes. Facts are settled one after another, and a question that is
// answered by the first few is not asked about the rest: its answer cannot change any more (Kleene's logic).
import type { Verdict } from "../verdict.ts";
import { type Draft, type Value, withValue } from "./draft.ts";

/** One fact with the values that stand for all of its values, as far as the rules at hand can tell them apart. */
export type Fact = {
  name: string;
  values(): Iterable<Value>;
  /** No rule ever finds it unknown, so that it must be settled before anything is asked. */
  always: boolean;
};

/** Work that may still be spent, in questions asked. */
export type Budget = { left: number };

export type Search = { found: "nobody" } | { found: "somebody"; who: Draft } | { found: "too-much" };

export const look = (facts: readonly Fact[], from: Draft, ask: (draft: Draft) => Verdict, budget: Budget): Search => {
  const settle = (draft: Draft, at: number): Search => {
    const fact = facts[at];
    if (fact?.always !== true) {
      if (budget.left <= 0) return { found: "too-much" };
      budget.left -= 1;
      const { is } = ask(draft);
      if (is === true) return { found: "somebody", who: draft };
      if (is === false) return { found: "nobody" };
    }
    // What stays unknown though every fact is settled may be so of somebody: it proves nothing.
    if (fact === undefined) return { found: "somebody", who: draft };
    for (const value of fact.values()) {
      const deeper = settle(withValue(draft, value), at + 1);
      if (deeper.found !== "nobody") return deeper;
    }
    return { found: "nobody" };
  };
  return settle(from, 0);
};
