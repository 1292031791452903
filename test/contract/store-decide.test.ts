// Decisions: a programme's places are shown to one judge at a time, and no place is given twice.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../adapters/postgres/engine.ts";
import { createLedger } from "../../adapters/postgres/ledger.ts";
import { engines } from "../engines.ts";
import { aChange, aHome, type Home, offerFor, offering, opened, taken, uuid } from "../builders/store.ts";

describe.each(engines())("decisions on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());

  const placesOf = async (programme: string) => {
    const [row] = await home.sql<{ taken: number; drawn: number }>(
      "SELECT taken, drawn FROM waymark.place WHERE programme = $1",
      [programme],
    );
    return row;
  };

  it("gives no place twice under twenty decisions at once", async () => {
    const programme = `p-${uuid()}`;
    const journeys = await Promise.all(Array.from({ length: 20 }, () => taken(home)));
    const seen: number[] = [];
    await Promise.all(
      journeys.map((journey) =>
        home.store.ledger.decide({ programmes: [programme, "another"], services: ["s"] }, (capacity) => {
          const used = capacity.get("s")?.taken ?? 0;
          seen.push(used);
          return used < 3
            ? offering(journey, offerFor(journey, { programme, service: "s" }), {
                places: [{ programme, service: "s", taken: 1, drawn: 1 }],
              })
            : aChange(journey, { status: "unmet" });
        }),
      ),
    );
    expect(await placesOf(programme)).toEqual({ taken: 3, drawn: 3 });
    const [offers] = await home.sql<{ n: number }>("SELECT count(*) AS n FROM waymark.offer WHERE programme = $1", [
      programme,
    ]);
    expect(offers?.n).toBe(3);
    expect(seen.toSorted().slice(0, 4)).toEqual([0, 1, 2, 3]);
  });

  it("counts the places of a service by whichever programme took them, and what each programme drew", async () => {
    const [over, now, service] = [`over-${uuid()}`, `now-${uuid()}`, `s-${uuid()}`];
    const give = async (programme: string, key: string) => {
      const journey = await taken(home);
      const place = { programme, service: key, taken: 1, drawn: 1 };
      const draws = { programmes: [programme], services: [service] };
      expect(await home.store.ledger.decide(draws, () => aChange(journey, { places: [place] }))).toBe("committed");
    };
    await give(over, service);
    await give(over, service);
    await give(now, service);
    await give(now, `${service}#course:spring`);
    await give(now, `${service}-annexe`).catch(() => {});
    const journey = await taken(home);
    let seen: unknown;
    await home.store.ledger.decide({ programmes: [now], services: [service] }, (capacity) => {
      seen = Object.fromEntries(capacity);
      return aChange(journey);
    });
    expect(seen).toEqual({
      [service]: { taken: 3, drawn: { [over]: 2, [now]: 1 } },
      [`${service}#course:spring`]: { taken: 1, drawn: { [now]: 1 } },
    });
  });

  it("does not deadlock when decisions name the same programmes in different orders", async () => {
    const [a, b] = [`a-${uuid()}`, `b-${uuid()}`];
    const journeys = await Promise.all(Array.from({ length: 10 }, () => taken(home)));
    const answers = await Promise.all(
      journeys.map((journey, at) =>
        home.store.ledger.decide({ programmes: at % 2 === 0 ? [a, b] : [b, a], services: ["s"] }, () =>
          aChange(journey, {
            places: [a, b].map((programme) => ({ programme, service: "s", taken: 1, drawn: 1 })),
          }),
        ),
      ),
    );
    expect(answers.every((answer) => answer === "committed")).toBe(true);
    expect(await placesOf(a)).toEqual({ taken: 10, drawn: 10 });
  });

  it("holds one connection for all decisions that wait for one another, so that there are some for others", async () => {
    const programme = `p-${uuid()}`;
    const journeys = await Promise.all(Array.from({ length: 20 }, () => taken(home)));
    let [inside, most] = [0, 0];
    const counting: Engine = {
      ...home.engine,
      transaction: async (role, run, readership) => {
        inside += 1;
        most = Math.max(most, inside);
        return home.engine.transaction(role, run, readership).finally(() => (inside -= 1));
      },
    };
    const ledger = createLedger({ ...home, engine: counting });
    const order: string[] = [];
    const answers = await Promise.all(
      journeys
        .map((journey, at) => {
          const programmes = at % 2 === 0 ? [programme, "another"] : ["another", programme];
          return ledger.decide({ programmes, services: ["s"] }, () => {
            order.push(journey.id);
            if (at === 5) throw new Error("no judgement");
            return aChange(journey);
          });
        })
        .map((decided) => decided.catch((error: Error) => error.message)),
    );
    expect(answers).toEqual(journeys.map((_, at) => (at === 5 ? "no judgement" : "committed")));
    expect(most).toBe(1);
    expect(new Set(order).size).toBe(20);
    // Another programme is decided beside them.
    expect(await ledger.decide({ programmes: ["third"], services: ["t"] }, () => undefined)).toBe("left");
    await ledger.close();
  });

  it("shows nobody a place that was never taken, when one of several decisions at once was overtaken", async () => {
    const programme = `p-${uuid()}`;
    const draws = { programmes: [programme], services: ["w"] };
    const [first, second, third] = await Promise.all([taken(home), taken(home), taken(home)]);
    const places = [{ programme, service: "w", taken: 1, drawn: 1 }];
    const shown: number[][] = [[], [], []];
    const answers = await Promise.all(
      [aChange(first, { places }), aChange(second, { places, version: 9 }), aChange(third, { places })].map(
        (change, at) =>
          home.store.ledger.decide(draws, (capacity) => {
            shown[at]?.push(capacity.get("w")?.taken ?? 0);
            return change;
          }),
      ),
    );
    expect(answers).toEqual(["committed", "stale", "committed"]);
    // Together first, each after the one before; then each by itself.
    expect(shown).toEqual([
      [0, 0],
      [1, 1],
      [2, 1],
    ]);
    expect(await placesOf(programme)).toEqual({ taken: 2, drawn: 2 });
  });

  it("leaves one of several decisions at once as it is, and commits the others", async () => {
    const draws = { programmes: [`p-${uuid()}`], services: ["v"] };
    const journeys = await Promise.all([taken(home), taken(home), taken(home)]);
    const answers = await Promise.all(
      journeys.map((journey, at) => home.store.ledger.decide(draws, () => (at === 1 ? undefined : aChange(journey)))),
    );
    expect(answers).toEqual(["committed", "left", "committed"]);
    const found = await Promise.all(journeys.map(({ id }) => opened(home, id)));
    expect(found.map(({ status }) => status)).toEqual(["held", "received", "held"]);
  });

  it("rolls a decision back when its judge throws, when it is stale, and when it gives a place without its lock", async () => {
    const programme = `p-${uuid()}`;
    const draws = { programmes: [programme], services: ["s"] };
    const journey = await taken(home);
    const places = [{ programme, service: "s", taken: 1, drawn: 1 }];
    await expect(
      home.store.ledger.decide(draws, () => {
        throw new Error("no judgement");
      }),
    ).rejects.toThrow("no judgement");
    expect(await home.store.ledger.decide(draws, () => aChange(journey, { version: 9, places }))).toBe("stale");
    for (const [other, missing] of [
      [{ programmes: ["other"], services: ["s"] }, "lock"],
      [{ programmes: [programme], services: ["t"] }, "uncounted"],
    ] as const)
      await expect(home.store.ledger.decide(other, () => aChange(journey, { places }))).rejects.toThrow(missing);
    expect(await placesOf(programme)).toBeUndefined();
    expect(await opened(home, journey.id)).toEqual(journey);
  });
});
