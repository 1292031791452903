// The journal's chain: whatever is done to a line is seen, and a store that tells of another past is known.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mismatchOf } from "../../../src/core/anchor.ts";
import { createReading, linesOf, type Read } from "../../../src/core/journal.ts";
import type { JournalHead, StoreIdentity } from "../../../schemas/journal.ts";
import { anErasure, markWith, NOTHING, ourMark, textsOf } from "../../builders/journal.ts";
import { uuid } from "../../builders/store.ts";

const US: StoreIdentity = { store: uuid(), epoch: 1 };
const THEM: StoreIdentity = { store: uuid(), epoch: 1 };

const read = (texts: readonly string[], known: JournalHead = NOTHING): Read => {
  const reading = createReading(known, ourMark);
  texts.forEach((text, place) => reading.take(text, place));
  return reading.end();
};
const some = (count: number, by = US): string[] => textsOf(Array.from({ length: count }, anErasure), by);
const headAt = (texts: readonly string[], number: number): JournalHead => read(texts.slice(0, number)).head;

describe("lines", () => {
  it("are read back as they were written, from the beginning and from any head", () => {
    const texts = some(5);
    expect(read(texts)).toMatchObject({ faults: [], head: { number: 5, place: 4 } });
    const later = read(texts.slice(2), headAt(texts, 3));
    expect([later.first?.number, later.lines.map(({ number }) => number), later.faults]).toEqual([3, [4, 5], []]);
  });

  it("go on behind a line that was torn", () => {
    const [first = "", second = "", third = ""] = some(3);
    const torn = read([first, second.slice(0, 40), second, third]);
    expect([torn.lines.length, torn.faults]).toEqual([3, [{ place: 1, fault: "torn" }]]);
  });

  it("that are changed, cut out, put in elsewhere or made with another key are found, each time", () => {
    const texts = some(8);
    const tamper = fc.oneof(
      fc.record({ how: fc.constant("change" as const), at: fc.nat(7), byte: fc.nat(400) }),
      fc.record({ how: fc.constant("cut" as const), at: fc.nat(6) }),
      fc.record({ how: fc.constant("swap" as const), at: fc.nat(6) }),
      fc.record({ how: fc.constant("forge" as const), at: fc.nat(7) }),
    );
    fc.assert(
      fc.property(tamper, (done) => {
        const after = [...texts];
        const [one = "", next = ""] = after.slice(done.at);
        if (done.how === "change") {
          const at = done.byte % one.length;
          after[done.at] = `${one.slice(0, at)}${one[at] === "x" ? "y" : "x"}${one.slice(at + 1)}`;
        }
        if (done.how === "cut") after.splice(done.at, 1);
        if (done.how === "swap") after.splice(done.at, 2, next, one);
        if (done.how === "forge") after[done.at] = textsOf([anErasure()], US, markWith("theirs"))[0] ?? "";
        expect(read(after).faults.map(({ fault }) => fault)).not.toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a store and its journal", () => {
  const compare = (texts: readonly string[], known: JournalHead, waiting: readonly string[] = []) =>
    mismatchOf(US, known, read(texts, known), new Set(waiting));
  const texts = some(4);

  it("that tell of the same past agree; so do two that have said nothing", () => {
    expect(compare(texts.slice(3), headAt(texts, 4))).toBeUndefined();
    expect(compare([], NOTHING)).toBeUndefined();
  });

  it("agree where the last lines were written and only our note of it was lost", () => {
    const entries = [anErasure(), anErasure()];
    const written = linesOf(entries, US, headAt(texts, 4), ourMark).map((line) => JSON.stringify(line));
    const at = [...texts.slice(3), ...written];
    expect(
      compare(
        at,
        headAt(texts, 4),
        entries.map(({ id }) => id),
      ),
    ).toBeUndefined();
    expect(compare(at, headAt(texts, 4), [entries[0]?.id ?? ""])).toBe("journal-ahead");
  });

  it.each<[string, readonly string[], JournalHead, string]>([
    ["is an older copy", texts.slice(1), headAt(texts, 2), "journal-ahead"],
    ["is an older copy from before the first line", texts, NOTHING, "journal-ahead"],
    ["wrote what is gone", texts.slice(0, 2), headAt(texts, 4), "journal-behind"],
    ["wrote what is gone, all of it", [], headAt(texts, 4), "journal-behind"],
    ["is given the journal of another", some(2, THEM), NOTHING, "other-store"],
    ["finds a forged line", [...textsOf([anErasure()], US, markWith("theirs"))], NOTHING, "journal-forged"],
    ["finds a gap", [texts[0] ?? "", texts[2] ?? ""], headAt(texts, 1), "journal-behind"],
  ])("do not agree where the store %s", (_, found, known, why) => {
    expect(compare(found, known)).toBe(why);
  });
});
