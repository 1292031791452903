// The audit's chain, read row by row.
import type { AuditRow } from "../../schemas/audit.ts";

export type AuditBook = {
  /** Rows of the chain behind this number, in order. */
  rows(after: number, limit: number): Promise<AuditRow[]>;
  /** Rows beside the chain: those from before there was one, and those that somebody put there since. */
  beside(): Promise<{ before: number; since: number }>;
};
