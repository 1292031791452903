// Store, ringer, queue and workers together: the real agenda on each engine, rung over that engine's own queue, and over Redis.
import { setTimeout as rest } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { connectQueue } from "../../queues/connect.ts";
import type { Queue } from "../../queues/queue.ts";
import { startRinger } from "../../queues/ringer.ts";
import { startWorkers } from "../../queues/workers.ts";
import type { Work } from "../../schemas/work.ts";
import type { Worked } from "../../src/ports/steps.ts";
import { aHome, type Home } from "../builders/store.ts";
import { engines, redisUrl } from "../engines.ts";
import { silent } from "./queue-suite.ts";
import { everyStep } from "../builders/steps.ts";

/** Less than a second of work, on a machine that does much else. */
const PATIENCE_MS = 60_000;

describe.each(engines())("the bell on $name", (on) => {
  let home: Home;
  const ends: (() => Promise<unknown>)[] = [];
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const put = (count: number, destination: string) =>
    home.sql(
      `INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at)
       SELECT gen_random_uuid(), 'deliver', gen_random_uuid(), gen_random_uuid(), $2, $3::timestamptz, $3::timestamptz
       FROM generate_series(1, $1::integer)`,
      [count, destination, home.clock.now()],
    );
  const left = async () => (await home.sql("SELECT FROM waymark.work")).length;

  const start = (queue: Queue, step: (work: Work) => Promise<Worked>) => {
    const { agenda } = home.store;
    const ringer = startRinger({
      agenda,
      queue,
      clock: home.clock,
      log: silent,
      places: 4,
      perSecond: 1_000,
      sweepMs: 100,
    });
    const steps = everyStep(step);
    const workers = startWorkers({
      queue,
      agenda,
      steps,
      clock: home.clock,
      log: silent,
      concurrency: 16,
      bell: ringer,
    });
    ends.push(
      () => ringer.stop(),
      () => workers.close(),
    );
  };

  const queues: [string, () => Promise<Queue>][] = [
    ["the same database", () => connectQueue({ pool: home.engine.queuePool(), log: silent })],
  ];
  const redis = redisUrl();
  if (redis !== undefined) queues.push(["Redis", () => connectQueue({ redisUrl: redis, log: silent })]);

  for (const [name, open] of queues)
    it(
      `does each thing once, never more than a destination's places at one time (${name})`,
      async () => {
        // A test before this one that was cut short leaves what its workers had leased.
        await home.sql("TRUNCATE waymark.work");
        const queue = await open();
        ends.push(() => queue.close());
        await put(60, "provider:one");
        for (let at = 0; at < 20; at += 1) await put(2, `provider:${at}-other`);
        const done: string[] = [];
        let now = 0;
        let most = 0;
        start(queue, async (work) => {
          const narrow = work.destination === "provider:one";
          if (narrow) most = Math.max(most, (now += 1));
          await rest(3);
          if (narrow) now -= 1;
          done.push(work.id);
          await home.store.agenda.settle(work, { kind: "done" });
          return "done";
        });
        await expect.poll(left, { timeout: PATIENCE_MS, interval: 50 }).toBe(0);
        expect(done).toHaveLength(100);
        expect(new Set(done).size).toBe(100);
        expect(most).toBeLessThanOrEqual(4);
        expect(most).toBeGreaterThan(1);
      },
      2 * PATIENCE_MS,
    );
});
