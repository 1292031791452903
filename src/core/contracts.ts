// Which contracts of a programme run on a day, and what they can draw on.
import type { Contract } from "../../schemas/contract.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Programme } from "../../schemas/programme.ts";
import { once } from "./once.ts";

export const runs = ({ from, to }: Contract, day: string): boolean => from <= day && (to === undefined || day <= to);

export const contractsOn = ({ contracts }: Programme, day: string): Contract[] =>
  contracts.filter((contract) => runs(contract, day));

/** The contract of an offer while it runs and still brings that service; an offer of old names only its prime. */
export const contractOf = (
  programme: Programme,
  offer: Pick<Offer, "contract" | "provider" | "service">,
  day: string,
): Contract | undefined =>
  contractsOn(programme, day).find(
    (one) =>
      (offer.contract === undefined ? one.prime === offer.provider : one.contract === offer.contract) &&
      one.services.some(({ service }) => service === offer.service),
  );

/** Every service that a programme can ever draw on, whatever the day. */
export const servicesOf: (programme: Programme) => readonly string[] = once(({ contracts }) => [
  ...new Set(contracts.flatMap(({ services }) => services.map(({ service }) => service))),
]);
