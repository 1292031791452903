// Remembers answers for a short while, and asks once when many ask at the same moment.
import type { Clock } from "../../src/ports/system.ts";

const MOST = 10_000;

export type Memo<T> = (name: string, ask: () => Promise<T>) => Promise<T>;

/** A failure and an absence are not remembered: the next caller asks again. */
export const createMemo = <T>(clock: Clock, milliseconds: number): Memo<T> => {
  const held = new Map<string, { until: number; answer: Promise<T> }>();

  return (name, ask) => {
    const now = clock.now().getTime();
    const known = held.get(name);
    if (known !== undefined && known.until > now) return known.answer;
    // Cleared whole when full: the names come from outside, and the cost is one question each.
    if (held.size >= MOST) held.clear();
    const entry = { until: now + milliseconds, answer: ask() };
    held.set(name, entry);
    const forget = (): void => {
      if (held.get(name) === entry) held.delete(name);
    };
    entry.answer.then((value) => value === undefined && forget(), forget);
    return entry.answer;
  };
};
