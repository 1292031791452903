// The ledger of counts: everything that went in is there once, has one story without gaps, and adds up to the places taken.
import { expect } from "vitest";
import type { EventBody } from "../../schemas/event.ts";
import { fold } from "../../src/core/lifecycle.ts";
import type { Stage } from "../world/stage.ts";
import type { Home, Sql } from "./home.ts";
import { type Sent, wasAccepted } from "./traffic.ts";

type Row = { id: string; reference: string; status: string; sequence: number };
type Told = { referral: string; sequence: number; body: EventBody };

/** Some doors say in front of a key where it came from. */
const STORED = "SELECT right(key, 36) AS key, reference FROM waymark.submission";
const COUNTS = `
SELECT (SELECT count(*) FROM waymark.submission) AS submissions, (SELECT count(*) FROM waymark.case_file) AS cases,
  (SELECT count(*) FROM waymark.referral) AS referrals,
  (SELECT count(*) FROM waymark.event WHERE type = 'received') AS received,
  (SELECT count(*) FROM waymark.event WHERE type = 'offered') AS offered, (SELECT count(*) FROM waymark.offer) AS offers,
  (SELECT count(*) FROM waymark.work) AS work, (SELECT count(*) FROM waymark.callback) AS callbacks,
  (SELECT count(*) FROM waymark.callback WHERE state = 'delivered') AS delivered`;

/** Places by the books, and as the offers have it: the same when the two differ nowhere. */
const PLACES = `
SELECT programme, service FROM waymark.place p FULL JOIN (
  SELECT programme, service, count(*) AS drawn,
    count(*) FILTER (WHERE status IN ('sent', 'acknowledged', 'accepted', 'started')) AS taken
  FROM waymark.offer GROUP BY programme, service) o USING (programme, service)
WHERE (p.taken, p.drawn) IS DISTINCT FROM (o.taken::integer, o.drawn::integer)`;

/** Every submission's reference by its key. */
export const references = (home: Home): Promise<Map<string, string>> =>
  home.look(async (sql) => {
    const rows = await sql<{ key: string; reference: string }>(STORED);
    return new Map(rows.map(({ key, reference }) => [key, reference]));
  });

/** A referral's events in their order. No second offer before a clear no to the first. */
const checkStories = async (sql: Sql): Promise<void> => {
  const rows = await sql<Row>("SELECT id, reference, status, sequence FROM waymark.referral");
  const told = await sql<Told>("SELECT referral, sequence, body FROM waymark.event ORDER BY referral, sequence");
  for (const row of rows) {
    const events = told.filter((event) => event.referral === row.id);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, at) => at + 1));
    expect(row.sequence).toBe(events.length);
    expect(fold(events)).toBe(row.status);
    let asked = 0;
    for (const { body } of events) {
      if (body.type === "offered") asked += 1;
      if (body.type === "declined" || body.type === "recalled" || body.type === "ended") asked -= 1;
      expect(asked).toBeLessThanOrEqual(1);
    }
  }
};

/** Each offer came under one webhook-id, which is its own id, and to one provider; each of its signatures held. */
const checkDeliveries = async (sql: Sql, stage: Stage): Promise<void> => {
  const offers = await sql<{ id: string; provider: string }>("SELECT id, provider FROM waymark.offer");
  const home = new Map(offers.map(({ id, provider }) => [id, provider]));
  const seen = new Set<string>();
  for (const provider of stage.providers.values())
    for (const one of provider.received) {
      expect(one).toMatchObject({ webhookId: one.offer, verified: true });
      expect(home.get(one.offer)).toBe(provider.identity.organisation);
      seen.add(one.offer);
    }
  expect(seen.size).toBe(offers.length);
};

export const checkBooks = (home: Home, stage: Stage, sent: readonly Sent[]): Promise<void> =>
  home.look(async (sql) => {
    expect(sent.filter((one) => !wasAccepted(one)).map(({ kind, reply }) => [kind.story, reply])).toEqual([]);
    const stored = await sql<{ key: string; reference: string }>(STORED);
    const byKey = new Map(stored.map((row) => [row.key, row.reference]));
    const lost = sent.filter(({ key, reply }) => {
      const reference = byKey.get(key);
      return reference === undefined || (reply.reference !== undefined && reply.reference !== reference);
    });
    expect(lost).toEqual([]);

    const [counts] = await sql<Record<string, number>>(COUNTS);
    const all = sent.length;
    expect(counts).toMatchObject({ submissions: all, cases: all, referrals: all, received: all, work: 0 });
    expect(counts?.["offered"]).toBe(counts?.["offers"]);
    expect(counts?.["delivered"]).toBe(counts?.["callbacks"]);
    const heard = new Set([...stage.referrers.values()].flatMap((one) => one.heard.map(({ id }) => id)));
    expect(heard.size).toBe(counts?.["callbacks"]);
    expect(await sql(PLACES)).toEqual([]);
    await checkStories(sql);
    await checkDeliveries(sql, stage);
  });
