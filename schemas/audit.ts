// One row of the audit: who did what by hand, numbered and marked with a key over itself and the mark before it.
export type AuditRow = {
  /** Counts from 1 without a gap. */
  number: number;
  id: string;
  at: Date;
  actor: string;
  verb: string;
  subjects: readonly string[];
  codes: unknown;
  mark: string;
};
