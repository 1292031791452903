// The store inside this process: PGlite on disk, for trial. One connection on the event loop, taken in turns. It survives the
// death of the process, not of the machine: PGlite never flushes to the disk.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { PGlite, type QueryOptions } from "@electric-sql/pglite";
import type { Engine, Query, Role } from "./engine.ts";
import { firstFolder } from "./first-folder.ts";
import { type FolderLock, lockFolder } from "./lock.ts";
import { type Limits, opening } from "./opening.ts";
import { createQueuePool, type Statement } from "./pglite-queue-pool.ts";
import { quiet } from "./quiet.ts";
import { createRoom } from "./room.ts";
import { createTurns } from "./turn.ts";

export type EmbeddedOptions = {
  folder: string;
  /** The folder's lock, if the caller holds it already (to answer the command line through it). */
  lock?: FolderLock;
  /** Free space, in bytes, below which nothing is written any more. */
  floor?: number;
  /** How much space is free; the disk under the folder is asked otherwise. */
  freeBytes?: () => Promise<number>;
  limits?: Partial<Limits>;
  /** How long one transaction may keep the only connection, before it is rolled back. */
  stayMs?: number;
};

/** Statement time-outs do nothing in PGlite: it has no signals. A statement must be short by itself. */
const LIMITS: Limits = { lockMs: 5_000, statementMs: 0, idleMs: 0 };
const STAY_MS = 30_000;
const FLOOR = 256 * 1024 * 1024;
const BYTEA = 17;
const INT8 = 20;
const DATE = 1082;

/** Longest that statements may follow one another without a breath for timers and sockets. */
const BREATH_MS = 4;

const bytes = Buffer.from;
export const reading: QueryOptions = {
  parsers: {
    [BYTEA]: (text) => bytes(text.slice(2), "hex"),
    [INT8]: Number,
    [DATE]: String,
  },
  // PGlite's own serialiser builds an array of strings, byte by byte.
  serializers: {
    [BYTEA]: (value: Uint8Array) => `\\x${bytes(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`,
  },
};

export const openEmbedded = async (options: EmbeddedOptions): Promise<Engine> => {
  const limits = { ...LIMITS, ...options.limits };
  const lock = options.lock ?? (await lockFolder(options.folder));
  const data = join(options.folder, "store");
  const room = createRoom(options.folder, options.floor ?? FLOOR, options.freeBytes);
  let db: PGlite;
  try {
    await room.check();
    await firstFolder(data);
    // We hold the folder's lock, so whoever wrote this is gone.
    await rm(join(data, "postmaster.pid"), { force: true });
    db = await PGlite.create({ dataDir: data });
  } catch (error) {
    await lock.release();
    throw error;
  }
  const stayMs = options.stayMs ?? STAY_MS;
  const turns = createTurns({
    waitMs: limits.lockMs,
    stayMs,
    evict: () => db.exec("ROLLBACK").then(() => undefined),
  });

  let breath = performance.now();
  const statement: Statement = async (sql, values, how) => {
    if (performance.now() - breath > BREATH_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      breath = performance.now();
    }
    try {
      const result = values === undefined ? (await db.exec(sql, how)).at(-1) : await db.query(sql, [...values], how);
      return result?.rows ?? [];
    } catch (error) {
      throw quiet(error);
    }
  };

  const transaction: Engine["transaction"] = async (role, run, manner) => {
    if (role !== "reader") await room.check();
    const turn = await turns.take(`a transaction of ${role}`);
    const query: Query = async (sql, values) => {
      if (turn.over) throw new Error("this transaction is over");
      return (await statement(sql, values, reading)) as never;
    };
    try {
      await statement(opening(role, limits, manner), undefined, reading);
      const value = await run(query);
      if (turn.over) throw new Error(`a transaction of ${role} took longer than ${stayMs} ms and was rolled back`);
      const [end] = await db.exec("COMMIT").catch((error: unknown) => {
        throw quiet(error);
      });
      if (end?.command !== "COMMIT")
        throw new Error("the transaction had failed before its COMMIT and was rolled back");
      return value;
    } catch (error) {
      if (!turn.over) await db.exec("ROLLBACK");
      throw error;
    } finally {
      turn.done();
    }
  };

  const alone =
    (role: Role): Query =>
    (sql, values, name) =>
      transaction(role, (query) => query(sql, values ?? [], name), { byKey: true });

  const queue = createQueuePool({ db, turns, statement, room });
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await turns.close();
    await db.close();
    await lock.release();
  };

  return {
    kind: "pglite",
    transaction,
    single: alone("worker"),
    take: alone("intake"),
    now: () =>
      transaction("reader", async (query) => {
        const [row] = await query<{ now: Date }>("SELECT clock_timestamp() AS now");
        return (row as { now: Date }).now;
      }),
    durability: () => Promise.resolve("process-crash"),
    queuePool: () => queue,
    pack: async () => {
      const turn = await turns.take("a backup");
      try {
        return new Uint8Array(await (await db.dumpDataDir("gzip")).arrayBuffer());
      } finally {
        turn.done();
      }
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};
