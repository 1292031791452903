// The queue on BullMQ's PostgreSQL backend: on a server, and on PGlite in this process.
import type { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { connectQueue } from "../../queues/connect.ts";
import { startRinger } from "../../queues/ringer.ts";
import { startWorkers } from "../../queues/workers.ts";
import type { Work } from "../../schemas/work.ts";
import type { Worked } from "../../src/ports/steps.ts";
import { engines } from "../engines.ts";
import { agendaDouble, clock } from "./queue-agenda.ts";
import { queueSuite, silent } from "./queue-suite.ts";
import { everyStep } from "../builders/steps.ts";

for (const { name, open } of engines()) {
  queueSuite(name, async () => {
    const { engine, close } = await open();
    const pool = engine.queuePool();
    // Every worker listens for its errors; here many come and go on one pool.
    (pool as unknown as Partial<EventEmitter>).setMaxListeners?.(100);
    const all = async (sql: string): Promise<unknown[]> => (await pool.query(sql)).rows;
    await (await connectQueue({ pool, log: silent })).close();
    return {
      open: (log = silent) => connectQueue({ pool, log }),
      wipe: async () => void (await all("TRUNCATE bullmq.job, bullmq.event CASCADE")),
      dump: async () =>
        JSON.stringify([await all("SELECT * FROM bullmq.job"), await all("SELECT * FROM bullmq.event")]),
      close,
    };
  });
}

describe.each(engines().filter(({ name }) => name === "PostgreSQL"))("queue on $name", ({ open }) => {
  it("goes on after the server has dropped every connection, also the one that listens", async () => {
    const { engine, close } = await open();
    const pool = engine.queuePool();
    const queue = await connectQueue({ pool, log: silent });
    const agenda = agendaDouble();
    const step = async (work: Work): Promise<Worked> => {
      await agenda.settle(work, { kind: "done" });
      return "done";
    };
    const ringer = startRinger({ agenda, queue, clock, log: silent, places: 4, perSecond: 1_000, sweepMs: 100 });
    const steps = everyStep(step);
    const workers = startWorkers({ queue, agenda, steps, clock, log: silent, concurrency: 4, bell: ringer });
    agenda.add(5);
    await agenda.emptied();
    await pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    agenda.add(20);
    await agenda.emptied();
    expect(new Set(agenda.settled.map(({ id }) => id)).size).toBe(25);
    await ringer.stop();
    expect(await workers.close()).toBe(true);
    await queue.close();
    await close();
  });
});
