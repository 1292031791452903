// What the contracts of a programme bring, found in the directory: both are read whole and never changed, so it is found once.
import type { Contract } from "../../schemas/contract.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Directory, ProviderOrganisation, Service } from "../../schemas/provider.ts";
import { organisationIn, serviceIn } from "./directory.ts";
import { type Lines, linesFor } from "./lines.ts";
import { recipientsOf } from "./recipients.ts";
import { once } from "./once.ts";

export type Brought = {
  contract: Contract;
  service: Service;
  share: number;
  /** The prime of the contract: it is asked, and answers for its delivery partners. */
  organisation: ProviderOrganisation;
  recipients: ProviderOrganisation[];
  lines: Lines;
  /** For what tells of health where the programme itself does not. */
  healthLines: Lines;
};

const known: (directory: Directory) => WeakMap<Programme, Brought[]> = once(() => new WeakMap());

/** Of every contract, whatever the day. `health`: whether the programme asks about it anywhere. */
export const broughtBy = (programme: Programme, directory: Directory, health: boolean): Brought[] => {
  const byProgramme = known(directory);
  const before = byProgramme.get(programme);
  if (before !== undefined) return before;
  const made = bring(programme, directory, health);
  byProgramme.set(programme, made);
  return made;
};

const bring = (programme: Programme, directory: Directory, health: boolean): Brought[] =>
  programme.contracts.flatMap((contract) =>
    contract.services.flatMap(({ service: id, share }): Brought[] => {
      const [service, organisation] = [serviceIn(directory, id), organisationIn(directory, contract.prime)];
      // `packs check` refuses a pack that names what the directory does not hold.
      if (service === undefined || organisation === undefined) return [];
      const names = { programme: programme.programme, service: id, provider: organisation.id };
      const recipients = recipientsOf(service, organisation.id, directory);
      const lines = linesFor(names, health);
      const healthLines = health ? lines : linesFor(names, true);
      return [{ contract, service, share, organisation, recipients, lines, healthLines }];
    }),
  );
