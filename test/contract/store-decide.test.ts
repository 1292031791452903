// Decisions: a programme's places are shown to one judge at a time, and no place is given twice.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
        home.store.ledger.decide([programme, "another"], (capacity) => {
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

  it("does not deadlock when decisions name the same programmes in different orders", async () => {
    const [a, b] = [`a-${uuid()}`, `b-${uuid()}`];
    const journeys = await Promise.all(Array.from({ length: 10 }, () => taken(home)));
    const answers = await Promise.all(
      journeys.map((journey, at) =>
        home.store.ledger.decide(at % 2 === 0 ? [a, b] : [b, a], () =>
          aChange(journey, {
            places: [a, b].map((programme) => ({ programme, service: "s", taken: 1, drawn: 1 })),
          }),
        ),
      ),
    );
    expect(answers.every((answer) => answer === "committed")).toBe(true);
    expect(await placesOf(a)).toEqual({ taken: 10, drawn: 10 });
  });

  it("rolls a decision back when its judge throws, when it is stale, and when it gives a place without its lock", async () => {
    const programme = `p-${uuid()}`;
    const journey = await taken(home);
    const places = [{ programme, service: "s", taken: 1, drawn: 1 }];
    await expect(
      home.store.ledger.decide([programme], () => {
        throw new Error("no judgement");
      }),
    ).rejects.toThrow("no judgement");
    expect(await home.store.ledger.decide([programme], () => aChange(journey, { version: 9, places }))).toBe("stale");
    await expect(home.store.ledger.decide(["other"], () => aChange(journey, { places }))).rejects.toThrow("lock");
    expect(await placesOf(programme)).toBeUndefined();
    expect(await opened(home, journey.id)).toEqual(journey);
  });
});
