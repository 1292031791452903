// When the store itself is away no row can say who tells it: each process remembers for itself what it has told.
import type { Telling } from "../../schemas/alert.ts";

export type Away = { since?: Date; told: number; toldAt?: Date };

export const HERE: Away = { told: 0 };

type Limits = { afterMs: number; repeatMs: number };

/** After one more look that reached the store or did not: what is remembered, and what people are to hear. */
export const awayAfter = (
  before: Away,
  reached: boolean,
  { afterMs, repeatMs }: Limits,
  now: Date,
): { away: Away; what?: Telling["what"] } => {
  if (reached) return before.told > 0 ? { away: HERE, what: "ends" } : { away: HERE };
  const { since = now, told, toldAt } = before;
  const away = { ...before, since };
  if (now.getTime() - since.getTime() < afterMs) return { away };
  if (toldAt !== undefined && now.getTime() - toldAt.getTime() < repeatMs) return { away };
  return { away: { since, told: told + 1, toldAt: now }, what: told === 0 ? "begins" : "stands" };
};
