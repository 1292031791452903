// What a check gives: a place in the pack, as a path, and what is wrong there, in words for who wrote it.
import type { NeedCode } from "../../../schemas/need.ts";
import type { Programme } from "../../../schemas/programme.ts";
import type { Directory } from "../../../schemas/provider.ts";

export type At = readonly (string | number)[];
export type Finding = { at: At; says: string };

/** What the other files of the folder say, as far as a pack may name it. */
export type Neighbours = {
  /** A programme of the folder, or one that others run. */
  knows(programme: string): boolean;
  /** Some programme of the folder helps with it. */
  helpsWith(need: NeedCode): boolean;
  /** What each programme wants to have come before, in any of its versions. */
  requires: ReadonlyMap<string, readonly string[]>;
};

export type Beside = Neighbours & { directory: Directory };

/** One kind of fault, looked for in one pack beside its directory and the other packs. */
export type Check = (programme: Programme, beside: Beside) => Finding[];

export const found = (at: At, says: string): Finding => ({ at, says });

/** The finding alone where it holds. */
export const when = (holds: boolean, at: At, says: string): Finding[] => (holds ? [found(at, says)] : []);

/** Where a key stands for the second time or later. */
export const twice = <T>(items: readonly T[], keyOf: (item: T) => string | undefined): number[] => {
  const seen = new Set<string>();
  return items.flatMap((item, at) => {
    const key = keyOf(item);
    if (key === undefined) return [];
    if (seen.has(key)) return [at];
    seen.add(key);
    return [];
  });
};

/** Two spans of days that share one; no end is for ever. */
export const meet = (one: { from: string; to?: string | undefined }, two: { from: string; to?: string | undefined }) =>
  (one.to === undefined || two.from <= one.to) && (two.to === undefined || one.from <= two.to);
