// F4 and F5: Redis is wiped, killed or frozen. It is a bell: nothing may be lost with it, and nobody may wait for it.
import { setTimeout as rest } from "node:timers/promises";
import { Redis } from "ioredis";
import { quantile } from "../bench/statistics.ts";
import type { Place } from "./place.ts";
import { traffic, type Fault } from "./run.ts";

const WIPES = 20;

const wipe = async ({ redis }: Place): Promise<void> => {
  const client = new Redis(redis?.url ?? "", { lazyConnect: true });
  client.on("error", () => undefined);
  await client.connect();
  await client.flushall();
  client.disconnect();
};

export const f4: Fault = {
  id: "F4",
  words: "FLUSHALL of Redis over and over, and every fifth time kill -9 of a Redis that keeps nothing on disk",
  stores: ["servers"],
  async run(place, cases) {
    await place.startAll();
    const sending = traffic(place, cases);
    let [wipes, kills] = [0, 0];
    while (wipes + kills < WIPES && sending.answered() < cases) {
      await sending.until(((wipes + kills + 1) * cases) / (WIPES + 2));
      if ((wipes + kills) % 5 === 4) {
        await place.redis?.kill();
        await rest(500);
        await place.redis?.start();
        kills += 1;
      } else {
        await wipe(place);
        wipes += 1;
      }
    }
    await sending.done;
    const ended = performance.now();
    await place.ledger.settled(90_000);
    const last = (performance.now() - ended) / 1_000;
    return [`${wipes} wipes, ${kills} kills`, `the last case came ${last.toFixed(0)} s after the last was taken`];
  },
};

const FROZEN_MS = 60_000;
/** From the requirement: no request waits longer than this for Redis. */
const MOST_MS = 250;

export const f5: Fault = {
  id: "F5",
  words: "Redis frozen for 60 s, so that it takes connections and answers nothing, while senders send",
  stores: ["servers"],
  async run(place, cases) {
    await place.startAll();
    const perSecond = Math.max(5, cases / 80);
    const sending = traffic(place, cases, { perSecond, atOnce: 32 });
    await sending.until(cases / 10);
    const before = sending.answers.length;
    await place.redis?.freeze();
    await Promise.race([rest(FROZEN_MS), sending.done]);
    const during = sending.answers.slice(before);
    await place.redis?.thaw();
    await sending.done;
    const usual = sending.answers.slice(0, before);
    const p99 = (some: typeof during): number =>
      quantile(
        some.flatMap((one) => one?.ms ?? []),
        0.99,
      );
    const refused = during.filter((one) => one === undefined || one.status >= 500).length;
    if (refused > 0) place.ledger.wrong(`${refused} answers failed while Redis was frozen`);
    const slow = during.filter((one) => (one?.ms ?? 0) > MOST_MS).length;
    return [
      `${during.length} answers while it was frozen, ${refused} refused, ${slow} slower than ${MOST_MS} ms`,
      `p99 ${p99(during).toFixed(0)} ms, before ${p99(usual).toFixed(0)} ms`,
    ];
  },
};
