// The ledger of counts: everything that went in is there once, has one story without gaps, and adds up to the places taken.
import { expect } from "vitest";
import type { EventBody } from "../../schemas/event.ts";
import { fold } from "../../src/core/lifecycle.ts";
import type { Stage } from "../world/stage.ts";
import type { Home, Sql } from "./home.ts";
import { type Sent, wasAccepted } from "./traffic.ts";

type Row = { id: string; reference: string; status: string; sequence: number };
type Told = { referral: string; sequence: number; body: EventBody };

const COUNTS = `
SELECT (SELECT count(*) FROM waymark.submission) AS submissions, (SELECT count(*) FROM waymark.case_file) AS cases,
  (SELECT count(*) FROM waymark.referral) AS referrals,
  (SELECT count(*) FROM waymark.event WHERE type = 'received') AS received,
  (SELECT count(*) FROM waymark.event WHERE type = 'offered') AS offered, (SELECT count(*) FROM waymark.offer) AS offers,
  -- What is held keeps its clock for weeks, an offer for days, and a job for a year.
  (SELECT count(*) FROM waymark.work WHERE kind NOT IN ('remind', 'expire', 'chase', 'checkpoint')) AS work, (SELECT count(*) FROM waymark.callback) AS callbacks,
  (SELECT count(*) FROM waymark.callback WHERE state = 'delivered') AS delivered`;

/** Places by the books, and as the offers have it: the same when the two differ nowhere. */
const PLACES = `
SELECT programme, service FROM waymark.place p FULL JOIN (
  SELECT programme, service, count(*) AS drawn,
    count(*) FILTER (WHERE status IN ('sent', 'acknowledged', 'accepted', 'started')) AS taken
  FROM waymark.offer GROUP BY programme, service) o USING (programme, service)
WHERE (p.taken, p.drawn) IS DISTINCT FROM (o.taken::integer, o.drawn::integer)`;

type Stored = { reference: string; organisation: string };

/** What nobody was told belongs to those of that organisation whose answer was lost: as many on the one side as on the other. */
const assign = (stored: readonly Stored[], stage: Stage, sent: readonly Sent[]): Map<string, string> => {
  const told = new Set(sent.flatMap(({ reply }) => reply.reference ?? []));
  const left = stored.filter((one) => !told.has(one.reference));
  const take = (organisation: string): string | undefined => {
    const at = left.findIndex((one) => one.organisation === organisation);
    return at < 0 ? undefined : left.splice(at, 1)[0]?.reference;
  };
  return new Map(
    sent.flatMap(({ key, kind, reply }): [string, string][] => {
      const organisation = stage.senders.get(kind.from)?.identity.organisation ?? "";
      const reference = reply.reference ?? take(organisation);
      return reference === undefined ? [] : [[key, reference]];
    }),
  );
};

const readStored = (sql: Sql): Promise<Stored[]> => sql("SELECT reference, organisation FROM waymark.submission");

/** Every submission's reference by its key. */
export const references = (home: Home, stage: Stage, sent: readonly Sent[]): Promise<Map<string, string>> =>
  home.look(async (sql) => assign(await readStored(sql), stage, sent));

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
    const stored = await readStored(sql);
    // One reference for each key, and no other: sent twice is taken once.
    const byKey = assign(stored, stage, sent);
    expect(sent.filter(({ key }) => !byKey.has(key)).map(({ reply }) => reply.reference)).toEqual([]);
    expect(new Set(byKey.values())).toEqual(new Set(stored.map((one) => one.reference)));

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
