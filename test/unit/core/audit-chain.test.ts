// The audit's chain: a row that is altered, taken away, moved or put in is found, and the first of them is named.
import fc from "fast-check";
import { expect, it } from "vitest";
import type { AuditRow } from "../../../schemas/audit.ts";
import { createAuditCheck, FIRST, headsOf, markOfRow } from "../../../src/core/audit-chain.ts";
import { ourMark } from "../../builders/journal.ts";
import { START, uuid } from "../../builders/store.ts";

const chain = (count: number): AuditRow[] => {
  let before = FIRST;
  return Array.from({ length: count }, (_, at) => {
    const row = {
      number: at + 1,
      id: uuid(),
      at: START,
      actor: "Ada",
      verb: "pause",
      subjects: [`door:${at}`],
      codes: { at },
      mark: "",
    };
    before = markOfRow(row, before, ourMark);
    return { ...row, mark: before };
  });
};

const check = (rows: readonly AuditRow[], heads = new Map<number, string>()) => {
  const checking = createAuditCheck(heads, ourMark);
  rows.toSorted((one, other) => one.number - other.number).forEach(checking.take);
  return checking.end();
};

const rows = chain(40);
const heads = headsOf(rows);

it("holds as it was written, with and without a journal", () => {
  expect(check(rows)).toEqual({ rows: 40 });
  expect(check(rows, heads)).toEqual({ rows: 40 });
});

const Tampering = fc.oneof(
  fc.record({ how: fc.constantFrom("actor", "verb", "subjects", "codes", "at", "mark", "id"), at: fc.nat(39) }),
  fc.record({ how: fc.constantFrom("delete", "insert", "swap-numbers", "swap-words"), at: fc.nat(38) }),
);

it("names the first row that was changed, taken away, moved or put in: 1,000 of 1,000", () => {
  fc.assert(
    fc.property(Tampering, ({ how, at }) => {
      const after = rows.map((row) => ({ ...row }));
      const [one, next] = [after[at], after[at + 1] ?? after[at]];
      if (one === undefined || next === undefined) return;
      if (how === "actor" || how === "verb" || how === "mark") one[how] += "x";
      if (how === "id") one.id = uuid();
      if (how === "at") one.at = new Date(one.at.getTime() + 1);
      if (how === "subjects") one.subjects = [...one.subjects, "x"];
      if (how === "codes") one.codes = { at: -1 };
      if (how === "delete") after.splice(at, 1);
      if (how === "insert") for (const row of after.slice(at).toReversed()) row.number += 1;
      if (how === "insert") after.push({ ...one, number: at + 1, id: uuid() });
      if (how === "swap-numbers") [one.number, next.number] = [next.number, one.number];
      if (how === "swap-words") [one.subjects, next.subjects] = [next.subjects, one.subjects];
      expect(check(after).fault?.number).toBe(at + 1);
      expect(check(after, heads).fault?.number).toBe(at + 1);
    }),
    { numRuns: 1_000 },
  );
});

it("misses the last rows, and a chain made anew with the key, only by the journal's word", () => {
  expect(check(rows.slice(0, 37))).toEqual({ rows: 37 });
  expect(check(rows.slice(0, 37), heads)).toEqual({ rows: 37, fault: { number: 38, fault: "missing" } });
  expect(check(chain(40), heads).fault).toEqual({ number: 1, fault: "altered" });
  const swapped = rows.map((row) => ({ ...row, number: row.number === 3 ? 4 : row.number === 4 ? 3 : row.number }));
  expect(check(swapped, heads).fault).toEqual({ number: 3, fault: "reordered" });
});

it("forgets what the journal knew of rows that a restore has lost", () => {
  const [restored, ...again] = [rows.slice(0, 10), chain(12)];
  const later = (again[0] ?? []).slice(10);
  expect([...headsOf([...restored, ...rows.slice(10, 20), ...later]).keys()].at(-1)).toBe(12);
  expect(headsOf([...rows.slice(0, 20), ...later]).get(11)).toBe(later[0]?.mark);
});
