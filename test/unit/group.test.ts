// Group commit: nobody waits for more than a moment, nobody fails for another, the line has an end, and closing loses nothing.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGroup } from "../../adapters/postgres/group.ts";

/** Groups that end when the test says so. */
const gated = () => {
  const groups: { items: number[]; end(): void; fail(error: Error): void }[] = [];
  let told: () => void = () => undefined;
  const run = (items: number[]): Promise<number[]> =>
    new Promise((resolve, reject) => {
      groups.push({ items, end: () => resolve(items.map((item) => item * 10)), fail: reject });
      told();
    });
  const started = async (count: number): Promise<void> => {
    while (groups.length < count) await new Promise<void>((resolve) => (told = resolve));
  };
  return { groups, run, started };
};
const upTo = (end: number): number[] => Array.from({ length: end }, (_, at) => at);

describe("a group", () => {
  it("gathers what comes together, and answers each its own", async () => {
    const { groups, run, started } = gated();
    const group = createGroup({ run });
    const answers = Promise.all([1, 2, 3].map((item) => group.submit(item)));
    await started(1);
    groups[0]?.end();
    expect(await answers).toEqual([10, 20, 30]);
    expect(groups.map((one) => one.items)).toEqual([[1, 2, 3]]);
  });

  it("does not wait for company once it is full", () => {
    const { groups, run } = gated();
    const group = createGroup({ run, most: 3, waitMs: 1_000_000 });
    for (const item of upTo(7)) void group.submit(item);
    expect(groups.map((one) => one.items)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    void group.close();
  });

  it("runs no more than two at a time, and then takes all who waited", async () => {
    const { groups, run, started } = gated();
    const group = createGroup({ run, most: 2, waitMs: 1 });
    const answers = Promise.all(upTo(7).map((item) => group.submit(item)));
    await started(2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(groups).toHaveLength(2);
    for (let at = 0; at < 4; at += 1) {
      await started(at + 1);
      expect(groups.length - at).toBeLessThanOrEqual(2);
      groups[at]?.end();
    }
    expect(await answers).toEqual(upTo(7).map((item) => item * 10));
    expect(groups.map((one) => one.items.length)).toEqual([2, 2, 2, 1]);
  });

  it("answers busy at once when the line is full, and takes again when it is not", async () => {
    const { groups, run, started } = gated();
    const group = createGroup({ run, most: 1, inFlight: 1, line: 2 });
    const first = upTo(3).map((item) => group.submit(item));
    expect(await group.submit(9)).toBe("busy");
    for (const at of upTo(3)) {
      await started(at + 1);
      groups[at]?.end();
    }
    expect(await Promise.all(first)).toEqual([0, 10, 20]);
    const later = group.submit(4);
    await started(4);
    groups[3]?.end();
    expect(await later).toBe(40);
  });

  it("gives everyone taken an answer before it is closed, and takes nobody after", async () => {
    const { groups, run, started } = gated();
    const group = createGroup({ run, most: 2, waitMs: 1_000_000, inFlight: 1 });
    const answers = upTo(3).map((item) => group.submit(item));
    let closed = false;
    const closing = group.close().then(() => (closed = true));
    expect(await group.submit(7)).toBe("busy");
    groups[0]?.end();
    await started(2);
    expect(closed).toBe(false);
    groups[1]?.end();
    await closing;
    expect(await Promise.all(answers)).toEqual([0, 10, 20]);
    await group.close();
  });

  it("treats a wrong number of answers as a failure, not as an answer for someone else", async () => {
    const group = createGroup<number, number>({ run: async (items) => (items.length === 1 ? items : items.slice(1)) });
    expect(await Promise.all([1, 2, 3].map((item) => group.submit(item)))).toEqual([1, 2, 3]);
    const never = createGroup<number, number>({ run: async () => [] });
    await expect(never.submit(1)).rejects.toThrow("another number of results");
  });

  it("never lets one caller fail another, whatever is submitted when", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ poison: fc.boolean(), pause: fc.boolean() }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 3 }),
        async (callers, most, inFlight) => {
          let running = 0;
          let peak = 0;
          let widest = 0;
          const run = async (items: number[]): Promise<number[]> => {
            peak = Math.max(peak, (running += 1));
            widest = Math.max(widest, items.length);
            await new Promise((resolve) => setImmediate(resolve));
            running -= 1;
            if (items.some((item) => callers[item]?.poison)) throw new Error("poison");
            return items.map((item) => item * 10);
          };
          const group = createGroup({ run, most, inFlight, waitMs: 1 });
          const asked: Promise<unknown>[] = [];
          for (const [item, { pause }] of callers.entries()) {
            asked.push(group.submit(item).catch((error: Error) => error.message));
            if (pause) await new Promise((resolve) => setImmediate(resolve));
          }
          await group.close();
          const answers = await Promise.all(asked);
          expect(answers).toEqual(callers.map(({ poison }, item) => (poison ? "poison" : item * 10)));
          expect(peak).toBeLessThanOrEqual(inFlight);
          expect(widest).toBeLessThanOrEqual(most);
        },
      ),
      { numRuns: 60 },
    );
  });
});
