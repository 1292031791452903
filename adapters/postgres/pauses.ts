// Pauses: rows that every process reads before it takes, decides or sends. What waited is due at once when one ends.
import type { Pause } from "../../schemas/pause.ts";
import type { Pauses } from "../../src/ports/pauses.ts";
import type { Clock, Ids } from "../../src/ports/system.ts";
import { createMemo } from "../http/memo.ts";
import { createAudit } from "./audit.ts";
import type { Engine } from "./engine.ts";
import { isUuid } from "./rows.ts";
import type { Vault } from "./vault.ts";

type Options = { engine: Engine; vault: Vault; clock: Clock; ids: Ids };

/** So long another process may go on after a pause began. */
const READ_AGAIN_MS = 1_000;

/** Whatever stands behind it in its line was put off with it. What another pause holds up too is put off again. */
const SET_FREE = `
UPDATE waymark.work w SET due = $1
WHERE w.dead_at IS NULL AND w.due > $1 AND w.token IS NULL AND EXISTS (
  SELECT FROM waymark.work held WHERE held.referral = w.referral AND held.destination = w.destination
    AND held.cause IN ('paused', 'programme-paused', 'quarantine') AND held.dead_at IS NULL)`;

export const createPauses = ({ engine, vault, clock, ids }: Options): Pauses => {
  const list = (): Promise<readonly Pause[]> =>
    engine.transaction("worker", (query) =>
      query<Pause>("SELECT scope, by, reason, since FROM waymark.pause ORDER BY since, scope"),
    );
  // Everyone who takes a referral asks: when the answer is old, one of them reads for all.
  const remembered = createMemo<readonly Pause[]>(clock, READ_AGAIN_MS);
  /** What was read before a change of our own, or is being read now, is not asked for again. */
  let changes = 0;
  const setFree = async (): Promise<void> => {
    // commits: what waited for a pause due now
    await engine.transaction("worker", (query) => query(SET_FREE, [clock.now()]));
  };
  const audit = createAudit({ clock, ids, vault });

  return {
    inForce: () => remembered(String(changes), list),
    list,
    setFree,
    programmeOf: async (offer) => {
      if (!isUuid(offer)) return undefined;
      const [row] = await engine.transaction("worker", (query) =>
        query<{ programme: string }>("SELECT programme FROM waymark.offer WHERE id = $1", [offer]),
      );
      return row?.programme;
    },
    pause: async ({ scope, by, reason }) => {
      // commits: the pause, and who made it
      const made = await engine.transaction("worker", async (query) => {
        const insert =
          "INSERT INTO waymark.pause (scope, by, reason, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING scope";
        const fresh = await query(insert, [scope, by, reason, clock.now()]);
        if (fresh.length > 0) await audit(query, { by, verb: "pause", subjects: [scope], codes: { reason } });
        return fresh.length > 0;
      });
      changes += 1;
      return made;
    },
    resume: async (scope, by) => {
      // commits: no pause, and who ended it
      const ended = await engine.transaction("worker", async (query) => {
        const gone = await query("DELETE FROM waymark.pause WHERE scope = $1 RETURNING scope", [scope]);
        if (gone.length === 0) return false;
        await audit(query, { by, verb: "resume", subjects: [scope] });
        return true;
      });
      changes += 1;
      // Apart, and after it: whoever put something off meanwhile either reads that the pause is over, or is found here.
      if (ended) await setFree();
      return ended;
    },
  };
};
