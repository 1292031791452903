// Two processes lease at once: the second must count what the first is just giving, or a destination gets too much.
import { describe, expect, it } from "vitest";
import { createAgenda } from "../../adapters/postgres/agenda.ts";
import type { Engine } from "../../adapters/postgres/engine.ts";
import { engines } from "../engines.ts";
import { aHome, type Home, ids, offerFor, offering, START, taken, uuid } from "../builders/store.ts";

const LEASE = { limit: 100, places: 4, perSecond: 1_000, seconds: 30 };

/** As Promise.withResolvers, which Node 20 lacks. */
const signal = () => {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve: () => resolve() };
};

const deliver = (home: Home, due: Date) => {
  const work = { id: uuid(), kind: "deliver" as const, subject: uuid(), destination: "provider:slow", due };
  const referralId = uuid();
  return taken(home, { referralId, work: { ...work, referral: referralId } });
};

// PGlite has one connection: there a second lease waits for the first in any case, and nobody can come between.
describe.each(engines().filter((on) => on.name === "PostgreSQL"))("two leases at once on $name", (on) => {
  it("keep to the places together, even when older work comes between them", async () => {
    const home = await aHome(on);
    try {
      for (let at = 0; at < 6; at += 1) await deliver(home, START);
      const gate = signal();
      const given = signal();
      const slow: Engine = {
        ...home.engine,
        transaction: (role, run, options) =>
          home.engine.transaction(
            role,
            async (query) => {
              const value = await run(query);
              given.resolve();
              await gate.promise;
              return value;
            },
            options,
          ),
      };
      const other = createAgenda({ engine: slow, clock: home.clock, ids });
      const first = other.lease(LEASE);
      await given.promise;
      await deliver(home, new Date(START.getTime() - 60_000));
      const settled = { yet: false };
      const second = home.store.agenda.lease(LEASE).finally(() => (settled.yet = true));
      const waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
      while (!settled.yet && (await home.sql(waiting)).length === 0);
      gate.resolve();
      expect((await first).rings).toHaveLength(4);
      expect((await second).rings).toHaveLength(0);
      await other.close();
    } finally {
      await home.close();
    }
  });

  it("of one provider's queue never hold the same offer, also where one could not yet see the other's", async () => {
    const home = await aHome(on);
    try {
      const journey = await taken(home);
      const offer = offerFor(journey);
      await home.store.ledger.commit(offering(journey, offer));
      const queue = { organisation: offer.provider, test: true };
      const until = new Date(START.getTime() + 60_000);
      const [gate, held, settled] = [signal(), signal(), { yet: false }];
      const first = home.engine.transaction("owner", async (query) => {
        const lease = "INSERT INTO waymark.offer_lease (offer, provider, lease, until) VALUES ($1, $2, $3, $4)";
        await query(lease, [offer.id, offer.provider, uuid(), until]);
        held.resolve();
        await gate.promise;
      });
      await held.promise;
      const second = home.store.offerLeases.take(queue, uuid(), until, 1).finally(() => (settled.yet = true));
      const waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
      while (!settled.yet && (await home.sql(waiting)).length === 0);
      gate.resolve();
      await first;
      expect(await second).toEqual([]);
      home.clock.pass(60);
      expect(await home.store.offerLeases.take(queue, uuid(), until, 1)).toEqual([offer.id]);
    } finally {
      await home.close();
    }
  });
});
