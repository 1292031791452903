// How often a provider's copy of an offer is looked at.
import fc from "fast-check";
import { expect, it } from "vitest";
import { following, followLane, nextLook, PACES, receiverOf } from "../../../src/core/follow.ts";
import { telling } from "../../../src/core/recalls.ts";
import { anOffer } from "../../builders/journey.ts";
import { NOW } from "../../builders/rules.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const waits = (answers: keyof typeof PACES, age: number, chance = 0): number =>
  nextLook({ changedAt: new Date(NOW.getTime() - age), now: NOW, answers, chance }).getTime() - NOW.getTime();

it.each([
  ["poll", 0, 5 * MINUTE],
  ["poll", HOUR - 1, 5 * MINUTE],
  ["poll", HOUR, 15 * MINUTE],
  ["poll", 24 * HOUR, HOUR],
  ["poll", 7 * 24 * HOUR, 6 * HOUR],
  ["poll", 400 * 24 * HOUR, 6 * HOUR],
  ["subscription", 0, HOUR],
  ["subscription", 24 * HOUR, 24 * HOUR],
] as const)("by %s, %i ms after the last change, the next look is %i ms away", (answers, age, wait) => {
  expect(waits(answers, age)).toBe(wait);
});

it("never looks in a loop, and never more rarely than once a day and a bit", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("poll" as const, "subscription" as const),
      fc.integer({ min: -HOUR, max: 1_000 * 24 * HOUR }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (answers, age, chance) => {
        const wait = waits(answers, age, chance);
        expect(wait).toBeGreaterThanOrEqual(5 * MINUTE);
        expect(wait).toBeLessThanOrEqual(1.1 * 24 * HOUR);
      },
    ),
  );
});

it("looks and recalls in lanes of their own, so that neither holds up an offer or the other", () => {
  const offer = anOffer();
  const [look, recall] = [following(offer, "a", NOW), telling(offer, "b", NOW)];
  for (const work of [look, recall])
    expect(work).toMatchObject({ subject: offer.id, referral: offer.referral, due: NOW });
  const lanes = [look.destination, recall.destination, `provider:${offer.provider}`];
  expect(new Set(lanes).size).toBe(3);
  expect(look.destination).toBe(followLane(offer.provider));
  // A pause or a breaker of the provider is one for all that goes there.
  for (const lane of lanes) expect(receiverOf(lane)).toBe("provider:sample-coaching");
  expect(receiverOf("client:019a0000-0000-7000-8000-0000000000c1")).toMatch(/^client:/);
});
