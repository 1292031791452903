// Decisions as they were made: each receipt with what was read for it, opened where the person's key still is.
import { CANARY_FROM } from "../../schemas/canary.ts";
import type { DecisionMade, DecisionsAsked } from "../../src/ports/desk.ts";
import { caseKeyOf, SEALED } from "./case-seal.ts";
import type { Query } from "./engine.ts";
import { type CaseKeyColumns, isUuid } from "./rows.ts";
import { SealBroken, type Vault } from "./vault.ts";

type Columns = CaseKeyColumns & {
  id: string;
  referral: string;
  reference: string;
  decided_at: Date;
  sealed_receipt: Uint8Array;
  sealed_input: Uint8Array | null;
};

const MADE = `
SELECT t.id, t.referral, r.reference, t.decided_at, t.case_id, t.sealed_receipt, t.sealed_input, c.wrapped_key, c.ring_key
FROM waymark.receipt t JOIN waymark.referral r ON r.id = t.referral JOIN waymark.case_file c ON c.id = t.case_id`;

/** Ids are in the order of time (UUIDv7), so that a page ends where the next begins, whatever is decided meanwhile. */
const ALL = `${MADE}
WHERE ($1::uuid IS NULL OR t.id > $1::uuid) AND ($2::timestamptz IS NULL OR t.decided_at >= $2::timestamptz)
  AND ($3::timestamptz IS NULL OR t.decided_at < $3::timestamptz) AND t.referral < '${CANARY_FROM}'
ORDER BY t.id LIMIT $4::integer`;

const OF_ONE = {
  id: `${MADE} WHERE t.referral = $1::uuid ORDER BY t.id`,
  reference: `${MADE} WHERE r.reference = $1::text ORDER BY t.id`,
};

export const readDecisions = async (query: Query, vault: Vault, asked: DecisionsAsked): Promise<DecisionMade[]> => {
  const rows =
    "referral" in asked
      ? await query<Columns>(OF_ONE[isUuid(asked.referral) ? "id" : "reference"], [asked.referral])
      : await query<Columns>(ALL, [asked.after ?? null, asked.since ?? null, asked.until ?? null, asked.limit]);
  return rows.map((row) => ({
    id: row.id,
    referral: row.referral,
    reference: row.reference,
    decidedAt: row.decided_at,
    ...opened(vault, row),
  }));
};

type Opened = Pick<DecisionMade, "state" | "receipt" | "input">;

const opened = (vault: Vault, row: Columns): Opened => {
  try {
    const key = caseKeyOf(vault, row);
    if (key === undefined) return { state: "erased" };
    const text = (where: string, sealed: Uint8Array): string => vault.unseal(key, where, sealed).toString("utf8");
    const receipt = text(SEALED.receipt(row.id), row.sealed_receipt);
    return row.sealed_input === null
      ? { state: "no-input", receipt }
      : { state: "open", receipt, input: text(SEALED.input(row.id), row.sealed_input) };
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    // Somebody wrote over what we sealed: a finding, not a fault of ours.
    return { state: error.code === "tampered" ? "altered" : "no-key" };
  }
};
