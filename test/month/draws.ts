// Chance that can be had again: what is drawn hangs on the seed and on what it is drawn for, never on who came first.
import { createHash } from "node:crypto";

export type Draws = {
  seed: number;
  /** In [0, 1). */
  of(...about: (string | number)[]): number;
  chance(share: number, ...about: (string | number)[]): boolean;
  between(least: number, most: number, ...about: (string | number)[]): number;
  pick<T>(list: readonly T[], ...about: (string | number)[]): T;
};

export const createDraws = (seed: number): Draws => {
  const of: Draws["of"] = (...about) =>
    createHash("sha256")
      .update([seed, ...about].join("/"))
      .digest()
      .readUInt32BE(0) /
    2 ** 32;
  return {
    seed,
    of,
    chance: (share, ...about) => of(...about) < share,
    between: (least, most, ...about) => least + (most - least) * of(...about),
    pick: (list, ...about) => {
      const [picked] = list.slice(Math.floor(of(...about) * list.length));
      if (picked === undefined) throw new Error("there is nothing to pick from");
      return picked;
    },
  };
};
