// The register of packs: each time that a version came into force, and each time that one ended. Lines are added and ended,
// never taken away.
import { type Activation, FOLDER } from "../../schemas/activation.ts";
import type { PackRegister } from "../../src/ports/rulebook.ts";
import type { Clock, Ids } from "../../src/ports/system.ts";
import { createAudit } from "./audit.ts";
import type { Engine, Query } from "./engine.ts";
import { json, maybe } from "./rows.ts";
import type { Vault } from "./vault.ts";

type Columns = {
  id: string;
  programme: string;
  version: number;
  digest: string;
  from_day: string;
  activated_at: Date;
  activated_by: string;
  until_day: string | null;
  ended_at: Date | null;
  ended_by: string | null;
};

const LINES = `
SELECT id, programme, version, digest, from_day::text, activated_at, activated_by, until_day::text, ended_at, ended_by
FROM waymark.pack_activation ORDER BY activated_at, id`;

const MARK = "SELECT count(*)::text || ' ' || count(ended_at)::text AS mark FROM waymark.pack_activation";

const BEGIN = `
INSERT INTO waymark.pack_activation (id, programme, version, digest, from_day, activated_at, activated_by)
SELECT id, programme, version, digest, "from", $2::timestamptz, $3
FROM jsonb_to_recordset($1::jsonb) AS row (id uuid, programme text, version integer, digest text, "from" date)`;

const END = `
UPDATE waymark.pack_activation a SET until_day = e.until, ended_at = $2::timestamptz, ended_by = $3
FROM jsonb_to_recordset($1::jsonb) AS e (id uuid, until date) WHERE a.id = e.id AND a.until_day IS NULL`;

const LOCK = 0x50_41_43_4b; // "PACK"

type Options = { engine: Engine; vault: Vault; clock: Clock; ids: Ids };

export const createPackRegister = ({ engine, vault, clock, ids }: Options): PackRegister => ({
  lines: () => engine.transaction("worker", linesIn),

  mark: async () => {
    const [row] = await engine.transaction("worker", (query) => query<{ mark: string }>(MARK));
    return row?.mark ?? "";
  },

  change: (by, judge) =>
    // commits: lines that begin, lines that end, and who said so
    engine.transaction("worker", async (query) => {
      await query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
      const { answer, change } = judge(await linesIn(query));
      const { begin, end } = change ?? { begin: [], end: [] };
      const now = clock.now();
      const audit = createAudit({ clock, ids, vault });
      if (end.length > 0) await query(END, [json(end), now, by]);
      if (begin.length > 0) await query(BEGIN, [json(begin.map((one) => ({ id: ids.uuid(), ...one }))), now, by]);
      // The register itself says what a folder brought; what is done by hand stands in the audit too.
      for (const { programme, version, digest, from } of by === FOLDER ? [] : begin)
        await audit(query, { by, verb: "packs.activate", subjects: [programme], codes: { version, from, digest } });
      return answer;
    }),
});

const linesIn = async (query: Query): Promise<Activation[]> => (await query<Columns>(LINES)).map(lineOf);

const lineOf = (row: Columns): Activation => ({
  id: row.id,
  programme: row.programme,
  version: row.version,
  digest: row.digest,
  from: row.from_day,
  activatedAt: row.activated_at,
  activatedBy: row.activated_by,
  until: maybe(row.until_day),
  endedAt: maybe(row.ended_at),
  endedBy: maybe(row.ended_by),
});
