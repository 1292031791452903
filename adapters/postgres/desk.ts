// The operators' desk: one referral with everything that became of it, without the person.
import { CANARY_FROM } from "../../schemas/canary.ts";
import type { CallbackState } from "../../schemas/callback.ts";
import type { Deed, Desk, Dossier, OverrideCount, PledgeCount } from "../../src/ports/desk.ts";
import type { EventBody } from "../../schemas/event.ts";
import type { Receipt } from "../../schemas/receipt.ts";
import { countOnce } from "../../src/core/outcomes/once.ts";
import { openReceipt } from "./case-seal.ts";
import { readBooks, readCaseload, readOpen } from "./books.ts";
import { readDecisions } from "./decisions.ts";
import type { Engine, Query } from "./engine.ts";
import { readFacts } from "./facts.ts";
import { readJourney } from "./journey.ts";
import { RECEIPTS } from "./reader-sql.ts";
import { type CaseKeyColumns, isUuid, maybe, type RecallColumns, recallOf } from "./rows.ts";
import type { Vault } from "./vault.ts";

const TIMELINE = "SELECT sequence, at, actor, body FROM waymark.event WHERE referral = $1 ORDER BY sequence";
const CALLBACKS = `
SELECT id, body ->> 'type' AS type, sequence, state, changed_at FROM waymark.callback WHERE referral = $1 ORDER BY sequence, id`;
const WORK = `
SELECT kind, destination, due, attempt, dead_at, cause FROM waymark.work WHERE referral = $1 ORDER BY due, id`;
const ATTEMPTS = `
SELECT kind, at, number, result, outcome, cause, status, way FROM waymark.attempt WHERE referral = $1 ORDER BY at, work, number`;

const RECALLS = `
SELECT to_jsonb(k) AS recall, r.reference FROM waymark.recall k JOIN waymark.referral r ON r.id = k.referral`;

const REACHED = `
SELECT e.body ->> 'programme' AS programme, e.body ->> 'outcome' AS outcome, r.case_id AS "caseId"
FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral
WHERE e.type = 'outcome-reached' AND r.test = $1 AND NOT r.canary`;
/** Numbers of one person, and the cases that share one, through however many others. */
const PERSONS = `
WITH RECURSIVE near (case_id) AS (
  SELECT DISTINCT r.case_id FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral
  WHERE e.type = 'outcome-reached' AND r.test = $1
  UNION
  SELECT b.case_id FROM near n
  JOIN waymark.person_key a ON a.case_id = n.case_id AND a.kind IN ('nhs-number', 'nino')
  JOIN waymark.person_key b ON b.kind = a.kind AND b.digest = a.digest
)
SELECT p.case_id AS "caseId", p.kind || ':' || p.digest AS digest
FROM near JOIN waymark.person_key p ON p.case_id = near.case_id AND p.kind IN ('nhs-number', 'nino')`;

const PLEDGES = `
SELECT body ->> 'programme' AS programme, body ->> 'employer' AS employer, body ->> 'stage' AS stage,
  count(DISTINCT referral)::integer AS people
FROM waymark.event WHERE type = 'placed' AND referral < '${CANARY_FROM}' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
const DEEDS = `
SELECT id, at, actor AS by, verb, subjects, codes FROM (
  SELECT * FROM waymark.audit
  WHERE ($1::text IS NULL OR $1 = ANY (subjects)) AND ($2::text IS NULL OR actor = $2) AND ($3::text IS NULL OR verb = $3)
    AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at < $5)
  ORDER BY at DESC, id DESC LIMIT $6::integer) newest
ORDER BY at, id`;
const TOGETHER = "SELECT id FROM waymark.referral WHERE case_id = $1::uuid ORDER BY id";
const OVERRIDES = `
SELECT body ->> 'programme' AS programme, body ->> 'clause' AS clause, count(*)::integer AS count
FROM waymark.event WHERE type = 'overridden' AND referral < '${CANARY_FROM}' GROUP BY 1, 2 ORDER BY 1, 2`;

export const createDesk = ({ engine, vault }: { engine: Engine; vault: Vault }): Desk => ({
  books: () => engine.transaction("worker", readBooks),
  caseload: ({ provider, programme, after, limit }) =>
    engine.transaction("worker", (query) => readCaseload(query, [provider, programme, after ?? null, limit])),
  open: ({ after, limit }) => engine.transaction("worker", (query) => readOpen(query, after, limit)),
  decisions: (asked) => engine.transaction("worker", (query) => readDecisions(query, vault, asked)),
  deeds: ({ subject, by, verb, since, until, limit }) =>
    engine.transaction("worker", (query) =>
      query<Deed>(DEEDS, [subject ?? null, by ?? null, verb ?? null, since ?? null, until ?? null, limit]),
    ),
  pledges: () => engine.transaction("worker", (query) => query<PledgeCount>(PLEDGES)),
  outcomes: (test) =>
    engine.transaction("worker", async (query) =>
      countOnce(
        await query<{ programme: string; outcome: string; caseId: string }>(REACHED, [test]),
        await query<{ caseId: string; digest: string }>(PERSONS, [test]),
      ),
    ),
  recalls: async (referral) => {
    const by = referral === undefined ? "k.answer IS NULL" : isUuid(referral) ? "r.id = $1::uuid" : "r.reference = $1";
    const rows = await engine.transaction("worker", (query) =>
      query<{ recall: RecallColumns; reference: string }>(
        `${RECALLS} WHERE ${by} ORDER BY k.told DESC, k.asked_at, k.offer LIMIT 1000`,
        referral === undefined ? [] : [referral],
      ),
    );
    return rows.map(({ recall, reference }) => ({ ...recallOf(recall), reference }));
  },
  overrides: () => engine.transaction("worker", (query) => query<OverrideCount>(OVERRIDES)),
  facts: (referral, now) => engine.transaction("worker", (query) => readFacts(query, referral, now)),
  together: (caseId) =>
    engine.transaction("worker", async (query) =>
      (await query<{ id: string }>(TOGETHER, [caseId])).map(({ id }) => id),
    ),
  dossier: (referral) =>
    engine.transaction("worker", async (query) => {
      const journey = await readJourney(query, vault, isUuid(referral) ? "referral" : "reference", referral);
      if (journey === undefined) return undefined;
      // What somebody earns is nobody's here.
      const { content: _, reports: _reports, ...rest } = journey;
      return {
        journey: rest,
        timeline: await query<{ sequence: number; at: Date; actor: string; body: EventBody }>(TIMELINE, [journey.id]),
        receipts: await receiptsOf(query, vault, journey.id),
        callbacks: await callbacksOf(query, journey.id),
        work: await workOf(query, journey.id),
        attempts: await attemptsOf(query, journey.id),
      };
    }),
});

const receiptsOf = async (query: Query, vault: Vault, referral: string): Promise<Receipt[]> => {
  const rows = await query<CaseKeyColumns & { id: string; sealed_receipt: Uint8Array }>(RECEIPTS, [referral]);
  return rows.flatMap((row) => openReceipt(vault, row) ?? []);
};

type CallbackColumns = { id: string; type: string; sequence: number; state: CallbackState; changed_at: Date };
const callbacksOf = async (query: Query, referral: string): Promise<Dossier["callbacks"]> =>
  (await query<CallbackColumns>(CALLBACKS, [referral])).map(({ changed_at, ...row }) => ({
    ...row,
    changedAt: changed_at,
  }));

type WorkColumns = {
  kind: string;
  destination: string;
  due: Date;
  attempt: number;
  dead_at: Date | null;
  cause: string | null;
};
const workOf = async (query: Query, referral: string): Promise<Dossier["work"]> =>
  (await query<WorkColumns>(WORK, [referral])).map(({ dead_at, cause, ...row }) => ({
    ...row,
    deadAt: maybe(dead_at),
    cause: maybe(cause),
  }));

type AttemptColumns = {
  kind: string;
  at: Date;
  number: number;
  result: string;
  outcome: string | null;
  cause: string | null;
  status: number | null;
  way: string | null;
};
const attemptsOf = async (query: Query, referral: string): Promise<Dossier["attempts"]> =>
  (await query<AttemptColumns>(ATTEMPTS, [referral])).map(({ outcome, cause, status, way, ...row }) => ({
    ...row,
    outcome: maybe(outcome),
    cause: maybe(cause),
    status: maybe(status),
    way: maybe(way),
  }));
