// The store on a PostgreSQL server: a pool, roles and limits set at the start of every transaction, and honest commits.
import { Pool, types, type PoolClient } from "pg";
import { CommitUnknown, type Engine, LockWait, type Query, type QueuePool, type Role } from "./engine.ts";
import { holders } from "./holders.ts";
import { type Limits, opening, singly } from "./opening.ts";
import { quiet } from "./quiet.ts";

export type ServerOptions = {
  url: string;
  /** Connections of the store; the queue has as many of its own. */
  max: number;
  /** Told of connections that broke while nobody used them. The pool makes new ones by itself. */
  onError?: (error: Error) => void;
  limits?: Partial<Limits>;
  /** How long to wait for a connection, a new one or one that becomes free. */
  connectMs?: number;
};

const LIMITS: Limits = { lockMs: 5_000, statementMs: 30_000, idleMs: 10_000 };
/** Connections for the worker's single statements, beside those of the pool. Intake has as many as it sends groups at one time. */
const SINGLES = 6;
const LOCK_NOT_AVAILABLE = "55P03";
const INT8 = 20;
const DATE = 1082;

/**
 * Between the moment when the pool hands a connection out and the one when its holder listens, nobody does: a connection
 * that the server ends right then would end the process. Its next statement fails, which is heard.
 */
const deaf = (client: PoolClient): void => void client.on("error", () => undefined);

// As the embedded engine reads them: counts are numbers, and a day is a day, in no time zone.
const reading = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    oid === INT8 ? Number : oid === DATE ? String : types.getTypeParser(oid, format as "text"),
};

export const openServer = async (options: ServerOptions): Promise<Engine> => {
  const limits = { ...LIMITS, ...options.limits };
  const onError = options.onError ?? (() => undefined);
  const shared = {
    connectionString: options.url,
    max: options.max,
    keepAlive: true,
    connectionTimeoutMillis: options.connectMs ?? 10_000,
  };
  const pool = new Pool({ ...shared, application_name: "waymark", types: reading });
  pool.on("error", onError).on("connect", deaf);
  // Sessions that are set up once. Most of what is asked of them comes in groups, one or two at a time of each kind.
  const sessions = (role: Role, max: number): Pool => {
    const made = new Pool({
      ...shared,
      max,
      application_name: "waymark",
      types: reading,
      onConnect: (client) => client.query(singly(role, limits)),
    });
    made.on("error", onError).on("connect", deaf);
    return made;
  };
  const singles = sessions("worker", Math.min(SINGLES, options.max));
  const takes = sessions("intake", options.max);
  let queue: Pool | undefined;

  const connect = async (to = pool): Promise<PoolClient> => {
    try {
      return await to.connect();
    } catch (error) {
      if (to.totalCount < to.options.max) throw error;
      throw new LockWait(`no connection became free: all ${to.options.max} are in use`, { cause: error });
    }
  };

  /** The holder can only be named while we still wait, so it is looked up shortly before the wait is given up. */
  const watched = async <T>(client: PoolClient, statement: () => Promise<T>): Promise<T> => {
    let looked: Promise<string> | undefined;
    const look = setTimeout(() => (looked = holders(options.url, client)), limits.lockMs * 0.8);
    try {
      return await statement();
    } catch (error) {
      if ((error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw quiet(error);
      throw new LockWait(`waited ${limits.lockMs} ms for a lock held by ${(await looked) ?? "an unknown session"}`, {
        cause: error,
      });
    } finally {
      clearTimeout(look);
    }
  };

  const alone =
    (to: Pool): Query =>
    async (sql, values = [], name) => {
      const client = await connect(to);
      let broken: Error | undefined;
      const breaks = (error: Error): void => void (broken = error);
      client.on("error", breaks);
      try {
        return (await watched(client, () => client.query(asked(sql, values, name)))).rows as never;
      } catch (error) {
        if (error instanceof LockWait || isRefusal(error)) throw error;
        throw (broken = new CommitUnknown("the connection broke during a statement: it may have happened or not", {
          cause: error,
        }));
      } finally {
        client.removeListener("error", breaks);
        client.release(broken);
      }
    };

  const engine: Engine = {
    kind: "postgres",
    transaction: async (role, run, manner) => {
      const client = await connect();
      let broken: Error | undefined;
      let over = false;
      const breaks = (error: Error): void => void (broken = error);
      client.on("error", breaks);
      const query: Query = async (sql, values, name) => {
        if (over) throw new Error("this transaction is over");
        const result = await watched(client, () => client.query(asked(sql, values, name)));
        return (Array.isArray(result) ? result.at(-1) : result).rows;
      };
      try {
        await client.query(opening(role, limits, manner));
        const value = await run(query);
        over = true;
        await commit(client);
        return value;
      } catch (error) {
        over = true;
        if (error instanceof CommitUnknown) broken = error;
        else await client.query("ROLLBACK").catch(breaks);
        throw error;
      } finally {
        client.removeListener("error", breaks);
        client.release(broken);
      }
    },
    single: alone(singles),
    take: alone(takes),
    now: async () => {
      const { rows } = await pool.query<{ now: Date }>("SELECT clock_timestamp() AS now");
      return (rows[0] as { now: Date }).now;
    },
    durability: async () => {
      const { rows } = await pool.query<{ safe: boolean }>(
        `SELECT current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'
           AND current_setting('synchronous_commit') <> 'off' AS safe`,
      );
      return rows[0]?.safe === true ? "power-loss" : "process-crash";
    },
    queuePool: () => {
      if (queue === undefined) {
        queue = new Pool({ ...shared, application_name: "", options: "-c search_path=bullmq" });
        queue.on("error", onError).on("connect", deaf);
        // Each queue and each worker on it listens for its faults, and they are more than Node takes for a leak.
        queue.setMaxListeners(0);
      }
      return queue as unknown as QueuePool;
    },
    close: async () => {
      await Promise.all([
        pool.end(),
        singles.end(),
        takes.end(),
        queue === undefined || queue.ended ? undefined : queue.end(),
      ]);
    },
  };

  try {
    await engine.now();
  } catch (error) {
    await Promise.all([pool.end(), singles.end(), takes.end()]);
    throw error;
  }
  return engine;
};

const asked = (sql: string, values: readonly unknown[] | undefined, name: string | undefined) => ({
  text: sql,
  ...(values && { values: [...values] }),
  ...(name && { name }),
});

/** An answer from the server, other than that it is going away, is a clear no. Everything else is ambiguous. */
const isRefusal = (error: unknown): boolean => (error as { severity?: unknown }).severity === "ERROR";

const commit = async (client: PoolClient): Promise<void> => {
  let command: string;
  try {
    ({ command } = await client.query("COMMIT"));
  } catch (error) {
    if (isRefusal(error)) throw quiet(error);
    throw new CommitUnknown("the connection broke during COMMIT: it may have happened or not", { cause: error });
  }
  if (command !== "COMMIT") throw new Error("the transaction had failed before its COMMIT and was rolled back");
};
