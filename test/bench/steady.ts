// From accepted to delivered at a steady rate over 50 destinations, first with all of them well, then with one that hangs.
import { openPlace, type Place } from "../faults/place.ts";
import { adviserOf } from "../faults/packs.ts";
import { takes } from "../faults/receivers.ts";
import { traffic } from "../faults/run.ts";
import { draw } from "../faults/senders.ts";
import { quantile } from "./statistics.ts";

export type Steady = { sent: number; delivered: number; perSecond: number; p50: number; p99: number };

const BOROUGHS = 50;
const HANGS = 7;

/** The others' deliveries; those of the hanging one are left out of both. */
const measure = async (place: Place, perSecond: number, seconds: number): Promise<Steady> => {
  const accepted = new Map<string, number>();
  const arrived = new Map<string, number>();
  place.receivers.onNoted = ({ reference, provider }) => {
    if (provider !== adviserOf(HANGS) && !arrived.has(reference)) arrived.set(reference, performance.now());
  };
  const began = performance.now();
  const from = place.ledger.cases.length;
  const sending = traffic(place, perSecond * seconds, {
    perSecond,
    atOnce: 256,
    make: () => draw(place.ledger, BOROUGHS, { news: undefined }),
    hears: (answer) => answer?.reference !== undefined && void accepted.set(answer.reference, performance.now()),
  });
  await sending.done;
  const good = place.ledger.cases.slice(from).filter(({ borough }) => borough !== HANGS);
  for (let at = 0; at < 600 && place.ledger.missing(good) > 0; at += 1)
    await new Promise((done) => setTimeout(done, 50));
  const waits = [...arrived].flatMap(([reference, at]) => {
    const then = accepted.get(reference);
    return then === undefined ? [] : [Math.max(0, at - then)];
  });
  const last = Math.max(...arrived.values());
  return {
    sent: good.length,
    delivered: waits.length,
    perSecond: waits.length / ((last - began) / 1_000),
    p50: quantile(waits, 0.5),
    p99: quantile(waits, 0.99),
  };
};

/** Round by round: all well, and one hanging, in an order that turns. */
export const measureSteady = async (rounds: number, perSecond: number, seconds: number) => {
  const place = await openPlace({ store: "servers", boroughs: BOROUGHS, settings: { DESTINATION_PLACES: "4" } });
  const all: { well: Steady; hanging: Steady }[] = [];
  const withHanging = (hangs: boolean): Promise<Steady> => {
    place.receivers.onOffer = (offer, req, res) => {
      if (!hangs || offer.provider !== adviserOf(HANGS)) takes(offer, req, res);
    };
    return measure(place, perSecond, seconds);
  };
  try {
    await place.startAll();
    await measure(place, Math.ceil(perSecond / 2), 4);
    for (let round = 0; round < rounds; round += 1) {
      if (round % 2 === 0) {
        const well = await withHanging(false);
        all.push({ well, hanging: await withHanging(true) });
      } else {
        const hanging = await withHanging(true);
        all.push({ well: await withHanging(false), hanging });
      }
    }
  } finally {
    await place.close();
  }
  return all;
};
