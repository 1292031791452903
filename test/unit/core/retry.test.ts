import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextAttempt, SCHEDULE } from "../../../src/core/retry.ts";
import { account, heldBack, passedOver, settle, settleNews, tryAgain } from "../../../src/core/settle.ts";
import { faultOf, wordsOf } from "../../../schemas/cause.ts";
import type { AttemptOutcome } from "../../../schemas/work.ts";
import { NOW } from "../../builders/rules.ts";

const HOUR = 3_600_000;
const waitOf = (due: Date | undefined): number | undefined =>
  due === undefined ? undefined : (due.getTime() - NOW.getTime()) / 1000;

describe("the schedule", () => {
  const facts = { now: NOW, firstDue: NOW, chance: 0 };

  it("is the published one, then daily", () => {
    const waits = Array.from({ length: 12 }, (_, at) => waitOf(nextAttempt({ ...facts, attempt: at + 1 })));
    const hours = [2, 5, 10, 14, 20, 24, 24, 24, 24].map((each) => each * 3600);
    expect(waits).toEqual([5, 300, 1800, ...hours]);
  });

  it("ends on day 7 from the first due time, however many attempts that was", () => {
    const day = 24 * HOUR;
    const since = (days: number) => new Date(NOW.getTime() - days * day);
    for (const attempt of [9, 12, 40]) {
      expect(nextAttempt({ ...facts, attempt, firstDue: since(6) })).toEqual(new Date(NOW.getTime() + day));
      expect(nextAttempt({ ...facts, attempt, firstDue: since(6.01) })).toBeUndefined();
    }
  });

  it("only ever adds jitter, at most a tenth", () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), chance, (attempt, drawn) => {
        const wait = (waitOf(nextAttempt({ ...facts, attempt, chance: drawn })) ?? 0) * 1000;
        const base = SCHEDULE.waits[attempt - 1] ?? SCHEDULE.after;
        expect(wait).toBeGreaterThanOrEqual(base);
        expect(wait).toBeLessThanOrEqual(base * 1.1 + 1);
      }),
    );
  });

  it("never passes the seventh day, and reaches the sixth, however the receiver and chance fall", () => {
    const step = fc.record({
      retryAfterSeconds: fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined }),
      chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 20 }), (steps) => {
        const dues = [NOW];
        for (const [at, one] of steps.entries()) {
          const now = dues.at(-1) ?? NOW;
          const due = nextAttempt({ attempt: at + 1, now, firstDue: NOW, ...one });
          if (due === undefined) break;
          dues.push(due);
        }
        const [last = 0, ...earlier] = dues.map((due) => due.getTime() - NOW.getTime()).toReversed();
        expect([last, ...earlier]).toEqual([last, ...earlier].toSorted((one, other) => other - one));
        expect(dues.length).toBeLessThan(20);
        expect(last).toBeLessThanOrEqual(7 * 24 * HOUR);
        // The longest that a receiver may ask for is two days.
        expect(last).toBeGreaterThan(4.5 * 24 * HOUR);
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
    expect(waitOf(nextAttempt({ ...facts, attempt, retryAfterSeconds }))).toBe(expected);
  });
});

describe("what an attempt leaves behind", () => {
  const tried = { attempt: 1, now: NOW, firstDue: NOW, chance: 0, idempotent: true, receiver: "c-1", way: "webhook" };
  const soon = new Date(NOW.getTime() + 5000);
  const lastDay = new Date(NOW.getTime() - 7 * 24 * HOUR);
  const again = (cause: string) => ({ kind: "again", due: soon, attempted: true, cause });

  it.each([
    [{ kind: "accepted", status: 202, theirs: "t-9" }, tried, { kind: "done" }],
    [{ kind: "refused", cause: "no-form" }, tried, { kind: "dead", cause: "no-form" }],
    [{ kind: "refused", cause: "gone", gone: true }, tried, { kind: "dead", cause: "gone", silences: "c-1" }],
    [{ kind: "unavailable", cause: "answered-503", status: 503 }, tried, again("answered-503")],
    [
      { kind: "unavailable", cause: "answered-503", status: 503 },
      { ...tried, attempt: 13, firstDue: lastDay },
      { kind: "dead", cause: "exhausted: answered-503" },
    ],
    // What trying again does not cure gets three more tries, and then a person.
    [{ kind: "unavailable", cause: "answered-422", status: 422 }, tried, again("answered-422")],
    [{ kind: "unavailable", cause: "tls-untrusted" }, { ...tried, attempt: 3 }, { kind: "again" }],
    [
      { kind: "unavailable", cause: "tls-untrusted" },
      { ...tried, attempt: 4 },
      { kind: "dead", cause: "exhausted: tls-untrusted" },
    ],
    [{ kind: "unavailable", cause: "answered-429", status: 429 }, { ...tried, attempt: 4 }, { kind: "again" }],
    [{ kind: "unavailable", cause: "scheme-refused" }, tried, { kind: "dead", cause: "scheme-refused" }],
    [{ kind: "unknown", cause: "timed-out" }, tried, again("timed-out")],
    [
      { kind: "unknown", cause: "timed-out" },
      { ...tried, idempotent: false },
      { kind: "dead", cause: "unknown: timed-out" },
    ],
  ] as [Parameters<typeof settle>[0], Parameters<typeof settle>[1], object][])("%j", (outcome, input, expected) => {
    const { kind, gone: _gone, ...codes } = outcome as AttemptOutcome & { gone?: boolean };
    const settled = settle(outcome, input);
    expect(settled).toMatchObject(expected);
    expect(settled.tried).toEqual({ outcome: kind, way: "webhook", ...codes });
    expect("silences" in expected).toBe("silences" in settled);
  });

  it("waits as long as the receiver asks", () => {
    expect(settle({ kind: "unavailable", cause: "asked-to-wait", retryAfterSeconds: 90 }, tried)).toMatchObject({
      due: new Date(NOW.getTime() + 90_000),
    });
  });

  it("news is delivered, or kept for a receiver that is gone", () => {
    expect(settleNews({ kind: "accepted", status: 200 }, tried)).toMatchObject({ kind: "done", callback: "delivered" });
    expect(settleNews({ kind: "refused", cause: "gone", gone: true }, tried)).toEqual({
      kind: "done",
      callback: "kept",
      silences: "c-1",
      tried: { outcome: "refused", cause: "gone", way: "webhook" },
    });
    expect(settleNews({ kind: "refused", cause: "no-form" }, tried)).toMatchObject({ kind: "dead", cause: "no-form" });
  });

  it("an open breaker spends no attempt, and holds nothing back for longer than the schedule lasts", () => {
    const until = new Date(NOW.getTime() + 30_000);
    expect(heldBack(until, tried)).toEqual({ kind: "again", due: until, attempted: false, cause: "breaker-open" });
    expect(heldBack(until, { now: NOW, firstDue: lastDay })).toMatchObject({ kind: "again" });
    const past = new Date(lastDay.getTime() - 1);
    expect(heldBack(until, { now: NOW, firstDue: past })).toEqual({ kind: "dead", cause: "exhausted: breaker-open" });
  });

  it("who cannot be found is looked for again, who was switched off is not", () => {
    expect(tryAgain({ outcome: "unmatched", cause: "no-client" }, tried)).toMatchObject(again("no-client"));
    expect(tryAgain({ outcome: "disabled", cause: "silenced" }, tried)).toMatchObject({ kind: "dead" });
    expect(passedOver("skipped", "erased")).toEqual({ kind: "done", tried: { outcome: "skipped", cause: "erased" } });
  });

  it("is told in codes, and as nothing where the lease was lost", () => {
    const settled = settle({ kind: "unavailable", cause: "answered-503", status: 503 }, tried);
    const codes = { outcome: "unavailable", cause: "answered-503", status: 503, way: "webhook" };
    expect(account(settled, true)).toEqual({ ended: "again", ...codes });
    expect(account(settled, false)).toEqual({ ended: "nothing", ...codes });
  });
});

describe("a cause", () => {
  it("says in words what it is, also behind why it was given up", () => {
    expect(wordsOf("connect-refused")).toBe("Nobody listens at the receiver's address.");
    expect(wordsOf("answered-503")).toBe("The receiver answered with status 503.");
    expect(wordsOf("exhausted: timed-out")).toBe("All attempts were used up. The receiver did not answer in time.");
    expect(wordsOf("unknown: interrupted")).toMatch(/^It may have arrived.* cut off/);
  });

  it.each([
    [400, "lasting"],
    [404, "lasting"],
    [422, "lasting"],
    [408, "passing"],
    [425, "passing"],
    [429, "passing"],
    [500, "passing"],
    [599, "passing"],
  ] as const)("of status %i is %s", (status, fault) => expect(faultOf(`answered-${status}`)).toBe(fault));
});
