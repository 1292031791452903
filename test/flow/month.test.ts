// A month with 240 people, by a clock that the test drives: what `npm run month` does with 5,000 (docs/month.md). Without a PostgreSQL
// server fewer people come, and the broker is stopped and never killed.
import { rm } from "node:fs/promises";
import { expect, inject, it } from "vitest";
import { emptyDatabase, pgliteFolder } from "../engines.ts";
import { liveMonth, type Month } from "../month/month.ts";

const SEED = 2027;
const MINUTES = 60_000;

const onServer = async (): Promise<Month> => {
  const database = await emptyDatabase();
  if (database === undefined) throw new Error("this run has no PostgreSQL");
  try {
    return await liveMonth({ seed: SEED, people: 240, settings: { DATABASE_URL: database.url } });
  } finally {
    await database.drop();
  }
};

const embedded = async (): Promise<Month> => {
  const folder = await pgliteFolder();
  try {
    return await liveMonth({ seed: SEED, people: 40, settings: { WAYMARK_DATA: folder }, ends: 4 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const hasServer = inject("servers").postgres !== null;

it(
  "ends with the ledger balanced, nothing lost, nothing out of order, and nothing after a recall but the recall",
  // A minute of work for one processor: two minutes by the clock where little else ran, several where much did.
  { timeout: 15 * MINUTES },
  async () => {
    const month = hasServer ? await onServer() : await embedded();
    expect({ seed: month.seed, faults: month.faults }).toEqual({ seed: SEED, faults: [] });
    const { accepted, open, ended, withdrawn, refused } = month.ledger;
    expect(accepted).toBe(open + ended + withdrawn + refused);
    expect(accepted).toBeGreaterThanOrEqual(month.people);
    // A month in which nothing goes wrong would prove nothing.
    expect(HAPPENED.filter(([what, least]) => (month.counts[what] ?? 0) < least)).toEqual([]);
  },
);

const HAPPENED: [string, number][] = [
  ["restarts", 1],
  ["kills", hasServer ? 5 : 0],
  ["outages", 20],
  ["repeats", 10],
  ["received offer.recalled", 10],
  ["received offer.reminder", 10],
  ["lapses of silence on the day", 2],
  ["withdrawal: 200", 2],
  ["decline: 200", 2],
  ["accept: 200", 10],
  ["start: 200", 10],
  ["end: 200", 2],
];
