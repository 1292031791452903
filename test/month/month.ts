// A month of the broker's life, from Monday 8 March to 14 April 2027, over Easter, the change of the clocks and the holidays of four
// nations: people are referred, services answer or do not, receivers are away, and the broker is stopped and killed.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../../adapters/log.ts";
import { makeKeyRing } from "../../adapters/postgres/keyring.ts";
import { createIds } from "../../adapters/system.ts";
import { readConfig } from "../../src/config.ts";
import { world } from "../world/system.ts";
import { audit, type Audit } from "./audit.ts";
import { type Books, openBooks } from "./books.ts";
import { REFERRERS, registerAll } from "./cast.ts";
import { createDraws, type Draws } from "./draws.ts";
import { openHouse } from "./house.ts";
import { createOperator } from "./operator.ts";
import { HELPERS, PULLING, writePacks } from "./packs.ts";
import { createPerson } from "./people.ts";
import { createProviders } from "./providers.ts";
import { createReceivers, type Post } from "./receivers.ts";
import { createReferrers } from "./referrers.ts";
import { createTimeline, DAY, HOUR } from "./timeline.ts";
import { createVoice } from "./voice.ts";
import { createWeather } from "./weather.ts";

const FROM = Date.parse("2027-03-08T06:00:00Z");
/** Days on which people are referred, days until everybody can be reached again, and the last day. */
const REFERRED = 25;
const WEATHER = 34;
const ALL = 37;
const UNTIL = FROM + ALL * DAY;

/** Beside what is drawn: Easter from Thursday evening on, the night in which the clocks change, and nine days on end. */
const FIXED = [
  { who: "F83999", from: "2027-03-25T18:00:00Z", until: "2027-03-30T07:00:00Z", trouble: "refused" },
  { who: "helper-01-a", from: "2027-03-25T18:00:00Z", until: "2027-03-30T07:00:00Z", trouble: "busy" },
  { who: "helper-09-a", from: "2027-03-26T08:00:00Z", until: "2027-03-29T20:00:00Z", trouble: "lost" },
  { who: "E09000201", from: "2027-03-27T23:30:00Z", until: "2027-03-28T02:30:00Z", trouble: "lost" },
  { who: "sample-jobcentre-411", from: "2027-03-12T09:00:00Z", until: "2027-03-21T09:00:00Z", trouble: "refused" },
] as const;

/** Here only processes die, never the machine: what was committed stays. */
const NO_FSYNC = `
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$`;

export type Month = Audit & {
  seed: number;
  people: number;
  seconds: number;
  counts: Record<string, number>;
};

type Options = {
  seed: number;
  people: number;
  /** Where the store is: `DATABASE_URL`, or `WAYMARK_DATA` where there is none. */
  settings: Record<string, string>;
  /** Stops and kills in all. */
  ends?: number;
  say?: (words: string) => void;
};

export const liveMonth = async ({ seed, people, settings, ends = 24, say }: Options): Promise<Month> => {
  const began = performance.now();
  const folder = await mkdtemp(join(tmpdir(), "waymark-month-"));
  const keys = JSON.stringify(makeKeyRing(createIds()));
  const packs = await writePacks(folder);
  const read = readConfig({ WAYMARK_PACKS: packs, WAYMARK_KEYS: keys, DATABASE_POOL: "24", ...settings });
  if (!read.ok) throw new Error(read.faults.join());

  const draws = createDraws(seed);
  const books = openBooks();
  const timeline = createTimeline({ from: FROM, until: UNTIL, atOnce: 48 });
  const everybody = [...REFERRERS.map(({ organisation }) => organisation), ...HELPERS];
  const weather = createWeather(draws, everybody, { from: FROM, until: FROM + WEATHER * DAY }, FIXED);
  const log = createLog({ level: "error", destination: { write: (line) => say?.(line.trim()) } });
  let receive: Post = () => Promise.reject(new Error("nobody is registered yet"));
  const house = await openHouse({ config: read.config, clock: timeline, books, log }, () => receive);
  const cast = await registerAll(house.clients, PULLING);
  const server = read.config.DATABASE_URL !== undefined;
  if (server) await house.sql(NO_FSYNC);
  await house.restart();
  const referrers = createReferrers({ house, books, cast, draws, timeline });
  const voice = createVoice({ house, books, cast, draws });
  const providers = createProviders({ voice, books, draws, timeline, referrers });
  receive = createReceivers({
    books,
    cast,
    timeline,
    weather,
    hears: (received) => {
      providers.hears(received);
      if (received.type === "offer.made") timeline.beside(() => referrers.crosses(received.reference));
    },
  });

  for (let at = 0; at < people; at += 1) {
    const person = createPerson(draws, at, { from: FROM, days: REFERRED });
    timeline.at(person.arrives, () => referrers.send(person));
  }
  for (let at = FROM; at < UNTIL; at += 5 * HOUR) timeline.at(at, providers.look);
  const operator = createOperator({ house, books, cast, timeline });
  for (let at = FROM + DAY; at < UNTIL; at += DAY)
    timeline.at(at, async () => {
      await operator.looks();
      say?.(
        `${timeline.now().toISOString().slice(0, 10)}: ${referrers.known.size} taken, ${books.all.length} received`,
      );
    });
  // Once everybody is back.
  timeline.at(FROM + (WEATHER + 0.5) * DAY, operator.resends);
  const endings = endingsOf(draws, ends, server);
  let hour = 0;
  while (timeline.turn()) {
    world.ahead = timeline.now().getTime() - Date.now();
    const hours = Math.floor((timeline.now().getTime() - FROM) / HOUR);
    if (hours > hour) {
      const killed = endings.get(hours);
      if (killed === true) house.killAfter(Math.floor(draws.between(0, 6, "fuse", hours)));
      if (killed === false) {
        while (timeline.busy()) await timeline.ended();
        await house.restart();
        books.count("restarts");
      }
      hour = hours;
    }
    await house.ring();
    while (timeline.busy()) {
      await timeline.ended();
      await house.ring();
    }
  }
  await house.ring();
  tally(books, { kills: house.kills(), outages: weather.outages() });
  const found = await audit({ house, books, referrers, now: timeline.now() });
  await house.close();
  await rm(folder, { recursive: true, force: true });
  world.ahead = 0;
  const counts = Object.fromEntries([...books.counts].toSorted(([one], [other]) => one.localeCompare(other)));
  const { accepted, open, ended, withdrawn, refused } = found.ledger;
  const ledger = { accepted, open, ended, withdrawn, refused };
  return { faults: found.faults, ledger, seed, people, seconds: (performance.now() - began) / 1_000, counts };
};

/** By the hour: true where it is killed, false where it is stopped in good order. */
const endingsOf = (draws: Draws, ends: number, mayKill: boolean): Map<number, boolean> =>
  new Map(
    Array.from({ length: ends }, (_, nth) => [
      Math.floor(draws.between(4, WEATHER * 24, "ends", nth)),
      mayKill && draws.chance(0.6, "killed", nth),
    ]),
  );

const tally = ({ all, counts, count }: Books, beside: Record<string, number>): void => {
  for (const [what, number] of Object.entries(beside)) counts.set(what, number);
  counts.set("received", all.length);
  counts.set("repeats", all.length - new Set(all.map(({ id, who }) => `${id} ${who}`)).size);
  for (const { type } of all) count(`received ${type}`);
};
