import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Programme } from "../../../schemas/programme.ts";
import type { Service } from "../../../schemas/provider.ts";
import { allocate } from "../../../src/core/allocate.ts";
import type { Fit } from "../../../src/core/match.ts";
import { aContent, SURGERY } from "../../builders/content.ts";
import { anOrganisation, aProgramme, aService } from "../../builders/rules.ts";

const fits = (allocation: Programme["allocation"], ...services: (Partial<Service> & { share?: number })[]): Fit[] =>
  services.map(({ share = 1, ...service }) => ({
    programme: aProgramme({ allocation }),
    service: aService(service),
    organisation: anOrganisation(),
    share,
  }));

type Counts = Record<string, { taken: number; drawn: number }>;
const chosen = (candidates: Fit[], counts: Counts = {}, content = aContent()) => {
  const allocation = allocate(candidates, { content, capacity: new Map(Object.entries(counts)) });
  return [allocation?.fit.service.id, allocation?.tieBreak];
};

describe("allocation", () => {
  it("of nothing is nothing", () => {
    expect(chosen([])).toEqual([undefined, undefined]);
  });

  it("single: the one contract, and the first by id when there are more, which the receipt says", () => {
    expect(chosen(fits("single", { id: "one" }))).toEqual(["one", "The only service that fits."]);
    expect(chosen(fits("single", { id: "b" }, { id: "a" }))).toEqual(["a", "Several contracts fit here. First by id."]);
  });

  it("on-site: where the person was seen, then where they are registered, then by id", () => {
    const three = fits("on-site", { id: "a" }, { id: "b", sites: ["Y00001"] }, { id: "c", sites: [SURGERY] });
    expect(chosen(three)).toEqual(["c", "It works where the person is seen."]);
    const seenElsewhere = aContent({ referrer: { organisation: "Y00001" } });
    expect(chosen(three, {}, seenElsewhere)[0]).toBe("b");
    const registeredOnly = aContent({ referrer: { organisation: "Y00002" } });
    expect(chosen(three, {}, registeredOnly)[0]).toBe("c");
    const nowhere = aContent({ referrer: { organisation: "Y00002" }, person: { practice: undefined } });
    expect(chosen(three, {}, nowhere)[0]).toBe("a");
  });

  it("capacity: the most free places, where no limit means most of all", () => {
    const counts = { a: { taken: 8, drawn: 8 }, b: { taken: 1, drawn: 50 } };
    expect(chosen(fits("capacity", { id: "a", places: 10 }, { id: "b", places: 5 }), counts)).toEqual([
      "b",
      "It has the most free places.",
    ]);
    expect(chosen(fits("capacity", { id: "a", places: 99 }, { id: "z" }))[0]).toBe("z");
    expect(chosen(fits("capacity", { id: "z" }, { id: "y" }))).toEqual(["y", "Equally many free places. First by id."]);
  });

  it("fair-share: whoever is furthest behind", () => {
    const pair = fits("fair-share", { id: "a", share: 2 }, { id: "b", share: 1 });
    expect(chosen(pair, { a: { taken: 0, drawn: 4 }, b: { taken: 0, drawn: 0 } })[0]).toBe("b");
    expect(chosen(pair, { a: { taken: 0, drawn: 0 }, b: { taken: 0, drawn: 3 } })[0]).toBe("a");
    expect(chosen(fits("fair-share", { id: "b" }, { id: "a" }))).toEqual([
      "a",
      "Equally far behind their shares. First by id.",
    ]);
  });

  it("fair-share: nobody is ever two places from their target, whatever the shares", () => {
    const shares = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(shares, fc.integer({ min: 1, max: 120 }), (weights, draws) => {
        const candidates = fits("fair-share", ...weights.map((share, at) => ({ id: `s${at}`, share })));
        const total = weights.reduce((sum, share) => sum + share, 0);
        const capacity = new Map(candidates.map(({ service }) => [service.id, { taken: 0, drawn: 0 }]));
        for (let drawn = 1; drawn <= draws; drawn += 1) {
          const id = allocate(candidates, { content: aContent(), capacity })?.fit.service.id ?? "";
          const counts = capacity.get(id) ?? { taken: 0, drawn: 0 };
          capacity.set(id, { taken: 0, drawn: counts.drawn + 1 });
          for (const { service, share } of candidates) {
            const off = Math.abs((capacity.get(service.id)?.drawn ?? 0) - (drawn * share) / total);
            expect(off).toBeLessThan(2);
          }
        }
      }),
    );
  });
});
