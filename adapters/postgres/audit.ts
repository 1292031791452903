// The audit: who did what by hand, to what, and when. Written in the transaction of the deed, chained to the row before, and
// never changed.
import type { AuditRow } from "../../schemas/audit.ts";
import { FIRST, markOfRow } from "../../src/core/audit-chain.ts";
import type { Clock, Ids } from "../../src/ports/system.ts";
import type { Query } from "./engine.ts";
import type { Vault } from "./vault.ts";

/** `subjects`: ids and destinations. `codes`: everything else that was asked, in codes; nothing about a person. */
export type Deed = { by: string; verb: string; subjects: readonly string[]; codes?: object };

/** One row after the other in all processes; held until the commit. */
const ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(1463898445)";
const LAST = "SELECT number, mark FROM waymark.audit WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1";
const WRITE = `
INSERT INTO waymark.audit (id, at, actor, verb, subjects, codes, number, mark)
VALUES ($1, $2, $3, $4, $5::text[], $6::jsonb, $7, $8)`;

type Noted = Deed & { id: string; at: Date };

/** In the transaction of the deed, whoever writes that. */
export const noteDeed = async (
  query: Query,
  vault: Pick<Vault, "digest">,
  { id, at, by, verb, subjects, codes = {} }: Noted,
): Promise<void> => {
  await query(ONE_AT_A_TIME);
  const [last] = await query<{ number: number; mark: string }>(LAST);
  // As the column gives it back.
  const kept: unknown = JSON.parse(JSON.stringify(codes));
  const number = (last?.number ?? 0) + 1;
  const row: AuditRow = { number, id, at, actor: by, verb, subjects, codes: kept, mark: "" };
  const mark = markOfRow(row, last?.mark ?? FIRST, (text) => vault.digest("audit", text));
  await query(WRITE, [row.id, row.at, by, verb, subjects, JSON.stringify(kept), number, mark]);
};

export type Audit = (query: Query, deed: Deed) => Promise<void>;
type Options = { clock: Clock; ids: Ids; vault: Pick<Vault, "digest"> };

export const createAudit =
  ({ clock, ids, vault }: Options): Audit =>
  (query, deed) =>
    noteDeed(query, vault, { id: ids.uuid(), at: clock.now(), ...deed });
