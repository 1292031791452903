// What an offer takes when it is made and gives back when it closes: its service, and its course or held-back place.
import type { Cohort, RingFence } from "../../schemas/contract.ts";
import type { Offer } from "../../schemas/offer.ts";

type Move = { taken: number; drawn: number };

export const placesOf = ({ programme, places }: Pick<Offer, "programme" | "places">, move: Move) =>
  places.map((service) => ({ programme, service, ...move }));

/** Two packs that hold places of one service back under one id hold the same places back; so it is with courses. */
export const fenceKey = ({ service, id }: Pick<RingFence, "service" | "id">): string => `${service}#fence:${id}`;
export const courseKey = ({ service, id }: Pick<Cohort, "service" | "id">): string => `${service}#course:${id}`;

/** By service, course and held-back place: places taken, by whichever programme; places ever drawn, by programme. */
export type Capacity = ReadonlyMap<string, { taken: number; drawn: Readonly<Record<string, number>> }>;

export const takenOf = (capacity: Capacity, key: string): number => capacity.get(key)?.taken ?? 0;
