// What the facts propose beside the need that was asked for: each trigger of a programme in force that holds.
import type { NeedCode } from "../../schemas/need.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Door } from "../../schemas/referral.ts";
import { type Circumstances, conditionsOf, knownOf } from "./conditions.ts";
import { evaluate } from "./eligibility.ts";
import { readsHealth } from "./health.ts";

export type Proposal = { programme: string; trigger: string; need: NeedCode; health: boolean };

/** Proposed once for each need: where the programme would not have the person anyway, nothing is proposed. */
export const proposalsFor = (
  packs: readonly { programme: Programme }[],
  door: Door,
  circumstances: Circumstances,
): Proposal[] => {
  const { content, siblings } = circumstances;
  const had = new Set([content.need, ...(content.alsoNeeds ?? []), ...siblings.map(({ need }) => need)]);
  const found = packs.flatMap(({ programme }) => {
    if (programme.triggers.length === 0) return [];
    if (![...programme.mayRefer, ...programme.mayRecommend].includes(door)) return [];
    const conditions = conditionsOf(programme, circumstances);
    if (conditions.some(({ verdict }) => verdict.is === false)) return [];
    const told = conditions.some(({ health }) => health);
    return programme.triggers
      .filter(({ need, when }) => !had.has(need) && evaluate(when, knownOf(circumstances)).is === true)
      .map(({ id, need, when }) => ({
        programme: programme.programme,
        trigger: id,
        need,
        health: told || readsHealth(when),
      }));
  });
  return [...new Map(found.map((one) => [one.need, one])).values()];
};
