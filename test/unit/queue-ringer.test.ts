// The ringer's own rules, against a queue and an agenda that are told what to do.
import { once, EventEmitter } from "node:events";
import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { startRinger, type RingerOptions, type Ringer } from "../../queues/ringer.ts";
import type { Ring, Settlement } from "../../schemas/work.ts";
import type { LeaseOptions } from "../../src/ports/agenda.ts";

const now = new Date("2030-05-06T07:08:09Z");

const build = (options: Partial<RingerOptions> = {}) => {
  const events = new EventEmitter();
  const asked: LeaseOptions[] = [];
  const rung: Ring[][] = [];
  const settled: { id: string; token: string; settlement: Settlement }[] = [];
  const lines: string[] = [];
  const say = (_fields: object, line: string): void => void lines.push(line);
  const state = { due: 0, waiting: 0, down: false, addFails: false, paced: false };
  const ringer: Ringer = startRinger({
    agenda: {
      lease: async (wish) => {
        asked.push(wish);
        const count = Math.min(wish.limit, state.due);
        state.due -= count;
        const rings = Array.from({ length: count }, () => ({ work: randomUUID(), token: randomUUID() }));
        return { rings, paced: state.paced };
      },
      settle: async ({ id, token }, settlement) => {
        settled.push({ id, token, settlement });
        events.emit("settled");
        return true;
      },
    },
    queue: {
      waiting: async () => {
        await new Promise((resolve) => void setImmediate(resolve));
        events.emit("asked");
        if (state.down) throw new Error("down");
        return state.waiting;
      },
      addBulk: async (rings) => {
        if (state.addFails) throw new Error("down");
        rung.push([...rings]);
        events.emit("rung");
      },
    },
    clock: { now: () => now },
    log: { info: say, warn: say, error: say },
    places: 4,
    perSecond: 9,
    sweepMs: 60_000,
    ...options,
  });
  running.push(ringer);
  return { ringer, asked, rung, settled, lines, state, events };
};

/** On a busy machine too. */
const patience = { timeout: 45_000, interval: 5 };

const running: Ringer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((ringer) => ringer.stop()));
});

describe("ringer", () => {
  it("looks again by itself while a destination's pace holds something back, and no longer", async () => {
    const { asked, ringer, state } = build();
    state.paced = true;
    await expect.poll(() => asked.length, patience).toBeGreaterThan(3);
    state.paced = false;
    const before = asked.length;
    ringer.nudge();
    await expect.poll(() => asked.length, patience).toBeGreaterThan(before);
  });

  it("looks once at the start, and asks for no more than the places and the page", async () => {
    const { asked, events } = build({ limit: 7, places: 3, leaseSeconds: 11 });
    await once(events, "asked");
    await expect.poll(() => asked, patience).toEqual([{ limit: 7, places: 3, perSecond: 9, seconds: 11 }]);
  });

  it("makes one more run of many nudges that come during a run", async () => {
    const { ringer, asked, events, state } = build();
    await once(events, "asked");
    await expect.poll(() => asked.length, patience).toBe(1);
    state.due = 1;
    for (let count = 0; count < 100; count += 1) ringer.nudge();
    await once(events, "rung");
    await ringer.stop();
    expect(asked.length).toBeLessThanOrEqual(3);
  });

  it("goes on at once while pages are full", async () => {
    const { ringer, rung, state, events } = build({ limit: 10 });
    await once(events, "asked");
    state.due = 35;
    ringer.nudge();
    await expect.poll(() => rung.map((page) => page.length), patience).toEqual([10, 10, 10, 5]);
  });

  it("lets no more jobs wait in the queue than can be taken before their leases lapse", async () => {
    const { ringer, asked, state, events } = build({ limit: 100, ahead: 50 });
    await once(events, "asked");
    await expect.poll(() => asked.length, patience).toBe(1);
    state.waiting = 45;
    state.due = 500;
    ringer.nudge();
    await once(events, "rung");
    state.waiting = 50;
    // There is room for five jobs of eight rings.
    await expect.poll(() => asked.slice(0, 2).map(({ limit }) => limit), patience).toEqual([100, 40]);
    const before = asked.length;
    const next = once(events, "asked");
    ringer.nudge();
    await next;
    await ringer.stop();
    expect(asked).toHaveLength(before);
  });

  it("leases nothing while the queue is down, leaves the asking to the sweep, and says so once", async () => {
    const { ringer, asked, lines, state, events, rung } = build({ sweepMs: 20 });
    await once(events, "asked");
    state.down = true;
    state.due = 3;
    await expect.poll(() => lines, patience).toEqual(["ringer is failing"]);
    const before = asked.length;
    let questions = 0;
    events.on("asked", () => (questions += 1));
    for (let count = 0; count < 100; count += 1) ringer.nudge();
    expect(questions).toBe(0);
    await once(events, "asked");
    await once(events, "asked");
    expect(asked).toHaveLength(before);
    state.down = false;
    await once(events, "rung");
    expect(rung[0]).toHaveLength(3);
    await expect.poll(() => lines, patience).toEqual(["ringer is failing", "ringer works again"]);
  });

  it("gives a page back that could not be rung, without spending an attempt", async () => {
    const { ringer, settled, state, events } = build();
    await once(events, "asked");
    state.addFails = true;
    state.due = 2;
    ringer.nudge();
    await expect.poll(() => settled.length, patience).toBe(2);
    expect(settled[0]?.settlement).toEqual({ kind: "again", due: now, attempted: false, cause: "queue-down" });
  });

  it("finds by its sweep what nobody nudged about", async () => {
    const { state, events, rung } = build({ sweepMs: 20 });
    await once(events, "asked");
    state.due = 1;
    await once(events, "rung");
    expect(rung.flat()).toHaveLength(1);
  });

  it("asks nothing after it was stopped", async () => {
    const { ringer, events } = build({ sweepMs: 5 });
    await once(events, "asked");
    await ringer.stop();
    let questions = 0;
    events.on("asked", () => (questions += 1));
    ringer.nudge();
    await new Promise((resolve) => void setTimeout(resolve, 30));
    expect(questions).toBe(0);
  });
});
