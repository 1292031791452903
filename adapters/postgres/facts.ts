// All that holds one referral up, in one look: what happened, what there is to do, what was tried, and which breakers are open.
import type { EventBody } from "../../schemas/event.ts";
import type { OfferStatus } from "../../schemas/offer.ts";
import type { ClockName } from "../../schemas/progress.ts";
import type { Status } from "../../schemas/referral.ts";
import type { WorkKind } from "../../schemas/work.ts";
import type { Facts } from "../../schemas/facts.ts";
import type { Query } from "./engine.ts";
import { isUuid, maybe } from "./rows.ts";

const REFERRAL =
  "SELECT r.id, r.reference, r.status, c.wrapped_key IS NULL AS erased FROM waymark.referral r JOIN waymark.case_file c ON c.id = r.case_id";
const TIMELINE = "SELECT at, body FROM waymark.event WHERE referral = $1 ORDER BY sequence";
const OFFERS =
  "SELECT id, programme, service, provider, assigned_to, due_clock, due_at, status FROM waymark.offer WHERE referral = $1 ORDER BY made_at, id";
const WORK = `
SELECT kind, subject, destination, made_at, due, attempt, coalesce(lease_until > $2::timestamptz, false) AS leased, dead_at, cause
FROM waymark.work WHERE referral = $1 ORDER BY made_at, id`;
const ATTEMPTS = "SELECT kind, subject, at, cause FROM waymark.attempt WHERE referral = $1 ORDER BY at, number";
const BREAKERS = `
SELECT destination, opened_at, until FROM waymark.breaker WHERE state = 'open' AND destination = ANY ($1::text[])`;

type WorkColumns = {
  kind: WorkKind;
  subject: string;
  destination: string;
  made_at: Date;
  due: Date;
  attempt: number;
  leased: boolean;
  dead_at: Date | null;
  cause: string | null;
};
type OfferColumns = {
  id: string;
  programme: string;
  service: string;
  provider: string;
  assigned_to: string | null;
  due_clock: ClockName | null;
  due_at: Date | null;
  status: OfferStatus;
};

export const readFacts = async (query: Query, referral: string, now: Date): Promise<Facts | undefined> => {
  type Row = { id: string; reference: string; status: Status; erased: boolean };
  const where = isUuid(referral) ? "r.id = $1::uuid" : "r.reference = $1";
  const [row] = await query<Row>(`${REFERRAL} WHERE ${where}`, [referral]);
  if (row === undefined) return undefined;
  const work = await query<WorkColumns>(WORK, [row.id, now]);
  type Tried = { kind: WorkKind; subject: string; at: Date; cause: string | null };
  const attempts = await query<Tried>(ATTEMPTS, [row.id]);
  type Breaker = { destination: string; opened_at: Date | null; until: Date };
  const breakers = await query<Breaker>(BREAKERS, [work.map(({ destination }) => destination)]);
  return {
    reference: row.reference,
    status: row.status,
    erased: row.erased,
    timeline: await query<{ at: Date; body: EventBody }>(TIMELINE, [row.id]),
    offers: (await query<OfferColumns>(OFFERS, [row.id])).map(({ assigned_to, due_clock, due_at, ...rest }) => ({
      ...rest,
      assignedTo: maybe(assigned_to),
      due: due_clock === null || due_at === null ? undefined : { clock: due_clock, at: due_at },
    })),
    work: work.map(({ made_at, dead_at, cause, ...rest }) => ({
      ...rest,
      madeAt: made_at,
      deadAt: maybe(dead_at),
      cause: maybe(cause),
    })),
    attempts: attempts.map(({ cause, ...rest }) => ({ ...rest, cause: maybe(cause) })),
    breakers: breakers.map(({ destination, opened_at, until }) => ({ destination, until, since: maybe(opened_at) })),
  };
};
