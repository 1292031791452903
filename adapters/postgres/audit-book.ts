// The audit's chain as it stands in the table, for whoever checks it.
import type { AuditRow } from "../../schemas/audit.ts";
import type { AuditBook } from "../../src/ports/audit.ts";
import type { Engine } from "./engine.ts";

const ROWS = `
SELECT number, id, at, actor, verb, subjects, codes, mark FROM waymark.audit
WHERE number > $1 ORDER BY number LIMIT $2`;
const BESIDE = `
WITH first AS (SELECT min(at) AS at FROM waymark.audit WHERE number = 1)
SELECT count(*) FILTER (WHERE first.at IS NULL OR a.at < first.at)::integer AS before,
  count(*) FILTER (WHERE a.at >= first.at)::integer AS since
FROM waymark.audit a, first WHERE a.number IS NULL`;

export const createAuditBook = ({ engine }: { engine: Engine }): AuditBook => ({
  rows: (after, limit) => engine.transaction("worker", (query) => query<AuditRow>(ROWS, [after, limit])),
  beside: async () => {
    const [row] = await engine.transaction("worker", (query) => query<{ before: number; since: number }>(BESIDE));
    return row ?? { before: 0, since: 0 };
  },
});
