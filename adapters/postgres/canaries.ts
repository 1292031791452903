// The canary's own book. One of many processes sends the next one; what is old goes, whole.
import type { Canaries } from "../../src/ports/canary.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Engine } from "./engine.ts";

const ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('waymark canary'))";
const BEGIN = `
INSERT INTO waymark.canary (referral, begun_at) SELECT $1::uuid, $2::timestamptz
WHERE NOT EXISTS (SELECT FROM waymark.canary WHERE begun_at > $3::timestamptz)
RETURNING referral`;
const ENDED = "UPDATE waymark.canary SET ended_at = $2 WHERE referral = $1::uuid AND ended_at IS NULL";
const LAST = `
SELECT ended_at AS at, extract(epoch FROM ended_at - begun_at)::double precision AS seconds FROM waymark.canary
WHERE ended_at IS NOT NULL ORDER BY begun_at DESC LIMIT 1`;
const CLEAR = "SELECT waymark.clear_canary($1)";
/** Those that no door took have no referral. */
const NEVER_TAKEN = "DELETE FROM waymark.canary WHERE begun_at < $1";

/** Timers are not exact: a little less than the whole time counts as the whole. */
const ALMOST = 0.9;

export const createCanaries = ({ engine, clock }: { engine: Engine; clock: Clock }): Canaries => ({
  begin: async (id, everyMs) => {
    const now = clock.now();
    // commits: that this one is on its way, unless another is
    const rows = await engine.transaction("worker", async (query) => {
      await query(ONE_AT_A_TIME);
      return query(BEGIN, [id, now, new Date(now.getTime() - everyMs * ALMOST)]);
    });
    return rows.length > 0;
  },
  ended: async (id) => {
    // commits: when it came through
    await engine.transaction("worker", (query) => query(ENDED, [id, clock.now()]));
  },
  last: async () => {
    const [row] = await engine.transaction("worker", (query) => query<{ at: Date; seconds: number }>(LAST));
    return row;
  },
  clear: async (before) => {
    // commits: nothing of old canaries any more
    await engine.transaction("worker", async (query) => {
      await query(CLEAR, [before]);
      await query(NEVER_TAKEN, [before]);
    });
  },
});
