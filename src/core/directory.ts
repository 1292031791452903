// The directory by its ids. It is read whole and never changed, so its index is made once.
import type { NeedCode } from "../../schemas/need.ts";
import type { Directory, Partnership, ProviderOrganisation, Service } from "../../schemas/provider.ts";
import { once } from "./once.ts";

type Index = {
  services: ReadonlyMap<string, Service>;
  organisations: ReadonlyMap<string, ProviderOrganisation>;
  partnerships: ReadonlyMap<string, Partnership>;
  byNeed: ReadonlyMap<NeedCode, readonly Service[]>;
};

const byId = <T extends { id: string }>(all: readonly T[]): Map<string, T> => new Map(all.map((one) => [one.id, one]));

const byNeed = (services: readonly Service[]): Map<NeedCode, Service[]> => {
  const found = new Map<NeedCode, Service[]>();
  for (const service of services)
    for (const need of service.needs) {
      const known = found.get(need);
      if (known === undefined) found.set(need, [service]);
      else known.push(service);
    }
  return found;
};

const indexOf = once(({ services, organisations, partnerships }: Directory): Index => ({
  services: byId(services),
  organisations: byId(organisations),
  partnerships: byId(partnerships),
  byNeed: byNeed(services),
}));

export const serviceIn = (directory: Directory, id: string): Service | undefined => indexOf(directory).services.get(id);

export const organisationIn = (directory: Directory, id: string): ProviderOrganisation | undefined =>
  indexOf(directory).organisations.get(id);

export const partnershipIn = (directory: Directory, id: string): Partnership | undefined =>
  indexOf(directory).partnerships.get(id);

export const servicesFor = (directory: Directory, need: NeedCode): readonly Service[] =>
  indexOf(directory).byNeed.get(need) ?? [];
