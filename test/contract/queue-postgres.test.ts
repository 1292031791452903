// The queue on BullMQ's PostgreSQL backend: on a server, and on PGlite in this process.
import type { EventEmitter } from "node:events";
import { connectQueue } from "../../queues/connect.ts";
import { engines } from "../engines.ts";
import { queueSuite, silent } from "./queue-suite.ts";

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
