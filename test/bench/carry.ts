// Deliveries a second, beside a bare BullMQ worker that signs and posts the same bodies to the same receivers, round by round.
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { setTimeout as rest } from "node:timers/promises";
import { openPlace, type Place } from "../faults/place.ts";
import { adviserOf } from "../faults/packs.ts";
import type { Offer } from "../faults/receivers.ts";
import { traffic } from "../faults/run.ts";
import type { Parcel } from "./courier.ts";
import { processorMs } from "./processor.ts";
import { ratios, summary, type Summary } from "./statistics.ts";
import { startSubject } from "./subject.ts";

/** Processor time of each delivery, in milliseconds: unlike a rate it holds on a machine that others use too. */
type Cost = { worker: Summary; postgres: Summary; redis: Summary };
export type Carried = { ours: Summary; theirs: Summary; ratio: Summary; cost: { ours: Cost; theirs: Cost } };

const BOROUGHS = 50;
/** Deliveries under way in each of the two workers. */
const AT_ONCE = 128;
const BY = "bench";
const ALL = Array.from({ length: BOROUGHS }, (_, at) => `destination:provider:${adviserOf(at + 1)}` as const);
const OFFERED = "SELECT count(*)::integer AS made FROM waymark.offer";
/** The pauses end before the round, for while one ends every step asks twice; what they held waits on. */
const HOLD = `
WITH ended AS (DELETE FROM waymark.pause)
UPDATE waymark.work SET due = now() + interval '1 hour' WHERE dead_at IS NULL AND kind = 'deliver'`;
/** Nobody nudges for it: the worker's next sweep finds them. */
const FREE = "UPDATE waymark.work SET due = now() WHERE dead_at IS NULL AND kind = 'deliver'";
/** A process may know of a pause that has ended for so long. */
const FORGOTTEN_MS = 1_500;
const NEWS =
  "SELECT count(*)::integer AS left FROM waymark.work WHERE dead_at IS NULL AND kind IN ('assess', 'notify')";

/** So many arrivals from the first to the last of them, a second. Begins what `begin` begins. */
const arrivals = async (
  place: Place,
  count: number,
  begin: () => Promise<unknown>,
): Promise<{ rate: number; offers: Offer[] }> => {
  const offers: Offer[] = [];
  let [first, last] = [0, 0];
  const all = new Promise<void>((done) => {
    place.receivers.onNoted = (offer) => {
      last = performance.now();
      if (offers.length === 0) first = last;
      offers.push(offer);
      if (offers.length === count) done();
    };
  });
  await begin();
  await all;
  return { rate: (count - 1) / ((last - first) / 1_000), offers };
};

/** All decided, nothing sent: then every destination is set free at one moment. */
const prepare = async (place: Place, count: number, before: number): Promise<void> => {
  await place.operate(async ({ store }) => {
    for (const scope of ALL) await store.pauses.pause({ scope, by: BY, reason: "a round begins" });
  });
  await rest(FORGOTTEN_MS);
  await traffic(place, count).done;
  await place.sql(async (query) => {
    while (Number((await query(OFFERED))[0]?.["made"]) < before + count) await rest(100);
    while (Number((await query(NEWS))[0]?.["left"]) > 0) await rest(100);
    await query(HOLD);
  });
  await rest(FORGOTTEN_MS);
};

type Spent = Record<keyof Cost, number>;

const spent = async (place: Place, worker: number): Promise<Spent> => {
  const all = async (server: Place["redis"]): Promise<number> =>
    (await server?.pids())?.reduce((sum, pid) => sum + processorMs(pid), 0) ?? 0;
  return { worker: processorMs(worker), postgres: await all(place.postgres), redis: await all(place.redis) };
};

/** What one delivery of so many took. Counted a moment after the last arrived, when all of them are written down. */
const costing = async <T>(place: Place, worker: number, count: number, run: () => Promise<T>): Promise<[T, Spent]> => {
  const before = await spent(place, worker);
  const found = await run();
  await rest(500);
  const after = await spent(place, worker);
  const each = (of: keyof Spent): number => (after[of] - before[of]) / count;
  return [found, { worker: each("worker"), postgres: each("postgres"), redis: each("redis") }];
};

const costOf = (rounds: readonly Spent[]): Cost => ({
  worker: summary(rounds.map(({ worker }) => worker)),
  postgres: summary(rounds.map(({ postgres }) => postgres)),
  redis: summary(rounds.map(({ redis }) => redis)),
});

const parcelOf = (place: Place, { provider, offer, body }: Offer): Parcel => ({
  url: `http://127.0.0.1:${place.receivers.port}/offers/${provider}`,
  id: offer,
  secret: place.receivers.identities.get(provider)?.webhookSecret ?? "",
  body,
});

export const measureCarry = async (rounds: number, count: number): Promise<Carried> => {
  const settings = { DESTINATION_PLACES: "4", WORKER_CONCURRENCY: String(AT_ONCE) };
  const place = await openPlace({ store: "servers", boroughs: BOROUGHS, settings });
  const url = place.redis?.url ?? "";
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const queue = new Queue<Parcel>("courier", { connection });
  const courier = await startSubject("courier.ts", {}, [url, String(AT_ONCE)]);
  const [own, other]: [number[], number[]] = [[], []];
  const [ownCost, otherCost]: [Spent[], Spent[]] = [[], []];
  try {
    await place.startAll();
    const worker = place.running.get("worker")?.pid ?? 0;
    // One round to warm both up.
    for (let round = 0; round <= rounds; round += 1) {
      await prepare(place, count, round * count);
      const [{ rate, offers }, cost] = await costing(place, worker, count, () =>
        arrivals(place, count, () => place.sql((query) => query(FREE))),
      );
      await queue.pause();
      await queue.addBulk(offers.map((one) => ({ name: "parcel", data: parcelOf(place, one) })));
      const [rival, rivalCost] = await costing(place, courier.pid, count, () =>
        arrivals(place, count, () => queue.resume()),
      );
      if (round === 0) continue;
      own.push(rate);
      other.push(rival.rate);
      ownCost.push(cost);
      otherCost.push(rivalCost);
    }
  } finally {
    await courier.stop();
    await queue.close();
    connection.disconnect();
    await place.close();
  }
  return {
    ours: summary(own),
    theirs: summary(other),
    ratio: ratios(own, other),
    cost: { ours: costOf(ownCost), theirs: costOf(otherCost) },
  };
};
