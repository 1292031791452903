// F12: a second broker where one is running. On a folder it is refused at once; on servers it joins in, and leaves or dies.
import { setTimeout as rest } from "node:timers/promises";
import { waymark } from "../e2e/program.ts";
import { quantile } from "../bench/statistics.ts";
import type { Place } from "./place.ts";
import { traffic, type Fault } from "./run.ts";

const SECONDS = 12;

/** From its start to its end, in milliseconds; most of it is the start of Node itself. */
const refused = async (place: Place): Promise<number> => {
  const second = waymark({ ...place.settings, PORT: "0" });
  const { code, ms, out, err } = await second.ended;
  if (code === 0 || !/in use|held|another/i.test(out + err))
    place.ledger.wrong(`a second broker on the folder ended with ${code}`);
  return ms;
};

const joins = async (place: Place, at: number): Promise<void> => {
  const name = `second ${at}`;
  await place.start(name, { PORT: "0" });
  await rest(400);
  if (at % 2 === 0) return place.kill(name);
  const program = place.running.get(name);
  place.running.delete(name);
  program?.send("SIGTERM");
  await program?.ended;
};

export const f12: Fault = {
  id: "F12",
  words: "a second broker, again and again, on the same folder, or on the same PostgreSQL and Redis",
  stores: ["servers", "embedded"],
  async run(place, cases) {
    await place.startAll();
    const sending = traffic(place, cases, { perSecond: Math.max(6, cases / 40) });
    const waits: number[] = [];
    let at = 0;
    for (; at < SECONDS && sending.answered() < cases; at += 1) {
      await sending.until((at * cases) / SECONDS);
      if (place.store === "embedded") waits.push(await refused(place));
      else await joins(place, at);
    }
    await sending.done;
    return place.store === "embedded"
      ? [
          `${at} refused, in ${quantile(waits, 0.5).toFixed(0)} ms (most ${quantile(waits, 1).toFixed(0)}), start of Node included`,
        ]
      : [`${at} joined, half of them killed, half asked to leave`];
  },
};
