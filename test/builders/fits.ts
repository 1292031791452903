// Services that fit, as allocation sees them: one programme, a contract for each service unless said otherwise.
import type { Contract } from "../../schemas/contract.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Directory, Service } from "../../schemas/provider.ts";
import type { Content } from "../../schemas/referral.ts";
import type { Stage } from "../../src/core/allocate.ts";
import { placeOf } from "../../src/core/area.ts";
import type { Fit } from "../../src/core/situation.ts";
import { aContent } from "./content.ts";
import { aContract, aDirectory, anOrganisation, aProgramme, aService, TODAY } from "./rules.ts";

export type Draft = Partial<Service> & { share?: number; free?: number; contract?: string; areas?: Contract["areas"] };

/** Further contracts that bring services which do not fit now are `others`. */
export const fitsOf = (allocation: Programme["allocation"], drafts: Draft[], others: Draft[] = []): Fit[] => {
  const contractFor = ({ id = "s", share = 1, contract = `of-${id}`, areas = [] }: Draft): Contract =>
    aContract({ contract, areas, services: [{ service: id, share }] });
  const programme = aProgramme({ allocation });
  programme.contracts = [...drafts, ...others].map(contractFor);
  return drafts.map((draft) => {
    const { share = 1, free = Number.POSITIVE_INFINITY, contract: _, areas: __, ...service } = draft;
    const made = aService(service);
    return {
      programme,
      service: made,
      contract: contractFor(draft),
      organisation: anOrganisation(),
      recommended: false,
      share,
      takes: [made.id],
      free,
    };
  });
};

/** By service, how many places this programme drew of it. */
export type Drawn = Record<string, number>;

export const aStage = (given: { drawn?: Drawn; content?: Content; directory?: Partial<Directory> } = {}): Stage => {
  const content = given.content ?? aContent();
  const directory = aDirectory(given.directory);
  const capacity = new Map(
    Object.entries(given.drawn ?? {}).map(([id, n]) => [id, { taken: 0, drawn: { coaching: n } }]),
  );
  return { content, area: placeOf(content.person, directory), directory, capacity, day: TODAY };
};
