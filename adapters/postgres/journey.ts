// Reads a referral as a worker sees it, opened, in one statement.
import type { Journey } from "../../src/ports/ledger.ts";
import type { EventBody, Mark } from "../../schemas/event.ts";
import type { Sibling } from "../../schemas/case.ts";
import { openContent, openReports, type ReportColumns } from "./case-seal.ts";
import type { Query } from "./engine.ts";
import {
  type CaseKeyColumns,
  isUuid,
  maybe,
  OFFER_COLUMNS,
  type OfferColumns,
  offerOf,
  type RecallColumns,
  recallOf,
  type ReferralColumns,
} from "./rows.ts";
import type { Vault } from "./vault.ts";

type JourneyColumns = ReferralColumns &
  CaseKeyColumns & {
    sequence: number;
    client: string;
    request_id: string | null;
    message_id: string | null;
    sealed_content: Uint8Array;
    hold: Journey["hold"] | null;
    offers: OfferColumns[];
    recalls: RecallColumns[];
    reports: ReportColumns[];
    siblings: (Omit<Sibling, "need" | "programme"> & { need: string | null; programme: string | null })[];
    marks: Mark[];
    story: { at: string; body: EventBody }[];
    sending: boolean;
  };

const OPEN = `
SELECT r.id, r.case_id, r.reference, r.version, r.status, r.sequence, r.door, r.client, r.organisation, r.request_id,
  r.correlation_id, r.message_id, r.caller_reference, r.test, r.participation, r.received_at, r.changed_at,
  r.sealed_content, c.wrapped_key, c.ring_key,
  CASE WHEN r.status = 'held' THEN
    (SELECT jsonb_build_object('event', e.id, 'why', e.body ->> 'why', 'asks', e.body -> 'asks')
     FROM waymark.event e WHERE e.referral = r.id AND e.type = 'held' ORDER BY e.sequence DESC LIMIT 1) END AS hold, coalesce(
  (SELECT jsonb_agg(to_jsonb(o) ORDER BY o.made_at, o.id)
   FROM (SELECT ${OFFER_COLUMNS} FROM waymark.offer WHERE referral = r.id) o), '[]') AS offers, coalesce(
  (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.asked_at, c.offer) FROM waymark.recall c WHERE c.referral = r.id), '[]') AS recalls, coalesce(
  (SELECT jsonb_agg(jsonb_build_object('id', t.id, 'offer', t.offer, 'provider', t.provider, 'at', t.at,
     'sealed', encode(t.sealed_report, 'base64')) ORDER BY t.at, t.id)
   FROM waymark.outcome_report t WHERE t.referral = r.id), '[]') AS reports, coalesce(
  (SELECT jsonb_agg(jsonb_build_object(
     'need', (SELECT e.body ->> 'need' FROM waymark.event e
       WHERE e.referral = s.id AND (e.sequence = 1 OR e.type = 'amended') AND e.body ? 'need' ORDER BY e.sequence DESC LIMIT 1),
     'programme', (SELECT o.programme FROM waymark.offer o
       WHERE o.referral = s.id AND o.status IN ('accepted', 'started', 'ended') ORDER BY o.made_at DESC, o.id LIMIT 1),
     'started', EXISTS (SELECT FROM waymark.event e WHERE e.referral = s.id AND e.type = 'started'),
     'completed', EXISTS (SELECT FROM waymark.event e
       WHERE e.referral = s.id AND e.type = 'ended' AND e.body ->> 'reason' = 'completed')) ORDER BY s.id)
   FROM waymark.referral s WHERE s.case_id = r.case_id AND s.id <> r.id), '[]') AS siblings, coalesce(
  (SELECT jsonb_agg(e.body ORDER BY e.sequence)
   FROM waymark.event e
   WHERE e.referral = r.id AND e.type IN ('overridden', 'proposed', 'proposal-answered', 'placed', 'started',
     'checkpoint-asked', 'outcome-reached')), '[]') AS marks, coalesce(
  (SELECT jsonb_agg(jsonb_build_object('at', e.at, 'body', e.body) ORDER BY e.sequence)
   FROM waymark.event e WHERE e.referral = r.id AND e.body ->> 'offer' IS NOT NULL), '[]') AS story,
  -- Asked of one row. As EXISTS it could be answered from a list of all that are being sent.
  coalesce((SELECT true FROM waymark.work w WHERE w.referral = r.id AND w.kind = 'deliver' LIMIT 1), false) AS sending
FROM waymark.referral r JOIN waymark.case_file c ON c.id = r.case_id`;

const OPEN_MANY = `${OPEN} WHERE r.id = ANY ($1::uuid[])`;

const BY = {
  reference: `${OPEN} WHERE r.reference = $1::text`,
  referral: `${OPEN} WHERE r.id = $1::uuid`,
  offer: `${OPEN} WHERE r.id = (SELECT referral FROM waymark.offer WHERE id = $1::uuid)`,
};

export const readJourney = async (
  query: Query,
  vault: Vault,
  by: keyof typeof BY,
  id: string,
): Promise<Journey | undefined> => {
  if (by !== "reference" && !isUuid(id)) return undefined;
  const [row] = await query<JourneyColumns>(BY[by], [id]);
  return row && journeyOf(vault, row);
};

/** Many by their ids in one statement, which costs about as much as one. */
export const readJourneys = async (
  query: Query,
  vault: Vault,
  ids: readonly string[],
): Promise<Map<string, Journey>> => {
  const rows = await query<JourneyColumns>(OPEN_MANY, [ids], "open");
  return new Map(rows.map((row) => [row.id, journeyOf(vault, row)]));
};

const journeyOf = (vault: Vault, row: JourneyColumns): Journey => ({
  id: row.id,
  caseId: row.case_id,
  reference: row.reference,
  version: row.version,
  status: row.status,
  sequence: row.sequence,
  door: row.door,
  client: row.client,
  organisation: row.organisation,
  requestId: maybe(row.request_id),
  correlationId: maybe(row.correlation_id),
  messageId: maybe(row.message_id),
  callerReference: maybe(row.caller_reference),
  test: row.test,
  receivedAt: row.received_at,
  hold: maybe(row.hold),
  offers: row.offers.map(offerOf),
  recalls: row.recalls.map(recallOf),
  reports: openReports(vault, row, row.reports),
  siblings: row.siblings.map(({ need, programme, ...rest }) => ({
    ...rest,
    need: need ?? undefined,
    programme: programme ?? undefined,
  })),
  marks: row.marks,
  story: row.story.map(({ at, body }) => ({ at: new Date(at), body })),
  sending: row.sending,
  overrides: row.marks.flatMap((mark) =>
    mark.type === "overridden" ? [{ programme: mark.programme, clause: mark.clause }] : [],
  ),
  content: openContent(vault, row),
});
