// How every transaction begins, on both engines: in one round trip, under the role, with its limits and its reader.
import { escapeLiteral } from "pg";
import type { Manner, Role } from "./engine.ts";

export type Limits = { lockMs: number; statementMs: number; idleMs: number };

export const opening = (role: Role, limits: Limits, { organisation, commissioner, byKey }: Manner = {}): string =>
  [
    role === "reader" || role === "reports" ? "BEGIN READ ONLY" : "BEGIN",
    `SET LOCAL lock_timeout = ${limits.lockMs}`,
    `SET LOCAL statement_timeout = ${limits.statementMs}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${limits.idleMs}`,
    ...(byKey === true ? BY_KEY : []),
    // Row security opens for exactly one organisation, and closes with the transaction.
    ...(organisation === undefined
      ? []
      : [`SELECT set_config('waymark.organisation', ${literal(organisation)}, true)`]),
    ...(commissioner === undefined
      ? []
      : [`SELECT set_config('waymark.commissioner', ${literal(commissioner)}, true)`]),
    ...(role === "owner" ? [] : [`SET LOCAL ROLE waymark_${role}`]),
  ].join("; ");

/**
 * What is left is to look up one row after the other, whatever the values are. What cannot be avoided then looks so dear that PostgreSQL
 * would compile it first.
 */
const BY_KEY = [
  ...["enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit"].map((way) => `SET LOCAL ${way} = off`),
  "SET LOCAL plan_cache_mode = force_generic_plan",
];

const literal = (text: string): string => {
  if (text.includes("\0")) throw new Error("an organisation cannot contain NUL");
  return escapeLiteral(text);
};
