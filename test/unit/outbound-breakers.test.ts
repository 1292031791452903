import { beforeEach, describe, expect, it } from "vitest";
import { type Admission, createBreakers, type BreakerRow, type BreakerRows } from "../../adapters/outbound/breakers.ts";
import type { AttemptOutcome } from "../../schemas/work.ts";

type Stored = BreakerRow & { token?: string };

/** The table as the store keeps it, with the same conditions in each statement. */
const createRows = () => {
  const table = new Map<string, Stored>();
  let reads = 0;
  const rows: BreakerRows = {
    async get(destination) {
      reads += 1;
      return table.get(destination);
    },
    async open(destination, until, failures) {
      table.set(destination, { state: "open", until, failures });
    },
    async claimProbe(destination, now, leaseUntil, token) {
      const row = table.get(destination);
      if (row?.state !== "open" || row.until > now) return false;
      if (row.probeUntil !== undefined && row.probeUntil > now) return false;
      table.set(destination, { ...row, probeUntil: leaseUntil, token });
      return true;
    },
    async close(destination, token) {
      const row = table.get(destination);
      if (row?.token === token) table.set(destination, { state: "closed", until: row.until, failures: 0 });
    },
  };
  return { rows, table, reads: () => reads };
};

const START = Date.parse("2026-03-02T09:00:00Z");
const TO = "provider:charity-one";
type Breakers = ReturnType<typeof createBreakers>;
let at: number;
let store: ReturnType<typeof createRows>;
let breakers: Breakers;
let serial = 0;

const clock = { now: () => new Date(at) };
const ids = { uuid: () => `token-${(serial += 1)}`, bytes: () => Buffer.alloc(0), chance: () => 0 };
const start = () => createBreakers({ rows: store.rows, clock, ids });
const pass = (seconds: number): void => void (at += seconds * 1_000);
const attempt = async (which: Breakers, reachable: boolean): Promise<Admission["kind"]> => {
  const admission = await which.admit(TO);
  await which.report(TO, admission, reachable);
  return admission.kind;
};
const fail = async (which: Breakers, times: number): Promise<void> => {
  for (let time = 0; time < times; time += 1) await attempt(which, false);
};

beforeEach(() => {
  at = START;
  store = createRows();
  breakers = start();
});

describe("opening", () => {
  it("needs five attempts", async () => {
    await fail(breakers, 4);
    expect(store.table.get(TO)).toBeUndefined();
    await fail(breakers, 1);
    expect(store.table.get(TO)).toEqual({ state: "open", until: new Date(START + 30_000), failures: 0 });
    expect(await breakers.admit(TO)).toEqual({ kind: "open", until: new Date(START + 30_000) });
  });

  it("happens at half failed, and not below", async () => {
    for (const reachable of [true, true, true, true, true, false, false, false, false])
      await attempt(breakers, reachable);
    expect(store.table.get(TO)).toBeUndefined();
    await attempt(breakers, false);
    expect(store.table.get(TO)?.state).toBe("open");
  });

  it("counts only the last minute", async () => {
    await fail(breakers, 4);
    pass(61);
    await fail(breakers, 4);
    expect(store.table.get(TO)).toBeUndefined();
    pass(10);
    await fail(breakers, 1);
    expect(store.table.get(TO)?.state).toBe("open");
  });

  it("touches no other destination", async () => {
    await fail(breakers, 5);
    expect(await breakers.admit("provider:other")).toEqual({ kind: "closed" });
  });

  it("is followed by every other process within a second", async () => {
    const other = start();
    expect(await other.admit(TO)).toEqual({ kind: "closed" });
    await fail(breakers, 5);
    pass(1.1);
    expect((await other.admit(TO)).kind).toBe("open");
  });

  it("never shortens what another process wrote", async () => {
    const other = start();
    await fail(other, 4);
    const admission = await other.admit(TO);
    const until = new Date(START + 300_000);
    await store.rows.open(TO, until, 4);
    await other.report(TO, admission, false);
    expect(store.table.get(TO)).toMatchObject({ until, failures: 4 });
  });
});

describe("probing", () => {
  it("is given to exactly one, across processes", async () => {
    await fail(breakers, 5);
    pass(31);
    const asked = await Promise.all([breakers, start(), start(), breakers].map((one) => one.admit(TO)));
    expect(asked.filter((one) => one.kind === "probe")).toHaveLength(1);
    expect(asked.filter((one) => one.kind === "open")).toHaveLength(3);
  });

  it("waits until the row says so", async () => {
    await fail(breakers, 5);
    pass(29.9);
    expect((await breakers.admit(TO)).kind).toBe("open");
  });

  it("tells the others to look again soon", async () => {
    await fail(breakers, 5);
    pass(31);
    await breakers.admit(TO);
    const other = await start().admit(TO);
    expect(other).toEqual({ kind: "open", until: new Date(at + 5_000) });
  });

  it("goes to another when its process died", async () => {
    await fail(breakers, 5);
    pass(31);
    await start().admit(TO);
    pass(31);
    expect((await breakers.admit(TO)).kind).toBe("probe");
  });

  it("that goes well closes for all, and forgets the counts", async () => {
    const other = start();
    await other.admit(TO);
    await fail(breakers, 5);
    pass(31);
    expect(await attempt(breakers, true)).toBe("probe");
    expect(await breakers.admit(TO)).toEqual({ kind: "closed" });
    pass(1.1);
    expect(await other.admit(TO)).toEqual({ kind: "closed" });
    // Without forgetting, one failure more would open it again.
    await fail(breakers, 4);
    expect(store.table.get(TO)?.state).toBe("closed");
  });

  it("that fails doubles the time, up to five minutes", async () => {
    await fail(breakers, 5);
    const spans: number[] = [];
    for (let probe = 0; probe < 6; probe += 1) {
      at = (store.table.get(TO)?.until.getTime() ?? 0) + 1;
      // Each probe by another process: the row remembers, not the process.
      expect(await attempt(start(), false)).toBe("probe");
      spans.push(((store.table.get(TO)?.until.getTime() ?? 0) - at) / 1_000);
    }
    expect(spans).toEqual([60, 120, 240, 300, 300, 300]);
  });

  it("starts from thirty seconds again after it closed", async () => {
    await fail(breakers, 5);
    pass(31);
    await attempt(breakers, false);
    pass(61);
    await attempt(breakers, true);
    await fail(breakers, 5);
    expect(store.table.get(TO)).toMatchObject({ failures: 0, until: new Date(at + 30_000) });
  });

  it("whose lease was lost opens nothing that another closed", async () => {
    await fail(breakers, 5);
    pass(31);
    const late = await breakers.admit(TO);
    pass(31);
    expect(await attempt(start(), true)).toBe("probe");
    await breakers.report(TO, late, false);
    expect(store.table.get(TO)?.state).toBe("closed");
  });
});

describe("an attempt through it", () => {
  const through = (outcome: AttemptOutcome | undefined) => breakers.through(TO, async () => outcome);
  const busy: AttemptOutcome = { kind: "unavailable", cause: "answered-503", status: 503 };

  it("comes to what was sent, and counts", async () => {
    for (let time = 0; time < 5; time += 1) expect(await through(busy)).toBe(busy);
    const sent: string[] = [];
    const held = await breakers.through(TO, async () => {
      sent.push("sent");
      return busy;
    });
    expect(held).toEqual({ kind: "open", until: new Date(START + 30_000) });
    expect(sent).toEqual([]);
  });

  it.each([
    [{ kind: "unknown", cause: "timed-out" }, "open"],
    [{ kind: "unavailable", cause: "answered-429", status: 429 }, "open"],
    [{ kind: "unavailable", cause: "tls-untrusted" }, "open"],
    // It is there, and says no to this one message.
    [{ kind: "unavailable", cause: "answered-422", status: 422 }, undefined],
    [{ kind: "refused", cause: "gone", gone: true }, undefined],
    [{ kind: "accepted", status: 200 }, undefined],
    // Nothing was sent after all.
    [undefined, undefined],
  ] as [AttemptOutcome | undefined, string | undefined][])("%j five times leaves it %s", async (outcome, state) => {
    for (let time = 0; time < 5; time += 1) await through(outcome);
    expect(store.table.get(TO)?.state).toBe(state);
  });
});

describe("cost", () => {
  it("reads a row at most once a second", async () => {
    await Promise.all(Array.from({ length: 50 }, () => breakers.admit(TO)));
    expect(store.reads()).toBe(1);
    pass(1.1);
    await breakers.admit(TO);
    expect(store.reads()).toBe(2);
  });

  it("asks again after a read that failed", async () => {
    const { get } = store.rows;
    store.rows.get = () => Promise.reject(new Error("store away"));
    await expect(breakers.admit(TO)).rejects.toThrow("store away");
    store.rows.get = get;
    expect(await breakers.admit(TO)).toEqual({ kind: "closed" });
  });

  it("drops what was not used for ten minutes", async () => {
    await breakers.admit(TO);
    await breakers.admit("client:quiet");
    pass(300);
    await breakers.admit(TO);
    pass(299);
    await breakers.admit(TO);
    expect(breakers.known()).toBe(2);
    pass(2);
    await breakers.admit(TO);
    expect(breakers.known()).toBe(1);
  });

  it("an attempt that an open breaker kept back counts for nothing", async () => {
    const open: Admission = { kind: "open", until: new Date(START + 30_000) };
    for (let time = 0; time < 10; time += 1) await breakers.report(TO, open, false);
    expect(store.table.get(TO)).toBeUndefined();
  });
});
