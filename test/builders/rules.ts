// Invented programmes, services and directories for tests, and a decision over them.
import type { Programme } from "../../schemas/programme.ts";
import type { Directory, ProviderOrganisation, Service } from "../../schemas/provider.ts";
import type { Content } from "../../schemas/referral.ts";
import { placeOf } from "../../src/core/area.ts";
import type { DecideInput } from "../../src/core/decide.ts";
import { aContent, CAMDEN, HACKNEY, ISLINGTON, NEWHAM, SURGERY, TOWN_HALL } from "./content.ts";

export const NOW = new Date("2026-11-16T09:30:00Z");
export const TODAY = "2026-11-16";

export const aProgramme = (overrides: Partial<Programme> = {}): Programme => ({
  programme: "coaching",
  name: "Coaching (sample)",
  version: 1,
  validFrom: "2026-01-01",
  commissioner: { id: ISLINGTON, name: "Sample Council" },
  nations: ["england"],
  doors: ["gp", "jobcentre", "council"],
  participation: ["voluntary"],
  needs: ["employment"],
  precedence: 100,
  eligibility: [],
  consents: [
    { kind: "share", purpose: "referral" },
    { kind: "take-part", purpose: "referral" },
  ],
  services: [{ service: "coaching-upper-street", share: 1 }],
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
  ...overrides,
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
    packs: programmes.map((programme) => ({ programme, digest: `digest-of-${programme.programme}` })),
    reachable: directory.organisations.map((one) => one.id),
    capacity: new Map(),
    declined: [],
    inputHash: "input-hash",
    consentHash: "permission-hash",
    receiptId: "019a0000-0000-7000-8000-0000000000aa",
    now: NOW,
    ...overrides,
    content,
    directory,
  };
};
