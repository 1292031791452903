// Alerts in the store: several processes see the same thing, one of them tells it, and one tells that it is over.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Stand, Telling } from "../../schemas/alert.ts";
import { attemptsOf, claimed, newsFor, register } from "../builders/delivery.ts";
import { aHome, type Home, uuid } from "../builders/store.ts";
import { engines } from "../engines.ts";

const GONE_MS = 40_000;
const REPEAT_MS = 3_600_000;

describe.each(engines())("alerts on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());
  beforeEach(async () => {
    for (const table of ["alert", "work", "breaker", "attempt", "pause"])
      await home.sql(`DELETE FROM waymark.${table}`);
  });

  const failing = (of = "client:c"): Stand => ({ code: "referrer-failing", of, since: home.clock.now() });
  const see = (...stands: Stand[]) => home.store.alerts.see(stands, GONE_MS);
  const claim = () => home.store.alerts.claim(REPEAT_MS);
  const said = (tellings: readonly Telling[]) => tellings.map(({ what, alert: { subject } }) => `${what} ${subject}`);
  /** Claims and tells everything that is due. */
  const tell = async (): Promise<string[]> => {
    const tellings = await claim();
    for (const one of tellings) await home.store.alerts.told(one);
    return said(tellings);
  };

  it("are told once when they begin, once when they are over, and not in between", async () => {
    await see(failing(), failing("client:d"));
    expect((await tell()).toSorted()).toEqual(["begins referrer-failing client:c", "begins referrer-failing client:d"]);
    await see(failing());
    expect(await tell()).toEqual([]);
    home.clock.pass(41);
    await see(failing());
    expect(await tell()).toEqual(["ends referrer-failing client:d"]);
    expect(await tell()).toEqual([]);
    expect(await home.store.alerts.list()).toMatchObject([{ subject: "referrer-failing client:c", told: 1 }]);
  });

  it("are over only when no process has seen them for a while, and keep when they began", async () => {
    const since = home.clock.now();
    await see(failing());
    await tell();
    // Another process does not see it; the first one still does.
    for (let look = 0; look < 6; look += 1) {
      home.clock.pass(20);
      await (look % 2 === 0 ? see() : see(failing()));
      expect(await tell()).toEqual([]);
    }
    expect((await home.store.alerts.list())[0]?.since).toEqual(since);
  });

  it("are claimed by one of many", async () => {
    await Promise.all(Array.from({ length: 5 }, () => see(failing())));
    const tellings = (await Promise.all(Array.from({ length: 10 }, claim))).flat();
    expect(said(tellings)).toEqual(["begins referrer-failing client:c"]);
  });

  it("are told by another, under the same id, when the first one dies; what it says later counts for nothing", async () => {
    await see(failing());
    const [first] = await claim();
    home.clock.pass(59);
    expect(await claim()).toEqual([]);
    home.clock.pass(2);
    const [second] = await claim();
    expect(second?.id).toBe(first?.id);
    await home.store.alerts.told(first as Telling);
    expect((await home.store.alerts.list())[0]?.told).toBe(0);
    await home.store.alerts.told(second as Telling);
    expect((await home.store.alerts.list())[0]?.told).toBe(1);
  });

  it("that nobody took are tried again when they may be", async () => {
    await see(failing());
    const [first] = await claim();
    await home.store.alerts.failed(first as Telling, new Date(home.clock.now().getTime() + 30_000));
    home.clock.pass(29);
    expect(await claim()).toEqual([]);
    home.clock.pass(2);
    expect((await claim())[0]?.id).toBe(first?.id);
  });

  it("are told again after the repeat, under another id", async () => {
    await see(failing());
    const [first] = await claim();
    await home.store.alerts.told(first as Telling);
    home.clock.pass(3_599);
    expect(await claim()).toEqual([]);
    home.clock.pass(2);
    const [again] = await claim();
    expect(again).toMatchObject({ what: "stands", alert: { id: first?.alert.id } });
    expect(again?.id).not.toBe(first?.id);
  });

  it("that end before anybody was told are never told", async () => {
    await see(failing());
    home.clock.pass(41);
    await see();
    expect(await tell()).toEqual([]);
    expect(await home.store.alerts.list()).toEqual([]);
  });

  it("that come back before people heard of the end simply go on", async () => {
    await see(failing());
    await tell();
    home.clock.pass(41);
    await see();
    await see(failing());
    expect(await tell()).toEqual([]);
  });

  it("that come back while the end is told begin anew", async () => {
    await see(failing());
    await tell();
    home.clock.pass(41);
    await see();
    const [end] = await claim();
    expect(end?.what).toBe("ends");
    await see(failing());
    await home.store.alerts.told(end as Telling);
    const [anew] = await claim();
    expect(anew?.what).toBe("begins");
    expect(anew?.alert.id).not.toBe(end?.alert.id);
  });

  describe("what is looked at", () => {
    const look = () => home.store.lookout.look();
    const at = (seconds: number) => new Date(home.clock.now().getTime() + seconds * 1_000);
    const put = async (
      destination: string,
      more: { due?: Date; attempt?: number; firstDue?: Date; deadAt?: Date } = {},
    ) => {
      const id = uuid();
      await home.sql(
        `INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at, attempt, first_due, dead_at, cause)
         VALUES ($1, 'notify', $2, $2, $3, $4, $4, $5, $6, $7, 'timed-out')`,
        [id, uuid(), destination, more.due ?? at(0), more.attempt ?? 0, more.firstDue ?? null, more.deadAt ?? null],
      );
      return id;
    };
    const tried = (work: string, when: Date, cause = "connect-refused") =>
      home.sql(
        `INSERT INTO waymark.attempt (work, number, kind, subject, referral, at, result, cause)
         VALUES ($1, 3, 'notify', $1, $1, $2, 'again', $3)`,
        [work, when, cause],
      );

    it("is nothing while nothing happens", async () => {
      const { storeBytes, ...rest } = await look();
      expect(rest).toMatchObject({ breakers: [], failing: [], due: [], dead: [], pauses: [] });
      expect(storeBytes === undefined).toBe(on.name === "PGlite");
    });

    it("is the oldest due work of each destination, and no work that waits", async () => {
      for (const seconds of [-5, -50, 60]) await put("client:b", { due: at(seconds) });
      await put("assess", { due: at(-7) });
      await put("client:later", { due: at(5) });
      expect((await look()).due).toEqual([
        { destination: "assess", oldest: at(-7) },
        { destination: "client:b", oldest: at(-50) },
      ]);
    });

    it("is what failed three times, with the last cause, and whether anything arrived since", async () => {
      const [one, other, twice] = [
        await put("client:b", { due: at(600), attempt: 3, firstDue: at(-900) }),
        await put("client:b", { due: at(600), attempt: 5, firstDue: at(-300) }),
        await put("client:twice", { due: at(600), attempt: 2, firstDue: at(-900) }),
      ];
      await tried(one, at(-100), "timed-out");
      await tried(other, at(-50));
      await tried(twice, at(-50));
      const row = { destination: "client:b", since: at(-900), lastAt: at(-50), cause: "connect-refused" };
      expect((await look()).failing).toEqual([row]);
      await home.store.lookout.reached(
        new Map([
          ["client:b", at(-20)],
          ["client:twice", at(-20)],
        ]),
      );
      expect((await look()).failing).toEqual([{ ...row, reachedAt: at(-20) }]);
      // Another process says what it saw before that.
      await home.store.lookout.reached(new Map([["client:b", at(-30)]]));
      expect((await look()).failing).toEqual([{ ...row, reachedAt: at(-20) }]);
      expect(await home.sql("SELECT destination, state FROM waymark.breaker")).toEqual([
        { destination: "client:b", state: "closed" },
      ]);
    });

    it("is dead letters by destination, with the newest cause", async () => {
      await put("client:b", { deadAt: at(-50) });
      await put("client:b", { deadAt: at(-10) });
      expect((await look()).dead).toEqual([{ destination: "client:b", count: 2, oldest: at(-50), cause: "timed-out" }]);
    });

    it("is breakers that keep something waiting, since they opened", async () => {
      const since = at(0);
      await home.store.breakerRows.open("client:b", at(30), 0);
      await home.store.breakerRows.open("provider:idle", at(30), 0);
      await put("client:b", { due: at(300) });
      home.clock.pass(20);
      await home.store.breakerRows.open("client:b", at(60), 1);
      expect((await look()).breakers.map((one) => [one.destination, one.since])).toEqual([
        ["client:b", since],
        ["provider:idle", since],
      ]);
      home.clock.pass(60);
      // Nothing waits there, so nobody will ever probe it.
      expect((await look()).breakers.map(({ destination }) => destination)).toEqual(["client:b"]);
    });

    it("is read for several destinations at once, to each its own", async () => {
      await home.store.breakerRows.open("client:b", at(30), 2);
      const asked = ["client:none", "client:b", "client:none"].map((one) => home.store.breakerRows.get(one));
      const open = { state: "open", until: at(30), failures: 2, probeUntil: undefined };
      expect(await Promise.all(asked)).toEqual([undefined, open, undefined]);
    });

    it("names no ends of the canary", async () => {
      for (const destination of ["provider:waymark-canary", "client:ffffffff-0000-7000-8000-000000000001"]) {
        await home.store.breakerRows.open(destination, at(30), 0);
        await tried(await put(destination, { due: at(-900), attempt: 3, firstDue: at(-900) }), at(-10));
      }
      expect(await look()).toMatchObject({ breakers: [], failing: [], due: [] });
    });

    it("walks over many waiting retries as fast as over a few", async () => {
      await home.sql(
        `INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at, attempt, first_due)
         SELECT gen_random_uuid(), 'notify', gen_random_uuid(), gen_random_uuid(), 'client:' || n % 20, $1, $1, 4, $1
         FROM generate_series(1, 20000) n`,
        [at(3_600)],
      );
      await home.sql("ANALYZE waymark.work");
      const began = performance.now();
      expect((await look()).due).toEqual([]);
      expect(performance.now() - began).toBeLessThan(2_000);
    });

    it("sees what a real attempt leaves behind", async () => {
      const client = await register(home, {
        kind: "jobcentre",
        organisation: `office-${uuid()}`,
        callbackUrl: "http://x",
      });
      const { work } = await newsFor(home, client.id);
      for (let number = 0; number < 3; number += 1) {
        const held = await claimed(home, `client:${client.id}`);
        const cause = "timed-out" as const;
        const tryOf = { outcome: "unavailable" as const, cause };
        await home.store.agenda.settle(held, { kind: "again", due: at(0), attempted: true, cause, tried: tryOf });
      }
      expect(await attemptsOf(home, work.id)).toHaveLength(3);
      expect((await look()).failing).toMatchObject([{ destination: `client:${client.id}`, cause: "timed-out" }]);
    });
  });
});
