// Ids that sort by time whatever the clock does, and a clock that is the store's.
import { afterEach, describe, expect, it } from "vitest";
import { createIds, startClock, type RunningClock } from "../../adapters/system.ts";

describe("ids", () => {
  it("are UUIDs of version 7 and carry the millisecond", () => {
    const at = Date.UTC(2026, 10, 21, 9, 30);
    const id = createIds({ wall: () => at }).uuid();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(at);
  });

  it("keep their order within one millisecond, beyond the counter's end, and when the clock is set back", () => {
    let at = 1_800_000_000_000;
    const ids = createIds({ wall: () => at });
    const made = Array.from({ length: 10_000 }, () => ids.uuid());
    at -= 60_000;
    made.push(...Array.from({ length: 100 }, () => ids.uuid()));
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it("differ between two processes in the same millisecond", () => {
    const [one, other] = [createIds({ wall: () => 5 }), createIds({ wall: () => 5 })];
    const all = Array.from({ length: 500 }, () => [one.uuid(), other.uuid()]).flat();
    expect(new Set(all).size).toBe(1_000);
  });

  it("never give the same bytes twice, and as many as are asked for", () => {
    const ids = createIds();
    const given = Array.from({ length: 2_000 }, () => ids.bytes(12).toString("hex"));
    expect(new Set(given).size).toBe(given.length);
    for (const count of [0, 1, 4_096, 10_000]) expect(ids.bytes(count)).toHaveLength(count);
    expect(ids.bytes(10_000).includes(Buffer.alloc(16))).toBe(false);
  });

  it("give bytes that nobody else holds", () => {
    const ids = createIds();
    const [one, other] = [ids.bytes(16), ids.bytes(16)];
    const before = other.toString("hex");
    one.fill(0);
    expect(other.toString("hex")).toBe(before);
    expect(one.buffer.byteLength).toBe(16);
  });

  it("give bytes and chance", () => {
    const ids = createIds();
    expect(ids.bytes(16)).toHaveLength(16);
    expect(ids.bytes(16).equals(ids.bytes(16))).toBe(false);
    const chance = ids.chance();
    expect(chance >= 0 && chance < 1).toBe(true);
  });
});

describe("the clock", () => {
  let clock: RunningClock | undefined;
  afterEach(() => clock?.close());

  /** A store whose answers are scripted, and that says when it was asked. */
  const storeOf = (answers: (number | Error)[]) => {
    let ask: () => void = () => undefined;
    const store = {
      asked: () => new Promise<void>((resolve) => (ask = resolve)),
      now: async () => {
        const next = answers.length > 1 ? answers.shift() : answers[0];
        setImmediate(() => ask());
        if (next instanceof Error) throw next;
        return new Date(next ?? 0);
      },
    };
    return store;
  };

  it("tells the store's time, counted on by the steady clock", async () => {
    let steady = 1_000;
    clock = await startClock(storeOf([500_000]), { local: { steady: () => steady } });
    expect(clock.now().getTime()).toBe(500_000);
    steady += 1_234;
    expect(clock.now().getTime()).toBe(501_234);
  });

  it("takes the answer to be true in the middle of the round trip", async () => {
    let steady = 0;
    const store = {
      now: async () => {
        steady = 100;
        return new Date(10_000);
      },
    };
    clock = await startClock(store, { local: { steady: () => steady } });
    expect(clock.now().getTime()).toBe(10_050);
  });

  it("waits a small correction backwards out, and follows a large one", async () => {
    const store = storeOf([500_000, 499_500, 100_000]);
    clock = await startClock(store, { everyMs: 1, local: { steady: () => 0 } });
    expect(clock.now().getTime()).toBe(500_000);
    await store.asked();
    expect(clock.now().getTime()).toBeLessThanOrEqual(500_000);
    await store.asked();
    await store.asked();
    expect(clock.now().getTime()).toBe(100_000);
  });

  it("holds still rather than going back a little", async () => {
    const store = storeOf([500_000, 499_500]);
    clock = await startClock(store, { everyMs: 1, local: { steady: () => 0 } });
    clock.now();
    await store.asked();
    await store.asked();
    expect(clock.now().getTime()).toBe(500_000);
  });

  it("keeps its last correction while the store cannot be asked", async () => {
    const store = storeOf([500_000, new Error("gone")]);
    clock = await startClock(store, { everyMs: 1, local: { steady: () => 0 } });
    await store.asked();
    await store.asked();
    expect(clock.now().getTime()).toBe(500_000);
  });

  it("does not start without the store's time", async () => {
    await expect(startClock(storeOf([new Error("no store")]))).rejects.toThrow("no store");
  });
});
