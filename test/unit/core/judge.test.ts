// What a decision read, written down and read back, gives the same decision to the byte.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonical } from "../../../src/core/canonical.ts";
import { firstDifference } from "../../../src/core/difference.ts";
import { judge, namedIn, type Question, readBack } from "../../../src/core/judge.ts";
import { anyInput } from "../../builders/decisions.ts";
import { aDecision, aProgramme } from "../../builders/rules.ts";

const keyed = (purpose: string, value: string): string => `${purpose}:${value.length}`;
const again = (question: Question, written: string) => {
  const named = namedIn(written);
  const packs = question.packs.filter((pack) => named?.packs.includes(pack.digest));
  return judge(readBack(written, packs, question.directory), keyed);
};

describe("a decision made again", () => {
  it("is the same to the byte, whatever was asked", () => {
    fc.assert(
      fc.property(anyInput, (question) => {
        const first = judge(question, keyed);
        const second = again(question, first.written);
        expect(second.written).toBe(first.written);
        expect(canonical(second.decision)).toBe(canonical(first.decision));
      }),
      { numRuns: 500 },
    );
  });

  it("reads only what can bear on the need", () => {
    const programmes = [aProgramme(), aProgramme({ programme: "other", needs: ["debt-advice"] })];
    const { written, decision } = judge(aDecision({ programmes, reachable: ["zzz", "sample-coaching", "aaa"] }), keyed);
    expect(JSON.parse(written)).toMatchObject({ packs: ["digest-of-coaching"], reachable: ["sample-coaching"] });
    expect(decision.receipt.packs).toEqual(["coaching@1#digest-of-co"]);
  });

  it("reads a programme for another need where it holds places back at a service that might be asked", () => {
    const fence = { id: "held", words: "Held", service: "coaching-upper-street", places: 1, until: "2027-01-01" };
    const holder = aProgramme({
      programme: "holder",
      needs: ["debt-advice"],
      ringFences: [{ ...fence, for: { age: { atLeast: 18 } } }],
    });
    const { written } = judge(aDecision({ programmes: [aProgramme(), holder] }), keyed);
    expect(JSON.parse(written)).toMatchObject({ packs: ["digest-of-coaching", "digest-of-holder"] });
  });

  it("digests what it read, the consents and the places apart", () => {
    const places = (taken: number) =>
      judge(aDecision({ capacity: new Map([["s", { taken, drawn: {} }]]) }), (_, text) => text);
    const { receipt } = places(1).decision;
    expect(receipt.inputHash).toBe(places(1).written);
    expect(receipt.consent).toContain("take-part");
    expect(receipt.capacity).toBe('[["s",{"drawn":{},"taken":1}]]');
    expect(receipt.capacity).not.toBe(places(2).decision.receipt.capacity);
    expect(judge(aDecision(), keyed).decision.receipt).not.toHaveProperty("capacity");
  });

  it("knows a form that is not its own", () => {
    expect(namedIn('{"form":2,"packs":[],"directory":""}')).toBeUndefined();
  });
});

describe("the first difference", () => {
  it.each([
    [
      { a: 1, b: [1, { c: 2 }] },
      { a: 1, b: [1, { c: 3 }] },
      { path: "b.1.c", was: "2", now: "3" },
    ],
    [{ a: 1 }, { a: 1, b: 2 }, { path: "b", was: "", now: "2" }],
    [{ a: 1, b: 2 }, { a: 1 }, { path: "b", was: "2", now: "" }],
    [
      { b: 1, a: 2 },
      { b: 2, a: 1 },
      { path: "a", was: "2", now: "1" },
    ],
    [[1, 2], { 0: 1, 1: 2 }, { path: "", was: "[1,2]", now: '{"0":1,"1":2}' }],
    [{ a: null }, { a: {} }, { path: "a", was: "null", now: "{}" }],
  ])("of %j and %j", (was, now, found) => {
    expect(firstDifference(was, now)).toEqual(found);
  });

  it("is none where the canonical forms are one", () => {
    expect(firstDifference({ b: undefined, a: [1] }, { a: [1] })).toBeUndefined();
  });
});
