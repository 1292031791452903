// How every transaction begins, on both engines: in one round trip, under the role, with its limits and its reader.
import { escapeLiteral } from "pg";
import type { Manner, Role } from "./engine.ts";

export type Limits = { lockMs: number; statementMs: number; idleMs: number };

/** A session in which every statement is a transaction by itself, and finds its rows by key. */
export const singly = (role: Role, limits: Limits): string => settings("SET", role, limits, true).join("; ");

export const opening = (role: Role, limits: Limits, { organisation, commissioner, byKey }: Manner = {}): string =>
  [
    role === "reader" || role === "reports" ? "BEGIN READ ONLY" : "BEGIN",
    // Row security opens for exactly one organisation, and closes with the transaction.
    ...(organisation === undefined
      ? []
      : [`SELECT set_config('waymark.organisation', ${literal(organisation)}, true)`]),
    ...(commissioner === undefined
      ? []
      : [`SELECT set_config('waymark.commissioner', ${literal(commissioner)}, true)`]),
    ...settings("SET LOCAL", role, limits, byKey === true),
  ].join("; ");

const settings = (set: "SET" | "SET LOCAL", role: Role, limits: Limits, byKey: boolean): string[] => [
  `${set} lock_timeout = ${limits.lockMs}`,
  `${set} statement_timeout = ${limits.statementMs}`,
  `${set} idle_in_transaction_session_timeout = ${limits.idleMs}`,
  ...(byKey ? BY_KEY.map((setting) => `${set} ${setting}`) : []),
  ...(role === "owner" ? [] : [`${set} ROLE waymark_${role}`]),
];

/**
 * What is left is to look up one row after the other, whatever the values are. What cannot be avoided then looks so dear that PostgreSQL
 * would compile it first.
 */
const BY_KEY = [
  ...["enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit"].map((way) => `${way} = off`),
  "plan_cache_mode = force_generic_plan",
];

const literal = (text: string): string => {
  if (text.includes("\0")) throw new Error("an organisation cannot contain NUL");
  return escapeLiteral(text);
};
