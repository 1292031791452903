// As much of pg.Pool as BullMQ's PostgreSQL backend uses. The store hands one over: a real pool, or one connection of PGlite in the same shape.
type Result = { rows: unknown[] };
type Statement = string | { text: string; values?: unknown[] };

export type QueuePool = {
  query(text: Statement, values?: unknown[]): Promise<Result>;
  connect(): Promise<QueueClient>;
  on(event: "error", listener: (error: Error) => void): unknown;
  end(): Promise<void>;
};

export type QueueClient = {
  query(text: Statement, values?: unknown[]): Promise<Result>;
  release(error?: unknown): void;
};
