// A few of the faults of `npm run faults`, small: real processes, servers of their own, and the run's own books.
import { afterAll, describe, expect, it } from "vitest";
import { f8 } from "../faults/database.ts";
import { runFault } from "../faults/run.ts";
import { lacking } from "../faults/servers.ts";
import { f16 } from "../faults/storms.ts";
import { killAll } from "./program.ts";

const MINUTES = 60_000;
const CASES = 40;

/** Where this is CI, a missing one is a failure of its own. */
const missing = lacking();
if (missing !== undefined && process.env["CI"] === "true") throw new Error(missing);
if (missing !== undefined) console.log(`left out: ${missing}`);

afterAll(killAll);

describe("with PostgreSQL and Redis", () => {
  it.skipIf(missing !== undefined).each([f8, f16])(
    "nothing is lost, misrouted or done twice by $id: $words",
    async (fault) => {
      const outcome = await runFault(fault, "servers", CASES);
      expect(outcome.faults).toEqual([]);
      expect(outcome).toMatchObject({ cases: CASES, accepted: CASES, lost: 0, misrouted: 0, duplicates: 0 });
    },
    4 * MINUTES,
  );
});
