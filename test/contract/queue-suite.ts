// What every queue backend must do. The queue may lose, repeat or fail whatever it likes; the agenda decides.
import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Queue } from "../../queues/queue.ts";
import type { JobOutcome } from "../../queues/handle.ts";
import { RINGS_IN_A_JOB } from "../../queues/payloads.ts";
import { startRinger, type RingerOptions } from "../../queues/ringer.ts";
import { startWorkers } from "../../queues/workers.ts";
import type { Work } from "../../schemas/work.ts";
import type { LeaseOptions } from "../../src/ports/agenda.ts";
import type { Worked } from "../../src/ports/steps.ts";
import { agendaDouble, clock, type AgendaDouble } from "./queue-agenda.ts";
import { everyStep } from "../builders/steps.ts";

export type QueueHouse = {
  /** One process's connection to the queue. */
  open(log?: typeof silent): Promise<Queue>;
  /** Drops every job, as an operator's FLUSHALL would. */
  wipe(): Promise<void>;
  /** Everything the backend holds about jobs, as text. */
  dump(): Promise<string>;
  close(): Promise<void>;
};

export const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** A place to stand still until someone lets it go on. */
export const gate = () => {
  const events = new EventEmitter();
  let open = false;
  return {
    pass: async () => void (open || (await once(events, "open"))),
    open: () => {
      open = true;
      events.emit("open");
    },
  };
};

export const queueSuite = (name: string, build: () => Promise<QueueHouse>): void => {
  describe(`queue on ${name}`, () => {
    let house: QueueHouse;
    let agenda: AgendaDouble;
    const ends: (() => Promise<unknown>)[] = [];

    beforeAll(async () => {
      house = await build();
    });
    afterAll(async () => house.close());
    beforeEach(async () => {
      await house.wipe();
      agenda = agendaDouble();
    });
    afterEach(async () => {
      for (const end of ends.splice(0).reverse()) await end();
    });

    const leased = async (options: Omit<LeaseOptions, "perSecond">) =>
      (await agenda.lease({ ...options, perSecond: 1_000 })).rings;
    const open = async (): Promise<Queue> => {
      const queue = await house.open();
      ends.push(() => queue.close());
      return queue;
    };
    const ring = (queue: Queue, options: Partial<RingerOptions> = {}) => {
      const ringer = startRinger({
        agenda,
        queue,
        clock,
        log: silent,
        places: 4,
        perSecond: 1_000,
        sweepMs: 50,
        ...options,
      });
      ends.push(() => ringer.stop());
      return ringer;
    };
    const work = (queue: Queue, step: (work: Work) => Promise<Worked>, options: Partial<WorkOptions> = {}) => {
      const outcomes = new EventEmitter();
      const seen: JobOutcome[] = [];
      const observe = (_kind: string, outcome: JobOutcome): void => {
        seen.push(outcome);
        outcomes.emit("outcome", outcome);
      };
      const workers = startWorkers({
        queue,
        agenda,
        steps: everyStep(step),
        clock,
        log: silent,
        metrics: { observe },
        concurrency: 8,
        bell: { nudge: () => {} },
        ...options,
      });
      ends.push(() => workers.close());
      const until = async (count: number) => {
        while (seen.length < count) await once(outcomes, "outcome");
        return seen;
      };
      return { ...workers, until };
    };
    const done = async (work: Work): Promise<Worked> => {
      await agenda.settle(work, { kind: "done" });
      return "done";
    };

    /** A step that stands still once it has begun; `first` is the first to begin. */
    const stands = () => {
      const standing = gate();
      const started = new EventEmitter();
      const first = once(started, "step");
      const step = async (one: Work): Promise<Worked> => {
        started.emit("step");
        await standing.pass();
        return done(one);
      };
      return { standing, first, step };
    };

    it("brings every ring at least once", async () => {
      const queue = await open();
      agenda.add(300);
      const ringer = ring(queue);
      work(queue, done, { bell: ringer });
      await agenda.emptied();
      expect(agenda.settled.filter(({ settlement }) => settlement.kind === "done")).toHaveLength(300);
    });

    it("wakes a waiting worker long before the next sweep", async () => {
      const queue = await open();
      const ringer = ring(queue, { sweepMs: 60_000 });
      work(queue, done, { bell: ringer });
      agenda.add(1);
      ringer.nudge();
      await agenda.emptied();
      const started = performance.now();
      agenda.add(1);
      ringer.nudge();
      await agenda.emptied();
      expect(performance.now() - started).toBeLessThan(10_000);
    });

    it("finds nothing to do when a job comes twice", async () => {
      const queue = await open();
      agenda.add(1);
      const rings = await leased({ limit: 10, places: 4, seconds: 30 });
      const worker = work(queue, done);
      await queue.addBulk([...rings, ...rings]);
      expect([...(await worker.until(2))].sort()).toEqual(["done", "nothing"]);
      expect(agenda.settled).toHaveLength(1);
    });

    it("loses nothing when every job is dropped: lapsed leases are rung again", async () => {
      const queue = await open();
      agenda.add(20);
      const lost = await leased({ limit: 100, places: 4, seconds: 1 });
      await queue.addBulk(lost);
      expect(await queue.waiting()).toBe(queue.kind === "redis" ? Math.ceil(20 / RINGS_IN_A_JOB) : 20);
      await house.wipe();
      expect(await queue.waiting()).toBe(0);
      const ringer = ring(queue);
      work(queue, done, { bell: ringer });
      await agenda.emptied();
      expect(agenda.settled).toHaveLength(20);
    });

    it("keeps working when the jobs are dropped while some of them run", async () => {
      const queue = await open();
      const { standing, first, step } = stands();
      agenda.add(30);
      const ringer = ring(queue, { leaseSeconds: 1 });
      work(queue, step, { bell: ringer, concurrency: 4 });
      await first;
      await house.wipe();
      standing.open();
      await agenda.emptied();
      expect(new Set(agenda.settled.map(({ id }) => id)).size).toBe(30);
    });

    it("waits at shutdown for the job that runs, and takes no other", async () => {
      const queue = await open();
      const { standing, first, step } = stands();
      agenda.add(2);
      const ringer = ring(queue);
      const worker = work(queue, step, { concurrency: 1 });
      await first;
      await ringer.stop();
      const closing = worker.close();
      standing.open();
      expect(await closing).toBe(true);
      expect(agenda.settled).toHaveLength(1);
      expect(agenda.rows.size).toBe(1);
    });

    it("begins no more at one time than it may, though a job brings several", async () => {
      const queue = await open();
      agenda.add(3 * RINGS_IN_A_JOB);
      let [now, most] = [0, 0];
      const started = new EventEmitter();
      const full = once(started, "three");
      const standing = gate();
      const worker = work(
        queue,
        async (one) => {
          most = Math.max(most, (now += 1));
          if (now === 3) started.emit("three");
          await standing.pass();
          now -= 1;
          return done(one);
        },
        { concurrency: 3 },
      );
      await queue.addBulk(await leased({ limit: 100, places: 4, seconds: 30 }));
      await full;
      standing.open();
      await worker.until(3 * RINGS_IN_A_JOB);
      expect(most).toBe(3);
    });

    it("leaves to others at shutdown what it took and did not begin, long before the leases run out", async () => {
      const [closing, other] = [await open(), await open()];
      const { standing, first, step } = stands();
      agenda.add(RINGS_IN_A_JOB);
      const worker = work(closing, step, { concurrency: 1 });
      await closing.addBulk(await leased({ limit: 100, places: 4, seconds: 600 }));
      await first;
      const closed = worker.close();
      const heir = work(other, done);
      await heir.until(RINGS_IN_A_JOB - 1);
      expect(agenda.rows.size).toBe(1);
      standing.open();
      expect(await closed).toBe(true);
      expect(agenda.rows.size).toBe(0);
    });

    it("cuts a job off that outlasts the grace, gives its work back, and another process takes it up at once", async () => {
      const [dying, living] = [await open(), await open()];
      const standing = gate();
      agenda.add(1);
      const rings = await leased({ limit: 1, places: 4, seconds: 30 });
      const started = new EventEmitter();
      const first = once(started, "step");
      const worker = work(
        dying,
        async () => {
          started.emit("step");
          await standing.pass();
          return "done";
        },
        { graceMs: 100 },
      );
      await dying.addBulk(rings);
      await first;
      expect(await worker.close()).toBe(false);
      // Due, not leased, and no attempt spent: nobody need wait for the lease of who was cut off.
      expect(agenda.settled).toMatchObject([{ settlement: { kind: "again", attempted: false, cause: "stopped" } }]);
      expect([...agenda.rows.values()].map(({ attempt, leaseUntil }) => ({ attempt, leaseUntil }))).toEqual([
        { attempt: 0, leaseUntil: undefined },
      ]);
      const ringer = ring(living);
      work(living, done, { bell: ringer });
      await agenda.emptied();
      expect(agenda.settled).toHaveLength(2);
      standing.open();
    });

    it("lets no hanging destination starve another", async () => {
      const queue = await open();
      const standing = gate();
      agenda.add(40, { destination: "provider:hangs" });
      const others = agenda.add(100, { due: clock.now() });
      const ringer = ring(queue);
      work(
        queue,
        async (one) => {
          if (one.destination === "provider:hangs") await standing.pass();
          return done(one);
        },
        { bell: ringer, concurrency: 8 },
      );
      const ids = new Set(others.map(({ id }) => id));
      const served = (): number => agenda.settled.filter(({ id }) => ids.has(id)).length;
      await expect.poll(served, { timeout: 45_000, interval: 20 }).toBe(100);
      expect(agenda.settled).toHaveLength(100);
      standing.open();
      await agenda.emptied();
    });

    it("carries ids and nothing else", async () => {
      const queue = await open();
      agenda.add(3, { destination: "client:EXAMPLE-SURGERY" });
      await queue.addBulk(await leased({ limit: 3, places: 4, seconds: 30 }));
      const dump = await house.dump();
      for (const row of agenda.rows.values()) {
        expect(dump).toContain(row.id);
        expect(dump).not.toContain(row.referral);
        expect(dump).not.toContain(row.subject);
      }
      expect(dump).not.toContain("EXAMPLE-SURGERY");
    });

    it("leaves no failed job behind, and a step that throws decides nothing", async () => {
      const queue = await open();
      agenda.add(1);
      const worker = work(queue, async () => {
        throw new Error("Mrs Example, 12 Sample Street");
      });
      await queue.addBulk(await leased({ limit: 1, places: 4, seconds: 30 }));
      expect(await worker.until(1)).toEqual(["broke"]);
      expect(agenda.settled).toMatchObject([{ settlement: { kind: "again", attempted: true, cause: "broke" } }]);
      expect(agenda.rows.size).toBe(1);
      expect(await worker.close()).toBe(true);
      expect(await house.dump()).not.toContain("Example");
    });

    it("survives a job that is no ring", async () => {
      const queue = await open();
      const worker = work(queue, done);
      await queue.addBulk([{ work: "not-an-id", token: randomUUID() }]);
      expect(await worker.until(1)).toEqual(["malformed"]);
      agenda.add(1);
      await queue.addBulk(await leased({ limit: 1, places: 4, seconds: 30 }));
      expect(await worker.until(2)).toEqual(["malformed", "done"]);
    });

    it("says that it is well", async () => {
      const queue = await open();
      expect(await queue.check()).toEqual({ ok: true, detail: queue.kind });
    });
  });
};

type WorkOptions = Parameters<typeof startWorkers>[0];
