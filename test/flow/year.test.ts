// A year through the real store, by a clock that the test drives: whoever keeps a job is asked about it in its 52nd week, and each
// sample programme's own definition is met on its day. With 500 people and without the store: test/unit/core/outcomes-year.test.ts.
import { rm } from "node:fs/promises";
import { expect, it } from "vitest";
import { emptyDatabase, pgliteFolder } from "../engines.ts";
import { liveYear } from "../month/year.ts";

const MINUTES = 60_000;
/** Two of its people begin a second job on the very day on which a week is over, and it is told of only after that week woke. */
const SEED = 43;

// Half a minute of work for one processor: it took two and a half minutes by the clock where six others wanted the same two.
it("carries cases to their checkpoints under every definition of success", { timeout: 10 * MINUTES }, async () => {
  const database = await emptyDatabase();
  const folder = database === undefined ? await pgliteFolder() : "";
  const place: Record<string, string> =
    database === undefined ? { WAYMARK_DATA: folder } : { DATABASE_URL: database.url };
  const year = await liveYear({ seed: SEED, people: 36, settings: place });
  await (database?.drop() ?? rm(folder, { recursive: true, force: true }));
  expect(year.faults).toEqual([]);
  expect([year.lasted > 5, year.asked > 50, year.reached > 20]).toEqual([true, true, true]);
});
