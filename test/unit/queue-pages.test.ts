// How rings travel together, and who gets a place.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pagesOf, RINGS_IN_A_JOB, ringsIn } from "../../queues/payloads.ts";
import { openSlots } from "../../queues/slots.ts";

const ring = fc.record({ work: fc.uuid(), token: fc.uuid() });

describe("a page of rings", () => {
  it("brings every ring once and in its order, and no page is empty or too long", () => {
    fc.assert(
      fc.property(fc.array(ring, { maxLength: 60 }), (rings) => {
        const pages = pagesOf(rings);
        expect(pages.flatMap((page) => ringsIn(structuredClone(page)))).toEqual(rings);
        for (const page of pages) {
          expect(page.rings.length).toBeGreaterThan(0);
          expect(page.rings.length).toBeLessThanOrEqual(RINGS_IN_A_JOB);
        }
        expect(pages).toHaveLength(Math.ceil(rings.length / RINGS_IN_A_JOB));
      }),
    );
  });

  it("leaves each ring to be read by itself", () => {
    const good = { work: "018f0000-0000-7000-8000-000000000000", token: "018f0000-0000-7000-8000-000000000001" };
    expect(ringsIn({ rings: ["no ring", good] })).toEqual(["no ring", good]);
  });

  it("takes for a ring what is no page: one of a version before this, or nothing that we sent", () => {
    const many = Array.from({ length: RINGS_IN_A_JOB + 1 }, () => "ring");
    for (const payload of [{ work: "one", token: "two" }, { rings: [] }, { rings: many }, { rings: 1 }, null, "ring"])
      expect(ringsIn(payload)).toEqual([payload]);
  });
});

/** Seldom closed, so that what comes before has time to go wrong. */
const STEPS = ["close", ...Array.from({ length: 8 }, () => ["take", "free"]).flat()];

describe("slots", () => {
  it("never give more places than there are, serve in the order of asking, and none after they are closed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.constantFrom(...STEPS), { minLength: 10, maxLength: 60 }),
        async (count, steps) => {
          const slots = openSlots(count);
          const told: { at: number; taken: boolean }[] = [];
          let [asked, held, closed] = [0, 0, false];
          for (const step of steps) {
            const before = told.length;
            if (step === "take") {
              const at = (asked += 1);
              void slots.take().then((taken) => told.push({ at, taken }));
            } else if (step === "close") {
              slots.close();
              closed = true;
            } else if (held > 0) {
              slots.free();
              held -= 1;
            }
            await new Promise((resolve) => setImmediate(resolve));
            const fresh = told.slice(before);
            held += fresh.filter(({ taken }) => taken).length;
            expect(held).toBeLessThanOrEqual(count);
            expect(closed && fresh.some(({ taken }) => taken)).toBe(false);
            // Nobody waits while there is a place, and nobody at all once there will be none any more.
            expect(told.length < asked && (closed || held < count)).toBe(false);
          }
          expect(told.map(({ at }) => at)).toEqual(told.map(({ at }) => at).toSorted((a, b) => a - b));
        },
      ),
    );
  });
});
