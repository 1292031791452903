// What a decision on a need may draw on: the programmes that serve it, their services, and whoever shares those.
import type { NeedCode } from "../../schemas/need.ts";
import { servicesOf } from "./contracts.ts";
import { onceBy } from "./once.ts";
import type { Pack } from "./decision.ts";

/** The packs that a decision on this need reads. */
export const serving = (need: NeedCode | undefined, packs: readonly Pack[]): readonly Pack[] =>
  need === undefined ? [] : servingIn(packs, need);

/** The packs of a day are asked about again and again, and never change. */
const servingIn = onceBy((packs: readonly Pack[], need: NeedCode) =>
  packs.filter(({ programme }) => programme.needs.includes(need)),
);

/**
 * The services that a decision on this need may draw on, and the programmes that can draw on any of them, in one order,
 * so that their locks never cross. One that serves another need counts too where it shares a service: a place has one
 * taker. Give it the packs of the day before as well: a decision made over midnight then waits for the other.
 */
export const drawsFor = (
  need: NeedCode | undefined,
  packs: readonly Pack[],
): { programmes: string[]; services: string[] } => {
  const services = new Set(serving(need, packs).flatMap(({ programme }) => servicesOf(programme)));
  const programmes = packs
    .filter(({ programme }) => servicesOf(programme).some((service) => services.has(service)))
    .map(({ programme }) => programme.programme);
  return { programmes: [...new Set(programmes)].sort(), services: [...services].sort() };
};
