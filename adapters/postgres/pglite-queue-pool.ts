// A pool in pg's shape over the one PGlite connection, for BullMQ: every query takes a turn, BEGIN to COMMIT is one turn,
// and notifications reach the clients that listen.
import { EventEmitter } from "node:events";
import type { PGlite, QueryOptions } from "@electric-sql/pglite";
import type { QueueClient, QueuePool } from "./engine.ts";
import type { Room } from "./room.ts";
import type { Turn, Turns } from "./turn.ts";

/** One statement on the one connection, in the caller's turn. */
export type Statement = (
  sql: string,
  values: readonly unknown[] | undefined,
  options: QueryOptions,
) => Promise<unknown[]>;

type Parts = {
  db: PGlite;
  turns: Turns;
  statement: Statement;
  room: Room;
};
type Asked = string | { text: string; values?: unknown[] };

const INT8 = 20;
/** BullMQ expects what pg gives it: a bigint as text. */
const asPg: QueryOptions = { parsers: { [INT8]: String } };

/** BullMQ's SQL files open with comments: the verb stands behind them. */
export const verb = (sql: string): string =>
  (/^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*([a-z]+)/i.exec(sql)?.[1] ?? "").toUpperCase();

const LABEL = "the queue";

export const createQueuePool = ({ db, turns, statement, room }: Parts): QueuePool => {
  const pool = new EventEmitter();
  const listeners = new Set<EventEmitter>();
  let ended = false;
  let path: Promise<unknown> | undefined;
  db.onNotification((channel, payload) => {
    for (const client of listeners) client.emit("notification", { channel, payload });
  });

  const asked = (text: Asked, values?: unknown[]): { sql: string; values: unknown[] | undefined } =>
    typeof text === "string" ? { sql: text, values } : { sql: text.text, values: text.values ?? values };

  const enter = async (): Promise<Turn> => {
    if (ended) throw new Error("Cannot use a pool after calling end on the pool");
    await room.check();
    const turn = await turns.take(LABEL);
    // One session serves store and queue. The store always names its schema, so the path may be the queue's.
    path ??= statement("SET search_path = bullmq", undefined, asPg);
    await path;
    return turn;
  };

  const run = async (sql: string, values: unknown[] | undefined): Promise<{ rows: unknown[]; rowCount: number }> => {
    const rows = await statement(sql, values, asPg);
    return { rows, rowCount: rows.length };
  };

  const connect = (): QueueClient => {
    const client = new EventEmitter();
    let transaction: Turn | undefined;
    const close = (): void => {
      transaction?.done();
      transaction = undefined;
    };
    return Object.assign(client, {
      query: async (text: Asked, given?: unknown[]) => {
        const { sql, values } = asked(text, given);
        const first = verb(sql);
        if (transaction?.over === true) transaction = undefined;
        const turn = transaction ?? (await enter());
        if (first === "LISTEN") listeners.add(client);
        if (first === "BEGIN") transaction = turn;
        try {
          return await run(sql, values);
        } finally {
          if (first === "COMMIT" || first === "ROLLBACK" || transaction === undefined) {
            transaction = undefined;
            turn.done();
          }
        }
      },
      release: () => {
        listeners.delete(client);
        if (transaction === undefined) return;
        void statement("ROLLBACK", undefined, asPg).finally(close);
      },
    }) as unknown as QueueClient;
  };

  return Object.assign(pool, {
    query: async (text: Asked, given?: unknown[]) => {
      const { sql, values } = asked(text, given);
      const turn = await enter();
      try {
        return await run(sql, values);
      } finally {
        turn.done();
      }
    },
    connect: () => Promise.resolve(connect()),
    end: () => {
      ended = true;
      listeners.clear();
      return Promise.resolve();
    },
  });
};
