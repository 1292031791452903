import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextAttempt, WAITS } from "../../../src/core/retry.ts";
import { settle } from "../../../src/core/settle.ts";
import { NOW } from "../../builders/rules.ts";

const HOUR = 3_600_000;
const waitOf = (due: Date | undefined): number | undefined =>
  due === undefined ? undefined : (due.getTime() - NOW.getTime()) / 1000;

describe("the schedule", () => {
  it("is the published one, and ends after its last daily attempt", () => {
    const waits = Array.from({ length: 13 }, (_, at) => waitOf(nextAttempt({ attempt: at + 1, now: NOW, chance: 0 })));
    const hours = [2, 5, 10, 14, 20, 24, 24, 24, 24].map((each) => each * 3600);
    expect(waits).toEqual([5, 300, 1800, ...hours, undefined]);
  });

  it("only ever adds jitter, at most a tenth", () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), chance, (attempt, drawn) => {
        const wait = (waitOf(nextAttempt({ attempt, now: NOW, chance: drawn })) ?? 0) * 1000;
        const base = WAITS[attempt - 1] ?? 0;
        expect(wait).toBeGreaterThanOrEqual(base);
        expect(wait).toBeLessThanOrEqual(base * 1.1 + 1);
      }),
    );
  });

  it("never passes the seventh day, however the receiver and chance fall", () => {
    const step = fc.record({
      retryAfterSeconds: fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined }),
      chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 20 }), (steps) => {
        let now = NOW;
        let attempt = 1;
        for (const one of steps) {
          const due = nextAttempt({ attempt, now, firstDue: NOW, ...one });
          if (due === undefined) return;
          expect(due.getTime()).toBeGreaterThan(now.getTime());
          expect(due.getTime()).toBeLessThanOrEqual(NOW.getTime() + 7 * 24 * HOUR);
          now = due;
          attempt += 1;
        }
        expect.unreachable("a schedule must end");
      }),
    );
  });

  it.each([
    [1, 1, 5],
    [1, 60, 60],
    [1, 100_000, 3600],
    [4, 60, 7200],
    [4, 10_000, 10_000],
    [4, 100_000, 14_400],
  ])("after attempt %i, asked to wait %i s, waits %i s", (attempt, retryAfterSeconds, expected) => {
    expect(waitOf(nextAttempt({ attempt, now: NOW, retryAfterSeconds, chance: 0 }))).toBe(expected);
  });
});

describe("what an attempt leaves behind", () => {
  const tried = { attempt: 1, now: NOW, chance: 0, idempotent: true };
  const soon = new Date(NOW.getTime() + 5000);

  it.each([
    [{ kind: "accepted", status: 202 }, tried, { kind: "done" }],
    [{ kind: "refused", cause: "http-400", status: 400 }, tried, { kind: "dead", cause: "http-400" }],
    [{ kind: "refused", cause: "http-410", gone: true }, tried, { kind: "dead", cause: "gone" }],
    [
      { kind: "unavailable", cause: "http-503" },
      tried,
      { kind: "again", due: soon, attempted: true, cause: "http-503" },
    ],
    [
      { kind: "unavailable", cause: "http-503" },
      { ...tried, attempt: 13 },
      { kind: "dead", cause: "exhausted: http-503" },
    ],
    [{ kind: "unknown", cause: "timed-out" }, tried, { kind: "again", due: soon, attempted: true, cause: "timed-out" }],
    [
      { kind: "unknown", cause: "timed-out" },
      { ...tried, idempotent: false },
      { kind: "dead", cause: "unknown: timed-out" },
    ],
  ] as [Parameters<typeof settle>[0], Parameters<typeof settle>[1], object][])("%j", (outcome, input, expected) => {
    expect(settle(outcome, input)).toEqual(expected);
  });

  it("waits as long as the receiver asks", () => {
    expect(settle({ kind: "unavailable", cause: "http-429", retryAfterSeconds: 90 }, tried)).toMatchObject({
      due: new Date(NOW.getTime() + 90_000),
    });
  });
});
