// Decisions: their programmes are locked, their places shown to one pure judge after the other, and all answers committed in the same
// transaction.
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

export type Judge = (capacity: Capacity) => Change | undefined;
export type Decided = Committed | "left";

/** What one decided was overtaken, and those after it saw places that it never took. */
class Overtaken extends Error {
  override name = "Overtaken";
}

/** One after the other under one lock and in one commit: each judge sees the places that those before it took. */
export const decideIn = async (
  query: Query,
  vault: Vault,
  now: () => Date,
  draws: Draws,
  judges: readonly Judge[],
): Promise<Decided[]> => {
  const names = [...new Set(draws.programmes)];
  await query(KNOWN, [names], "known");
  await query(LOCK, [names], "lock");
  const rows = await query<Place>(PLACES, [draws.services], "places");
  let capacity: Capacity = new Map(rows.map(({ service, taken, drawn }) => [service, { taken, drawn }]));
  const changes = judges.map((judge) => {
    const change = judge(capacity);
    if (change?.places !== undefined) capacity = after(capacity, givenWithin(draws, change.places));
    return change;
  });
  // commits: what writeChanges lists, and the allocation rows of programmes seen for the first time
  const results = await writeChanges(
    query,
    vault,
    now(),
    changes.filter((change) => change !== undefined),
  );
  if (judges.length > 1 && results.includes("stale")) throw new Overtaken("one of several decisions was overtaken");
  return answersOf(changes, results);
};

/** `results`: one for each change that there is, in order. */
export const answersOf = (changes: readonly (Change | undefined)[], results: readonly Committed[]): Decided[] => {
  const rest = [...results];
  return changes.map((change) => (change === undefined ? "left" : (rest.shift() ?? "stale")));
};

type Places = NonNullable<Change["places"]>;

const givenWithin = ({ programmes, services }: Draws, places: Places): Places => {
  for (const { programme, service, taken } of places) {
    if (taken <= 0) continue;
    if (!programmes.includes(programme)) throw new Error(`a place of ${programme} was given without its lock`);
    if (!services.includes(serviceOf(service))) throw new Error(`a place of ${service} was given uncounted`);
  }
  return places;
};

const after = (capacity: Capacity, places: Places): Capacity => {
  const next = new Map(capacity);
  for (const { programme, service, taken, drawn } of places) {
    const before = next.get(service) ?? { taken: 0, drawn: {} };
    next.set(service, {
      taken: Math.max(0, before.taken + taken),
      drawn: { ...before.drawn, [programme]: (before.drawn[programme] ?? 0) + drawn },
    });
  }
  return next;
};
