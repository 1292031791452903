// Names the sessions that another one waits for: number, program and state; never what they do, which could be data.
import { Client, type PoolClient } from "pg";

type Holder = { pid: number; application: string; state: string; seconds: number };

/** Through a connection of its own, because the pool may be exhausted by the very same wait. */
export const holders = async (url: string, waiting: PoolClient): Promise<string> => {
  const side = new Client({
    connectionString: url,
    application_name: "waymark (lock watch)",
    connectionTimeoutMillis: 2_000,
  });
  side.on("error", () => undefined);
  try {
    await side.connect();
    const { rows } = await side.query<Holder>(
      `SELECT pid, application_name AS application, coalesce(state, 'unknown') AS state,
              coalesce(extract(epoch FROM clock_timestamp() - xact_start), 0)::int AS seconds
         FROM pg_stat_activity WHERE pid = ANY (pg_blocking_pids($1::int))`,
      [(waiting as { processID?: number | null }).processID],
    );
    if (rows.length === 0) return "a session that has gone";
    return rows
      .map((row) => `pid ${row.pid} (${row.application || "unnamed"}, ${row.state}, ${row.seconds} s)`)
      .join(" and ");
  } catch {
    return "a session that could not be looked up";
  } finally {
    await side.end().catch(() => undefined);
  }
};
