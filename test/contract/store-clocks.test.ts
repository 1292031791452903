// Offers that were open before there were clocks: the store that has them gives each its own, counted from that day.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "../../adapters/postgres/migrate.ts";
import { rung } from "../../src/core/lapse.ts";
import { engines } from "../engines.ts";
import { aTerms } from "../builders/terms.ts";
import { aHome, type Home, offerFor, offering, opened, START, taken, uuid } from "../builders/store.ts";

describe.each(engines())("offers from before there were clocks, on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());

  const offered = async (daysAgo: number, status: "sent" | "declined" = "sent") => {
    const journey = await taken(home);
    const madeAt = new Date(START.getTime() - daysAgo * 86_400_000);
    const offer = offerFor(journey, { madeAt, changedAt: madeAt, status });
    await home.store.ledger.commit(offering(journey, offer));
    return { journey, offer };
  };
  const clocksOf = (offer: string) =>
    home.sql<{ id: string; due: Date }>("SELECT id, due FROM waymark.work WHERE kind = 'chase' AND subject = $1", [
      offer,
    ]);
  /** As it was before this migration; the ledger of migrations says so too. */
  const before = () =>
    home.sql(`ALTER TABLE waymark.offer DROP COLUMN progress, DROP COLUMN clocks_from;
      DELETE FROM waymark.migration WHERE id = 34`);

  it("get one each, begin today, and from then on say what they owe", async () => {
    const { journey, offer } = await offered(100);
    const { offer: closed } = await offered(100, "declined");
    const faults = async () =>
      (await home.store.desk.books()).differences
        .filter(({ fault }) => fault === "no-clock")
        .map((one) => one.reference);
    expect(await faults()).toEqual([journey.reference]);
    await before();
    expect(await migrate(home.engine)).toEqual(["0034_progress"]);
    expect(await faults()).toEqual([]);
    expect(await clocksOf(closed.id)).toEqual([]);
    const [clock] = await clocksOf(offer.id);
    if (clock === undefined) throw new Error("no clock");

    // It rings, and nobody is reminded, told or asked anew for days that nobody counted.
    const now = await home.engine.now();
    await home.sql("UPDATE waymark.work SET token = $2::uuid WHERE id = $1::uuid", [clock.id, uuid()]);
    const [lease] = await home.sql<{ token: string }>("SELECT token FROM waymark.work WHERE id = $1", [clock.id]);
    const read = await opened(home, journey.id);
    const [standing] = read.offers;
    expect(standing?.clocksFrom?.getTime()).toBeLessThanOrEqual(now.getTime());
    const work = { id: clock.id, token: lease?.token ?? "" };
    const under = { answerBy: "2026-12-31" };
    const terms = aTerms();
    if (standing === undefined) throw new Error("no offer");
    const found = rung(read, { offer: standing, terms, work, under }, uuid, now);
    if (found === undefined || !("change" in found)) throw new Error("it was not wound");
    expect(await home.store.ledger.commit(found.change)).toBe("committed");

    const after = await opened(home, journey.id);
    expect([after.status, after.sequence]).toEqual([read.status, read.sequence]);
    const [owes] = after.offers;
    expect(owes).toMatchObject({ status: "sent", due: { clock: "acknowledge" } });
    expect(owes?.due?.at.getTime()).toBeGreaterThan(now.getTime() + 86_400_000);
    const wound = await clocksOf(offer.id);
    expect(wound).toHaveLength(1);
    expect(wound[0]?.due.getTime()).toBeGreaterThan(now.getTime());
    // Rung once more before anything is due, it only waits.
    if (owes === undefined) throw new Error("no offer");
    expect(rung(after, { offer: owes, terms, work, under }, uuid, now)).toHaveProperty("again");
  });

  it("and whoever has a clock keeps it", async () => {
    const { journey, offer } = await offered(1);
    const row = { id: uuid(), kind: "chase", subject: offer.id, referral: journey.id, destination: "clocks" } as const;
    await home.store.agenda.ensure({ ...row, due: START });
    await before();
    await migrate(home.engine);
    expect((await clocksOf(offer.id)).map(({ id }) => id)).toEqual([row.id]);
    expect((await opened(home, journey.id)).offers[0]?.clocksFrom).toBeUndefined();
  });
});
