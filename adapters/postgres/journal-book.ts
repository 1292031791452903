// The store's book of what the journal off the host is to be told: rows written with what they tell of, gone once they stand there.
import type { JournalEntry, Quarantine, QuarantineWhy, StoreIdentity } from "../../schemas/journal.ts";
import type { JournalBook } from "../../src/ports/journal.ts";
import type { Clock, Ids } from "../../src/ports/system.ts";
import { createAudit } from "./audit.ts";
import type { Engine, Query } from "./engine.ts";
import type { Vault } from "./vault.ts";

/** Lines in one append. */
const PAGE = 200;
/** A writer that has said nothing for so long is dead. */
const WRITER_SECONDS = 20;

const BEGIN = `
UPDATE waymark.identity SET writer = $1, writer_until = $3 WHERE writer IS NULL OR writer_until <= $2
RETURNING store, epoch, head_number, head_mark, head_place, quarantined_since, quarantined_for`;
const ENTRIES = `SELECT id, at, kind, body FROM waymark.journal_line ORDER BY turn LIMIT ${PAGE}`;
const WROTE = `
UPDATE waymark.identity SET head_number = $2, head_mark = $3, head_place = $4 WHERE writer = $1 RETURNING store`;
const GIVE_UP = `
UPDATE waymark.identity SET journal = false, head_number = 0, head_mark = '', head_place = 0, writer = NULL
WHERE journal AND quarantined_since IS NULL RETURNING store`;
const NOTE = "INSERT INTO waymark.journal_line (at, kind, body) VALUES ($1, $2, $3::jsonb)";
const LAG = `
SELECT journal, (SELECT count(*)::integer FROM waymark.journal_line) AS waiting,
  (SELECT at FROM waymark.journal_line ORDER BY turn LIMIT 1) AS oldest
FROM waymark.identity`;

type Row = StoreIdentity & {
  head_number: number;
  head_mark: string;
  head_place: number;
  quarantined_since: Date | null;
  quarantined_for: QuarantineWhy | null;
};

/** Inside the caller's transaction: what is not to be lost with this store. */
export const noteIn = async (query: Query, at: Date, { kind, body }: Pick<JournalEntry, "kind" | "body">) => {
  await query(`${NOTE_IF_KEPT}`, [at, kind, JSON.stringify(body)]);
};
const NOTE_IF_KEPT = NOTE.replace(
  "VALUES ($1, $2, $3::jsonb)",
  "SELECT $1, $2, $3::jsonb FROM waymark.identity WHERE journal",
);

type Options = { engine: Engine; clock: Clock; ids: Ids; vault: Pick<Vault, "digest"> };

export const createJournalBook = ({ engine, clock, ids, vault }: Options): JournalBook => ({
  identity: async () => {
    const [row] = await engine.transaction("worker", (query) =>
      query<StoreIdentity>("SELECT store, epoch FROM waymark.identity"),
    );
    return row as StoreIdentity;
  },
  keep: async (alone) => {
    // commits: that a journal is kept, and no writer where there can be none
    await engine.transaction("worker", async (query) => {
      await query("UPDATE waymark.identity SET journal = true WHERE NOT journal");
      if (alone) await query("UPDATE waymark.identity SET writer = NULL");
    });
  },
  note: async (entry) => {
    // commits: one row for the journal
    await engine.transaction("worker", (query) => noteIn(query, clock.now(), entry));
  },
  begin: async () => {
    const now = clock.now();
    const token = ids.uuid();
    // commits: who writes now
    return engine.transaction("worker", async (query) => {
      const until = new Date(now.getTime() + WRITER_SECONDS * 1_000);
      const [row] = await query<Row>(BEGIN, [token, now, until]);
      if (row === undefined) return undefined;
      const rows = await query<Omit<JournalEntry, "at"> & { at: Date }>(ENTRIES);
      return {
        token,
        identity: { store: row.store, epoch: row.epoch },
        head: { number: row.head_number, mark: row.head_mark, place: row.head_place },
        ...quarantineOf(row),
        entries: rows.map((one) => ({ ...one, at: one.at.toISOString() }) as JournalEntry),
      };
    });
  },
  waiting: async (asked) => {
    if (asked.length === 0) return new Set();
    const rows = await engine.transaction("worker", (query) =>
      query<{ id: string }>("SELECT id FROM waymark.journal_line WHERE id = ANY ($1::uuid[])", [asked]),
    );
    return new Set(rows.map(({ id }) => id));
  },
  wrote: (token, written, { number, mark, place }) =>
    // commits: where the journal ends, and no more of what stands there; neither where the token was lost
    engine.transaction("worker", async (query) => {
      const held = await query(WROTE, [token, number, mark, place]);
      if (held.length === 0) return false;
      await query("DELETE FROM waymark.journal_line WHERE id = ANY ($1::uuid[])", [written]);
      return true;
    }),
  end: async (token) => {
    // commits: nobody writes
    await engine.transaction("worker", (query) =>
      query("UPDATE waymark.identity SET writer = NULL WHERE writer = $1", [token]),
    );
  },
  lag: async () => {
    const [row] = await engine.transaction("worker", lagIn);
    return { kept: row?.journal === true, waiting: row?.waiting ?? 0, ...(row?.oldest && { oldest: row.oldest }) };
  },
  giveUp: ({ by, reason }) =>
    // commits: no journal, none of its lines, and who gave it up
    engine.transaction("worker", async (query) => {
      const given = await query(GIVE_UP);
      if (given.length === 0) {
        const [row] = await query<{ journal: boolean }>("SELECT journal FROM waymark.identity");
        return row?.journal === true ? "quarantined" : "none";
      }
      await query("DELETE FROM waymark.journal_line");
      await createAudit({ clock, ids, vault })(query, { by, verb: "journal.give-up", subjects: [], codes: { reason } });
      return "given-up";
    }),
});

export const lagIn = (query: Query) => query<{ journal: boolean; waiting: number; oldest: Date | null }>(LAG);

export const quarantineOf = (
  row: Pick<Row, "quarantined_since" | "quarantined_for"> | undefined,
): { quarantine?: Quarantine } => {
  const { quarantined_since: since, quarantined_for: why } = row ?? {};
  return since == null || why == null ? {} : { quarantine: { since, why } };
};
