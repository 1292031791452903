// Fair shares: within two places of the target over any 1,000 draws, and what is carried over is said.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate } from "../../../src/core/allocate.ts";
import type { Fit } from "../../../src/core/situation.ts";
import { deficitsOf } from "../../../src/core/shares.ts";
import { aContent } from "../../builders/content.ts";
import { aStage, type Draft, type Drawn, fitsOf } from "../../builders/fits.ts";
import { TODAY } from "../../builders/rules.ts";

const drawFrom = (fits: Fit[], drawn: Drawn): { id: string; tieBreak: string } => {
  const found = allocate(fits, aStage({ drawn }));
  if (found === undefined || "ask" in found) throw new Error("nobody was drawn");
  return { id: found.fit.service.id, tieBreak: found.tieBreak };
};
const tally = (drawn: Drawn, id: string): void => void (drawn[id] = (drawn[id] ?? 0) + 1);

describe("fair share", () => {
  it("asks whoever is furthest behind, by the share that the contract gives", () => {
    const pair = fitsOf("fair-share", [
      { id: "a", share: 2 },
      { id: "b", share: 1 },
    ]);
    expect(drawFrom(pair, { a: 4, b: 2 }).id).toBe("a");
    expect(drawFrom(pair, { a: 2, b: 0 }).id).toBe("b");
    expect(drawFrom(pair, { a: 0, b: 1 }).id).toBe("a");
    expect(drawFrom(fitsOf("fair-share", [{ id: "b" }, { id: "a" }]), {})).toEqual({
      id: "a",
      tieBreak: "They are as far behind their shares. First by id.",
    });
  });

  it("counts what this programme drew, not what others drew on the same service", () => {
    const pair = fitsOf("fair-share", [{ id: "a" }, { id: "b" }]);
    const capacity = new Map([
      ["a", { taken: 0, drawn: { coaching: 1, other: 0 } }],
      ["b", { taken: 0, drawn: { coaching: 0, other: 40 } }],
    ]);
    expect(allocate(pair, { ...aStage(), capacity })).toMatchObject({ fit: { service: { id: "b" } } });
  });

  it("says what is carried over while not all can be asked, and after, until it is made good", () => {
    const three: Draft[] = [{ id: "a" }, { id: "b" }, { id: "c" }];
    const all = fitsOf("fair-share", three);
    const without = fitsOf("fair-share", three.slice(1), three.slice(0, 1));
    expect(drawFrom(all, { a: 3, b: 3, c: 3 }).tieBreak).toBe("They are as far behind their shares. First by id.");
    expect(drawFrom(without, { a: 3, b: 3, c: 3 }).tieBreak).toBe(
      "They are as far behind their shares. First by id. Not all can be asked now. Carried over: nobody is a whole place behind.",
    );
    expect(drawFrom(without, { a: 0, b: 5, c: 4 })).toEqual({
      id: "c",
      tieBreak: "It is furthest behind its share. Not all can be asked now. Carried over: a is 3 behind.",
    });
    expect(drawFrom(all, { a: 0, b: 5, c: 4 })).toEqual({
      id: "a",
      tieBreak: "It is furthest behind its share. Carried over: a is 3 behind.",
    });
  });

  const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 12 });

  it("keeps everyone within one place of their target from the first draw on, and so within two over any 1,000", () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 120 }), (shares, draws) => {
        const fits = fitsOf(
          "fair-share",
          shares.map((share, at) => ({ id: `s${at}`, share })),
        );
        const total = shares.reduce((sum, share) => sum + share, 0);
        const drawn: Drawn = {};
        for (let turn = 1; turn <= draws; turn += 1) {
          const { id, tieBreak } = drawFrom(fits, drawn);
          expect(tieBreak).not.toContain("Carried over");
          tally(drawn, id);
          for (const { service, share } of fits)
            expect(Math.abs((drawn[service.id] ?? 0) - (turn * share) / total)).toBeLessThan(1);
        }
      }),
    );
  });

  it("holds over every window of 1,000 draws in a long run", () => {
    const shares = [50, 31, 7, 7, 4, 1];
    const fits = fitsOf(
      "fair-share",
      shares.map((share, at) => ({ id: `s${at}`, share })),
    );
    const drawn: Drawn = {};
    const history: number[][] = [shares.map(() => 0)];
    for (let turn = 0; turn < 2_500; turn += 1) {
      tally(drawn, drawFrom(fits, drawn).id);
      history.push(fits.map(({ service }) => drawn[service.id] ?? 0));
    }
    for (let from = 0; from + 1_000 < history.length; from += 1)
      for (const [at, share] of shares.entries()) {
        const got = (history[from + 1_000]?.[at] ?? 0) - (history[from]?.[at] ?? 0);
        expect(Math.abs(got - share * 10)).toBeLessThan(2);
      }
  });

  it("whenever someone is two places away, the carried deficit is shown, whoever could be drawn", () => {
    const open = fc.array(fc.subarray([0, 1, 2, 3], { minLength: 1 }), { minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 1, max: 9 }))), open, (shares, days) => {
        const drafts = shares.map((share, at): Draft => ({ id: `s${at}`, share }));
        const drawn: Drawn = {};
        for (const day of days) {
          const here = drafts.filter((_, at) => day.includes(at));
          const fits = fitsOf(
            "fair-share",
            here,
            drafts.filter((_, at) => !day.includes(at)),
          );
          const away = deficitsOf(fits[0]!.programme, TODAY, aStage({ drawn }).capacity);
          const { id, tieBreak } = drawFrom(fits, drawn);
          const partial = here.length < drafts.length;
          expect(tieBreak.includes("Carried over")).toBe(partial || away.some(({ behind }) => Math.abs(behind) >= 2));
          tally(drawn, id);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("reads nothing of the person", () => {
    const pair = fitsOf("fair-share", [{ id: "a" }, { id: "b" }]);
    const other = aStage({ content: aContent({ person: { home: { kind: "none" } }, facts: {} }), drawn: { a: 1 } });
    expect(allocate(pair, other)).toMatchObject({ fit: { service: { id: "b" } } });
  });
});
