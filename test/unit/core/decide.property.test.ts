// What holds for every decision, whatever comes in.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Consent } from "../../../schemas/consent.ts";
import type { Programme } from "../../../schemas/programme.ts";
import { Receipt } from "../../../schemas/receipt.ts";
import { NeedCode } from "../../../schemas/need.ts";
import { decide, type DecideInput } from "../../../src/core/decide.ts";
import { project } from "../../../src/core/receipt.ts";
import { anyConsent, anyContent, anyDoor, anyEligibility } from "../../builders/arbitrary.ts";
import { CAMDEN, ISLINGTON, SURGERY } from "../../builders/content.ts";
import { aDecision, aDirectory, anOrganisation, aProgramme, aService } from "../../builders/rules.ts";

const needs = [...NeedCode.options];
const directory = aDirectory({
  organisations: [
    anOrganisation(),
    anOrganisation({ id: "sample-other", class: "nhs" }),
    anOrganisation({ id: "sample-health-trust", class: "council" }),
  ],
  services: [
    aService({ needs, sites: [SURGERY], places: 3 }),
    aService({ id: "anywhere", organisation: "sample-other", needs, authorities: [] }),
    aService({ id: "health-support", organisation: "sample-health-trust", needs, authorities: [CAMDEN, ISLINGTON] }),
  ],
});

const anyProgramme = (programme: string): fc.Arbitrary<Programme> =>
  fc
    .record({
      eligibility: anyEligibility,
      doors: fc.subarray(["gp", "jobcentre", "council"] as const, { minLength: 1 }),
      participation: fc.subarray(["voluntary", "mandatory"] as const, { minLength: 1 }),
      allocation: fc.constantFrom("single", "on-site", "capacity", "fair-share"),
      precedence: fc.integer({ min: 1, max: 3 }),
      services: fc.shuffledSubarray(
        ["coaching-upper-street", "anywhere", "health-support"].map((service) => ({ service, share: 1 })),
        { minLength: 1 },
      ),
      consents: fc.subarray<Programme["consents"][number]>([
        { kind: "share", purpose: "referral" },
        { kind: "take-part", purpose: "referral" },
      ]),
    })
    .map((rest) => aProgramme(Object.assign(rest, { programme, needs })));

const anyInput: fc.Arbitrary<DecideInput> = fc
  .record({
    content: anyContent,
    door: anyDoor,
    programmes: fc.tuple(anyProgramme("one"), anyProgramme("health-two"), anyProgramme("three")),
    taken: fc.integer({ min: 0, max: 4 }),
    declined: fc.subarray(["coaching-upper-street", "anywhere"]),
  })
  .map(({ content, door, programmes, taken, declined }) => {
    const input = aDecision({
      content,
      programmes: [...programmes],
      directory,
      declined,
      capacity: new Map([["coaching-upper-street", { taken, drawn: taken }]]),
    });
    return Object.assign(input, { referral: { ...input.referral, door } });
  });

const keptOf = (input: DecideInput): string[] =>
  decide(input)
    .receipt.candidates.filter((one) => one.kept)
    .map((one) => `${one.programme}/${one.service}`);

describe("every decision", () => {
  it("has a receipt that its schema takes, of at most 5 kB, and a reason or an offer", () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const decision = decide(input);
        expect(Receipt.safeParse(decision.receipt).success).toBe(true);
        expect(Buffer.byteLength(JSON.stringify(decision.receipt))).toBeLessThanOrEqual(5_120);
        const told = decision.kind === "hold" ? decision.asks : decision.kind === "unmet" ? decision.reasons : [];
        expect(decision.receipt.reasons).toEqual(told);
        expect(told.length > 0).toBe(decision.kind !== "offer");
        expect(decision.receipt.candidates.some((one) => one.clause === "offered")).toBe(decision.kind === "offer");
        for (const one of decision.receipt.candidates) expect([one.clause, one.words]).not.toContain("");
      }),
      { numRuns: 500 },
    );
  });

  it("is the same for the same input", () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        expect(decide(structuredClone(input))).toEqual(decide(input));
      }),
    );
  });

  it("loses no candidate when the person says yes to one thing more", () => {
    const yes = anyConsent.map((one): Consent => Object.assign(one, { decision: "given" as const }));
    fc.assert(
      fc.property(anyInput, yes, (input, more) => {
        const after = { ...input, content: { ...input.content, consents: [...input.content.consents, more] } };
        expect(keptOf(after)).toEqual(expect.arrayContaining(keptOf(input)));
      }),
      { numRuns: 500 },
    );
  });

  it("tells a Jobcentre nothing of consent or health", () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const seen = JSON.stringify(
          project(decide(input).receipt, { kind: "jobcentre", organisation: "sample-jobcentre" }),
        );
        expect(seen).not.toMatch(/consent|health|condition|disab/i);
        expect(seen).not.toContain("permission-hash");
      }),
      { numRuns: 1000 },
    );
  });

  it("tells a provider of nobody but itself", () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const seen = project(decide(input).receipt, { kind: "provider", organisation: "sample-coaching" });
        expect(seen.candidates.every((one) => one.provider === "sample-coaching")).toBe(true);
        expect(JSON.stringify(seen)).not.toMatch(/sample-other|sample-health-trust|anywhere/);
        expect(seen.consent).toBeUndefined();
      }),
    );
  });
});
