// Whether anything may leave this store: one row that every process reads before it sends.
import type { QuarantineDesk } from "../../src/ports/journal.ts";
import type { Clock } from "../../src/ports/system.ts";
import { createMemo } from "../http/memo.ts";
import type { Engine } from "./engine.ts";
import { quarantineOf } from "./journal-book.ts";

/** So long another process may go on after it began. */
const READ_AGAIN_MS = 1_000;

const READ = "SELECT quarantined_since, quarantined_for FROM waymark.identity";
const BEGIN = `
UPDATE waymark.identity SET quarantined_since = $1, quarantined_for = $2 WHERE quarantined_since IS NULL`;

export const createQuarantine = ({ engine, clock }: { engine: Engine; clock: Clock }): QuarantineDesk => {
  type Found = ReturnType<typeof quarantineOf>;
  const ask = async (): Promise<Found> => {
    const [row] = await engine.single<Parameters<typeof quarantineOf>[0] & object>(READ, [], "quarantine");
    return quarantineOf(row);
  };
  // Before every step it is asked: when the answer is old, one of them reads for all.
  const remembered = createMemo<Found>(clock, READ_AGAIN_MS);
  let reads = 0;
  return {
    read: async () => {
      const { quarantine } = await ask();
      reads += 1;
      return quarantine;
    },
    inForce: async () => (await remembered(String(reads), ask)).quarantine,
    begin: async (why) => {
      // commits: the quarantine, where there was none
      await engine.transaction("worker", (query) => query(BEGIN, [clock.now(), why]));
      reads += 1;
    },
  };
};
