// The statements of a commit: lock what it stands on, then write all of it at once. One JSON parameter each.
import { lives } from "./lease-sql.ts";

/** Locks in the order of ids, so that two groups never wait for each other in a circle. Referrals come before work. */
export const LOCK_REFERRALS = `
SELECT r.id, r.version, r.sequence, r.organisation, r.consent_digest, r.case_id, c.wrapped_key, c.ring_key
FROM waymark.referral r JOIN waymark.case_file c ON c.id = r.case_id
WHERE r.id = ANY ($1::uuid[])
ORDER BY r.id
FOR UPDATE OF r`;

/** $1 work that is to end, $2 offers that are written: their clocks go. */
export const LOCK_WORK = `
SELECT id, token FROM waymark.work
WHERE id = ANY ($1::uuid[]) AND ${lives("work")} OR kind = 'chase' AND subject = ANY ($2::uuid[])
ORDER BY id FOR UPDATE`;

export const WRITTEN_BEFORE = "SELECT id FROM waymark.event WHERE id = ANY ($1::uuid[])";

export const WRITE = `
WITH moved AS (
  UPDATE waymark.referral r
  SET status = row.status, version = r.version + 1, sequence = row.sequence, changed_at = $2::timestamptz,
    sealed_content = coalesce(decode(row.sealed_content, 'base64'), r.sealed_content),
    consent_digest = coalesce(row.consent_digest, r.consent_digest)
  FROM jsonb_to_recordset($1::jsonb -> 'referrals') AS row (id uuid, version integer, status text, sequence integer,
    sealed_content text, consent_digest text)
  WHERE r.id = row.id AND r.version = row.version
  RETURNING r.id
), branched AS (
  -- A further referral of the same case: it comes from the same client, through the same door, and answers there.
  INSERT INTO waymark.referral (id, case_id, client, organisation, door, reference, caller_reference, request_id,
    correlation_id, message_id, test, participation, status, version, sequence, received_at, changed_at, sealed_content,
    consent_digest)
  SELECT row.id, p.case_id, p.client, p.organisation, p.door, row.reference, p.caller_reference, p.request_id,
    p.correlation_id, p.message_id, p.test, row.participation, 'received', 1, 1, $2::timestamptz, $2::timestamptz,
    decode(row.sealed_content, 'base64'), row.consent_digest
  FROM jsonb_to_recordset($1::jsonb -> 'branches') AS row (id uuid, parent uuid, reference text, participation text,
    sealed_content text, consent_digest text)
  JOIN waymark.referral p ON p.id = row.parent
), happened AS (
  INSERT INTO waymark.event (referral, sequence, id, organisation, at, actor, type, body, sealed_note)
  SELECT referral, sequence, id, organisation, at, actor, body ->> 'type', body, decode(sealed_note, 'base64')
  FROM jsonb_to_recordset($1::jsonb -> 'events') AS row (referral uuid, sequence integer, id uuid, organisation text,
    at timestamptz, actor text, body jsonb, sealed_note text)
), told_more AS (
  INSERT INTO waymark.amendment (id, referral, organisation, client, key, body_digest, content_type, received_at,
    sealed_body)
  SELECT id, referral, organisation, client, key, body_digest, content_type, $2::timestamptz, decode(sealed_body, 'base64')
  FROM jsonb_to_recordset($1::jsonb -> 'amendments') AS row (id uuid, referral uuid, organisation text, client uuid,
    key text, body_digest text, content_type text, sealed_body text)
), accounted AS (
  INSERT INTO waymark.receipt (id, referral, case_id, organisation, provider, decided_at, input_hash, sealed_receipt,
    sealed_input, commissioners)
  SELECT id, referral, case_id, organisation, provider, decided_at, input_hash, decode(sealed_receipt, 'base64'),
    decode(sealed_input, 'base64'), commissioners
  FROM jsonb_to_recordset($1::jsonb -> 'receipts') AS row (id uuid, referral uuid, case_id uuid, organisation text,
    provider text, decided_at timestamptz, input_hash text, sealed_receipt text, sealed_input text, commissioners jsonb)
), asked AS (
  -- What closes goes first: then the next offer of the same referral may open.
  INSERT INTO waymark.offer AS o (id, referral, case_id, organisation, programme, contract, service, places, provider,
    status, on_hold_since, on_hold_until, assigned_to, progress, clocks_from, due_clock,
    due_at, test, made_at, changed_at)
  SELECT id, referral, case_id, organisation, programme, contract, service, places, provider, status, on_hold_since,
    on_hold_until, assigned_to, progress, clocks_from, due_clock, due_at, test, made_at, changed_at
  FROM jsonb_to_recordset($1::jsonb -> 'offers') AS row (id uuid, referral uuid, case_id uuid, organisation text,
    programme text, contract text, service text, places text[], provider text, status text,
    on_hold_since timestamptz, on_hold_until date, assigned_to text, progress jsonb, clocks_from timestamptz, due_clock text,
    due_at timestamptz, test boolean, made_at timestamptz, changed_at timestamptz)
  ORDER BY status IN ('sent', 'acknowledged', 'accepted', 'started'), id
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, on_hold_since = excluded.on_hold_since,
    on_hold_until = excluded.on_hold_until, assigned_to = excluded.assigned_to,
    progress = excluded.progress, due_clock = excluded.due_clock, due_at = excluded.due_at, changed_at = excluded.changed_at
), stopped AS (
  -- The clock that an offer had before: it runs on under a row of this commit, or not at all.
  DELETE FROM waymark.work w
  USING jsonb_to_recordset($1::jsonb -> 'offers') AS row (id uuid)
  CROSS JOIN LATERAL (SELECT c.id FROM waymark.work c WHERE c.kind = 'chase' AND c.subject = row.id OFFSET 0) clock
  WHERE w.id = clock.id
    AND NOT EXISTS (SELECT FROM jsonb_to_recordset($1::jsonb -> 'done') AS done (work uuid) WHERE done.work = w.id)
), recalled AS (
  INSERT INTO waymark.recall AS c (offer, referral, organisation, provider, service, test, asked_at, answer_by, told,
    told_at, answer, basis, kept_until, answered_at)
  SELECT offer, referral, organisation, provider, service, test, asked_at, answer_by, told, told_at, answer, basis,
    kept_until, answered_at
  FROM jsonb_to_recordset($1::jsonb -> 'recalls') AS row (offer uuid, referral uuid, organisation text, provider text,
    service text, test boolean, asked_at timestamptz, answer_by date, told integer, told_at timestamptz, answer text,
    basis text, kept_until date, answered_at timestamptz)
  ORDER BY offer
  ON CONFLICT (offer) DO UPDATE SET answer_by = excluded.answer_by, told = excluded.told, told_at = excluded.told_at,
    answer = excluded.answer, basis = excluded.basis, kept_until = excluded.kept_until,
    answered_at = excluded.answered_at
), reported AS (
  INSERT INTO waymark.outcome_report (id, referral, offer, organisation, provider, at, sealed_report)
  SELECT id, referral, offer, organisation, provider, at, decode(sealed_report, 'base64')
  FROM jsonb_to_recordset($1::jsonb -> 'reports') AS row (id uuid, referral uuid, offer uuid, organisation text,
    provider text, at timestamptz, sealed_report text)
), told AS (
  INSERT INTO waymark.callback (id, referral, client, sequence, body, state, made_at, changed_at)
  SELECT id, referral, client, sequence, body, 'waiting', $2::timestamptz, $2::timestamptz
  FROM jsonb_to_recordset($1::jsonb -> 'callbacks') AS row (id uuid, referral uuid, client uuid, sequence integer,
    body jsonb)
), planned AS (
  INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at)
  -- Not due before what it waits for: the work of the same referral to the same destination that lives.
  -- A clock waits for nothing but its time.
  SELECT id, kind, subject, referral, destination, CASE WHEN destination IN ('recalls', 'clocks', 'checkpoints') THEN due ELSE greatest(due, (
      SELECT max(e.due) FROM waymark.work e
      WHERE e.referral = row.referral AND e.destination || '' = row.destination AND ${lives("e")})) END,
    $2::timestamptz
  FROM jsonb_to_recordset($1::jsonb -> 'work') AS row (id uuid, kind text, subject uuid, referral uuid,
    destination text, due timestamptz)
), delta AS MATERIALIZED (
  SELECT programme, service, sum(taken)::integer AS taken, sum(drawn)::integer AS drawn
  FROM jsonb_to_recordset($1::jsonb -> 'places') AS row (programme text, service text, taken integer, drawn integer)
  GROUP BY programme, service
), placed AS (
  -- The row proposed must pass its own check even where one exists, so what is given back is read from delta.
  INSERT INTO waymark.place AS p (programme, service, taken, drawn)
  SELECT programme, service, greatest(0, taken), drawn FROM delta ORDER BY programme, service
  ON CONFLICT (programme, service) DO UPDATE SET
    taken = greatest(0, p.taken + (
      SELECT d.taken FROM delta d WHERE d.programme = excluded.programme AND d.service = excluded.service)),
    drawn = p.drawn + excluded.drawn
), found AS (
  INSERT INTO waymark.person_key (kind, digest, case_id)
  SELECT kind, digest, case_id
  FROM jsonb_to_recordset($1::jsonb -> 'people') AS row (kind text, digest text, case_id uuid)
  ORDER BY kind, digest, case_id
  ON CONFLICT DO NOTHING
), noted AS (
  -- What the journal off the host must know of consents; all else of it is written by the tables themselves.
  INSERT INTO waymark.journal_line (at, kind, body)
  SELECT $2::timestamptz, 'consent-no', body FROM jsonb_to_recordset($1::jsonb -> 'nos') AS row (body jsonb)
  WHERE (SELECT journal FROM waymark.identity)
), finished AS (
  DELETE FROM waymark.work w
  USING jsonb_to_recordset($1::jsonb -> 'done') AS done (work uuid, tried jsonb)
  WHERE w.id = done.work
  RETURNING w.*, done.tried
), tried AS (
  INSERT INTO waymark.attempt (work, number, kind, subject, referral, destination, at, result, cause, outcome, status,
    way, theirs)
  SELECT id, attempt + 1, kind, subject, referral, destination, $2::timestamptz, 'done', tried ->> 'cause',
    tried ->> 'outcome', (tried ->> 'status')::integer, tried ->> 'way', tried ->> 'theirs'
  FROM finished
)
SELECT count(*) AS moved FROM moved`;
