// The work table's statements for who holds a lease: exchange its token, renew it, settle an attempt. Every one fenced by the token.
import { CANARY_FROM } from "../../schemas/canary.ts";
import { lives } from "./lease-sql.ts";

/** Of row `w`, that `asked` names it and it lives: found by its key, and never in order of all keys for the sake of the order. */
const named = `w.id = ANY (ARRAY(SELECT work FROM asked)) AND ${lives("w")}`;

/** $1 claims, $2 lease until. A token that was exchanged before matches nothing any more. */
export const CLAIM = `
WITH asked AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS row (work uuid, token uuid, fresh uuid)
), held AS MATERIALIZED (
  SELECT w.id, asked.fresh FROM waymark.work w JOIN asked ON asked.work = w.id AND asked.token = w.token
  WHERE ${named} ORDER BY w.id FOR UPDATE OF w
)
UPDATE waymark.work w SET token = held.fresh, lease_until = $2::timestamptz, claimed = true
FROM held WHERE w.id = held.id
RETURNING w.id, w.kind, w.subject, w.referral, w.destination, w.due, w.attempt, w.token, w.lease_until,
  coalesce(w.first_due, w.due) AS first_due, w.made_at, w.intent_way, w.intent_at`;

/** $1 work and tokens, $2 lease until, $3 the leases that run out before this are renewed. */
export const RENEW = `
UPDATE waymark.work w SET lease_until = $2::timestamptz
FROM jsonb_to_recordset($1::jsonb) AS row (id uuid, token uuid)
WHERE w.id = row.id AND w.token = row.token AND w.lease_until < $3::timestamptz`;

/** $1 work, $2 token, $3 way, $4 now. */
export const INTEND = `
UPDATE waymark.work SET intent_way = $3, intent_at = $4::timestamptz
WHERE id = $1::uuid AND token = $2::uuid AND dead_at IS NULL
RETURNING id`;

/** $1 settlements, $2 now. */
export const SETTLE = `
WITH asked AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS row (work uuid, token uuid, result text, attempted boolean,
    due timestamptz, afresh boolean, cause text, callback text, silences uuid, tried jsonb)
), held AS MATERIALIZED (
  SELECT w.id, w.kind, w.subject, w.referral, w.destination, w.turn, w.attempt, w.due AS was_due, asked.result, asked.attempted,
    asked.due, asked.afresh, asked.cause, asked.silences, asked.tried,
    CASE WHEN asked.result = 'dead' AND w.kind = 'notify' THEN 'dead' ELSE asked.callback END AS callback
  FROM waymark.work w JOIN asked ON asked.work = w.id AND asked.token = w.token
  WHERE ${named} ORDER BY w.id FOR UPDATE OF w
), done AS (
  DELETE FROM waymark.work w USING held WHERE w.id = held.id AND held.result = 'done'
), again AS (
  -- Where nobody says what became of a send, its intent stays open.
  UPDATE waymark.work w SET due = held.due, cause = held.cause,
    attempt = CASE WHEN held.afresh THEN 0 ELSE held.attempt + held.attempted::integer END,
    first_due = CASE WHEN held.afresh THEN NULL ELSE coalesce(w.first_due, held.was_due) END,
    token = NULL, lease_until = NULL, claimed = false,
    lapses = CASE WHEN held.attempted OR held.afresh THEN 0 ELSE w.lapses END,
    intent_way = CASE WHEN coalesce(held.tried ->> 'outcome', 'broke') = 'broke' THEN w.intent_way END,
    intent_at = CASE WHEN coalesce(held.tried ->> 'outcome', 'broke') = 'broke' THEN w.intent_at END
  FROM held WHERE w.id = held.id AND held.result = 'again'
), behind AS (
  -- What waits its turn behind it is not due before it is, so that a lease need not step over it again and again.
  UPDATE waymark.work w SET due = held.due
  FROM held WHERE held.result = 'again' AND w.referral = held.referral AND w.destination || '' = held.destination
    AND w.turn > held.turn AND coalesce(w.due, 'infinity') < held.due AND w.token IS NULL AND ${lives("w")}
), dead AS (
  UPDATE waymark.work w SET dead_at = $2::timestamptz, attempt = held.attempt + 1, cause = held.cause,
    token = NULL, lease_until = NULL, claimed = false
  FROM held WHERE w.id = held.id AND held.result = 'dead'
), tried AS (
  INSERT INTO waymark.attempt (work, number, kind, subject, referral, destination, at, result, cause, outcome, status,
    way, theirs)
  SELECT id, attempt + 1, kind, subject, referral, destination, $2::timestamptz, result,
    coalesce(tried ->> 'cause', cause), tried ->> 'outcome', (tried ->> 'status')::integer, tried ->> 'way',
    tried ->> 'theirs'
  FROM held WHERE attempted
), silenced AS (
  -- It said 410: nothing more is sent there until an operator says so.
  UPDATE waymark.client c SET silenced_at = $2::timestamptz
  FROM held WHERE c.id = held.silences AND c.silenced_at IS NULL
), told AS (
  UPDATE waymark.callback c SET state = held.callback, changed_at = $2::timestamptz
  FROM held WHERE c.id = held.subject AND held.callback IS NOT NULL
)
SELECT id FROM held`;

/**
 * $1 kind, $2 destination, $3 due. What is being worked on has perhaps looked before the change that rang: its lease ends,
 * so that it is taken up once more. A second ring before that time finds nothing to hasten.
 */
export const HASTEN = `
UPDATE waymark.work SET due = $3::timestamptz, token = NULL, lease_until = NULL, claimed = false
WHERE kind = $1 AND destination = $2 AND dead_at IS NULL AND (due > $3::timestamptz OR lease_until IS NOT NULL)
RETURNING id`;

/** One that had died comes back to life: whoever asks for it has just started. */
export const ENSURE = `
INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE SET due = excluded.due, attempt = 0, dead_at = NULL, cause = NULL, first_due = NULL, lapses = 0
WHERE work.dead_at IS NOT NULL`;

export const BACKLOG = `
SELECT
  count(*) FILTER (WHERE dead_at IS NULL AND due <= $1::timestamptz AND free) AS due,
  count(*) FILTER (WHERE dead_at IS NULL AND due > $1::timestamptz) AS waiting,
  count(*) FILTER (WHERE dead_at IS NOT NULL) AS dead,
  min(due) FILTER (WHERE dead_at IS NULL AND due <= $1::timestamptz AND free) AS oldest
FROM (
  SELECT due, dead_at, lease_until IS NULL OR lease_until <= $1::timestamptz AS free FROM waymark.work
  WHERE referral < '${CANARY_FROM}'
) work`;
