// The books in one statement, so that all of it is counted at one moment; and the open referrals a page at a time.
import { CANARY_FROM } from "../../schemas/canary.ts";
import type { Books, OpenRow } from "../../schemas/books.ts";
import { OPEN_STATUSES } from "../../src/core/balance.ts";
import type { Query } from "./engine.ts";
import { maybe } from "./rows.ts";

const OPEN_OFFER = "('sent', 'acknowledged', 'accepted', 'started')";
const ASKED = "('offered', 'acknowledged', 'accepted', 'started')";
const has = (kinds: string): string =>
  `EXISTS (SELECT FROM waymark.work w WHERE w.referral = r.id AND w.kind IN (${kinds}))`;

/** Work that was given up counts: it stands before a person. */
const BOOKS = `
WITH r AS MATERIALIZED (
  SELECT id, reference, status, sequence FROM waymark.referral WHERE NOT canary
), o AS MATERIALIZED (
  SELECT o.id, o.referral, o.status, r.reference, r.status AS stands FROM waymark.offer o JOIN r ON r.id = o.referral
), c AS MATERIALIZED (
  SELECT c.id, c.state, r.reference FROM waymark.callback c JOIN r ON r.id = c.referral
), difference AS (
  SELECT 'door-store' AS hop, s.reference, 'not-stored' AS fault
  FROM waymark.submission s LEFT JOIN waymark.referral r ON r.id = s.referral
  WHERE r.id IS NULL AND s.referral < '${CANARY_FROM}'
  UNION ALL
  SELECT 'door-store', r.reference, 'events-missing' FROM r
  WHERE r.sequence <> (SELECT count(*) FROM waymark.event e WHERE e.referral = r.id)
  UNION ALL
  SELECT 'store-decided', r.reference, 'no-decision' FROM r
  WHERE r.status IN ('received', 'seeking') AND NOT ${has("'assess'")}
  UNION ALL
  SELECT 'store-decided', r.reference, 'no-clock' FROM r
  WHERE r.status = 'held' AND NOT ${has("'expire', 'assess'")} AND 'review' <> (
    SELECT e.body ->> 'why' FROM waymark.event e WHERE e.referral = r.id AND e.type = 'held' ORDER BY e.sequence DESC LIMIT 1)
  UNION ALL
  SELECT 'decided-offered', r.reference, 'no-offer' FROM r
  WHERE r.status IN ${ASKED} AND NOT EXISTS (SELECT FROM o WHERE o.referral = r.id AND o.status IN ${OPEN_OFFER})
  UNION ALL
  SELECT 'decided-offered', reference, 'offer-open' FROM o WHERE status IN ${OPEN_OFFER} AND stands NOT IN ${ASKED}
  UNION ALL
  SELECT 'decided-offered', reference, 'offer-differs' FROM o
  WHERE status IN ${OPEN_OFFER} AND stands IN ${ASKED} AND stands <> CASE status WHEN 'sent' THEN 'offered' ELSE status END
  UNION ALL
  SELECT 'decided-offered', reference, 'offer-unsent' FROM o
  WHERE status = 'sent' AND NOT EXISTS (SELECT FROM waymark.work w WHERE w.kind = 'deliver' AND w.subject = o.id AND w.referral = o.referral)
    AND NOT EXISTS (SELECT FROM waymark.attempt a WHERE a.kind = 'deliver' AND a.subject = o.id AND a.referral = o.referral)
  UNION ALL
  SELECT 'offered-answered', reference, 'no-clock' FROM o
  WHERE status IN ${OPEN_OFFER} AND NOT EXISTS (SELECT FROM waymark.work w WHERE w.kind = 'chase' AND w.subject = o.id)
  UNION ALL
  SELECT 'answered-told', reference, 'news-silent' FROM c
  WHERE state = 'waiting' AND NOT EXISTS (SELECT FROM waymark.work w WHERE w.kind = 'notify' AND w.subject = c.id)
)
SELECT
  (SELECT count(*) FROM waymark.submission WHERE referral < '${CANARY_FROM}')::integer
    + (SELECT count(*) FROM waymark.event WHERE type = 'branched' AND referral < '${CANARY_FROM}')::integer AS accepted,
  (SELECT coalesce(jsonb_object_agg(status, n), '{}') FROM (SELECT status, count(*) AS n FROM r GROUP BY status) s) AS statuses,
  (SELECT jsonb_build_object('made', count(*), 'open', count(*) FILTER (WHERE status IN ${OPEN_OFFER}),
     'answered', count(*) FILTER (WHERE status IN ('declined', 'ended')),
     'takenBack', count(*) FILTER (WHERE status IN ('recalled', 'lapsed'))) FROM o) AS offers,
  (SELECT jsonb_build_object('made', count(*), 'waiting', count(*) FILTER (WHERE state = 'waiting'),
     'delivered', count(*) FILTER (WHERE state = 'delivered'), 'kept', count(*) FILTER (WHERE state = 'kept'),
     'dead', count(*) FILTER (WHERE state = 'dead')) FROM c) AS news,
  (SELECT coalesce(jsonb_agg(to_jsonb(d) ORDER BY d.reference, d.hop, d.fault), '[]') FROM difference d) AS differences`;

export const readBooks = async (query: Query): Promise<Books> => {
  const [books] = await query<Books>(BOOKS);
  if (books === undefined) throw new Error("one row is always counted");
  return books;
};

const OPEN = `
SELECT r.id, r.reference, r.status, h.why, coalesce(h.at, r.changed_at) AS since, o.holder, o.due_clock, o.due_at,
  (SELECT min(w.due) FROM waymark.work w
   WHERE w.referral = r.id AND w.dead_at IS NULL AND w.kind IN ('assess', 'expire')) AS due,
  (SELECT min(w.dead_at) FROM waymark.work w
   WHERE w.referral = r.id AND w.dead_at IS NOT NULL AND w.kind IN ('assess', 'deliver', 'knock', 'follow', 'chase', 'expire')) AS stuck
FROM waymark.referral r
LEFT JOIN LATERAL (
  SELECT coalesce(o.assigned_to, o.provider) AS holder, o.due_clock, o.due_at FROM waymark.offer o
  WHERE o.referral = r.id AND o.status IN ${OPEN_OFFER}) o ON true
LEFT JOIN LATERAL (
  SELECT e.body ->> 'why' AS why, e.at FROM waymark.event e
  WHERE r.status = 'held' AND e.referral = r.id AND e.type = 'held' ORDER BY e.sequence DESC LIMIT 1) h ON true
WHERE NOT r.canary AND r.status = ANY ($1::text[]) AND ($2::uuid IS NULL OR r.id > $2::uuid)
ORDER BY r.id LIMIT $3::integer`;

type Columns = {
  id: string;
  reference: string;
  status: OpenRow["status"];
  why: OpenRow["why"] | null;
  since: Date;
  holder: string | null;
  due_clock: NonNullable<OpenRow["owes"]>["clock"] | null;
  due_at: Date | null;
  due: Date | null;
  stuck: Date | null;
};

export const readOpen = async (query: Query, after: string | undefined, limit: number): Promise<OpenRow[]> =>
  (await query<Columns>(OPEN, [OPEN_STATUSES, after ?? null, limit])).map((row) => ({
    id: row.id,
    reference: row.reference,
    status: row.status,
    since: row.since,
    why: maybe(row.why),
    holder: maybe(row.holder),
    owes: row.due_clock === null || row.due_at === null ? undefined : { clock: row.due_clock, at: row.due_at },
    due: maybe(row.due),
    stuck: maybe(row.stuck),
  }));

const CASELOAD = `
SELECT o.id FROM waymark.offer o JOIN waymark.referral r ON r.id = o.referral
WHERE o.provider = $1 AND o.programme = $2 AND o.status IN ${OPEN_OFFER} AND NOT r.canary AND ($3::uuid IS NULL OR o.id > $3::uuid)
ORDER BY o.id LIMIT $4::integer`;

export const readCaseload = async (query: Query, values: readonly unknown[]): Promise<string[]> =>
  (await query<{ id: string }>(CASELOAD, values)).map(({ id }) => id);
