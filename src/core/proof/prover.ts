// Asks a question of everybody there can be, on every day that makes a difference. What it answers is proven, not sampled:
// the facts are those that the rules read, and their values stand for all others.
import type { Programme } from "../../../schemas/programme.ts";
import type { Directory } from "../../../schemas/provider.ts";
import { daysAfter } from "../calendar.ts";
import type { Known } from "../eligibility.ts";
import type { Verdict } from "../verdict.ts";
import { knownOf, NOBODY } from "./draft.ts";
import { factsRead } from "./facts.ts";
import type { Leaf } from "./leaves.ts";
import { look } from "./search.ts";

export type Answer = "somebody" | "nobody" | "too-much";

/** Is there anybody for whom this comes out yes, on any day of the programme? `leaves` are all that it reads. */
export type Prover = (leaves: readonly Leaf[], ask: (known: Known) => Verdict) => Answer;

/** Single questions put for one answer, and for all answers about one pack: beyond it, nobody can say. */
const MOST_WORK = { answer: 40_000, pack: 200_000 };

export const createProver = (programme: Programme, directory: Directory): Prover => {
  const { nations } = programme;
  let left = MOST_WORK.pack;
  return (leaves, ask) => {
    const size = Math.max(1, leaves.length);
    const spend = { left: Math.floor(Math.min(MOST_WORK.answer, left) / size) };
    const before = spend.left;
    let answer: Answer = "nobody";
    for (const day of daysThatMatter(programme, directory, leaves)) {
      const facts = factsRead(leaves, { directory, nations, day }, programme);
      const { found } = look(facts, NOBODY, (draft) => ask(knownOf(draft, day, directory)), spend);
      if (found !== "nobody") answer = found;
      if (found === "somebody") break;
    }
    left -= (before - spend.left) * size;
    return answer;
  };
};

const YEARS_AHEAD = 3 * 365;

/** The first and the last day, and each on which a membership, or a birthday that the pack names, changes the answer. */
export const daysThatMatter = (programme: Programme, directory: Directory, leaves: readonly Leaf[]): string[] => {
  const { validFrom, validTo = daysAfter(validFrom, YEARS_AHEAD) } = programme;
  const partnerships = new Set(
    leaves.flatMap(({ name, value }) => (name === "partnership" ? (value as string[]) : [])),
  );
  const members = directory.partnerships.filter(({ id }) => partnerships.has(id)).flatMap((one) => one.members);
  const named = leaves.flatMap(({ name, value }) => (name === "age" ? ((value as { on?: string }).on ?? []) : []));
  return [
    ...new Set([
      validFrom,
      validTo,
      ...members.flatMap(({ from, to }) => [from, ...(to === undefined ? [] : [daysAfter(to, 1)])]),
      ...named.flatMap((day) => [day, daysAfter(day, 1)]),
      ...(mixesMonthsAndDays(leaves) ? monthEnds(validFrom) : []),
    ]),
  ]
    .filter((day) => validFrom <= day && day <= validTo)
    .sort();
};

/** How many days so many months are depends on the month. */
const mixesMonthsAndDays = (leaves: readonly Leaf[]): boolean =>
  leaves.some(({ name }) => name === "outOfWorkMonths") &&
  leaves.some(({ name, value }) => name === "daysSince" && (value as { fact: string }).fact === "unemployedSince");

/** First and last days of the months of four years, of which one is a leap year. */
const monthEnds = (from: string): string[] =>
  [0, 1, 2, 3].flatMap((later) =>
    Array.from({ length: 12 }, (_, month) => {
      const first = `${Number(from.slice(0, 4)) + later}-${String(month + 1).padStart(2, "0")}-01`;
      return [first, daysAfter(first, -1)];
    }).flat(),
  );
