// A year through the real store: everybody starts on one day, providers report what becomes of them and answer when they are asked, and
// the broker is stopped now and then. At the end the store must know of every definition met on its day, and must have asked each week.
import fc from "fast-check";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../../adapters/log.ts";
import { makeKeyRing } from "../../adapters/postgres/keyring.ts";
import { createIds } from "../../adapters/system.ts";
import { readConfig } from "../../src/config.ts";
import { answerOf, asked, date, dayOf, life, type Life, saidOn, START, withOutcomes, YEAR } from "../builders/year.ts";
import { world } from "../world/system.ts";
import { openBooks, type Received } from "./books.ts";
import { REFERRERS, registerAll } from "./cast.ts";
import { createDraws } from "./draws.ts";
import { openHouse, type House } from "./house.ts";
import { writePacks } from "./packs.ts";
import { createReceivers, type Post } from "./receivers.ts";
import { createReferrers } from "./referrers.ts";
import { createTimeline, DAY, HOUR } from "./timeline.ts";
import { createVoice } from "./voice.ts";

const FROM = Date.parse(`${START}T06:00:00Z`);
/** Checkpoints wake at noon in London; what is asked then is answered on the same day. */
const SLOT = 6 * HOUR;
const RESTARTS = new Set([10, 45, 130, 200, 290, 365]);
const noonOn = (n: number): number => Date.parse(`${date(n)}T12:00:00Z`);

export type Year = { faults: string[]; reached: number; asked: number; lasted: number };
type Options = { seed: number; people: number; settings: Record<string, string>; say?: (words: string) => void };

export const liveYear = async ({ seed, people, settings, say }: Options): Promise<Year> => {
  const programmes = withOutcomes();
  const lives = fc.sample(life, { seed, numRuns: people });
  const folder = await mkdtemp(join(tmpdir(), "waymark-year-"));
  const packs = await writePacks(
    folder,
    programmes.map(({ outcomes, evidence, funders }) => ({ outcomes, evidence, funders })),
  );
  const read = readConfig({
    WAYMARK_PACKS: packs,
    WAYMARK_KEYS: JSON.stringify(makeKeyRing(createIds())),
    DATABASE_POOL: "24",
    ...settings,
  });
  if (!read.ok) throw new Error(read.faults.join());

  const books = openBooks();
  const draws = createDraws(seed);
  const timeline = createTimeline({ from: FROM, until: noonOn(YEAR) + SLOT, atOnce: 24, slot: SLOT });
  let receive: Post = () => Promise.reject(new Error("nobody is registered yet"));
  const log = createLog({ level: "error", destination: { write: (line) => say?.(line.trim()) } });
  const house = await openHouse({ config: read.config, clock: timeline, books, log }, () => receive);
  // Nobody looks into a queue here: each offer comes to whoever is asked first, on the day on which help begins.
  const cast = await registerAll(house.clients, new Set());
  const referrers = createReferrers({ house, books, cast, draws, timeline });
  const voice = createVoice({ house, books, cast, draws });

  const programmeOf = (at: number) => {
    const programme = programmes[at % programmes.length];
    if (programme === undefined) throw new Error("no programme says what counts");
    return programme;
  };
  const lived = (at: number): Life => {
    const one = lives[at];
    if (one === undefined) throw new Error(`nobody lives as number ${at}`);
    return one;
  };
  const says = async (said: Promise<boolean>, what: string): Promise<void> => {
    if (!(await said)) books.wrong(`${what} was not taken`);
  };
  const begins = async ({ who, offer = "", reference }: Received): Promise<void> => {
    const person = referrers.known.get(reference)?.at ?? 0;
    const about = { who, offer, reference, person };
    await says(voice.says(about, "accept"), "accept");
    await says(voice.says(about, "contact", { outcome: "reached" }), "contact");
    await says(voice.says(about, "start", { on: START }), "start");
    for (let n = 0; n <= YEAR; n += 1)
      for (const report of saidOn(lived(person), programmeOf(person), n))
        timeline.at(noonOn(n), () => says(voice.says(about, "outcome", report), `${report.what} of ${person}`));
  };
  const answers = async ({ who, offer = "", reference, body }: Received): Promise<void> => {
    const person = referrers.known.get(reference)?.at ?? 0;
    const { week } = JSON.parse(body) as { week: number };
    const { evidence } = lived(person);
    const said = { what: "checkpoint", week, answer: answerOf(lived(person), week), evidence };
    const on = timeline.now().toISOString().slice(0, 10);
    await says(voice.says({ who, offer, reference, person }, "outcome", { ...said, on }), `week ${week} of ${person}`);
  };
  const begun = new Set<string>();
  receive = createReceivers({
    books,
    cast,
    timeline,
    weather: { of: () => undefined, outages: () => 0 },
    hears: (received) => {
      if (received.type === "offer.checkpoint") timeline.later(1, () => answers(received));
      if (received.type !== "offer.made" || begun.has(received.offer ?? "")) return;
      begun.add(received.offer ?? "");
      timeline.later(1, () => begins(received));
    },
  });
  for (let at = 0; at < people; at += 1) {
    const { organisation: by } = draws.pick(REFERRERS, "by", at);
    const area = 1 + (at % programmes.length);
    const key = createIds().uuid();
    const person = { at, by, area, arrives: FROM, fate: "stays" as const, fateAfter: 0, key };
    timeline.at(FROM, () => referrers.send(person));
  }

  let day = 0;
  while (timeline.turn()) {
    world.ahead = timeline.now().getTime() - Date.now();
    const today = Math.floor((timeline.now().getTime() - FROM) / DAY);
    if (today > day && RESTARTS.has(today)) await house.restart();
    day = today;
    await house.ring();
    while (timeline.busy()) {
      await timeline.ended();
      await house.ring();
    }
  }
  const { faults, ...counts } = await compare(
    house,
    (at) => ({ programme: programmeOf(at), one: lived(at) }),
    referrers.known,
  );
  await house.close();
  await rm(folder, { recursive: true, force: true });
  world.ahead = 0;
  return { ...counts, faults: [...books.wrongs, ...faults] };
};

type Row = { reference: string; type: string; body: { outcome?: string; on?: string; week?: number; answer?: string } };
type Lived = (at: number) => { programme: ReturnType<typeof withOutcomes>[number]; one: Life };

const EVENTS = `
SELECT r.reference, e.type, e.body FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral
WHERE e.type IN ('outcome-reached', 'checkpoint-asked', 'outcome-reported') ORDER BY e.referral, e.sequence`;

const compare = async (house: House, lived: Lived, known: ReadonlyMap<string, { at: number }>): Promise<Year> => {
  const rows = await house.sql<Row>(EVENTS);
  const year = { faults: [] as string[], reached: 0, asked: 0, lasted: 0 };
  for (const [reference, { at }] of known) {
    const { programme, one } = lived(at);
    const own = rows.filter((row) => row.reference === reference);
    const weeks = own.flatMap(({ type, body }) => (type === "checkpoint-asked" ? [body.week] : []));
    if (String(weeks) !== String(asked(one)))
      year.faults.push(`${reference} was asked of weeks ${weeks.join()}, not ${asked(one).join()}`);
    year.asked += weeks.length;
    year.lasted += Number(weeks.includes(52));
    for (const rule of programme.outcomes) {
      const n = dayOf(programme, rule, one);
      const should = n === undefined ? undefined : date(n);
      const found = own.find(({ type, body }) => type === "outcome-reached" && body.outcome === rule.id)?.body.on;
      if (found !== should)
        year.faults.push(`${reference} ${programme.programme} ${rule.id}: ${found}, and it is ${should}`);
      year.reached += Number(found !== undefined);
    }
  }
  const ledger = await house.verb("ledger", "--json");
  return ledger.status === 0 ? year : { ...year, faults: [...year.faults, `the ledger: ${ledger.out}`] };
};
