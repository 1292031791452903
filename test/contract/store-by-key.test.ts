// What happens for every referral costs the same on the first day and on the thousandth: no statement reads rows that it does not name,
// although it was planned while the tables were nearly empty.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine, Role } from "../../adapters/postgres/engine.ts";
import { engines } from "../engines.ts";
import { aChange, aHome, aSubmission, type Home, offerFor, offering, taken, uuid } from "../builders/store.ts";

const LEASE = { limit: 100, places: 4, perSecond: 1_000, seconds: 30 };
/** Rows in each table; and what the few statements below may read of one, of which a lease looks at each of some twenty lines. */
const MANY = 1_500;
const FEW = 300;

/** Of this transaction, in PostgreSQL's own counters: rows read from end to end, and rows that an index led to. */
const READ = `SELECT relname AS name, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) AS rows
FROM pg_stat_xact_user_tables WHERE relname IN ('work', 'referral', 'case_file', 'offer', 'callback', 'submission', 'client')`;

type Read = { name: string; rows: number };

/** Adds up what is read, by table. A single statement is counted inside a transaction that finds its rows the same way. */
const counting =
  (read: Map<string, number>) =>
  (engine: Engine): Engine => {
    const transaction: Engine["transaction"] = (role, run, manner) =>
      engine.transaction(
        role,
        async (query) => {
          const before = new Map((await query<Read>(READ)).map(({ name, rows }) => [name, Number(rows)]));
          const result = await run(query);
          for (const { name, rows } of await query<Read>(READ))
            read.set(name, (read.get(name) ?? 0) + Number(rows) - (before.get(name) ?? 0));
          return result;
        },
        manner,
      );
    const alone =
      (role: Role): Engine["single"] =>
      (...asked) =>
        transaction(role, (query) => query(...asked), { byKey: true }) as never;
    return { ...engine, transaction, single: alone("worker"), take: alone("intake") };
  };

describe.each(engines())("on $name", (on) => {
  const read = new Map<string, number>();
  let home: Home;
  beforeAll(async () => void (home = await aHome(on, counting(read))));
  afterAll(() => home.close());

  /** One referral from its acceptance to a sent offer: all that the store does for each. */
  const carry = async (): Promise<void> => {
    const { intake: _, agenda, ledger, clients } = home.store;
    const journey = await taken(home);
    const [ring] = (await agenda.lease(LEASE)).rings;
    const assess = ring && (await agenda.claim(ring));
    if (assess === undefined) throw new Error("nothing was leased");
    const offer = offerFor(journey, { provider: "sample-coaching" });
    const destination = "provider:sample-coaching";
    const [sending, clock] = ["deliver", "chase"].map((kind) => ({
      id: uuid(),
      kind: kind as "deliver" | "chase",
      subject: offer.id,
      referral: journey.id,
      destination: kind === "deliver" ? destination : "clocks",
      due: kind === "deliver" ? home.clock.now() : new Date(home.clock.now().getTime() + 86_400_000),
    }));
    const draws = { programmes: [offer.programme], services: [offer.service] };
    const change = offering(journey, offer, {
      work: [sending, clock].flatMap((one) => one ?? []),
      places: [{ programme: offer.programme, service: offer.service, taken: 1, drawn: 1 }],
      done: { work: assess.id, token: assess.token },
    });
    expect(await ledger.decide(draws, () => change)).toBe("committed");
    const [sent] = (await agenda.lease(LEASE)).rings;
    const deliver = sent && (await agenda.claim(sent));
    if (deliver === undefined) throw new Error("the offer was not leased");
    await clients.byOrganisation("provider", "sample-coaching", true);
    const again = { kind: "again" as const, due: home.clock.now(), attempted: true, cause: "answered-503" as const };
    expect(await agenda.settle(deliver, again)).toBe(true);
    const [more] = (await agenda.lease(LEASE)).rings;
    const once = more && (await agenda.claim(more));
    const opened = await ledger.open(journey.id);
    if (once === undefined || opened === undefined) throw new Error("the offer was not leased again");
    const delivered = aChange(opened, { status: "offered", done: { work: once.id, token: once.token } });
    expect(await ledger.commit(delivered)).toBe("committed");
  };

  it("reads what it names and nothing else, however long the tables have become since it was planned", async () => {
    for (let at = 0; at < 8; at += 1) await carry();
    await Promise.all(Array.from({ length: MANY }, () => home.store.intake.accept(aSubmission())));
    await home.sql("DELETE FROM waymark.work WHERE kind = 'assess'");
    await home.sql(
      `INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at)
       SELECT gen_random_uuid(), CASE WHEN n % 3 = 0 THEN 'chase' ELSE 'deliver' END, gen_random_uuid(), gen_random_uuid(),
         CASE WHEN n % 3 = 0 THEN 'clocks' ELSE 'provider:' || (n % 20) END, $2::timestamptz, $2::timestamptz
       FROM generate_series(1, $1::integer) n`,
      [MANY, new Date(home.clock.now().getTime() + 3_600_000)],
    );
    read.clear();
    await carry();
    expect([...read].filter(([, rows]) => rows >= FEW)).toEqual([]);
    expect(read.get("work")).toBeGreaterThan(0);
  });
});
