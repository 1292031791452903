// Invented programmes, services and directories for tests, and a decision over them.
import type { Contract } from "../../schemas/contract.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Directory, ProviderOrganisation, Service } from "../../schemas/provider.ts";
import { DeclineReason } from "../../schemas/reason.ts";
import type { Content } from "../../schemas/referral.ts";
import { placeOf } from "../../src/core/area.ts";
import type { DecideInput } from "../../src/core/decision.ts";
import { aContent, CAMDEN, HACKNEY, ISLINGTON, NEWHAM, SURGERY, TOWN_HALL } from "./content.ts";

export const NOW = new Date("2026-11-16T09:30:00Z");
export const TODAY = "2026-11-16";

type Shares = { service: string; share: number }[];

export const aContract = (overrides: Partial<Contract> = {}): Contract => ({
  contract: "main",
  prime: "sample-coaching",
  partners: [],
  from: "2026-01-01",
  areas: [],
  services: [{ service: "coaching-upper-street", share: 1 }],
  declines: [...DeclineReason.options],
  ...overrides,
});

/** `services` is short for contracts that give each its own: `aDecision` finds who runs it. */
export const aProgramme = ({ services, ...overrides }: Partial<Programme> & { services?: Shares } = {}): Programme => ({
  programme: "coaching",
  name: "Coaching (sample)",
  version: 1,
  validFrom: "2026-01-01",
  commissioner: { id: ISLINGTON, name: "Sample Council" },
  nations: ["england"],
  funders: [],
  areas: [],
  mayRefer: ["gp", "jobcentre", "council"],
  mayRecommend: [],
  participation: ["voluntary"],
  needs: ["employment"],
  precedence: 100,
  eligibility: [],
  consents: [
    { kind: "share", purpose: "referral" },
    { kind: "take-part", purpose: "referral" },
  ],
  exclusions: [],
  compatibility: { excludes: [] },
  requires: [],
  disclosures: [
    {
      to: ["nhs", "council", "charity", "company"],
      purpose: "referral",
      fields: ["name", "birth-date", "address", "phones", "email", "representative", "detail", "referrer"],
      controllers: { from: ISLINGTON, to: "provider" },
      basis: "6(1)(e)",
      condition: "9(2)(h)",
      gateway: "Localism Act 2011, section 1",
      agreement: "ISA-SAMPLE-1",
    },
  ],
  contracts:
    services === undefined
      ? [aContract()]
      : services.map((one) => aContract({ contract: `of-${one.service}`, prime: WHO_RUNS_IT, services: [one] })),
  ringFences: [],
  cohorts: [],
  employers: [],
  startWaits: [],
  leadsTo: [],
  triggers: [],
  outcomes: [],
  evidence: [],
  tells: {},
  allocation: "single",
  clocks: { acknowledgeWithin: 2, contactWithin: 10 },
  tests: [{ name: "sample", on: TODAY, door: "gp", need: "employment", facts: {}, expect: "eligible" }],
  ...overrides,
});

export const aService = (overrides: Partial<Service> = {}): Service => ({
  id: "coaching-upper-street",
  organisation: "sample-coaching",
  name: "Coaching at Upper Street (sample)",
  needs: ["employment"],
  authorities: [ISLINGTON],
  sites: [],
  status: "open",
  ...overrides,
});

export const anOrganisation = (overrides: Partial<ProviderOrganisation> = {}): ProviderOrganisation => ({
  id: "sample-coaching",
  name: "Sample Coaching",
  class: "charity",
  ...overrides,
});

export const aDirectory = (overrides: Partial<Directory> = {}): Directory => ({
  version: "test-1",
  organisations: [anOrganisation()],
  services: [aService()],
  places: [
    { postcode: TOWN_HALL, authority: ISLINGTON },
    { postcode: "E6 2RP", authority: NEWHAM },
    { postcode: "E8 1EA", authority: HACKNEY },
    { postcode: "WC1H 9JE", authority: CAMDEN },
    { practice: SURGERY, authority: ISLINGTON },
  ],
  partnerships: [],
  deprivation: [],
  ...overrides,
});

/** A prime to be found in the directory. */
const WHO_RUNS_IT = "who-runs-it";

const withPrimes = (programme: Programme, directory: Directory): Programme => ({
  ...programme,
  contracts: programme.contracts.map((contract) => {
    const runs = directory.services.find((one) => one.id === contract.services[0]?.service)?.organisation;
    return contract.prime === WHO_RUNS_IT ? { ...contract, prime: runs ?? "nobody" } : contract;
  }),
});

type Overrides = Partial<Omit<DecideInput, "packs" | "content">> & { programmes?: Programme[]; content?: Content };

/** Everything that one decision reads. The area follows from the content unless given. */
export const aDecision = ({ programmes = [aProgramme()], ...overrides }: Overrides = {}): DecideInput => {
  const content = overrides.content ?? aContent();
  const directory = overrides.directory ?? aDirectory();
  return {
    referral: {
      id: "019a0000-0000-7000-8000-000000000001",
      reference: "WM-XWNT-JTCC",
      door: "gp",
      test: true,
    },
    area: placeOf(content.person, directory),
    packs: programmes.map((programme) => ({
      programme: withPrimes(programme, directory),
      digest: `digest-of-${programme.programme}`,
    })),
    directoryDigest: "digest-of-directory",
    reachable: directory.organisations.map((one) => one.id),
    capacity: new Map(),
    declined: [],
    siblings: [],
    overrides: [],
    inputHash: "input-hash",
    consentHash: "permission-hash",
    capacityHash: "places-hash",
    receiptId: "019a0000-0000-7000-8000-0000000000aa",
    now: NOW,
    ...overrides,
    content,
    directory,
  };
};
