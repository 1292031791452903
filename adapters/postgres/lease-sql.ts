// Who may work on what, and when: due rows leased in the order of their lanes, and leases that ended with their holder.

/**
 * Of a row that is found by a key. As `dead_at IS NULL` any index of all that live could answer it too, and be read from end to end
 * for the sake of a single row; so it can be answered by the row alone.
 */
export const lives = (row: string): string => `coalesce(${row}.dead_at, 'infinity') = 'infinity'`;

/** One lease at a time in all processes: the count of live leases must be true while new ones are given. */
export const ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(1463898444)";

/** $1 now. Most sweeps of a quiet broker end here, for the price of one look at an index. */
export const ANYTHING_DUE = `
SELECT w.due <= $1::timestamptz AS due FROM waymark.work w WHERE w.dead_at IS NULL ORDER BY w.due LIMIT 1`;

/** Of row `w`, whose lease ended while a worker had it (`held.lapsed`): that counts as an attempt, and not for ever. */
const LAPSE = `claimed = false,
  attempt = w.attempt + held.lapsed::integer,
  lapses = w.lapses + held.lapsed::integer,
  first_due = CASE WHEN held.lapsed THEN coalesce(w.first_due, w.due) ELSE w.first_due END,
  dead_at = CASE WHEN held.ended THEN $1::timestamptz END,
  cause = CASE WHEN held.ended THEN 'exhausted: worker-died' WHEN held.lapsed THEN 'worker-died' ELSE w.cause END`;

/** The attempts of which nothing is known but that their worker died; news that was given up with them. */
const LAPSED = `tried AS (
  INSERT INTO waymark.attempt (work, number, kind, subject, referral, destination, at, result, cause, outcome)
  SELECT id, attempt, kind, subject, referral, destination, $1::timestamptz,
    CASE WHEN dead_at IS NULL THEN 'again' ELSE 'dead' END, 'worker-died', 'broke'
  FROM taken WHERE lapsed
), told AS (
  UPDATE waymark.callback c SET state = 'dead', changed_at = $1::timestamptz
  FROM taken WHERE c.id = taken.subject AND taken.kind = 'notify' AND taken.dead_at IS NOT NULL
)`;

/** Deaths after which a row is suspect: that many may happen to anything that is under way when a process ends. As `work_suspect` has it. */
const SUSPECT = 2;

/**
 * $1 now, $2 most lapses, $3 lease until, $4 limit, $5 places, $6 a second, $7 wide destinations, $8 tokens, $9 this tenth of a second.
 * Walks from one destination to the next along `work_line` and takes the first few of each, so neither a long line before
 * one destination nor many rows that are not due cost anything. A wide destination takes more than half only when there is room.
 * A row waits while an earlier one of its referral to the same destination lives. Eleven tenths make a second that is never too short.
 * The table changes faster than its statistics, so the indexes are not left to choice: the pair of destination and due can only
 * be read along `work_line`, a destination with '' behind it only by its referral, and a row that is known only by its key.
 * What workers died with again goes out one at a time, and what the fewest died with first: were it leased with the rest, five deaths that one
 * row brings about would condemn all that happened to be under way.
 * Answers the rows leased, and one without an id where a destination's pace held something back.
 */
export const LEASE = `
WITH RECURSIVE step AS (
  (SELECT destination, due FROM waymark.work WHERE dead_at IS NULL ORDER BY destination, due, id LIMIT 1)
  UNION ALL
  SELECT next.destination, next.due FROM step CROSS JOIN LATERAL (
    SELECT w.destination, w.due FROM waymark.work w
    WHERE w.dead_at IS NULL AND w.destination > step.destination ORDER BY w.destination, w.due, w.id LIMIT 1) next
), line AS (
  SELECT step.destination, step.destination = ANY ($7::text[]) AS wide,
    coalesce(pace.places, $5::integer) - leased.now AS free,
    coalesce(pace.per_second, $6::integer) - spent.lately AS budget
  FROM step LEFT JOIN waymark.pace pace ON pace.destination = step.destination
  CROSS JOIN LATERAL (
    SELECT count(*)::integer AS now FROM waymark.work l
    WHERE l.destination = step.destination AND l.dead_at IS NULL AND l.lease_until > $1::timestamptz
  ) leased
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(given), 0)::integer AS lately FROM unnest(pace.slots) WITH ORDINALITY AS s (given, age)
    WHERE pace.slot - s.age + 1 > $9::bigint - 11
  ) spent
  WHERE step.due <= $1::timestamptz
), candidate AS (
  SELECT first.id, first.due, first.deaths, first.deaths >= ${SUSPECT} AS suspect, line.wide AND first.place > $4::integer / 2 AS later
  FROM line CROSS JOIN LATERAL (
    SELECT w.id, w.due, w.lapses + w.claimed::integer AS deaths, row_number() OVER (ORDER BY w.due, w.id) AS place
    FROM waymark.work w
    WHERE w.destination = line.destination AND (w.destination, w.due) <= (line.destination, $1::timestamptz)
      AND w.dead_at IS NULL AND (w.lease_until IS NULL OR w.lease_until <= $1::timestamptz)
      -- Asked row by row: as a join, the planner would read the whole table for each destination.
      AND (line.wide OR coalesce((
        SELECT false FROM waymark.work e
        WHERE e.referral = w.referral AND e.destination || '' = w.destination AND ${lives("e")} AND e.turn < w.turn
        LIMIT 1), true))
    ORDER BY w.due, w.id
    LIMIT CASE WHEN line.wide THEN $4::integer ELSE greatest(0, least(line.free, line.budget)) END
  ) first
), ranked AS (
  SELECT candidate.*, row_number() OVER (PARTITION BY suspect ORDER BY deaths, later, due, id) AS rank FROM candidate
), chosen AS MATERIALIZED (
  SELECT id FROM ranked
  WHERE NOT suspect OR rank = 1 AND NOT EXISTS (
    SELECT FROM waymark.work s WHERE s.lapses >= ${SUSPECT} AND s.dead_at IS NULL AND s.lease_until > $1::timestamptz)
  ORDER BY later, due, id LIMIT $4::integer
), locked AS MATERIALIZED (
  SELECT w.id, w.claimed AS lapsed, w.claimed AND w.lapses + 1 >= $2::integer AS ended
  FROM waymark.work w JOIN chosen USING (id)
  WHERE ${lives("w")} AND coalesce(w.due, 'infinity') <= $1::timestamptz AND (w.lease_until IS NULL OR w.lease_until <= $1::timestamptz)
  ORDER BY w.id FOR UPDATE OF w SKIP LOCKED
), numbered AS (
  SELECT locked.*, row_number() OVER () AS place FROM locked
), held AS (
  SELECT numbered.*, fresh.token FROM numbered JOIN unnest($8::uuid[]) WITH ORDINALITY AS fresh (token, place) USING (place)
), taken AS (
  UPDATE waymark.work w SET token = CASE WHEN NOT held.ended THEN held.token END,
    lease_until = CASE WHEN NOT held.ended THEN $3::timestamptz END, ${LAPSE}
  FROM held WHERE w.id = held.id
  RETURNING w.*, held.lapsed
), ${LAPSED}, counted AS (
  INSERT INTO waymark.pace AS p (destination, slot, slots)
  SELECT destination, $9::bigint, ARRAY[count(*)::integer] FROM taken
  WHERE dead_at IS NULL AND destination <> ALL ($7::text[]) GROUP BY destination ORDER BY destination
  ON CONFLICT (destination) DO UPDATE SET slot = greatest(p.slot, excluded.slot),
    slots = CASE WHEN excluded.slot <= p.slot THEN (coalesce(p.slots[1], 0) + excluded.slots[1]) || p.slots[2:11]
      ELSE (excluded.slots || array_fill(0, ARRAY[least(excluded.slot - p.slot - 1, 11)::integer]) || p.slots)[1:11] END
)
SELECT id, token, due FROM taken WHERE dead_at IS NULL
UNION ALL
SELECT NULL, NULL, NULL WHERE EXISTS (
  SELECT FROM line WHERE NOT line.wide AND line.budget < line.free AND EXISTS (
    SELECT FROM waymark.work w
    WHERE w.destination = line.destination AND (w.destination, w.due) <= (line.destination, $1::timestamptz)
      AND w.dead_at IS NULL AND (w.lease_until IS NULL OR w.lease_until <= $1::timestamptz)))`;

/** $1 now, $2 most lapses. Whoever had these is dead. */
export const RELEASE_ALL = `
WITH held AS MATERIALIZED (
  SELECT id, claimed AS lapsed, claimed AND lapses + 1 >= $2::integer AS ended FROM waymark.work
  WHERE lease_until IS NOT NULL AND dead_at IS NULL ORDER BY id FOR UPDATE
), taken AS (
  UPDATE waymark.work w SET token = NULL, lease_until = NULL, ${LAPSE}
  FROM held WHERE w.id = held.id
  RETURNING w.*, held.lapsed
), ${LAPSED}
SELECT id FROM taken`;
