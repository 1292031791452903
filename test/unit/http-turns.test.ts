// Turns: what waits is read in its order, no more in one turn of the loop than was said, whatever comes and when.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTurns } from "../../adapters/http/turns.ts";

/** What was read, turn by turn, until all `count` are. The first entry is what was read before any turn. */
const turnsOf = async (count: number, read: number[]): Promise<number[][]> => {
  const turns: number[][] = [[...read]];
  let seen = read.length;
  while (seen < count) {
    await new Promise((resolve) => setImmediate(resolve));
    turns.push(read.slice(seen));
    seen = read.length;
  }
  return turns;
};

const readAll = async (sizes: readonly number[], size: { most: number; mostBytes: number }): Promise<number[][]> => {
  const turns = createTurns(size);
  const read: number[] = [];
  sizes.forEach((bytes, place) => turns(bytes, () => read.push(place)));
  return turnsOf(sizes.length, read);
};

describe("turns", () => {
  it("reads nothing before the first, and then no more in each than was said", async () => {
    const turns = await readAll(
      Array.from({ length: 7 }, () => 10),
      { most: 3, mostBytes: 1_000 },
    );
    expect(turns).toEqual([[], [0, 1, 2], [3, 4, 5], [6]]);
  });

  it("reads fewer where they are long, and what is too long for any turn by itself", async () => {
    const turns = await readAll([40, 60, 1, 500, 100, 1], { most: 10, mostBytes: 100 });
    expect(turns).toEqual([[], [0, 1], [2], [3], [4], [5]]);
  });

  it("takes in what comes during a turn after those who waited", async () => {
    const turns = createTurns({ most: 2, mostBytes: 100 });
    const read: number[] = [];
    turns(1, () => {
      read.push(0);
      turns(1, () => read.push(3));
    });
    turns(1, () => read.push(1));
    turns(1, () => read.push(2));
    expect(await turnsOf(4, read)).toEqual([[], [0, 1], [2, 3]]);
    turns(1, () => read.push(4));
    expect(await turnsOf(5, read)).toEqual([[0, 1, 2, 3], [4]]);
  });

  it("keeps the order and both bounds, whatever the sizes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 120 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 6 }),
        async (sizes, most) => {
          const turns = await readAll(sizes, { most, mostBytes: 100 });
          expect(turns.flat()).toEqual(sizes.map((_, place) => place));
          for (const turn of turns.slice(1)) {
            expect(turn.length).toBeGreaterThan(0);
            expect(turn.length).toBeLessThanOrEqual(most);
            const bytes = turn.reduce((sum, place) => sum + (sizes[place] ?? 0), 0);
            expect(turn.length === 1 || bytes <= 100).toBe(true);
          }
        },
      ),
    );
  });
});
