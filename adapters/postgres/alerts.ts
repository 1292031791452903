// Alerts: one row for each thing that is wrong, so that several processes tell of it once.
import { type Alert, type AlertCodes, subjectOf, type Telling } from "../../schemas/alert.ts";
import type { Alerts } from "../../src/ports/on-call.ts";
import type { Clock, Ids } from "../../src/ports/system.ts";
import type { Engine } from "./engine.ts";
import { json, maybe } from "./rows.ts";

type Columns = {
  id: string;
  subject: string;
  codes: AlertCodes;
  since: Date;
  told: number;
  told_at: Date | null;
  ended_at: Date | null;
};

/** Whoever tells has this long; one that died is followed by another, who tells it under the same id. */
const TELLING_MS = 60_000;
/** So many at one time: what comes after waits for the next look. */
const MOST = 20;

/** What was told to be over and comes again at once is new to people; what was not yet told to be over simply goes on. */
const SEE = `
INSERT INTO waymark.alert AS a (id, subject, codes, since, seen_at)
SELECT id, subject, codes, since, $2::timestamptz
FROM jsonb_to_recordset($1::jsonb) AS row (id uuid, subject text, codes jsonb, since timestamptz) ORDER BY subject
ON CONFLICT (subject) DO UPDATE SET seen_at = excluded.seen_at, codes = excluded.codes, ended_at = NULL`;

const END = `
UPDATE waymark.alert SET ended_at = $1 WHERE ended_at IS NULL AND seen_at < $2`;
const FORGET = `
DELETE FROM waymark.alert WHERE ended_at IS NOT NULL AND told = 0 AND (claimed_until IS NULL OR claimed_until <= $1)`;

/** $1 now, $2 token, $3 until, $4 those told before this are told again. */
const CLAIM = `
UPDATE waymark.alert SET token = $2, claimed_until = $3
WHERE subject IN (
  SELECT subject FROM waymark.alert
  WHERE (claimed_until IS NULL OR claimed_until <= $1)
    AND CASE WHEN ended_at IS NULL THEN told_at IS NULL OR told_at <= $4 ELSE told > 0 END
  ORDER BY since, subject LIMIT ${MOST} FOR UPDATE SKIP LOCKED)
RETURNING id, subject, codes, since, told, told_at, ended_at`;

const TOLD = `
UPDATE waymark.alert SET told = told + 1, told_at = $3, token = NULL, claimed_until = NULL
WHERE subject = $1 AND token = $2`;
const OVER = "DELETE FROM waymark.alert WHERE subject = $1 AND token = $2 AND ended_at IS NOT NULL RETURNING subject";
/** People were told that it is over, and meanwhile it came again: to them that is a new one. */
const ANEW = `
UPDATE waymark.alert SET id = $3, told = 0, told_at = NULL, token = NULL, claimed_until = NULL
WHERE subject = $1 AND token = $2`;
const FAILED = "UPDATE waymark.alert SET token = NULL, claimed_until = $3 WHERE subject = $1 AND token = $2";
const LIST = "SELECT id, subject, codes, since, told, told_at, ended_at FROM waymark.alert ORDER BY since, subject";

const before = (now: Date, ms: number): Date => new Date(now.getTime() - ms);

export const createAlerts = ({ engine, clock, ids }: { engine: Engine; clock: Clock; ids: Ids }): Alerts => ({
  see: async (stands, goneMs) => {
    const now = clock.now();
    const rows = stands.map(({ since, ...codes }) => ({ id: ids.uuid(), subject: subjectOf(codes), codes, since }));
    // commits: what stands, seen; the end of what nobody sees any more, and nothing of what ended before anybody was told
    await engine.transaction("worker", async (query) => {
      if (rows.length > 0) await query(SEE, [json(rows), now]);
      await query(END, [now, before(now, goneMs)]);
      await query(FORGET, [now]);
    });
  },
  claim: async (repeatMs) => {
    const now = clock.now();
    const token = ids.uuid();
    const until = new Date(now.getTime() + TELLING_MS);
    // commits: who tells what, for a while
    const rows = await engine.transaction("worker", (query) =>
      query<Columns>(CLAIM, [now, token, until, before(now, repeatMs)]),
    );
    return rows.map(alertOf).map((alert) => tellingOf(alert, token));
  },
  told: async ({ alert: { subject }, what, token }) => {
    // commits: that people know; and nothing of it any more, if it is over
    await engine.transaction("worker", async (query) => {
      if (what !== "ends") return void (await query(TOLD, [subject, token, clock.now()]));
      const gone = await query(OVER, [subject, token]);
      if (gone.length === 0) await query(ANEW, [subject, token, ids.uuid()]);
    });
  },
  failed: async ({ alert: { subject }, token }, again) => {
    // commits: when it is tried again
    await engine.transaction("worker", (query) => query(FAILED, [subject, token, again]));
  },
  list: async () => (await engine.transaction("worker", (query) => query<Columns>(LIST))).map(alertOf),
});

const alertOf = ({ codes, told_at, ended_at, ...row }: Columns): Alert => ({
  ...codes,
  ...row,
  toldAt: maybe(told_at),
  endedAt: maybe(ended_at),
});

/** Standard Webhooks: an id stays the same for every try of one telling, and has no full stop. */
const tellingOf = (alert: Alert, token: string): Telling => {
  const what = alert.endedAt !== undefined ? "ends" : alert.told === 0 ? "begins" : "stands";
  return { id: `${alert.id}-${what === "ends" ? what : alert.told + 1}`, what, alert, token };
};
