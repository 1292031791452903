// A decision: locks its programmes, shows their places to a pure judge, and commits the answer in the same transaction.
import type { Capacity, Change } from "../../src/ports.ts";
import { type Committed, writeChanges } from "./commit.ts";
import type { Query } from "./engine.ts";
import type { Vault } from "./vault.ts";

const KNOWN = `
INSERT INTO waymark.allocation (programme)
SELECT wanted FROM unnest($1::text[]) AS wanted
WHERE NOT EXISTS (SELECT FROM waymark.allocation a WHERE a.programme = wanted)
ORDER BY wanted
ON CONFLICT DO NOTHING`;

/** In the order of their names: two decisions that need the same programmes queue up, and never circle. */
const LOCK =
  "SELECT programme FROM waymark.allocation WHERE programme = ANY ($1::text[]) ORDER BY programme FOR UPDATE";

/** A place belongs to a service, whichever programme gave it. */
const PLACES = `
SELECT service, sum(taken)::integer AS taken, sum(drawn)::integer AS drawn
FROM waymark.place WHERE programme = ANY ($1::text[]) GROUP BY service`;

export const decideIn = async (
  query: Query,
  vault: Vault,
  now: () => Date,
  programmes: readonly string[],
  judge: (capacity: Capacity) => Change,
): Promise<Committed> => {
  const names = [...new Set(programmes)];
  await query(KNOWN, [names]);
  await query(LOCK, [names]);
  const rows = await query<{ service: string; taken: number; drawn: number }>(PLACES, [names]);
  const change = judge(new Map(rows.map(({ service, taken, drawn }) => [service, { taken, drawn }])));
  const unlocked = change.places?.find((place) => place.taken > 0 && !names.includes(place.programme));
  if (unlocked !== undefined) throw new Error(`a place of ${unlocked.programme} was given without its lock`);
  // commits: what writeChanges lists, and the allocation rows of programmes seen for the first time
  const [result] = await writeChanges(query, vault, now(), [change]);
  return result ?? "stale";
};
