// One SQL, two homes: a PostgreSQL server, or PGlite in this process. The store speaks only to this.
export type Role = "owner" | "intake" | "worker" | "reader" | "reports";

/**
 * One statement with its values. Inside a transaction nothing else may be awaited than this. One with a name is planned
 * once for each connection: for a long statement that is always the same, and cheap to carry out.
 */
export type Query = <Row extends object = Record<string, unknown>>(
  sql: string,
  values?: readonly unknown[],
  name?: string,
) => Promise<Row[]>;

/** For whom row security opens: one who sent or was offered, or one who commissions. */
export type Readership = { organisation?: string; commissioner?: string };

/**
 * `byKey`: its statements find every row by an index, and are planned so. A statement that is planned once for each connection meets tables
 * that are nearly empty on the first day: the planner would read all of them, and go on doing so when they are long.
 */
export type Manner = Readership & { byKey?: boolean };

export type Engine = {
  kind: "postgres" | "pglite";
  /** Runs in one transaction under SET LOCAL ROLE; an exception rolls back. */
  transaction<T>(role: Role, run: (query: Query) => Promise<T>, manner?: Manner): Promise<T>;
  /**
   * One statement that finds every row by its key, in the worker's role: a transaction by itself, sent and answered in one go. Where the
   * answer is lost, what it changes may have happened: CommitUnknown.
   */
  single: Query;
  /** The same in the role of intake, on connections of its own. */
  take: Query;
  /** The store's clock. */
  now(): Promise<Date>;
  /** `power-loss`: what was committed survives a power cut. `process-crash`: it survives the death of the process. */
  durability(): Promise<"power-loss" | "process-crash">;
  /** A pool in the shape of pg's, for BullMQ's PostgreSQL backend: own search_path, LISTEN and NOTIFY. */
  queuePool(): QueuePool;
  /** All of an embedded store as one file. A server has tools for this. */
  pack?(): Promise<Uint8Array>;
  close(): Promise<void>;
};

/** Transactions of the worker whose statements find every row by its key: those that happen for every referral. */
export const keyed =
  (engine: Engine) =>
  <T>(run: (query: Query) => Promise<T>): Promise<T> =>
    engine.transaction("worker", run, { byKey: true });

/** The connection broke while COMMIT, or a single statement, was on its way: it may have happened or not. Resolve by key, never by guess. */
export class CommitUnknown extends Error {
  override name = "CommitUnknown";
}

/** Waited too long for a lock or a connection. The message names who holds it, never what it holds. */
export class LockWait extends Error {
  override name = "LockWait";
}

/** The disk is nearly full: nothing is written any more, reading goes on. */
export class NoRoom extends Error {
  override name = "NoRoom";
}

/** As much of pg.Pool as BullMQ's backend uses. */
export type QueuePool = {
  query(text: string | { text: string; values?: unknown[] }, values?: unknown[]): Promise<{ rows: unknown[] }>;
  connect(): Promise<QueueClient>;
  on(event: "error", listener: (error: Error) => void): unknown;
  end(): Promise<void>;
};
export type QueueClient = {
  query(text: string | { text: string; values?: unknown[] }, values?: unknown[]): Promise<{ rows: unknown[] }>;
  release(error?: unknown): void;
  on(event: "notification", listener: (message: { channel: string; payload?: string }) => void): unknown;
  on(event: "error" | "end", listener: (error?: Error) => void): unknown;
  removeListener(event: string, listener: (...args: never[]) => void): unknown;
  removeAllListeners(event?: string): unknown;
};
