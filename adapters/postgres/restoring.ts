// A restored store, looked at beside its journal: what it still knows, what it must doubt, and the end of its quarantine.
import type { OfferStatus } from "../../schemas/offer.ts";
import type { Status } from "../../schemas/referral.ts";
import type { Doubted, Unsent } from "../../schemas/reconcile.ts";
import type { Restoring } from "../../src/ports/restoring.ts";
import type { Clock, Ids } from "../../src/ports/system.ts";
import { createMemo } from "../http/memo.ts";
import { createAudit } from "./audit.ts";
import type { Engine } from "./engine.ts";
import { noteIn } from "./journal-book.ts";
import { json } from "./rows.ts";
import type { Vault } from "./vault.ts";

const REFERRALS = `
SELECT r.id, r.reference, r.organisation, r.status, c.wrapped_key IS NULL AS erased
FROM waymark.referral r JOIN waymark.case_file c ON c.id = r.case_id WHERE r.id = ANY ($1::uuid[])`;
const OFFERS = `
SELECT o.id, o.status, o.provider, r.reference, c.offer IS NOT NULL AS recalled
FROM waymark.offer o JOIN waymark.referral r ON r.id = o.referral LEFT JOIN waymark.recall c ON c.offer = o.id
WHERE o.id = ANY ($1::uuid[])`;
const CASES = "SELECT id FROM waymark.case_file WHERE id = ANY ($1::uuid[]) AND wrapped_key IS NOT NULL";

const OPEN = "('sent', 'acknowledged', 'accepted', 'started')";
const UNSENT = `
SELECT o.id, coalesce(o.assigned_to, o.provider) AS provider, o.test, w.id AS work, r.reference
FROM waymark.work w JOIN waymark.offer o ON o.id = w.subject JOIN waymark.referral r ON r.id = o.referral
WHERE w.kind = 'deliver' AND w.dead_at IS NULL AND w.intent_at IS NULL AND NOT r.canary AND o.status IN ${OPEN}
  -- Decided since the restore: it was never sent by anybody.
  AND o.made_at < (SELECT quarantined_since FROM waymark.identity)
ORDER BY o.id`;
const OPEN_OFFERS = `
SELECT o.id, o.referral, coalesce(o.assigned_to, o.provider) AS provider, o.test, r.reference,
  EXISTS (SELECT FROM waymark.work w WHERE w.kind = 'deliver' AND w.subject = o.id) AS unsent
FROM waymark.offer o JOIN waymark.referral r ON r.id = o.referral
WHERE NOT r.canary AND o.status IN ${OPEN} AND o.made_at < (SELECT quarantined_since FROM waymark.identity)
ORDER BY o.id`;
const DOUBT = `
INSERT INTO waymark.maybe_sent (offer, at)
SELECT id, $1::timestamptz FROM waymark.offer WHERE status IN ${OPEN} AND made_at < (SELECT quarantined_since FROM waymark.identity)
UNION SELECT unnest($2::uuid[]), $1::timestamptz
ON CONFLICT DO NOTHING`;
const INTENDED = `
UPDATE waymark.work w SET intent_way = row.way, intent_at = $2::timestamptz
FROM jsonb_to_recordset($1::jsonb) AS row (work uuid, way text) WHERE w.id = row.work AND w.intent_at IS NULL`;
const LOST = `
INSERT INTO waymark.lost_referral (reference, referral, organisation, door, key, at)
SELECT reference, referral, organisation, door, key, $2::timestamptz
FROM jsonb_to_recordset($1::jsonb) AS row (reference text, referral uuid, organisation text, door text, key text)
ON CONFLICT DO NOTHING`;
const END = `
UPDATE waymark.identity SET quarantined_since = NULL, quarantined_for = NULL, head_number = $1, head_mark = $2, head_place = $3`;
const SET_FREE = `
UPDATE waymark.work SET due = $1::timestamptz WHERE cause = 'quarantine' AND dead_at IS NULL AND due > $1::timestamptz AND token IS NULL`;

const ASKED_AGAIN_MS = 10_000;

type Options = { engine: Engine; vault: Vault; clock: Clock; ids: Ids };

export const createRestoring = ({ engine, vault, clock, ids }: Options): Restoring => {
  const audit = createAudit({ clock, ids, vault });
  /** Hardly ever is there one: when the answer is old, one submission asks for all. */
  const remembered = createMemo<boolean>(clock, ASKED_AGAIN_MS);
  const anyLost = (): Promise<boolean> =>
    remembered(
      "any",
      async () => (await engine.single("SELECT FROM waymark.lost_referral LIMIT 1", [], "any-lost")).length > 0,
    );
  return {
    facts: ({ referrals, offers, cases }) =>
      engine.transaction("worker", async (query) => {
        type Referral = { id: string; reference: string; organisation: string; status: Status; erased: boolean };
        type Offered = { id: string; status: OfferStatus; provider: string; reference: string; recalled: boolean };
        const known = await query<Referral>(REFERRALS, [referrals]);
        const offered = await query<Offered>(OFFERS, [offers]);
        const open = await query<{ id: string }>(CASES, [cases]);
        return {
          referrals: new Map(known.map(({ id, ...row }) => [id, row])),
          offers: new Map(offered.map(({ id, ...row }) => [id, row])),
          cases: new Set(open.map(({ id }) => id)),
        };
      }),
    unsent: () => engine.transaction("worker", (query) => query<Unsent>(UNSENT)),
    open: () => engine.transaction("worker", (query) => query<Doubted>(OPEN_OFFERS)),
    doubt: (sends, lost) =>
      // commits: offers of which nobody can say that they were not sent, and an open intent for each that must not go twice
      engine.transaction("worker", async (query) => {
        await query(DOUBT, [clock.now(), lost]);
        await query(INTENDED, [json(sends), clock.now()]);
      }),
    keepLost: async (lost) => {
      // commits: references that were given for what is gone
      await engine.transaction("worker", (query) => query(LOST, [json(lost), clock.now()]));
    },
    end: ({ by, reason, accepted, differences }, { number, mark, place }) =>
      // commits: no quarantine, where the journal goes on, what waited due now, and who decided so, here and in the journal
      engine.transaction("worker", async (query) => {
        const now = clock.now();
        await query(END, [number, mark, place]);
        await query(SET_FREE, [now]);
        await audit(query, { by, verb: "reconcile", subjects: ["store"], codes: { reason, accepted, differences } });
        await noteIn(query, now, { kind: "reconciled", body: { by, accepted, differences } });
      }),
    referenceOf: async ({ organisation, door, key }) => {
      if (!(await anyLost())) return undefined;
      const sql =
        "SELECT reference FROM waymark.lost_referral WHERE organisation = $1 AND door = $2 AND key = $3 LIMIT 1";
      const [row] = await engine.transaction("worker", (query) =>
        query<{ reference: string }>(sql, [organisation, door, key]),
      );
      return row?.reference;
    },
    wasLost: async (organisation, named) => {
      const sql =
        "SELECT FROM waymark.lost_referral WHERE organisation = $1 AND (reference = $2 OR referral::text = $2)";
      return (await engine.transaction("worker", (query) => query(sql, [organisation, named]))).length > 0;
    },
  };
};
