// The work table's statements: lease what is due, exchange a token, settle an attempt. Every one fenced by the token.

/** One lease at a time in all processes: the count of live leases must be true while new ones are given. */
export const ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(1463898444)";

/**
 * $1 now, $2 lease until, $3 limit, $4 places, $5 wide destinations, $6 tokens.
 * Walks from one destination to the next along `work_line` and takes the first few of each, so neither a long line before
 * one destination nor many rows that are not due cost anything. A wide destination takes more than half only when there is room.
 */
export const LEASE = `
WITH RECURSIVE step AS (
  (SELECT destination FROM waymark.work WHERE dead_at IS NULL ORDER BY destination LIMIT 1)
  UNION ALL
  SELECT (SELECT w.destination FROM waymark.work w
          WHERE w.dead_at IS NULL AND w.destination > step.destination ORDER BY w.destination LIMIT 1)
  FROM step WHERE step.destination IS NOT NULL
), line AS (
  SELECT destination, destination = ANY ($5::text[]) AS wide,
    (SELECT count(*) FROM waymark.work l
     WHERE l.destination = step.destination AND l.dead_at IS NULL AND l.lease_until > $1::timestamptz) AS leased
  FROM step WHERE destination IS NOT NULL
), candidate AS (
  SELECT first.id, first.due, line.wide AND first.place > $3::integer / 2 AS later
  FROM line CROSS JOIN LATERAL (
    SELECT w.id, w.due, row_number() OVER (ORDER BY w.due, w.id) AS place
    FROM waymark.work w
    WHERE w.destination = line.destination AND w.dead_at IS NULL AND w.due <= $1::timestamptz
      AND (w.lease_until IS NULL OR w.lease_until <= $1::timestamptz)
    ORDER BY w.due, w.id
    LIMIT CASE WHEN line.wide THEN $3::integer ELSE greatest(0, $4::integer - line.leased) END
  ) first
), chosen AS MATERIALIZED (
  SELECT id FROM candidate ORDER BY later, due, id LIMIT $3::integer
), held AS MATERIALIZED (
  SELECT w.id FROM waymark.work w JOIN chosen USING (id)
  WHERE w.dead_at IS NULL AND w.due <= $1::timestamptz AND (w.lease_until IS NULL OR w.lease_until <= $1::timestamptz)
  ORDER BY w.id FOR UPDATE OF w SKIP LOCKED
), numbered AS (
  SELECT id, row_number() OVER () AS place FROM held
)
UPDATE waymark.work w SET token = fresh.token, lease_until = $2::timestamptz
FROM numbered JOIN unnest($6::uuid[]) WITH ORDINALITY AS fresh (token, place) USING (place)
WHERE w.id = numbered.id
RETURNING w.id, w.token, w.due`;

/** $1 claims, $2 lease until. A token that was exchanged before matches nothing any more. */
export const CLAIM = `
WITH asked AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS row (work uuid, token uuid, fresh uuid)
), held AS MATERIALIZED (
  SELECT w.id, asked.fresh FROM waymark.work w JOIN asked ON asked.work = w.id AND asked.token = w.token
  WHERE w.dead_at IS NULL ORDER BY w.id FOR UPDATE OF w
)
UPDATE waymark.work w SET token = held.fresh, lease_until = greatest(w.lease_until, $2::timestamptz)
FROM held WHERE w.id = held.id
RETURNING w.id, w.kind, w.subject, w.referral, w.destination, w.due, w.attempt, w.token, w.lease_until`;

/** $1 settlements, $2 now. */
export const SETTLE = `
WITH asked AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS row (work uuid, token uuid, result text, attempted boolean,
    due timestamptz, cause text, callback text)
), held AS MATERIALIZED (
  SELECT w.id, w.kind, w.subject, w.referral, w.attempt, asked.result, asked.attempted, asked.due, asked.cause,
    CASE WHEN asked.result = 'dead' AND w.kind = 'notify' THEN 'dead' ELSE asked.callback END AS callback
  FROM waymark.work w JOIN asked ON asked.work = w.id AND asked.token = w.token
  WHERE w.dead_at IS NULL ORDER BY w.id FOR UPDATE OF w
), done AS (
  DELETE FROM waymark.work w USING held WHERE w.id = held.id AND held.result = 'done'
), again AS (
  UPDATE waymark.work w SET due = held.due, attempt = held.attempt + held.attempted::integer, cause = held.cause,
    token = NULL, lease_until = NULL
  FROM held WHERE w.id = held.id AND held.result = 'again'
), dead AS (
  UPDATE waymark.work w SET dead_at = $2::timestamptz, attempt = held.attempt + 1, cause = held.cause,
    token = NULL, lease_until = NULL
  FROM held WHERE w.id = held.id AND held.result = 'dead'
), tried AS (
  INSERT INTO waymark.attempt (work, number, kind, subject, referral, at, result, cause)
  SELECT id, attempt + 1, kind, subject, referral, $2::timestamptz, result, cause FROM held WHERE attempted
), told AS (
  UPDATE waymark.callback c SET state = held.callback, changed_at = $2::timestamptz
  FROM held WHERE c.id = held.subject AND held.callback IS NOT NULL
)
SELECT id FROM held`;

/** No attempt is on record: nobody knows whether there was one. */
export const RELEASE_ALL = `
UPDATE waymark.work SET token = NULL, lease_until = NULL
WHERE lease_until IS NOT NULL AND dead_at IS NULL
RETURNING id`;

export const BACKLOG = `
SELECT
  count(*) FILTER (WHERE dead_at IS NULL AND due <= $1::timestamptz AND free) AS due,
  count(*) FILTER (WHERE dead_at IS NULL AND due > $1::timestamptz) AS waiting,
  count(*) FILTER (WHERE dead_at IS NOT NULL) AS dead,
  min(due) FILTER (WHERE dead_at IS NULL AND due <= $1::timestamptz AND free) AS oldest
FROM (SELECT due, dead_at, lease_until IS NULL OR lease_until <= $1::timestamptz AS free FROM waymark.work) work`;
