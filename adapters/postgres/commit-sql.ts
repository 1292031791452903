// The statements of a commit: lock what it stands on, then write all of it at once. One JSON parameter each.

/** Locks in the order of ids, so that two groups never wait for each other in a circle. Referrals come before work. */
export const LOCK_REFERRALS = `
SELECT r.id, r.version, r.sequence, r.organisation, r.case_id, c.wrapped_key, c.ring_key
FROM waymark.referral r JOIN waymark.case_file c ON c.id = r.case_id
WHERE r.id = ANY ($1::uuid[])
ORDER BY r.id
FOR UPDATE OF r`;

export const LOCK_WORK = `
SELECT id, token FROM waymark.work WHERE id = ANY ($1::uuid[]) AND dead_at IS NULL ORDER BY id FOR UPDATE`;

export const WRITTEN_BEFORE = "SELECT id FROM waymark.event WHERE id = ANY ($1::uuid[])";

export const WRITE = `
WITH moved AS (
  UPDATE waymark.referral r
  SET status = row.status, version = r.version + 1, sequence = row.sequence, changed_at = $2::timestamptz
  FROM jsonb_to_recordset($1::jsonb -> 'referrals') AS row (id uuid, version integer, status text, sequence integer)
  WHERE r.id = row.id AND r.version = row.version
  RETURNING r.id
), happened AS (
  INSERT INTO waymark.event (referral, sequence, id, organisation, at, actor, type, body, sealed_note)
  SELECT referral, sequence, id, organisation, at, actor, body ->> 'type', body, decode(sealed_note, 'base64')
  FROM jsonb_to_recordset($1::jsonb -> 'events') AS row (referral uuid, sequence integer, id uuid, organisation text,
    at timestamptz, actor text, body jsonb, sealed_note text)
), accounted AS (
  INSERT INTO waymark.receipt (id, referral, case_id, organisation, provider, decided_at, input_hash, sealed_receipt)
  SELECT id, referral, case_id, organisation, provider, decided_at, input_hash, decode(sealed_receipt, 'base64')
  FROM jsonb_to_recordset($1::jsonb -> 'receipts') AS row (id uuid, referral uuid, case_id uuid, organisation text,
    provider text, decided_at timestamptz, input_hash text, sealed_receipt text)
), asked AS (
  -- What closes goes first: then the next offer of the same referral may open.
  INSERT INTO waymark.offer AS o (id, referral, case_id, organisation, programme, service, provider, status, test,
    made_at, changed_at)
  SELECT id, referral, case_id, organisation, programme, service, provider, status, test, made_at, changed_at
  FROM jsonb_to_recordset($1::jsonb -> 'offers') AS row (id uuid, referral uuid, case_id uuid, organisation text,
    programme text, service text, provider text, status text, test boolean, made_at timestamptz, changed_at timestamptz)
  ORDER BY status IN ('sent', 'acknowledged', 'accepted', 'started'), id
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, changed_at = excluded.changed_at
), told AS (
  INSERT INTO waymark.callback (id, referral, client, sequence, body, state, made_at, changed_at)
  SELECT id, referral, client, sequence, body, 'waiting', $2::timestamptz, $2::timestamptz
  FROM jsonb_to_recordset($1::jsonb -> 'callbacks') AS row (id uuid, referral uuid, client uuid, sequence integer,
    body jsonb)
), planned AS (
  INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at)
  SELECT id, kind, subject, referral, destination, due, $2::timestamptz
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
), finished AS (
  DELETE FROM waymark.work w
  USING jsonb_array_elements_text($1::jsonb -> 'done') AS done (id)
  WHERE w.id = done.id::uuid
  RETURNING w.*
), tried AS (
  INSERT INTO waymark.attempt (work, number, kind, subject, referral, at, result)
  SELECT id, attempt + 1, kind, subject, referral, $2::timestamptz, 'done' FROM finished
)
SELECT count(*) AS moved FROM moved`;
