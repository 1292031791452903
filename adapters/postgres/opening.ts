// How every transaction begins, on both engines: in one round trip, under the role, with its limits and its reader.
import { escapeLiteral } from "pg";
import type { Readership, Role } from "./engine.ts";

export type Limits = { lockMs: number; statementMs: number; idleMs: number };

export const opening = (role: Role, limits: Limits, { organisation, commissioner }: Readership = {}): string =>
  [
    role === "reader" || role === "reports" ? "BEGIN READ ONLY" : "BEGIN",
    `SET LOCAL lock_timeout = ${limits.lockMs}`,
    `SET LOCAL statement_timeout = ${limits.statementMs}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${limits.idleMs}`,
    // Row security opens for exactly one organisation, and closes with the transaction.
    ...(organisation === undefined
      ? []
      : [`SELECT set_config('waymark.organisation', ${literal(organisation)}, true)`]),
    ...(commissioner === undefined
      ? []
      : [`SELECT set_config('waymark.commissioner', ${literal(commissioner)}, true)`]),
    ...(role === "owner" ? [] : [`SET LOCAL ROLE waymark_${role}`]),
  ].join("; ");

const literal = (text: string): string => {
  if (text.includes("\0")) throw new Error("an organisation cannot contain NUL");
  return escapeLiteral(text);
};
