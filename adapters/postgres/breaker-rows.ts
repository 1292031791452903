// The row of each destination's breaker, which decides for all processes.
import type { BreakerRow, BreakerRows } from "../outbound/breakers.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Engine } from "./engine.ts";
import { createGroup } from "./group.ts";
import { maybe } from "./rows.ts";

type Columns = {
  destination: string;
  state: BreakerRow["state"];
  until: Date;
  failures: number;
  probe_until: Date | null;
};

const READ = `
SELECT destination, state, until, failures, probe_until FROM waymark.breaker WHERE destination = ANY ($1::text[])`;

const OPEN = `
INSERT INTO waymark.breaker (destination, state, until, failures, opened_at) VALUES ($1, 'open', $2, $3, $4)
ON CONFLICT (destination) DO UPDATE
SET state = 'open', until = excluded.until, failures = excluded.failures,
  opened_at = CASE WHEN breaker.state = 'open' THEN breaker.opened_at ELSE excluded.opened_at END, probe_token = NULL, probe_until = NULL`;

const CLAIM_PROBE = `
UPDATE waymark.breaker SET probe_token = $4, probe_until = $3
WHERE destination = $1 AND state = 'open' AND until <= $2 AND (probe_until IS NULL OR probe_until <= $2)
RETURNING destination`;

const CLOSE = `
UPDATE waymark.breaker SET state = 'closed', failures = 0, probe_token = NULL, probe_until = NULL
WHERE destination = $1 AND state = 'open' AND probe_token = $2`;

const rowOf = ({ state, until, failures, probe_until }: Columns): BreakerRow => ({
  state,
  until,
  failures,
  probeUntil: maybe(probe_until),
});

export const createBreakerRows = (engine: Engine, clock: Clock): BreakerRows & { stop(): Promise<void> } => {
  /** Every second each destination's is read anew: many in one statement, each after it was asked for. */
  const reads = createGroup<string, BreakerRow | undefined>({
    waitMs: 1,
    inFlight: 1,
    run: async (destinations) => {
      const rows = await engine.single<Columns>(READ, [destinations], "breakers");
      const found = new Map(rows.map((row) => [row.destination, rowOf(row)]));
      return destinations.map((destination) => found.get(destination));
    },
  });

  return {
    get: async (destination) => {
      const row = await reads.submit(destination);
      if (row === "busy") throw new Error("no more breakers are read: the line is full or it is closing");
      return row;
    },
    open: async (destination, until, failures) => {
      // commits: the breaker, open, without a probe
      await engine.transaction("worker", (query) => query(OPEN, [destination, until, failures, clock.now()]));
    },
    claimProbe: async (destination, now, leaseUntil, token) => {
      // commits: the probe's lease, for one caller only
      const rows = await engine.transaction("worker", (query) =>
        query(CLAIM_PROBE, [destination, now, leaseUntil, token]),
      );
      return rows.length > 0;
    },
    close: async (destination, token) => {
      // commits: the breaker, closed, where this probe still holds it
      await engine.transaction("worker", (query) => query(CLOSE, [destination, token]));
    },
    stop: () => reads.close(),
  };
};
