import { describe, expect, it } from "vitest";
import { MAX_RECEIPT_BYTES, type Candidate, type Receipt } from "../../../schemas/receipt.ts";
import { receiptOf } from "../../../src/core/receipt.ts";

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

  it("stays within 5 kB even when the packs alone would not", () => {
    const packs = Array.from({ length: 500 }, (_, at) => `programme-number-${at}@1#0123456789ab`);
    expect(sizeOf(receiptOf(head({ packs }), [candidate()]))).toBeLessThanOrEqual(MAX_RECEIPT_BYTES);
  });
});
