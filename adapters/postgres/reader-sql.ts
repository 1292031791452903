// What a reader may ask. None of these statements guards anything: row security does, and these only choose and sort.
import type { Door } from "../../schemas/referral.ts";
import type { CommissionedFilter, ReferralFilter } from "../../src/ports/reading.ts";
import { isUuid } from "./rows.ts";

const WITH_TIMELINE = `
SELECT r.id, r.reference, r.caller_reference, r.correlation_id, r.door, r.status, r.version, r.organisation, r.test,
  r.participation, r.received_at, r.changed_at, coalesce(
    (SELECT jsonb_agg(jsonb_build_object('sequence', e.sequence, 'at', e.at, 'body', e.body) ORDER BY e.sequence)
     FROM waymark.event e WHERE e.referral = r.id), '[]') AS timeline
FROM waymark.referral r`;

export const REFERRAL = {
  byId: `${WITH_TIMELINE} WHERE r.id = $1::uuid`,
  byReference: `${WITH_TIMELINE} WHERE r.reference = $1::text`,
};

export const CHANGED = `${WITH_TIMELINE}
WHERE r.organisation = $1 AND r.door = $2 AND r.changed_at BETWEEN $3::timestamptz AND $4::timestamptz
ORDER BY r.changed_at, r.id LIMIT $5::integer`;

/** Only the conditions that are asked for: a plan for all of them at once would fit none. */
export const found = (
  organisation: string,
  door: Door,
  test: boolean,
  { id, offer, reference, named, statuses, from, to, after, limit }: ReferralFilter,
): { sql: string; values: unknown[] } => {
  const values: unknown[] = [organisation, door, test];
  const where = ["r.organisation = $1 AND r.door = $2 AND r.test = $3"];
  const also = (value: unknown, condition: (parameter: string) => string): void => {
    if (value !== undefined) where.push(condition(`$${values.push(value)}`));
  };
  also(id, (value) => `r.id = ${value}::uuid`);
  also(offer, (value) => `r.id = (SELECT o.referral FROM waymark.offer o WHERE o.id = ${value}::uuid)`);
  also(reference, (value) => `r.reference = ${value}`);
  also(named, (value) => `${value}::text IN (r.reference, r.caller_reference)`);
  also(statuses, (value) => `r.status = ANY (${value}::text[])`);
  also(from, (value) => `r.changed_at >= ${value}::timestamptz`);
  also(to, (value) => `r.changed_at <= ${value}::timestamptz`);
  also(after, (value) => `r.id > ${value}::uuid`);
  return {
    sql: `${WITH_TIMELINE} WHERE ${where.join(" AND ")} ORDER BY r.id LIMIT $${values.push(limit)}::integer`,
    values,
  };
};

export const CONTENT = `
SELECT r.id, r.case_id, r.sealed_content, c.wrapped_key, c.ring_key
FROM waymark.referral r JOIN waymark.case_file c ON c.id = r.case_id
WHERE r.id = $1::uuid AND r.organisation = $2`;

export const RECALLS = `
SELECT to_jsonb(k) AS recall FROM waymark.recall k WHERE k.referral = $1::uuid ORDER BY k.asked_at, k.offer`;

/** What was kept until a day that is over, $5, is asked for again. */
export const OWN_RECALLS = `
SELECT to_jsonb(k) AS recall, r.reference FROM waymark.recall k JOIN waymark.referral r ON r.id = k.referral
WHERE k.provider = $1 AND k.test = $2 AND ($3::uuid IS NULL OR k.offer > $3::uuid)
  AND (k.answer IS NULL OR k.kept_until < $5::date)
ORDER BY k.offer LIMIT $4::integer`;

export const AMENDMENT = `
SELECT a.id, a.referral, a.content_type, a.sealed_body, a.received_at, r.case_id, c.wrapped_key, c.ring_key
FROM waymark.amendment a JOIN waymark.referral r ON r.id = a.referral JOIN waymark.case_file c ON c.id = r.case_id
WHERE a.id = $1::uuid`;

export const RECEIPTS = `
SELECT t.id, t.case_id, t.sealed_receipt, c.wrapped_key, c.ring_key
FROM waymark.receipt t JOIN waymark.case_file c ON c.id = t.case_id
WHERE t.referral = $1::uuid ORDER BY t.decided_at, t.id`;

/** Receipts' ids are UUIDv7: their order is that in which the decisions were made. */
export const commissioned = (
  organisation: string,
  test: boolean,
  { referral, programme, from, to, after, limit }: CommissionedFilter,
): { sql: string; values: unknown[] } => {
  const values: unknown[] = [organisation, test];
  const where = ["t.commissioners ? $1::text", "r.test = $2::boolean", "NOT r.canary"];
  const also = (value: unknown, condition: (parameter: string) => string): void => {
    if (value !== undefined) where.push(condition(`$${values.push(value)}`));
  };
  also(referral, (value) => (isUuid(referral ?? "") ? `r.id = ${value}::uuid` : `r.reference = ${value}::text`));
  also(programme, (value) => `t.commissioners -> $1::text ? ${value}::text`);
  also(from, (value) => `t.decided_at >= ${value}::timestamptz`);
  also(to, (value) => `t.decided_at < ${value}::timestamptz`);
  also(after, (value) => `t.id > ${value}::uuid`);
  return {
    sql: `
SELECT t.id, t.case_id, t.sealed_receipt, t.commissioners -> $1::text AS programmes, c.wrapped_key, c.ring_key
FROM waymark.receipt t JOIN waymark.referral r ON r.id = t.referral JOIN waymark.case_file c ON c.id = t.case_id
WHERE ${where.join(" AND ")} ORDER BY t.id LIMIT $${values.push(limit)}::integer`,
    values,
  };
};

/**
 * A no, an end or an offer taken back closes the provider's view of the person with the same commit: then not even what
 * was sealed is read for it. A referrer sees its offers' rows too, but a queue of offers is the provider's.
 */
const OFFERED = `
SELECT o.id, o.referral, o.programme, o.contract, o.service, o.places, o.provider, o.status,
  o.on_hold_since, o.on_hold_until::text AS on_hold_until, o.assigned_to,
  o.progress, o.clocks_from, o.due_clock, o.due_at, o.test, o.made_at, o.changed_at, o.case_id,
  r.reference, r.version, CASE WHEN o.status IN ('sent', 'acknowledged', 'accepted', 'started') THEN r.sealed_content END
  AS sealed_content, c.wrapped_key, c.ring_key,
  (SELECT to_jsonb(k) FROM waymark.recall k WHERE k.offer = o.id) AS recall,
  coalesce((SELECT jsonb_agg(jsonb_build_object('id', t.id, 'offer', t.offer, 'provider', t.provider, 'at', t.at,
     'sealed', encode(t.sealed_report, 'base64')) ORDER BY t.at, t.id)
   FROM waymark.outcome_report t WHERE t.offer = o.id), '[]') AS reports
FROM waymark.offer o JOIN waymark.referral r ON r.id = o.referral JOIN waymark.case_file c ON c.id = o.case_id
WHERE (o.provider = $1 OR o.assigned_to = $1)`;

export const OFFER = `${OFFERED} AND o.id = $2::uuid`;

/** In the order in which they were made; `after` is the last id of the page before. */
export const OFFERS = `${OFFERED}
AND o.test = $2 AND ($3::text IS NULL OR o.status = $3) AND ($4::uuid IS NULL OR o.id > $4::uuid)
ORDER BY o.id LIMIT $5::integer`;
