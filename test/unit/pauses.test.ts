// Pauses are asked for by everyone who takes a referral: read once for all, and again after a change of our own.
import { describe, expect, it } from "vitest";
import type { Engine } from "../../adapters/postgres/engine.ts";
import { createPauses } from "../../adapters/postgres/pauses.ts";
import { aClock, aVault, ids } from "../builders/store.ts";

/** Counts readings, and answers when it is told to. */
const aStore = () => {
  const answers: (() => void)[] = [];
  let rows: object[] = [];
  const query = (sql: string): Promise<object[]> =>
    sql.startsWith("SELECT scope")
      ? new Promise((resolve) => answers.push(() => resolve(rows)))
      : Promise.resolve([{ scope: "all" }]);
  const engine = {
    transaction: (_role: string, run: (query: unknown) => Promise<unknown>) => run(query),
  } as unknown as Engine;
  return {
    engine,
    readings: () => answers.length,
    holds: (now: object[]) => void (rows = now),
    answer: () => answers.forEach((one) => one()),
  };
};

describe("pauses in force", () => {
  it("are read once however many ask at the same moment, and again after a second", async () => {
    const [store, clock] = [aStore(), aClock()];
    const pauses = createPauses({ engine: store.engine, vault: aVault(), clock, ids });
    const asked = Array.from({ length: 50 }, () => pauses.inForce());
    expect(store.readings()).toBe(1);
    store.answer();
    await Promise.all(asked);
    await pauses.inForce();
    expect(store.readings()).toBe(1);
    clock.pass(1);
    void pauses.inForce();
    expect(store.readings()).toBe(2);
  });

  it("are read again after a change of our own, also where they were being read just then", async () => {
    const [store, clock] = [aStore(), aClock()];
    const pauses = createPauses({ engine: store.engine, vault: aVault(), clock, ids });
    const before = pauses.inForce();
    await pauses.pause({ scope: "all", by: "on-call", reason: "a test" });
    store.holds([{ scope: "all" }]);
    const after = pauses.inForce();
    expect(store.readings()).toBe(2);
    store.answer();
    expect(await after).toEqual([{ scope: "all" }]);
    await before;
  });
});
