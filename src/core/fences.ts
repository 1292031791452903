// Places held back for some until a day: who meets the test takes one while any is left, and the rest see only the others.
import type { RingFence } from "../../schemas/contract.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Service } from "../../schemas/provider.ts";
import { readsHealth } from "./health.ts";
import { evaluate, type Known } from "./eligibility.ts";
import { onceBy } from "./once.ts";
import { type Capacity, fenceKey, takenOf } from "./places.ts";
import { heldPlace, PLACES } from "./words/clauses.ts";

/** Fences that stand on a day, by service. What one programme holds back is held back from all. */
export type Fences = ReadonlyMap<string, readonly RingFence[]>;

export const fencesOn = onceBy((packs: readonly { programme: Programme }[], day: string): Fences => {
  const byKey = new Map<string, RingFence>();
  for (const { programme } of packs)
    for (const fence of programme.ringFences) {
      if (fence.until < day) continue;
      const key = fenceKey(fence);
      if (fence.places > (byKey.get(key)?.places ?? 0)) byKey.set(key, fence);
    }
  const standing = new Map<string, RingFence[]>();
  for (const fence of byKey.values()) standing.set(fence.service, [...(standing.get(fence.service) ?? []), fence]);
  return standing;
});

/** `takes`: what an offer takes here. `full`: nothing. `missing`: only held places are left, and a fact would decide. */
export type Room =
  | { kind: "takes"; takes: string[]; free: number; told?: string; health: boolean }
  | { kind: "full"; words: string; health: boolean }
  | { kind: "missing"; fence: RingFence; missing: string[]; health: boolean };

type Asked = { service: Service; programme: Programme; fences: Fences; capacity: Capacity; known: Known };

export const roomIn = ({ service, programme, fences, capacity, known }: Asked): Room => {
  const free = service.places === undefined ? Number.POSITIVE_INFINITY : service.places - takenOf(capacity, service.id);
  const standing = fences.get(service.id);
  if (free <= 0) return { kind: "full", words: PLACES.none, health: false };
  if (standing === undefined) return { kind: "takes", takes: [service.id], free, health: false };

  const left = (fence: RingFence): number => Math.max(0, fence.places - takenOf(capacity, fenceKey(fence)));
  const own = standing.filter((fence) => left(fence) > 0).flatMap((fence) => ownOf(programme, fence) ?? []);
  const verdicts = own.map((fence) => ({ fence, verdict: evaluate(fence.for, known) }));
  const health = own.some((fence) => readsHealth(fence.for));

  const met = verdicts.find(({ verdict }) => verdict.is === true)?.fence;
  const held = standing.reduce((sum, fence) => sum + (fence.id === met?.id ? 0 : left(fence)), 0);
  if (met !== undefined) {
    const told = heldPlace(met.words);
    return { kind: "takes", takes: [service.id, fenceKey(met)], free: Math.max(1, free - held), told, health };
  }
  if (free > held) return { kind: "takes", takes: [service.id], free: free - held, health };
  const unsure = verdicts.find(({ verdict }) => verdict.is === "unknown");
  return unsure?.verdict.is === "unknown"
    ? { kind: "missing", fence: unsure.fence, missing: unsure.verdict.missing, health }
    : { kind: "full", words: PLACES.held, health };
};

/** A fence opens only through its own programme, and by that programme's words for it. */
const ownOf = ({ ringFences }: Programme, { service, id }: RingFence): RingFence | undefined =>
  ringFences.find((one) => one.service === service && one.id === id);
