// A no has a reason, and the contract says which reasons there are.
import { describe, expect, it } from "vitest";
import type { Client } from "../../../schemas/client.ts";
import { DeclineReason } from "../../../schemas/reason.ts";
import type { Change, Journey, Ledger } from "../../../src/ports/ledger.ts";
import type { Rulebook } from "../../../src/ports/rulebook.ts";
import { createAnswer } from "../../../src/steps/answer.ts";
import { aContent } from "../../builders/content.ts";
import { aJourney, anOffer, OFFER } from "../../builders/journey.ts";
import { aContract, aDirectory, aProgramme, NOW } from "../../builders/rules.ts";
import { ids } from "../../builders/store.ts";
import { someTerms } from "../../builders/terms.ts";

const provider = { id: "p", kind: "provider", organisation: "sample-coaching", test: true } as Client;

const declining = async (why: DeclineReason, declines: DeclineReason[]) => {
  const written: Change[] = [];
  const contract = aContract({ declines });
  const journey: Journey = aJourney({
    status: "offered",
    offers: [anOffer({ status: "sent", contract: contract.contract })],
    content: aContent(),
  });
  const ledger = {
    openByOffer: () => Promise.resolve(journey),
    commit: (change: Change) => Promise.resolve(written.push(change) > 0 ? "committed" : "stale"),
  } as unknown as Ledger;
  const rulebook = {
    inForce: () => [{ programme: aProgramme({ contracts: [contract] }), digest: "" }],
    directory: () => aDirectory(),
  } as unknown as Rulebook;
  const ports = { ledger, rulebook, terms: someTerms, clock: { now: () => NOW }, ids, bell: { nudge: () => {} } };
  const result = await createAnswer(ports)(provider, OFFER, {
    verb: "decline",
    reason: why,
    ...(why === "other" ? { text: "Our roof leaks." } : {}),
  });
  return { result, written };
};

describe("a no", () => {
  it.each(DeclineReason.options)(
    "may say %s where the contract has it: the view closes, the next is asked",
    async (why) => {
      const { result, written } = await declining(why, [why]);
      expect(result).toMatchObject({ outcome: "changed", offer: { status: "declined" } });
      const [change] = written;
      expect(change?.events).toMatchObject([
        { body: { type: "declined", reason: why }, ...(why === "other" ? { note: "Our roof leaks." } : {}) },
      ]);
      expect(change?.work?.map(({ kind }) => kind)).toContain("assess");
    },
  );

  it.each(DeclineReason.options)(
    "may not say %s where the contract leaves it out, and nothing is written",
    async (why) => {
      const { result, written } = await declining(
        why,
        DeclineReason.options.filter((one) => one !== why),
      );
      expect(result).toMatchObject({ outcome: "refused", reasons: [{ code: "not-one-of", path: "reason" }] });
      expect(written).toEqual([]);
    },
  );
});
