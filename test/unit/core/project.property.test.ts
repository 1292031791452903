// What no reader may learn, whatever is decided.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Consent } from "../../../schemas/consent.ts";
import { MAX_RECEIPT_BYTES, Receipt } from "../../../schemas/receipt.ts";
import type { Facts } from "../../../schemas/referral.ts";
import { decide } from "../../../src/core/decide.ts";
import type { DecideInput } from "../../../src/core/decision.ts";
import { forJobcentre } from "../../../src/core/firewall.ts";
import { project } from "../../../src/core/project.ts";
import { anyConsent } from "../../builders/arbitrary.ts";
import { allConsents } from "../../builders/content.ts";
import { anyCrowd, anyInput } from "../../builders/decisions.ts";

const PRIVATE = /consent|health|condition|disab|medical|illness|clinic|patient|surgery/i;
const asJobcentre = (input: DecideInput) =>
  project(decide(input).receipt, { kind: "jobcentre", organisation: "sample-jobcentre" });

const anything = fc.oneof(anyInput, anyCrowd);
const size = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe("a receipt of a crowd", () => {
  it("is at most 5 kB as it is stored, keeps what was offered, and counts the rest", () => {
    let cut = 0;
    fc.assert(
      fc.property(anyCrowd, (input) => {
        const { receipt, kind } = decide(input);
        expect(Receipt.safeParse(receipt).success).toBe(true);
        expect(size(receipt)).toBeLessThanOrEqual(MAX_RECEIPT_BYTES);
        expect(receipt.candidates.some((one) => one.clause === "offered")).toBe(kind === "offer");
        cut += receipt.left > 0 ? 1 : 0;
      }),
      { numRuns: 300 },
    );
    expect(cut).toBeGreaterThan(30);
  });

  it("is no larger for any reader", () => {
    fc.assert(
      fc.property(anyCrowd, (input) => {
        const { receipt } = decide(input);
        for (const kind of ["gp", "jobcentre", "council", "provider", "operator"] as const)
          expect(size(project(receipt, { kind, organisation: "sample-coaching" }))).toBeLessThanOrEqual(
            MAX_RECEIPT_BYTES,
          );
      }),
    );
  });
});

describe("a Jobcentre", () => {
  it("reads no word of consent or health", () => {
    fc.assert(
      fc.property(anything, (input) => {
        const seen = JSON.stringify(asJobcentre(input));
        expect(seen).not.toMatch(PRIVATE);
        expect(seen).not.toMatch(/permission-hash|input-hash|places-hash/);
      }),
      { numRuns: 1000 },
    );
  });

  /**
   * Non-interference. Two referrals that differ in nothing but what was agreed to and in facts of health, and that come
   * to the same outcome, the same offer and the same reasons behind the wall, read alike to the byte. So a Jobcentre
   * learns of consent and health what these three tell, and nothing more.
   */
  const tellsApart = (one: DecideInput, other: DecideInput): "not compared" | "same receipt" | "other receipt" => {
    const [first, second] = [decide(one).receipt, decide(other).receipt];
    const cameOf = ({ outcome, offered, reasons }: typeof first) => ({
      outcome,
      offered,
      reasons: forJobcentre(reasons),
    });
    if (JSON.stringify(cameOf(first)) !== JSON.stringify(cameOf(second))) return "not compared";
    expect(asJobcentre(other)).toEqual(asJobcentre(one));
    return JSON.stringify(first.candidates) === JSON.stringify(second.candidates) ? "same receipt" : "other receipt";
  };

  const health = fc.record({
    longTermCondition: fc.option(fc.boolean(), { nil: undefined }),
    disability: fc.option(fc.boolean(), { nil: undefined }),
  });
  const differingIn = (one: DecideInput, consents: Consent[], facts: Partial<Facts>): DecideInput => ({
    ...one,
    content: { ...one.content, consents, facts: { ...one.content.facts, ...facts } },
    inputHash: "another-hash",
    consentHash: "another-permission",
  });

  it("cannot tell two referrals apart that differ in consent and health alone, beyond what came of them", () => {
    const refusals = fc.record({
      recipients: fc.uniqueArray(fc.integer({ min: 0, max: 59 }).map((at) => `crowd-provider-${at}`)),
      at: fc.constant("2026-11-10T10:00:00Z"),
    });
    let differing = 0;
    fc.assert(
      fc.property(anyCrowd, fc.array(refusals, { maxLength: 2 }), health, (start, refused, facts) => {
        // Everybody may know, and then some may not.
        const one = {
          ...start,
          content: { ...start.content, consents: allConsents(), participation: "voluntary" as const },
        };
        const no = refused.map((each): Consent => ({ kind: "share", decision: "refused", ...each }));
        differing += tellsApart(one, differingIn(one, [...allConsents(), ...no], facts)) === "other receipt" ? 1 : 0;
      }),
      { numRuns: 500 },
    );
    expect(differing).toBeGreaterThan(15);
  });

  it("cannot, whatever the consents", () => {
    let compared = 0;
    fc.assert(
      fc.property(anyInput, fc.array(anyConsent, { maxLength: 4 }), health, (one, consents, facts) => {
        compared += tellsApart(one, differingIn(one, consents, facts)) === "not compared" ? 0 : 1;
      }),
      { numRuns: 1000 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});

describe("a provider", () => {
  it("reads of no other", () => {
    fc.assert(
      fc.property(anything, (input) => {
        const seen = project(decide(input).receipt, { kind: "provider", organisation: "sample-coaching" });
        expect(seen.candidates.every((one) => one.provider === "sample-coaching")).toBe(true);
        expect(JSON.stringify(seen)).not.toMatch(/sample-other|sample-health-trust|anywhere|crowd-provider/);
        expect(seen.consent).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

describe("a commissioner", () => {
  it("reads of no programme but its own, and no fact of the person", () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const seen = project(decide(input).receipt, {
          kind: "commissioner",
          organisation: "x",
          programmes: ["one"],
        });
        expect(seen.candidates.every((one) => one.programme === "one")).toBe(true);
        expect(JSON.stringify(seen)).not.toMatch(/health-two|three|facts\.|permission-hash/);
        expect(seen.offered?.programme ?? "one").toBe("one");
      }),
      { numRuns: 500 },
    );
  });
});
