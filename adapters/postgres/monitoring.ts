// Answers for equality monitoring. The worker's role adds them and cannot read them; the role for reports reads and adds nothing.
import type { Monitoring } from "../../schemas/monitoring.ts";
import { canonical } from "../../src/core/canonical.ts";
import type { MonitoringBook } from "../../src/ports/monitoring.ts";
import type { Clock } from "../../src/ports/system.ts";
import { caseKeyOf, SEALED } from "./case-seal.ts";
import type { Engine } from "./engine.ts";
import type { CaseKeyColumns } from "./rows.ts";
import type { Vault } from "./vault.ts";

type Standing = CaseKeyColumns & { organisation: string; test: boolean };
type Row = CaseKeyColumns & { id: string; sealed_answers: Uint8Array };

const STANDS_ON = `
SELECT r.case_id, r.organisation, r.test, c.wrapped_key, c.ring_key
FROM waymark.referral r JOIN waymark.case_file c ON c.id = r.case_id WHERE r.id = $1::uuid`;
const ADD = `
INSERT INTO waymark.monitoring (id, case_id, referral, organisation, test, given_at, sealed_answers)
VALUES ($1, $2, $3, $4, $5, $6, $7)`;
/** $1 whether of test clients, $2 the last case of the page before, $3 limit. Who said more later is counted once. */
const PAGE = `
SELECT DISTINCT ON (m.case_id) m.id, m.case_id, m.sealed_answers, c.wrapped_key, c.ring_key
FROM waymark.monitoring m JOIN waymark.case_file c ON c.id = m.case_id
WHERE m.test = $1 AND ($2::uuid IS NULL OR m.case_id > $2::uuid) AND c.wrapped_key IS NOT NULL
ORDER BY m.case_id, m.given_at DESC, m.id DESC LIMIT $3::integer`;

type Options = { engine: Engine; vault: Vault; clock: Clock };

export const createMonitoring = ({ engine, vault, clock }: Options): MonitoringBook => ({
  keep: ({ id, referral, answers }) =>
    engine.transaction("worker", async (query) => {
      const [row] = await query<Standing>(STANDS_ON, [referral]);
      const key = row && caseKeyOf(vault, row);
      if (row === undefined || key === undefined) return false;
      const sealed = vault.seal(key, SEALED.monitoring(id), Buffer.from(canonical(answers), "utf8"));
      // commits: what was answered, and nothing else
      await query(ADD, [id, row.case_id, referral, row.organisation, row.test, clock.now(), sealed]);
      return true;
    }),

  page: async ({ after, limit, test }) => {
    const rows = await engine.transaction("reports", (query) => query<Row>(PAGE, [test, after ?? null, limit]));
    return rows.flatMap((row) => {
      const key = caseKeyOf(vault, row);
      if (key === undefined) return [];
      const text = Buffer.from(vault.unseal(key, SEALED.monitoring(row.id), row.sealed_answers)).toString("utf8");
      return [{ case: row.case_id, answers: JSON.parse(text) as Monitoring }];
    });
  },
});
