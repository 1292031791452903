// The statements of the MESH mailbox's book.

export const NOTE = `
INSERT INTO waymark.mesh_dispatch (key, round, state, mailbox, message_id, code, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (key) DO UPDATE SET round = excluded.round, state = excluded.state, mailbox = excluded.mailbox,
  message_id = excluded.message_id, code = excluded.code, changed_at = excluded.changed_at`;

export const KEEP = `
INSERT INTO waymark.mesh_parcel (message_id, kind, mailbox, workflow, local_id, linked, code, fault, received_at, sealed_body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (message_id) DO NOTHING
RETURNING message_id`;

/** $6: whether its sender is told. What was understood is not kept: it stands in the case. */
export const END = `
UPDATE waymark.mesh_parcel SET outcome = $2, offer = $3, client = $4, reasons = $5::text[],
  reply = CASE WHEN $6::boolean THEN 'due' END,
  sealed_body = CASE WHEN $2 IN ('changed', 'repeated') THEN NULL ELSE sealed_body END
WHERE message_id = $1 AND outcome IS NULL`;

export const REPLIED = `
UPDATE waymark.mesh_parcel SET reply = CASE WHEN $2::text IS NULL THEN 'sent' ELSE 'failed' END, reply_cause = $2
WHERE message_id = $1 AND reply = 'due'`;

/** $1 offer, $2 id of the work, $3 now, $4 cause. Only an offer that nobody answered and that is not under way again. */
export const RETURNED = `
WITH asked AS (
  SELECT o.id, o.referral, o.provider FROM waymark.offer o WHERE o.id = $1 AND o.status = 'sent' AND NOT EXISTS (
    SELECT FROM waymark.work w WHERE w.referral = o.referral AND w.subject = o.id AND w.kind = 'deliver' AND w.dead_at IS NULL)
), task AS (
  INSERT INTO waymark.work (id, kind, subject, referral, destination, due, first_due, attempt, dead_at, cause, made_at)
  SELECT $2::uuid, 'deliver', id, referral, 'provider:' || provider, $3::timestamptz, $3, 1, $3, $4::text, $3 FROM asked
), tried AS (
  INSERT INTO waymark.attempt (work, number, kind, subject, referral, destination, at, result, cause, outcome, way)
  SELECT $2::uuid, 1, 'deliver', id, referral, 'provider:' || provider, $3::timestamptz, 'dead', $4::text, 'refused', 'mesh'
  FROM asked
)
SELECT id FROM asked`;

/** $1: bodies older than this go. $2: rows older than this go. */
export const PRUNE = [
  "UPDATE waymark.mesh_parcel SET sealed_body = NULL WHERE received_at < $1 AND sealed_body IS NOT NULL",
  "DELETE FROM waymark.mesh_parcel WHERE received_at < $1",
  "DELETE FROM waymark.mesh_dispatch WHERE changed_at < $1",
] as const;
