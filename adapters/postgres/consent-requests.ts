// Requests for the person's own yes. Tokens and sessions are digests before they reach this file.
import type { ConsentAsk, ConsentRequest } from "../../schemas/asking.ts";
import type { LetterWay } from "../../schemas/letter.ts";
import type { ConsentRequests } from "../../src/ports/asking.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Engine } from "./engine.ts";
import { json } from "./rows.ts";

type Columns = {
  id: string;
  referral: string;
  organisation: string;
  way: LetterWay;
  asks: ConsentAsk[];
  once: boolean;
  made_at: Date;
  ends_at: Date;
  sent_at: Date | null;
  replaced_at: Date | null;
};

const COLUMNS = "id, referral, organisation, way, asks, once, made_at, ends_at, sent_at, replaced_at";
const READ = `SELECT ${COLUMNS} FROM waymark.consent_request`;

const REPLACE = `
UPDATE waymark.consent_request SET replaced_at = $2::timestamptz, session_digest = NULL
WHERE referral = $1::uuid AND replaced_at IS NULL`;
const MAKE = `
INSERT INTO waymark.consent_request (id, referral, organisation, way, asks, once, made_at, ends_at)
VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8)`;
const PLAN = `
INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`;
/** Counted before it is compared, so that guesses at one time are no more guesses. */
const TRY = `
UPDATE waymark.consent_request SET tries = tries + 1 WHERE token_digest = $1 AND tries < $2 RETURNING ${COLUMNS}`;
const OPEN = `
UPDATE waymark.consent_request SET tries = 0, session_digest = $2, session_until = $3::timestamptz WHERE id = $1::uuid`;

export const createConsentRequests = ({ engine, clock }: { engine: Engine; clock: Clock }): ConsentRequests => {
  const run = <Row extends object>(sql: string, values: unknown[]): Promise<Row[]> =>
    engine.transaction("worker", (query) => query<Row>(sql, values));
  const one = async (sql: string, values: unknown[]): Promise<ConsentRequest | undefined> => {
    const [row] = await run<Columns>(sql, values);
    return row && requestOf(row);
  };

  return {
    make: ({ id, referral, organisation, by, asks, once, madeAt, endsAt }, work) =>
      // commits: the request, the end of those before it, and the letter that is to be sent
      engine.transaction("worker", async (query) => {
        await query(REPLACE, [referral, madeAt]);
        await query(MAKE, [id, referral, organisation, by, json(asks), once, madeAt, endsAt]);
        if (work === undefined) return;
        await query(PLAN, [work.id, work.kind, work.subject, work.referral, work.destination, work.due, madeAt]);
      }),
    ofReferral: async (referral) =>
      (await run<Columns>(`${READ} WHERE referral = $1::uuid ORDER BY made_at, id`, [referral])).map(requestOf),
    find: (id) => one(`${READ} WHERE id = $1::uuid`, [id]),
    letter: async (id, token) => {
      // commits: the token of the letter that is about to leave
      await run("UPDATE waymark.consent_request SET token_digest = $2 WHERE id = $1::uuid", [id, token]);
    },
    sent: async (id) => {
      // commits: that the letter is on its way
      await run("UPDATE waymark.consent_request SET sent_at = $2::timestamptz WHERE id = $1::uuid", [id, clock.now()]);
    },
    // commits: one try more
    attempt: (token, tries) => one(TRY, [token, tries]),
    open: async (id, visit) => {
      // commits: the one visit that goes on; the one before ends
      await run(OPEN, [id, visit?.token ?? null, visit?.until ?? null]);
    },
    visit: (token, now) => one(`${READ} WHERE session_digest = $1 AND session_until > $2::timestamptz`, [token, now]),
    leave: async (token) => {
      // commits: the end of the visit
      await run("UPDATE waymark.consent_request SET session_digest = NULL WHERE session_digest = $1", [token]);
    },
  };
};

const requestOf = (row: Columns): ConsentRequest => ({
  id: row.id,
  referral: row.referral,
  organisation: row.organisation,
  by: row.way,
  asks: row.asks,
  once: row.once,
  madeAt: row.made_at,
  endsAt: row.ends_at,
  ...(row.sent_at === null ? {} : { sentAt: row.sent_at }),
  ...(row.replaced_at === null ? {} : { replacedAt: row.replaced_at }),
});
