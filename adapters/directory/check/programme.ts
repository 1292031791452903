// All that is looked for in one pack, what is named, what is promised, and what its cases say.
import type { Programme } from "../../../schemas/programme.ts";
import type { Directory } from "../../../schemas/provider.ts";
import { caseFindings } from "./cases.ts";
import { clauseFindings } from "./clauses.ts";
import { codeFindings, nationFindings } from "./codes.ts";
import { contractFindings } from "./contracts.ts";
import { disclosureFindings } from "./disclosures.ts";
import type { Check, Finding, Neighbours } from "./finding.ts";
import { outcomeFindings } from "./outcomes.ts";
import { pathwayFindings } from "./pathway.ts";
import { placeFindings } from "./places.ts";
import { reservedFindings } from "./reserved.ts";
import { termFindings } from "./terms.ts";

/** These need no directory, and speak also where it cannot be read. */
const ALONE: readonly Check[] = [reservedFindings, nationFindings, clauseFindings, pathwayFindings, outcomeFindings];
const BESIDE_A_DIRECTORY: readonly Check[] = [
  termFindings,
  codeFindings,
  disclosureFindings,
  contractFindings,
  placeFindings,
  (programme, { directory }) => caseFindings(programme, directory),
];

const NOWHERE: Directory = {
  version: "",
  organisations: [],
  services: [],
  places: [],
  partnerships: [],
  deprivation: [],
};

export const packFindings = (
  programme: Programme,
  directory: Directory | undefined,
  neighbours: Neighbours,
): Finding[] =>
  [...ALONE, ...(directory === undefined ? [] : BESIDE_A_DIRECTORY)].flatMap((check) =>
    check(programme, { ...neighbours, directory: directory ?? NOWHERE }),
  );
