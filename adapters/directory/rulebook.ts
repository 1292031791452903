// The rules and the directory that this process decides by. What is in force is told by the register and changes while it runs.
import type { Directory } from "../../schemas/provider.ts";
import { type Active, inForceOn } from "../../src/core/activation.ts";
import { dayOf } from "../../src/core/calendar.ts";
import type { Rulebook } from "../../src/ports/rulebook.ts";

export type OpenRulebook = Rulebook & {
  /** All that was ever activated here, newest last. */
  all(): readonly Active[];
  /** From now on these. */
  replace(all: readonly Active[]): void;
};

type Kept = { directory: Directory; digest: string };

/** A day or two are asked for again and again: today, and yesterday around midnight. */
const DAYS_REMEMBERED = 8;

export const createRulebook = (kept: Kept, first: readonly Active[]): OpenRulebook => {
  let all = first;
  const remembered = new Map<string, Active[]>();
  const on = (now: Date): Active[] => {
    const day = dayOf(now);
    const known = remembered.get(day);
    if (known !== undefined) return known;
    if (remembered.size >= DAYS_REMEMBERED) remembered.clear();
    const found = inForceOn(all, day);
    remembered.set(day, found);
    return found;
  };
  return {
    inForce: on,
    directory: () => kept.directory,
    directoryDigest: () => kept.digest,
    bodies: () => ({ packs: all.map(({ programme, digest }) => ({ programme, digest })), directory: kept }),
    all: () => all,
    replace: (next) => {
      all = next;
      remembered.clear();
    },
  };
};
