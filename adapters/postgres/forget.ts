// Erasure: without its key nothing sealed in a case can ever be read again. Codes, ids and times stay for the count.
import type { Query } from "./engine.ts";

/** The version moves, so that a change made from content read before can no longer be committed. */
const MOVE_ON = `
UPDATE waymark.referral SET version = version + 1, changed_at = $2
WHERE id IN (SELECT id FROM waymark.referral WHERE case_id = $1 ORDER BY id FOR UPDATE)`;

const DESTROY = `
UPDATE waymark.case_file SET wrapped_key = NULL, erased_at = coalesce(erased_at, $2) WHERE id = $1`;

/** A message about one of its offers that nobody could read, and that may name the person. */
const UNREAD = `
UPDATE waymark.mesh_parcel SET sealed_body = NULL
WHERE sealed_body IS NOT NULL AND offer IN (SELECT id FROM waymark.offer WHERE case_id = $1)`;

export const forgetIn = async (query: Query, now: Date, caseId: string): Promise<void> => {
  await query(MOVE_ON, [caseId, now]);
  await query(DESTROY, [caseId, now]);
  await query(UNREAD, [caseId]);
  await query("DELETE FROM waymark.person_key WHERE case_id = $1", [caseId]);
};
