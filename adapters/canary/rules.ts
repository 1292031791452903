// The rules of the canary: one programme, one service, and nobody else's. No real referral is ever decided by them.
import { CANARY } from "../../schemas/canary.ts";
import { Programme } from "../../schemas/programme.ts";
import { Directory } from "../../schemas/provider.ts";
import type { Rulebook } from "../../src/ports/rulebook.ts";

export const CANARY_NEED = "debt-advice";
export const CANARY_AUTHORITY = "E09000001";
const SINCE = "2000-01-01";

const programme = () =>
  Programme.parse({
    programme: CANARY,
    name: "Canary",
    version: 1,
    validFrom: SINCE,
    commissioner: { id: CANARY, name: "Canary" },
    nations: ["england"],
    mayRefer: ["jobcentre"],
    needs: [CANARY_NEED],
    eligibility: [],
    consents: [{ kind: "share" }],
    disclosures: [{ to: ["charity"], fields: ["name"] }],
    contracts: [{ contract: CANARY, prime: CANARY, from: SINCE, services: [{ service: CANARY }] }],
    allocation: "single",
    clocks: { acknowledgeWithin: 1, contactWithin: 1 },
    tests: [{ name: "canary", on: SINCE, door: "jobcentre", need: CANARY_NEED, facts: {}, expect: "eligible" }],
  });

const directory = () =>
  Directory.parse({
    version: "1",
    organisations: [{ id: CANARY, name: "Canary", class: "charity" }],
    services: [{ id: CANARY, organisation: CANARY, name: "Canary", needs: [CANARY_NEED], authorities: [] }],
    places: [],
  });

export const createCanaryRulebook = (): Rulebook => {
  const packs = [{ programme: programme(), digest: CANARY }];
  const kept = { directory: directory(), digest: CANARY };
  return {
    inForce: () => packs,
    directory: () => kept.directory,
    directoryDigest: () => kept.digest,
    bodies: () => ({ packs, directory: kept }),
  };
};
