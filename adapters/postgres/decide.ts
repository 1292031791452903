// A decision: locks its programmes, shows their places to a pure judge, and commits the answer in the same transaction.
import type { Capacity, Change, Draws } from "../../src/ports/ledger.ts";
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

/** A place belongs to a service, whichever programme gave it, one that has ended among them. */
const PLACES = `
SELECT service, sum(taken)::integer AS taken, jsonb_object_agg(programme, drawn) AS drawn
FROM waymark.place WHERE split_part(service, '#', 1) = ANY ($1::text[]) GROUP BY service`;

type Place = { service: string; taken: number; drawn: Record<string, number> };

const serviceOf = (key: string): string => key.split("#", 1)[0] ?? key;

export const decideIn = async (
  query: Query,
  vault: Vault,
  now: () => Date,
  { programmes, services }: Draws,
  judge: (capacity: Capacity) => Change | undefined,
): Promise<Committed | "left"> => {
  const names = [...new Set(programmes)];
  await query(KNOWN, [names]);
  await query(LOCK, [names]);
  const rows = await query<Place>(PLACES, [services]);
  const change = judge(new Map(rows.map(({ service, taken, drawn }) => [service, { taken, drawn }])));
  if (change === undefined) return "left";
  for (const { programme, service, taken } of change.places ?? []) {
    if (taken <= 0) continue;
    if (!names.includes(programme)) throw new Error(`a place of ${programme} was given without its lock`);
    if (!services.includes(serviceOf(service))) throw new Error(`a place of ${service} was given uncounted`);
  }
  // commits: what writeChanges lists, and the allocation rows of programmes seen for the first time
  const [result] = await writeChanges(query, vault, now(), [change]);
  return result ?? "stale";
};
