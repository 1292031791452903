// What the person on call looks at: one short look over breakers, failing and due work, dead letters, pauses and the canary.
// It walks from destination to destination, so that a hundred thousand waiting retries cost no more than one.
import { CANARY as NAME, CANARY_FROM } from "../../schemas/canary.ts";
import type { Pause } from "../../schemas/pause.ts";
import type { Sight } from "../../schemas/sight.ts";
import type { Lookout } from "../../src/ports/on-call.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Engine, Query } from "./engine.ts";
import { lagIn, quarantineOf } from "./journal-book.ts";
import { json, maybe } from "./rows.ts";

/** Its ends have no rows to be told of. */
const NO_CANARY = `NOT LIKE ALL (ARRAY['%:${NAME}', 'client:ffffffff-%'])`;

/** One that opened and keeps nothing waiting is probed by nobody. In the order of the line, or every row would be read. */
const BREAKERS = `
SELECT destination, coalesce(opened_at, until) AS since, until FROM waymark.breaker b
WHERE state = 'open' AND destination ${NO_CANARY} AND (until > $1
  OR (SELECT w.id FROM waymark.work w WHERE w.destination = b.destination AND w.dead_at IS NULL
      ORDER BY w.destination, w.due, w.id LIMIT 1) IS NOT NULL)
ORDER BY destination`;

/** Rows whose schedule goes on although nothing failed are no failures. */
const FAILING = `
WITH RECURSIVE line AS (
  (SELECT destination, first_due FROM waymark.work WHERE attempt >= 3 AND dead_at IS NULL
   ORDER BY destination, first_due LIMIT 1)
  UNION ALL
  SELECT next.destination, next.first_due FROM line, LATERAL (
    SELECT destination, first_due FROM waymark.work
    WHERE attempt >= 3 AND dead_at IS NULL AND destination > line.destination
    ORDER BY destination, first_due LIMIT 1) next
)
SELECT line.destination, line.first_due AS since, last.at AS last_at, last.cause, b.reached_at
FROM line
CROSS JOIN LATERAL (
  SELECT a.at, a.cause FROM (
    SELECT id FROM waymark.work w WHERE w.destination = line.destination AND attempt >= 3 AND dead_at IS NULL
    ORDER BY first_due LIMIT 20) w
  JOIN waymark.attempt a ON a.work = w.id
  ORDER BY a.at DESC LIMIT 1) last
LEFT JOIN waymark.breaker b ON b.destination = line.destination
WHERE line.destination ${NO_CANARY}`;

const DUE = `
WITH RECURSIVE line AS (
  (SELECT destination, due FROM waymark.work WHERE dead_at IS NULL ORDER BY destination, due, id LIMIT 1)
  UNION ALL
  SELECT next.destination, next.due FROM line, LATERAL (
    SELECT destination, due FROM waymark.work WHERE dead_at IS NULL AND destination > line.destination
    ORDER BY destination, due, id LIMIT 1) next
)
SELECT destination, due AS oldest FROM line WHERE due <= $1 AND destination ${NO_CANARY}`;

const DEAD = `
SELECT destination, count(*)::integer AS count, min(dead_at) AS oldest, (array_agg(cause ORDER BY dead_at DESC))[1] AS cause
FROM waymark.work WHERE dead_at IS NOT NULL AND referral < '${CANARY_FROM}' GROUP BY destination ORDER BY destination`;

const PAUSES = "SELECT scope, by, reason, since FROM waymark.pause ORDER BY since, scope";

const CANARY = `
SELECT ended_at, extract(epoch FROM ended_at - begun_at)::double precision AS seconds FROM waymark.canary
WHERE ended_at IS NOT NULL ORDER BY begun_at DESC LIMIT 1`;
const FIRST_CANARY = "SELECT min(begun_at) AS begun FROM waymark.canary";
const QUARANTINE = "SELECT quarantined_since, quarantined_for FROM waymark.identity";
const SIZE = "SELECT pg_database_size(current_database()) AS bytes";

/** Only of those that failed: for every other one it says nothing that anybody asks. */
const REACHED = `
INSERT INTO waymark.breaker AS b (destination, state, until, reached_at)
SELECT row.destination, 'closed', row.at, row.at FROM jsonb_to_recordset($1::jsonb) AS row (destination text, at timestamptz)
WHERE EXISTS (SELECT FROM waymark.work w WHERE w.destination = row.destination AND w.attempt >= 3 AND w.dead_at IS NULL)
ORDER BY row.destination
ON CONFLICT (destination) DO UPDATE SET reached_at = greatest(b.reached_at, excluded.reached_at)`;

type Failing = { destination: string; since: Date; last_at: Date; cause: string | null; reached_at: Date | null };
type Dead = { destination: string; count: number; oldest: Date; cause: string | null };

export const createLookout = ({ engine, clock }: { engine: Engine; clock: Clock }): Lookout => ({
  look: () => engine.transaction("worker", (query) => lookIn(query, engine.kind, clock.now())),
  reached: async (answers) => {
    if (answers.size === 0) return;
    const rows = [...answers].map(([destination, at]) => ({ destination, at }));
    // commits: when each of these that had failed answered last
    await engine.transaction("worker", (query) => query(REACHED, [json(rows)]));
  },
});

const lookIn = async (query: Query, kind: Engine["kind"], now: Date): Promise<Sight> => {
  const failing = await query<Failing>(FAILING);
  const dead = await query<Dead>(DEAD);
  const [last] = await query<{ ended_at: Date; seconds: number }>(CANARY);
  const [first] = await query<{ begun: Date | null }>(FIRST_CANARY);
  const [quarantine] = await query<NonNullable<Parameters<typeof quarantineOf>[0]>>(QUARANTINE);
  const [lag] = await lagIn(query);
  const [size] = kind === "postgres" ? await query<{ bytes: number }>(SIZE) : [];
  return {
    breakers: await query<Sight["breakers"][number]>(BREAKERS, [now]),
    failing: failing.map(({ last_at, cause, reached_at, ...row }) => ({
      ...row,
      lastAt: last_at,
      cause: maybe(cause),
      reachedAt: maybe(reached_at),
    })),
    due: await query<Sight["due"][number]>(DUE, [now]),
    dead: dead.map(({ cause, ...row }) => ({ ...row, cause: maybe(cause) })),
    pauses: await query<Pause>(PAUSES),
    canary: { lastEnded: last?.ended_at, seconds: last?.seconds, firstBegun: maybe(first?.begun ?? null) },
    ...quarantineOf(quarantine),
    ...(lag?.journal === true
      ? { journal: { waiting: lag.waiting, ...(lag.oldest === null ? {} : { oldest: lag.oldest }) } }
      : {}),
    storeBytes: size?.bytes,
  };
};
