// Leases on a provider's queue in the store: an offer is held by one lease at a time, until the lease ends, is given back or lapses.
import type { OfferLeases } from "../../src/ports/offer-leases.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Engine } from "./engine.ts";

/** Of offer `o`: it stands in this queue ($1, $2) and waits for a yes or no. A partner works what was given to it. */
const WAITS = `coalesce(o.assigned_to, o.provider) = $1 AND o.test = $2 AND o.status = 'sent'`;

/** What lapsed long ago, of whomever: a hundred a time, so that nobody who takes an offer pays for an idle week. */
const TIDY = `
DELETE FROM waymark.offer_lease WHERE offer IN (
  SELECT offer FROM waymark.offer_lease WHERE until < $1::timestamptz ORDER BY until LIMIT 100 FOR UPDATE SKIP LOCKED)`;
const KEPT_MS = 24 * 3_600_000;

/** $3 lease, $4 until, $5 now, $6 limit. Two who ask at one moment are given different offers. */
const TAKE = `
WITH free AS MATERIALIZED (
  SELECT o.id FROM waymark.offer o
  WHERE (o.provider = $1 OR o.assigned_to = $1) AND ${WAITS}
    AND NOT EXISTS (SELECT FROM waymark.offer_lease l WHERE l.offer = o.id AND l.until > $5::timestamptz)
  ORDER BY o.id LIMIT $6::integer
  FOR UPDATE OF o SKIP LOCKED
)
INSERT INTO waymark.offer_lease AS l (offer, provider, lease, until)
SELECT id, $1, $3::uuid, $4::timestamptz FROM free ORDER BY id
ON CONFLICT (offer) DO UPDATE SET provider = excluded.provider, lease = excluded.lease, until = excluded.until
  WHERE l.until <= $5::timestamptz
RETURNING offer`;

/** $3 lease, $4 until, $5 now. What lapsed is not brought back: another may be about to take it. */
const RENEW = `
UPDATE waymark.offer_lease l SET until = $4::timestamptz
FROM waymark.offer o
WHERE l.lease = $3::uuid AND l.provider = $1 AND l.until > $5::timestamptz AND o.id = l.offer AND ${WAITS}
RETURNING l.offer`;

/** $3 lease, $4 offers or NULL, $5 now. */
const RETURN = `
DELETE FROM waymark.offer_lease l USING waymark.offer o
WHERE l.lease = $3::uuid AND l.provider = $1 AND l.until > $5::timestamptz AND o.id = l.offer AND o.test = $2
  AND ($4::uuid[] IS NULL OR l.offer = ANY ($4::uuid[]))
RETURNING l.offer`;

type Row = { offer: string };
const idsOf = (rows: readonly Row[]): string[] => rows.map(({ offer }) => offer).toSorted();

export const createOfferLeases = ({ engine, clock }: { engine: Engine; clock: Clock }): OfferLeases => ({
  take: async ({ organisation, test }, lease, until, limit) => {
    const now = clock.now();
    // commits: a lease on each of these offers; takes away: some that lapsed long ago
    const rows = await engine.transaction("worker", async (query) => {
      await query(TIDY, [new Date(now.getTime() - KEPT_MS)]);
      return query<Row>(TAKE, [organisation, test, lease, until, now, limit]);
    });
    return idsOf(rows);
  },

  renew: async ({ organisation, test }, lease, until) => {
    // commits: a later end for what is still held
    const rows = await engine.transaction("worker", (query) =>
      query<Row>(RENEW, [organisation, test, lease, until, clock.now()]),
    );
    return { lease, until, offers: idsOf(rows) };
  },

  giveBack: async ({ organisation, test }, lease, offers) => {
    // takes away: the lease on each of these
    const rows = await engine.transaction("worker", (query) =>
      query<Row>(RETURN, [organisation, test, lease, offers ?? null, clock.now()]),
    );
    return idsOf(rows);
  },
});
