// The statements of dead letters: what waits for a person, and how it comes back to life.

import { CANARY_FROM } from "../../schemas/canary.ts";

/** The client that work would go to now: whom news is for, or the newest client in force of an offer's provider. */
const RECEIVER = `
LEFT JOIN waymark.callback c ON w.kind = 'notify' AND c.id = w.subject
LEFT JOIN waymark.offer o ON w.kind <> 'notify' AND o.id = w.subject
LEFT JOIN LATERAL (
  SELECT k.id FROM waymark.client k
  WHERE k.kind = 'provider' AND k.organisation = o.provider AND k.test = o.test AND k.revoked_at IS NULL
  ORDER BY k.created_at DESC, k.id DESC LIMIT 1
) provider ON o.id IS NOT NULL`;

const DEAD = `
SELECT w.id, 'dead' AS state, w.kind, w.destination, coalesce(c.client, provider.id) AS client, w.referral,
  c.body ->> 'type' AS type, w.dead_at AS since, w.attempt AS attempts, coalesce(w.cause, 'broke') AS cause
FROM waymark.work w ${RECEIVER}
WHERE w.dead_at IS NOT NULL AND w.referral < '${CANARY_FROM}'`;

const KEPT = `
SELECT c.id, 'kept' AS state, 'notify' AS kind, 'client:' || c.client AS destination, c.client, c.referral,
  c.body ->> 'type' AS type, c.changed_at AS since, coalesce(last.number, 0) AS attempts,
  coalesce(last.cause, 'no-address') AS cause
FROM waymark.callback c
LEFT JOIN LATERAL (
  SELECT a.number, a.cause FROM waymark.attempt a
  WHERE a.referral = c.referral AND a.subject = c.id ORDER BY a.at DESC, a.number DESC LIMIT 1
) last ON true
WHERE c.state = 'kept'`;

const SHOWN = `
SELECT l.*, r.reference FROM letter l LEFT JOIN waymark.referral r ON r.id = l.referral`;

/** $1 destination, $2 the client that this destination names, $3 kind, $4 since, $5 until, $6 limit; NULL where any will do. */
export const LIST = `
WITH letter AS (
  ${DEAD} AND ($1::text IS NULL OR w.destination = $1) AND ($3::text IS NULL OR w.kind = $3)
    AND ($4::timestamptz IS NULL OR w.dead_at >= $4) AND ($5::timestamptz IS NULL OR w.dead_at < $5)
  UNION ALL
  ${KEPT} AND c.client = $2::uuid AND ($3::text IS NULL OR $3 = 'notify')
    AND ($4::timestamptz IS NULL OR c.changed_at >= $4) AND ($5::timestamptz IS NULL OR c.changed_at < $5)
  ORDER BY since, id LIMIT $6::integer
)
${SHOWN} ORDER BY l.since, l.id`;

export const FIND = `
WITH letter AS (${DEAD} AND w.id = $1::uuid UNION ALL ${KEPT} AND c.id = $1::uuid) ${SHOWN}`;

/** $1 work, $2 now. Whoever sends it again has looked: a send that was cut off is settled by that. */
export const REVIVE = `
WITH risen AS (
  UPDATE waymark.work SET dead_at = NULL, due = $2::timestamptz, attempt = 0, first_due = NULL, lapses = 0, cause = NULL,
    intent_way = NULL, intent_at = NULL
  WHERE id = ANY ($1::uuid[]) AND dead_at IS NOT NULL
  RETURNING id, kind, subject
), told AS (
  UPDATE waymark.callback c SET state = 'waiting', changed_at = $2::timestamptz
  FROM risen WHERE risen.kind = 'notify' AND c.id = risen.subject
)
SELECT id FROM risen`;

/** $1 callbacks with a fresh id for the work of each, $2 now. In the order of their sequence, so that they go out in it. */
export const TELL_KEPT = `
WITH asked AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS row (callback uuid, work uuid)
), waiting AS (
  UPDATE waymark.callback c SET state = 'waiting', changed_at = $2::timestamptz
  FROM asked WHERE c.id = asked.callback AND c.state = 'kept'
  RETURNING c.id, c.referral, c.client, c.sequence, c.made_at, asked.work
)
INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at)
SELECT work, 'notify', id, referral, 'client:' || client, $2::timestamptz, $2::timestamptz
FROM waiting ORDER BY made_at, referral, sequence
RETURNING subject AS id`;

/** $1 the letter's work or callback, $2 client. Only to a client of the same kind and organisation that is in force. */
export const READDRESS = `
WITH news AS (
  SELECT c.id FROM waymark.callback c JOIN waymark.client now ON now.id = c.client
  JOIN waymark.client other ON other.id = $2::uuid AND other.kind = now.kind
    AND other.organisation = now.organisation AND other.test = now.test AND other.revoked_at IS NULL
  LEFT JOIN waymark.work w ON w.subject = c.id AND w.kind = 'notify'
  WHERE (w.id = $1::uuid AND w.dead_at IS NOT NULL) OR (c.id = $1::uuid AND c.state = 'kept')
), moved AS (
  UPDATE waymark.callback c SET client = $2::uuid, body = jsonb_set(c.body, '{client}', to_jsonb($2::text))
  FROM news WHERE c.id = news.id RETURNING c.id
), lane AS (
  UPDATE waymark.work w SET destination = 'client:' || $2::text
  FROM moved WHERE w.subject = moved.id AND w.kind = 'notify' AND w.dead_at IS NOT NULL
)
SELECT id FROM moved`;
