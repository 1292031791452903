import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_RECEIPT_BYTES, type Candidate, type Receipt } from "../../../schemas/receipt.ts";
import { receiptOf, surelyIn } from "../../../src/core/receipt.ts";

const head = (overrides: Partial<Receipt> = {}): Omit<Receipt, "candidates" | "left"> => ({
  id: "019a0000-0000-7000-8000-0000000000aa",
  referral: "019a0000-0000-7000-8000-000000000001",
  reference: "WM-XWNT-JTCC",
  decidedAt: "2026-11-16T09:30:00.000Z",
  inputHash: "input-hash",
  packs: ["coaching@1#abc", "health-coaching@2#def"],
  directory: "test-1",
  consent: "permission-hash",
  outcome: "offered",
  words: "Offered to Coaching.",
  offered: { programme: "coaching", service: "upper-street", provider: "sample-coaching" },
  reasons: [],
  tieBreak: "It works where the person is seen.",
  ...overrides,
});

const candidate = (overrides: Partial<Candidate> = {}): Candidate => ({
  programme: "coaching",
  service: "upper-street",
  provider: "sample-coaching",
  kept: true,
  clause: "offered",
  words: "Fits.",
  health: false,
  ...overrides,
});

const sizeOf = (receipt: Receipt) => Buffer.byteLength(JSON.stringify(receipt));

describe("a receipt", () => {
  it("holds every candidate while they fit", () => {
    expect(receiptOf(head(), [candidate()])).toMatchObject({ left: 0, candidates: [{ clause: "offered" }] });
  });

  it("stays within 5 kB, keeps the kept ones, and counts the rest", () => {
    const many = Array.from({ length: 400 }, (_, at) =>
      candidate({ service: `service-${at}`, kept: at === 399, words: "Wörter über 🏠".repeat(3) }),
    );
    const receipt = receiptOf(head(), many);
    expect(sizeOf(receipt)).toBeLessThanOrEqual(MAX_RECEIPT_BYTES);
    expect(sizeOf(receipt)).toBeGreaterThan(MAX_RECEIPT_BYTES - 400);
    expect(receipt.candidates[0]?.service).toBe("service-399");
    expect(receipt.left + receipt.candidates.length).toBe(400);
  });

  it("surely holds, of those dropped in the open, the first by name that have room, in whatever order they came", () => {
    const [packs, room] = [["coaching@1#abc"], 2_200 - 2 - (2 + '"coaching@1#abc"'.length + 1)];
    const dropped = fc.record({
      service: fc.stringMatching(/^[a-f]{1,3}$/),
      words: fc.constantFrom("Too far.", "Too far away ".repeat(8), "Too far away ".repeat(90)),
      health: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(dropped, { maxLength: 60 }), (drops) => {
        const all = drops.map((one) => candidate({ ...one, kept: false, clause: "area" }));
        const byName = all
          .filter(({ health }) => !health)
          .toSorted((a, b) => ((a.service ?? "") < (b.service ?? "") ? -1 : a.service === b.service ? 0 : 1));
        let size = 2;
        const tooMuch = byName.findIndex((one) => (size += Buffer.byteLength(JSON.stringify(one)) + 1) > room);
        expect(surelyIn(receiptOf(head({ packs }), all))).toEqual(tooMuch < 0 ? byName : byName.slice(0, tooMuch));
      }),
    );
  });

  it("stays within 5 kB even when the packs alone would not", () => {
    const packs = Array.from({ length: 500 }, (_, at) => `programme-number-${at}@1#0123456789ab`);
    expect(sizeOf(receiptOf(head({ packs }), [candidate()]))).toBeLessThanOrEqual(MAX_RECEIPT_BYTES);
  });
});
