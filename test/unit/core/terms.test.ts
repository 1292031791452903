// In whose days an offer's clocks run: those of the person's nation, and of the service unless its contract says otherwise.
import { describe, expect, it } from "vitest";
import type { Directory } from "../../../schemas/provider.ts";
import type { Contract } from "../../../schemas/contract.ts";
import { createTerms } from "../../../src/core/terms.ts";
import { aContent } from "../../builders/content.ts";
import { anOffer } from "../../builders/journey.ts";
import { aContract, aDirectory, aProgramme, NOW } from "../../builders/rules.ts";
import { NO_HOLIDAYS } from "../../builders/terms.ts";

const holidays = {
  ...NO_HOLIDAYS,
  "england-and-wales": [{ date: "2026-12-25", name: "Christmas Day", unverified: false }],
  scotland: [{ date: "2026-11-30", name: "St Andrew's Day", unverified: false }],
};
const shut = (directory: Directory, service: string): Directory => ({
  ...directory,
  services: directory.services.map((one) => (one.id === service ? { ...one, closedOn: ["2026-11-18"] } : one)),
});
const counted = (contract: Partial<Contract>, day: string, authority = "E09000019"): boolean => {
  const offer = anOffer();
  const one = aContract({ ...contract, services: [{ service: offer.service, share: 1 }] });
  const programme = aProgramme({ contracts: [one] });
  const rules = { inForce: () => [{ programme }], directory: () => shut(aDirectory(), offer.service) };
  const content = aContent({ person: { authority, home: { kind: "none" } } });
  return createTerms(rules, holidays)(
    { ...offer, programme: programme.programme, contract: one.contract },
    content,
    NOW,
  ).counts(day);
};

describe("a day on which the service is shut", () => {
  it("does not count", () => {
    expect(counted({}, "2026-11-18")).toBe(false);
    expect(counted({ openingDays: "counted" }, "2026-11-18")).toBe(false);
    expect(counted({}, "2026-11-19")).toBe(true);
  });
  it("counts all the same where the contract forbids it to stand still", () => {
    expect(counted({ openingDays: "ignored" }, "2026-11-18")).toBe(true);
    expect(counted({ openingDays: "ignored" }, "2026-12-25")).toBe(false);
  });
});

describe("a bank holiday", () => {
  it("is that of the nation in which the person lives", () => {
    expect([counted({}, "2026-12-25"), counted({}, "2026-11-30")]).toEqual([false, true]);
    expect([counted({}, "2026-12-25", "S12000036"), counted({}, "2026-11-30", "S12000036")]).toEqual([true, false]);
  });
});
