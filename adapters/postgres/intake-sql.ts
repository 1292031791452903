// What intake writes and looks up. One statement for a whole group: one JSON parameter, and one with all that is sealed.

/** Sorted by key: two groups that hold the same keys must meet them in the same order, or they deadlock. */
export const TAKE = `
WITH incoming AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS row (
    id uuid, client uuid, organisation text, door text, key text, body_digest text, content_type text,
    body_at integer, body_size integer,
    request_id text, correlation_id text, message_id text, caller_reference text,
    case_id uuid, key_at integer, key_size integer, ring_key text, referral uuid, reference text,
    content_at integer, content_size integer, consent_digest text, monitoring_at integer, monitoring_size integer,
    received_at timestamptz, test boolean, participation text,
    event_id uuid, event_sequence integer, event_at timestamptz, actor text, event jsonb,
    work_id uuid, work_kind text, work_subject uuid, destination text, due timestamptz)
), submitted AS (
  INSERT INTO waymark.submission (id, organisation, door, key, body_digest, client, referral, reference, case_id,
    content_type, received_at, sealed_body)
  SELECT id, organisation, door, key, body_digest, client, referral, reference, case_id,
    content_type, received_at, substring($2::bytea FROM body_at FOR body_size)
  FROM incoming ORDER BY organisation, door, key
  ON CONFLICT (organisation, door, key) DO NOTHING
  RETURNING id
), taken AS MATERIALIZED (
  SELECT incoming.* FROM incoming JOIN submitted USING (id)
), opened AS (
  INSERT INTO waymark.case_file (id, organisation, wrapped_key, ring_key, opened_at)
  SELECT case_id, organisation, substring($2::bytea FROM key_at FOR key_size), ring_key, received_at FROM taken
), referred AS (
  INSERT INTO waymark.referral (id, case_id, client, organisation, door, reference, caller_reference, request_id,
    correlation_id, message_id, test, participation, status, version, sequence, received_at, changed_at, sealed_content,
    consent_digest)
  SELECT referral, case_id, client, organisation, door, reference, caller_reference, request_id,
    correlation_id, message_id, test, participation, 'received', 1, event_sequence, received_at, received_at,
    substring($2::bytea FROM content_at FOR content_size), consent_digest
  FROM taken
), happened AS (
  INSERT INTO waymark.event (referral, sequence, id, organisation, at, actor, type, body)
  SELECT referral, event_sequence, event_id, organisation, event_at, actor, event ->> 'type', event FROM taken
), monitored AS (
  INSERT INTO waymark.monitoring (id, case_id, referral, organisation, test, given_at, sealed_answers)
  SELECT id, case_id, referral, organisation, test, received_at, substring($2::bytea FROM monitoring_at FOR monitoring_size)
  FROM taken WHERE monitoring_at IS NOT NULL
), planned AS (
  INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at)
  SELECT work_id, work_kind, work_subject, referral, destination, due, received_at FROM taken
)
SELECT id FROM submitted`;

export const LOOK_UP = `
SELECT asked.place, s.id, s.body_digest, s.referral, s.reference, s.received_at
FROM jsonb_to_recordset($1::jsonb) AS asked (place integer, organisation text, door text, key text)
JOIN waymark.submission s
  ON s.organisation = asked.organisation AND s.door = asked.door AND s.key = asked.key`;
