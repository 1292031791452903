// BullMQ's PostgreSQL backend on the pool that each engine hands it: jobs run, wake quickly, and leave the store alone.
import { createPostgresBackend, Queue, runMigrations, Worker, type Job } from "bullmq";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QueuePool } from "../../adapters/postgres/engine.ts";
import { verb } from "../../adapters/postgres/pglite-queue-pool.ts";
import { engines, type Opened } from "../engines.ts";

type Connection = ConstructorParameters<typeof Queue>[1] extends infer O
  ? O extends { connection: infer C }
    ? C
    : never
  : never;

describe.each(engines())("the queue's pool on $name", ({ open }) => {
  let opened: Opened;
  let pool: QueuePool;
  let options: { connection: Connection };
  beforeAll(async () => {
    opened = await open();
    pool = opened.engine.queuePool();
    pool.on("error", () => undefined);
    options = { connection: pool as unknown as Connection };
    const client = await pool.connect();
    await runMigrations(client as never);
    client.release();
  });
  afterAll(() => opened.close());

  /** Resolves when `count` jobs are done. */
  const worker = (name: string, count: number, run: (job: Job) => Promise<void>) => {
    const seen: string[] = [];
    let all: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (all = resolve));
    const works = new Worker(
      name,
      async (job) => {
        await run(job);
        seen.push(String((job.data as { n: number }).n));
        if (seen.length === count) all();
      },
      { ...options, concurrency: 8 },
      createPostgresBackend,
    );
    works.on("error", () => undefined);
    return { works, done, seen };
  };

  it("runs 200 jobs, each once, while the store works beside it", async () => {
    const queue = new Queue("bell", options, createPostgresBackend);
    const { works, done, seen } = worker("bell", 200, async () => {
      await opened.engine.transaction("worker", (query) => query("SELECT count(*) FROM waymark.work"));
    });
    await queue.addBulk(
      Array.from({ length: 200 }, (_, n) => ({
        name: "ring",
        data: { n },
        opts: { removeOnComplete: true, removeOnFail: true },
      })),
    );
    await done;
    expect(new Set(seen).size).toBe(200);
    expect(seen).toHaveLength(200);
    await works.close();
    expect(await queue.getJobCountByTypes("waiting", "active", "failed")).toBe(0);
    await queue.close();
  });

  it("wakes a worker that waits, by notification and not by its time-out", async () => {
    const queue = new Queue("doze", options, createPostgresBackend);
    const { works, done } = worker("doze", 1, async () => undefined);
    await works.waitUntilReady();
    // The worker looks once, finds nothing, and listens.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const from = performance.now();
    await queue.add("ring", { n: 1 });
    await done;
    expect(performance.now() - from).toBeLessThan(2_000);
    await works.close();
    await queue.close();
  });

  it("keeps BEGIN to COMMIT whole against the store and other clients", async () => {
    const client = await pool.connect();
    await client.query("BEGIN");
    await client.query("CREATE TABLE bullmq.probe (id integer)");
    const outside = opened.engine.transaction("owner", (query) => query("SELECT to_regclass('bullmq.probe') AS found"));
    const beside = pool.query("SELECT to_regclass('bullmq.probe') AS found");
    await client.query("INSERT INTO bullmq.probe VALUES ($1)", [1]);
    await client.query("ROLLBACK");
    client.release();
    expect(await outside).toEqual([{ found: null }]);
    expect((await beside).rows).toEqual([{ found: null }]);
  });

  it("rolls back what a client left open when it was released", async () => {
    const client = await pool.connect();
    await client.query("BEGIN");
    await client.query("CREATE TABLE bullmq.left_open (id integer)");
    client.release(true);
    expect((await pool.query("SELECT to_regclass('bullmq.left_open') AS found")).rows).toEqual([{ found: null }]);
  });

  it("goes on after a statement that failed, inside a transaction and outside", async () => {
    await expect(pool.query("SELECT 1 / 0")).rejects.toMatchObject({ code: "22012" });
    const client = await pool.connect();
    await client.query("BEGIN");
    await expect(client.query("SELECT 1 / 0")).rejects.toMatchObject({ code: "22012" });
    await client.query("ROLLBACK");
    expect((await client.query("SELECT $1::int AS one", [1])).rows).toEqual([{ one: 1 }]);
    client.release();
  });

  it("gives numbers of 64 bits as text, as pg does", async () => {
    expect((await pool.query("SELECT 5::bigint AS five")).rows).toEqual([{ five: "5" }]);
  });
});

describe("the verb of a statement", () => {
  it("stands behind comments and blanks", () => {
    expect(verb("-- one\n-- LISTEN two\n\n  LISTEN bullmq_jobs;")).toBe("LISTEN");
    expect(verb("/* BEGIN */ select 1")).toBe("SELECT");
    expect(verb("commit")).toBe("COMMIT");
    expect(verb("-- only words")).toBe("");
  });
});
