// Deliveries a second, beside a bare BullMQ worker that signs and posts the same bodies to the same receivers, round by round.
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { setTimeout as rest } from "node:timers/promises";
import { openPlace, type Place } from "../faults/place.ts";
import { adviserOf } from "../faults/packs.ts";
import type { Offer } from "../faults/receivers.ts";
import { traffic } from "../faults/run.ts";
import type { Parcel } from "./courier.ts";
import { ratios, summary, type Summary } from "./statistics.ts";
import { startSubject } from "./subject.ts";

export type Carried = { ours: Summary; theirs: Summary; ratio: Summary };

const BOROUGHS = 50;
const BY = "bench";
const ALL = Array.from({ length: BOROUGHS }, (_, at) => `destination:provider:${adviserOf(at + 1)}` as const);
const OFFERED = "SELECT count(*)::integer AS made FROM waymark.offer";
/** One statement: fifty verbs of an operator, one after the other, would be what is measured. */
const FREE = `
WITH ended AS (DELETE FROM waymark.pause)
UPDATE waymark.work SET due = now() WHERE dead_at IS NULL AND kind = 'deliver'`;
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
const ours = async (place: Place, count: number, before: number) => {
  await place.operate(async ({ store }) => {
    for (const scope of ALL) await store.pauses.pause({ scope, by: BY, reason: "a round begins" });
  });
  await rest(1_500);
  await traffic(place, count).done;
  await place.sql(async (query) => {
    while (Number((await query(OFFERED))[0]?.["made"]) < before + count) await rest(100);
    while (Number((await query(NEWS))[0]?.["left"]) > 0) await rest(100);
  });
  return arrivals(place, count, () => place.sql((query) => query(FREE)));
};

const parcelOf = (place: Place, { provider, offer, body }: Offer): Parcel => ({
  url: `http://127.0.0.1:${place.receivers.port}/offers/${provider}`,
  id: offer,
  secret: place.receivers.identities.get(provider)?.webhookSecret ?? "",
  body,
});

const theirs = async (place: Place, queue: Queue<Parcel>, parcels: readonly Parcel[]): Promise<number> => {
  await queue.pause();
  await queue.addBulk(parcels.map((data) => ({ name: "parcel", data })));
  return (await arrivals(place, parcels.length, () => queue.resume())).rate;
};

export const measureCarry = async (rounds: number, count: number): Promise<Carried> => {
  const place = await openPlace({ store: "servers", boroughs: BOROUGHS, settings: { DESTINATION_PLACES: "4" } });
  const url = place.redis?.url ?? "";
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const queue = new Queue<Parcel>("courier", { connection });
  const courier = await startSubject("courier.ts", {}, [url, "32"]);
  const [own, other]: [number[], number[]] = [[], []];
  try {
    await place.startAll();
    // One round to warm both up.
    for (let round = 0; round <= rounds; round += 1) {
      const { rate, offers } = await ours(place, count, round * count);
      const rival = await theirs(
        place,
        queue,
        offers.map((one) => parcelOf(place, one)),
      );
      if (round === 0) continue;
      own.push(rate);
      other.push(rival);
    }
  } finally {
    await courier.stop();
    await queue.close();
    connection.disconnect();
    await place.close();
  }
  return { ours: summary(own), theirs: summary(other), ratio: ratios(own, other) };
};
