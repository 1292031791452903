// The agenda: due work is leased once, a few at a time for each destination, and only the holder of the token settles it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { NewWork, Ring, Work } from "../../schemas/work.ts";
import { engines } from "../engines.ts";
import { aChange, aHome, type Home, START, taken, uuid } from "../builders/store.ts";

const LEASE = { limit: 100, places: 4, perSecond: 1_000, seconds: 30 };

describe.each(engines())("the agenda on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());
  beforeEach(async () => void (await home.sql("DELETE FROM waymark.work")));

  const put = async (work: Partial<NewWork> = {}): Promise<string> => {
    const id = uuid();
    const row = { id, kind: "deliver", subject: uuid(), referral: uuid(), destination: "provider:a", ...work };
    await home.sql(
      `INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at)
       VALUES ($1, $2, $3, $4, $5, $6, $6)`,
      [row.id, row.kind, row.subject, row.referral, row.destination, work.due ?? home.clock.now()],
    );
    return id;
  };
  const flood = (count: number, destination: string, dueInSeconds: number, destinations = 50) =>
    home.sql(
      `INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at)
       SELECT gen_random_uuid(), 'deliver', gen_random_uuid(), gen_random_uuid(), $2 || (n % $4::integer)::text,
         $3::timestamptz, $3::timestamptz FROM generate_series(1, $1::integer) n`,
      [count, destination, new Date(home.clock.now().getTime() + dueInSeconds * 1_000), destinations],
    );
  const round = (options: Partial<typeof LEASE> = {}) => home.store.agenda.lease({ ...LEASE, ...options });
  const lease = async (options: Partial<typeof LEASE> = {}) => (await round(options)).rings;
  const works = (rings: Ring[]) => rings.map((ring) => ring.work);
  const claimed = async (): Promise<Work> => {
    const [ring] = await lease();
    const work = ring && (await home.store.agenda.claim(ring));
    if (work === undefined) throw new Error("nothing was leased");
    return work;
  };
  const rowOf = async (id: string) =>
    (await home.sql<Record<string, unknown>>("SELECT * FROM waymark.work WHERE id = $1", [id]))[0];
  const attemptsOf = (work: string) =>
    home.sql("SELECT number, result, cause FROM waymark.attempt WHERE work = $1 ORDER BY number", [work]);

  it("leases what is due, oldest first, and nothing twice while the lease lives", async () => {
    const at = (seconds: number) => new Date(home.clock.now().getTime() + seconds * 1_000);
    const second = await put({ due: at(-5) });
    const first = await put({ due: at(-50), destination: "provider:b" });
    const future = await put({ due: at(1) });
    expect(works(await lease())).toEqual([first, second]);
    expect(await lease()).toEqual([]);
    home.clock.pass(1);
    expect(works(await lease())).toEqual([future]);
    home.clock.pass(30);
    expect(works(await lease()).toSorted()).toEqual([first, second, future].toSorted());
  });

  it("hastens what waits to be looked at, also what is being looked at, and nothing else", async () => {
    const at = (seconds: number) => new Date(home.clock.now().getTime() + seconds * 1_000);
    const follow = { kind: "follow" as const, destination: "follow:a" };
    const waiting = await put({ ...follow, due: at(900) });
    const other = await put({ ...follow, destination: "follow:b", due: at(900) });
    const letter = await put({ kind: "deliver", destination: "follow:a", due: at(900) });
    const looking = await put({ ...follow, referral: uuid() });
    const work = await claimed();
    expect(work.id).toBe(looking);
    expect(await home.store.agenda.hasten("follow", "follow:a", at(1))).toBe(2);
    // Its look began before the bell: it changes nothing any more, and another is made.
    const later = { kind: "again", due: at(900), attempted: false, cause: "watching", afresh: true } as const;
    expect(await home.store.agenda.settle(work, later)).toBe(false);
    expect(await home.store.agenda.hasten("follow", "follow:a", at(1))).toBe(0);
    home.clock.pass(1);
    expect(works(await lease()).toSorted()).toEqual([waiting, looking].toSorted());
    for (const id of [other, letter]) expect((await rowOf(id))?.["due"]).toEqual(at(899));
  });

  it("begins the schedule anew after a look that went well", async () => {
    const id = await put({ kind: "follow", destination: "follow:a" });
    const again = { kind: "again", due: home.clock.now(), attempted: true, cause: "timed-out" } as const;
    await home.store.agenda.settle(await claimed(), again);
    expect(await rowOf(id)).toMatchObject({ attempt: 1, first_due: home.clock.now() });
    const well = { ...again, attempted: false, cause: "watching", afresh: true } as const;
    await home.store.agenda.settle(await claimed(), well);
    expect(await rowOf(id)).toMatchObject({ attempt: 0, first_due: null, cause: "watching" });
  });

  it("keeps one row for what comes again and again, and brings it back where it had died", async () => {
    const chore: NewWork = {
      id: uuid(),
      kind: "assess",
      subject: uuid(),
      referral: uuid(),
      destination: "a",
      due: START,
    };
    await home.store.agenda.ensure(chore);
    await home.store.agenda.ensure({ ...chore, due: new Date(0) });
    expect((await rowOf(chore.id))?.["due"]).toEqual(START);
    await home.store.agenda.settle(await claimed(), { kind: "dead", cause: "broke" });
    await home.store.agenda.ensure(chore);
    expect(await rowOf(chore.id)).toMatchObject({ dead_at: null, attempt: 0, cause: null });
    expect((await claimed()).id).toBe(chore.id);
  });

  it("rings no more than a destination's places, counted by live leases, and lets assess be wide", async () => {
    for (let at = 0; at < 10; at += 1) await put({ destination: "provider:slow" });
    for (let at = 0; at < 10; at += 1) await put({ destination: "assess", kind: "assess" });
    await put({ destination: "provider:other" });
    const rings = await lease();
    expect(rings).toHaveLength(4 + 10 + 1);
    expect(await lease()).toHaveLength(0);
    const work = rings[0] && (await home.store.agenda.claim(rings[0]));
    const slow = (await Promise.all(rings.slice(1).map((ring) => home.store.agenda.claim(ring)))).find(
      (one) => one?.destination === "provider:slow",
    );
    const done = work?.destination === "provider:slow" ? work : slow;
    expect(done).toBeDefined();
    if (done !== undefined) await home.store.agenda.settle(done, { kind: "done" });
    expect(await lease()).toHaveLength(1);
  });

  it("keeps to the places when several processes lease at once", async () => {
    for (let at = 0; at < 30; at += 1) await put({ destination: "provider:slow" });
    const all = (await Promise.all(Array.from({ length: 6 }, () => lease()))).flat();
    expect(all).toHaveLength(4);
    expect(new Set(works(all)).size).toBe(4);
  });

  it("keeps to the limit, and a long line of assessments leaves room for the others", async () => {
    for (let at = 0; at < 40; at += 1)
      await put({ destination: "assess", due: new Date(START.getTime() - 86_400_000) });
    for (let at = 0; at < 3; at += 1) await put({ destination: `provider:${at}` });
    const rings = await lease({ limit: 20 });
    expect(rings).toHaveLength(20);
    const leased = await Promise.all(rings.map((ring) => home.store.agenda.claim(ring)));
    expect(leased.filter((work) => work?.destination.startsWith("provider:"))).toHaveLength(3);
  });

  it("still serves others, quickly, beside 100,000 rows that wait and 10,000 due at one destination", async () => {
    await flood(100_000, "client:waiting", 3_600);
    await flood(10_000, "provider:flooded", -3_600, 1);
    const others = await Promise.all([1, 2, 3].map((n) => put({ destination: `provider:${n}` })));
    const rings = works(await lease({ limit: 50 }));
    expect(rings).toHaveLength(7);
    expect(rings).toEqual(expect.arrayContaining(others));
    expect(await home.store.agenda.backlog()).toMatchObject({ due: 9_996, waiting: 100_000, dead: 0 });
    // The fastest of a few: other programs share the machine.
    const took: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const began = performance.now();
      expect(await lease({ limit: 50, places: 5 + round })).toHaveLength(1);
      took.push(performance.now() - began);
    }
    expect(Math.min(...took)).toBeLessThan(200);
    await home.sql("TRUNCATE waymark.work");
  }, 90_000);

  it("claims once: a ring that comes twice finds nothing, together or apart", async () => {
    const subject = uuid();
    const id = await put({ subject });
    const [ring] = await lease();
    if (ring === undefined) throw new Error("nothing was leased");
    const both = await Promise.all([home.store.agenda.claim(ring), home.store.agenda.claim(ring)]);
    const work = both.find((one) => one !== undefined);
    expect(both.filter((one) => one === undefined)).toHaveLength(1);
    expect(work).toMatchObject({ id, subject, kind: "deliver", destination: "provider:a", attempt: 0 });
    expect(work?.token).not.toBe(ring.token);
    expect(work?.leaseUntil.getTime()).toBe(home.clock.now().getTime() + 20_000);
    expect(await home.store.agenda.claim(ring)).toBeUndefined();
    expect(await home.store.agenda.claim({ work: uuid(), token: uuid() })).toBeUndefined();
  });

  it("settles done, again and dead, with an attempt on record for each that was made", async () => {
    const id = await put();
    const due = new Date(home.clock.now().getTime() + 5_000);
    const again = { kind: "again" as const, due, cause: "connect-refused" as const };
    expect(await home.store.agenda.settle(await claimed(), { ...again, attempted: true })).toBe(true);
    expect(await rowOf(id)).toMatchObject({
      attempt: 1,
      due,
      cause: "connect-refused",
      token: null,
      lease_until: null,
    });
    home.clock.pass(5);
    const second = await claimed();
    expect(second.attempt).toBe(1);
    const rest = { ...again, due: home.clock.now(), attempted: false, cause: "breaker-open" as const };
    expect(await home.store.agenda.settle(second, rest)).toBe(true);
    expect(await rowOf(id)).toMatchObject({ attempt: 1, cause: "breaker-open" });
    expect(await home.store.agenda.settle(await claimed(), { kind: "dead", cause: "gone" })).toBe(true);
    expect(await rowOf(id)).toMatchObject({ dead_at: home.clock.now(), cause: "gone" });
    expect(await lease()).toEqual([]);
    expect(await home.store.agenda.backlog()).toMatchObject({ due: 0, dead: 1 });
    expect(await attemptsOf(id)).toEqual([
      { number: 1, result: "again", cause: "connect-refused" },
      { number: 2, result: "dead", cause: "gone" },
    ]);

    const other = await put();
    expect(await home.store.agenda.settle(await claimed(), { kind: "done" })).toBe(true);
    expect(await rowOf(other)).toBeUndefined();
    expect(await attemptsOf(other)).toEqual([{ number: 1, result: "done", cause: null }]);
  });

  it("changes nothing for a holder whose lease went to another", async () => {
    const id = await put();
    const lost = await claimed();
    home.clock.pass(600);
    const held = await claimed();
    for (const settlement of [
      { kind: "done" } as const,
      { kind: "again", due: START, attempted: true, cause: "broke" } as const,
      { kind: "dead", cause: "broke" } as const,
    ])
      expect(await home.store.agenda.settle(lost, settlement)).toBe(false);
    expect(await rowOf(id)).toMatchObject({ attempt: 1, token: held.token, dead_at: null });
    const twice = await Promise.all([1, 2].map(() => home.store.agenda.settle(held, { kind: "done" })));
    expect(twice.toSorted()).toEqual([false, true]);
    expect(await attemptsOf(id)).toEqual([
      { number: 1, result: "again", cause: "worker-died" },
      { number: 2, result: "done", cause: null },
    ]);
  });

  it("settles how a callback stands with the work that carried it", async () => {
    const journey = await taken(home);
    await home.sql("DELETE FROM waymark.work");
    const made = (id: string) => ({
      id,
      type: "referral.held" as const,
      client: journey.client,
      referral: journey.id,
      reference: journey.reference,
      sequence: 2,
      at: START.toISOString(),
      status: "held" as const,
      reasons: [],
    });
    const [delivered, kept, dead] = [uuid(), uuid(), uuid()];
    const notify = (subject: string): NewWork => ({
      id: uuid(),
      kind: "notify",
      subject,
      referral: journey.id,
      destination: `client:${journey.client}`,
      due: START,
    });
    await home.store.ledger.commit(
      aChange(journey, { callbacks: [delivered, kept, dead].map(made), work: [delivered, kept, dead].map(notify) }),
    );
    // News of one referral goes out one after the other.
    for (const settlement of [
      { kind: "done", callback: "delivered" },
      { kind: "done", callback: "kept" },
      { kind: "dead", cause: "gone" },
    ] as const)
      await home.store.agenda.settle(await claimed(), settlement);
    const states = await Promise.all([delivered, kept, dead].map((id) => home.store.ledger.callback(id)));
    expect(states.map((callback) => callback?.state)).toEqual(["delivered", "kept", "dead"]);
  });

  it("gives every lease back to who is alone on the store, and no old token settles anything", async () => {
    const [rung, held, dead, untouched] = [await put(), await put(), await put(), await put({ destination: "other" })];
    await home.sql("UPDATE waymark.work SET dead_at = $2 WHERE id = $1", [dead, home.clock.now()]);
    const rings = await lease({ limit: 3 });
    const kept = rings.find((ring) => ring.work === held);
    const claim = kept && (await home.store.agenda.claim(kept));
    if (claim === undefined) throw new Error("nothing was claimed");

    expect(await home.store.agenda.releaseAll()).toBe(3);
    expect(await home.store.agenda.settle(claim, { kind: "done" })).toBe(false);
    for (const ring of rings) expect(await home.store.agenda.claim(ring)).toBeUndefined();
    expect(works(await lease()).toSorted()).toEqual([rung, held, untouched].toSorted());
    expect(await home.store.agenda.releaseAll()).toBe(3);
    expect(await home.store.agenda.releaseAll()).toBe(0);
    expect(await rowOf(held)).toMatchObject({ attempt: 1, token: null, lease_until: null });
    expect(await rowOf(rung)).toMatchObject({ attempt: 0 });
    expect(await rowOf(dead)).not.toMatchObject({ dead_at: null });
  });

  it("tells the backlog: due, waiting, dead, and since when", async () => {
    expect(await home.store.agenda.backlog()).toEqual({ due: 0, waiting: 0, dead: 0, oldestDue: undefined });
    const oldest = new Date(home.clock.now().getTime() - 90_000);
    await put({ due: oldest });
    await put();
    await put({ due: new Date(home.clock.now().getTime() + 90_000) });
    expect(await home.store.agenda.backlog()).toEqual({ due: 2, waiting: 1, dead: 0, oldestDue: oldest });
    await claimed();
    expect(await home.store.agenda.backlog()).toEqual({ due: 0, waiting: 1, dead: 0, oldestDue: undefined });
  });

  it("claims and settles hundreds at once", async () => {
    await flood(400, "provider:", 0);
    const rings = await lease({ limit: 500, places: 50 });
    expect(rings).toHaveLength(400);
    const all = await Promise.all(rings.map((ring) => home.store.agenda.claim(ring)));
    const held = await Promise.all(all.map((work) => work && home.store.agenda.settle(work, { kind: "done" })));
    expect(held.every((one) => one === true)).toBe(true);
    expect(await home.sql("SELECT FROM waymark.work")).toEqual([]);
  });
});
