// Runs the cases that a commissioner wrote into a pack: made-up facts, and the decision that must come out.
import type { PackTest, Programme } from "../../schemas/programme.ts";
import { nationOf, type Area } from "../../schemas/place.ts";
import { eligibilityOf } from "./eligibility.ts";
import { nobody } from "./nobody.ts";

export type Found = { result: PackTest["expect"]; because?: string };

/** What the pack says of a case. `because` is a clause, or `door`, `need` or `nation`. */
export const findingOf = (programme: Programme, test: PackTest): Found => {
  if (!programme.doors.includes(test.door)) return { result: "not-eligible", because: "door" };
  if (!programme.needs.includes(test.need)) return { result: "not-eligible", because: "need" };
  const nation = test.livesIn === undefined ? undefined : nationOf(test.livesIn);
  if (nation !== undefined && !programme.nations.includes(nation)) return { result: "not-eligible", because: "nation" };

  const area: Area =
    test.livesIn === undefined ? { homeFrom: "nothing" } : { home: { authority: test.livesIn }, homeFrom: "sender" };
  const now = new Date(`${test.on}T12:00:00Z`);
  const content = nobody({ ...test, authority: test.livesIn, site: test.seenAt });
  const results = eligibilityOf(programme.eligibility, { content, area, now });
  for (const [is, result] of [
    [false, "not-eligible"],
    ["unknown", "unknown"],
  ] as const) {
    const found = results.find(({ verdict }) => verdict.is === is);
    if (found !== undefined) return { result, because: found.clause.id };
  }
  return { result: "eligible" };
};

/** Why a case does not come out as its author expects; undefined when it does. */
export const failureOf = (programme: Programme, test: PackTest): string | undefined => {
  const found = findingOf(programme, test);
  const because = found.because === undefined ? "" : ` because of ${found.because}`;
  const right = found.result === test.expect && (test.because === undefined || test.because === found.because);
  return right
    ? undefined
    : `expected ${test.expect}${test.because === undefined ? "" : ` because of ${test.because}`}, found ${found.result}${because}`;
};
