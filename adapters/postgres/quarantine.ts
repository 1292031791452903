// Whether anything may leave this store: one row that every process reads before it sends.
import type { Quarantine } from "../../schemas/journal.ts";
import type { QuarantineDesk } from "../../src/ports/journal.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Engine } from "./engine.ts";
import { quarantineOf } from "./journal-book.ts";

/** So long another process may go on after it began. */
const READ_AGAIN_MS = 1_000;

const READ = "SELECT quarantined_since, quarantined_for FROM waymark.identity";
const BEGIN = `
UPDATE waymark.identity SET quarantined_since = $1, quarantined_for = $2 WHERE quarantined_since IS NULL`;

export const createQuarantine = ({ engine, clock }: { engine: Engine; clock: Clock }): QuarantineDesk => {
  let known: { until: number; quarantine: Quarantine | undefined } | undefined;
  const read = async (): Promise<Quarantine | undefined> => {
    const until = clock.now().getTime() + READ_AGAIN_MS;
    const [row] = await engine.transaction("worker", (query) =>
      query<Parameters<typeof quarantineOf>[0] & object>(READ),
    );
    const { quarantine } = quarantineOf(row);
    known = { until, quarantine };
    return quarantine;
  };
  return {
    read,
    inForce: async () => (known !== undefined && clock.now().getTime() < known.until ? known.quarantine : read()),
    begin: async (why) => {
      // commits: the quarantine, where there was none
      await engine.transaction("worker", (query) => query(BEGIN, [clock.now(), why]));
      known = undefined;
    },
  };
};
