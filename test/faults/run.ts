// One fault on one store: opened, run, left to come to rest, counted and closed. What a fault does stands in its own file.
import { setTimeout as rest } from "node:timers/promises";
import type { Counts } from "./ledger.ts";
import { openPlace, type Place, type PlaceOptions, type Store } from "./place.ts";
import { draw, insist, many, type Answer } from "./senders.ts";
import type { Case } from "./ledger.ts";

export type Fault = {
  id: string;
  /** What is done to the broker, in words. */
  words: string;
  stores: readonly Store[];
  options?: Omit<PlaceOptions, "store">;
  /** Does it, with so many cases, and says what it saw beside the counts. */
  run(place: Place, cases: number): Promise<string[]>;
};

export type Outcome = Counts & {
  id: string;
  store: Store;
  cases: number;
  seconds: number;
  notes: string[];
  faults: string[];
};

/** Without any progress: a dead worker's lease, a lost ring's, and a little. What then still waits, waits for minutes. */
const PATIENCE_MS = 45_000;
/** The day of birth and the postcodes of every sample person. */
const PERSONAL = /1984-04-09|ZZ\d+ 1AA/;

/** What is done at once when it can be; clocks of days are left out. */
const AT_ONCE = "dead_at IS NULL AND kind IN ('assess', 'deliver', 'notify')";
const WAITING = `SELECT count(*)::integer AS left FROM waymark.work WHERE ${AT_ONCE}`;
const TWICE = `SELECT count(*)::integer AS twice FROM (
  SELECT body ->> 'offer' FROM waymark.event WHERE type = 'delivered' GROUP BY 1 HAVING count(*) > 1) AS offers`;

/** Nothing is left to do: a second effect would have come by now. */
const quiet = async (place: Place): Promise<boolean> => {
  if (place.store === "embedded") {
    await rest(2_000);
    return true;
  }
  return place.sql(async (query) => {
    let [least, since] = [Number.POSITIVE_INFINITY, Date.now()];
    for (;;) {
      const left = Number((await query(WAITING))[0]?.["left"]);
      if (left === 0) return true;
      if (left < least) [least, since] = [left, Date.now()];
      if (Date.now() - since > PATIENCE_MS) return false;
      await rest(250);
    }
  });
};

const LEFT = `SELECT kind, coalesce(cause, 'no cause') AS cause, attempt, claimed, dead_at IS NOT NULL AS dead,
  round(extract(epoch FROM due - now())) AS due_in, round(extract(epoch FROM lease_until - now())) AS lease_for,
  count(*)::integer AS rows
FROM waymark.work WHERE kind IN ('assess', 'deliver', 'notify') GROUP BY 1, 2, 3, 4, 5, 6, 7 LIMIT 5`;

/** For whoever looks why a run did not come to rest. */
const sayWhy = async (place: Place): Promise<void> => {
  if (place.store === "embedded") return;
  for (const row of await place.sql((query) => query(LEFT))) place.ledger.wrong(`work is left: ${JSON.stringify(row)}`);
};

/** What failed twice waits for minutes: the wait is cut short, the attempt is not. */
const TURNS = 3;
const comeToRest = async (place: Place): Promise<void> => {
  for (let turn = 0; turn < TURNS; turn += 1) {
    const whole = await place.ledger.settled(PATIENCE_MS);
    await place.answering.done();
    if ((await quiet(place)) && whole) return;
    if (turn === TURNS - 1) await sayWhy(place);
    else await place.hurry();
  }
};

export const runFault = async (fault: Fault, store: Store, cases: number): Promise<Outcome> => {
  const began = performance.now();
  const place = await openPlace({ ...fault.options, store });
  try {
    const notes = await fault.run(place, cases);
    await comeToRest(place);
    await place.stopAll();
    const [found] = await place.sql((query) => query(TWICE));
    if (Number(found?.["twice"]) > 0)
      place.ledger.wrong(`${String(found?.["twice"])} offers were delivered twice on record`);
    for (const { lines } of place.programs)
      if (PERSONAL.test(JSON.stringify(lines))) place.ledger.wrong("a log named a person");
    const seconds = (performance.now() - began) / 1_000;
    return {
      id: fault.id,
      store,
      cases: place.ledger.cases.length,
      ...place.ledger.counts(),
      seconds,
      notes,
      faults: place.ledger.faults(),
    };
  } finally {
    await place.close();
  }
};

type Traffic = {
  /** Answers so far. */
  answered(): number;
  /** Resolves when so many were answered, or all. */
  until(answers: number): Promise<void>;
  done: Promise<void>;
  /** Every answer, undefined where a connection broke. */
  answers: (Answer | undefined)[];
};

type TrafficOptions = {
  atOnce?: number;
  perSecond?: number;
  make?: (at: number) => Case;
  /** Hears every answer. */
  hears?: (answer: Answer | undefined, one: Case) => void;
};

/** So many cases, each sent until it is answered. */
export const traffic = (
  place: Place,
  cases: number,
  { atOnce = 16, perSecond, make, hears }: TrafficOptions = {},
): Traffic => {
  const { ledger, senders, boroughs } = place;
  const heard: (Answer | undefined)[] = [];
  let begun = 0;
  let answered = 0;
  const began = performance.now();
  const waiting = new Set<{ at: number; go: () => void }>();
  const wake = (): void => {
    for (const one of waiting)
      if (answered >= Math.min(one.at, cases)) {
        waiting.delete(one);
        one.go();
      }
  };
  const note = (answer: Answer | undefined, about: Case): void => {
    heard.push(answer);
    hears?.(answer, about);
  };
  const one = async (at: number): Promise<void> => {
    if (perSecond !== undefined) await rest(Math.max(0, began + (at * 1_000) / perSecond - performance.now()));
    const made = make?.(at) ?? draw(ledger, boroughs);
    await insist({ ledger, senders, hears: note }, made);
    answered += 1;
    wake();
  };
  const done = many(atOnce, () => {
    if (begun >= cases) return undefined;
    begun += 1;
    return one(begun - 1);
  });
  return {
    answered: () => answered,
    until: (at) =>
      new Promise((go) => {
        waiting.add({ at, go });
        wake();
      }),
    done,
    answers: heard,
  };
};
