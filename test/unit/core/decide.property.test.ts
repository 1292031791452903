// What holds for every decision, whatever comes in.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Consent } from "../../../schemas/consent.ts";
import { Receipt } from "../../../schemas/receipt.ts";
import { decide } from "../../../src/core/decide.ts";
import type { DecideInput } from "../../../src/core/decision.ts";
import { anyConsent } from "../../builders/arbitrary.ts";
import { anyInput } from "../../builders/decisions.ts";

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

  it("honours the service that the person chose, or says by which clause it was dropped, under every strategy", () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { receipt } = decide(input);
        const wanted = input.content.choice?.service;
        const about = receipt.candidates.filter((one) => one.service === wanted || one.service === undefined);
        const kept = about.some((one) => one.kept && one.service === wanted);
        const unread = receipt.candidates.length === 0 && receipt.outcome === "held";
        const said = `${receipt.words} ${receipt.tieBreak ?? ""}`;
        const explained =
          said.includes("The person chose") &&
          (wanted === "no-such-service" ||
            said.includes("no help of this kind") ||
            about.some((one) => !one.kept && said.includes(one.words)));
        expect(wanted === undefined || unread || kept || explained).toBe(true);
        // What fits and was chosen is asked, unless the referrer may only recommend it.
        const asked = receipt.offered?.service === wanted || receipt.reasons.some((one) => one.code === "recommended");
        expect(wanted === undefined || !kept || asked).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
