import { describe, expect, it } from "vitest";
import { MAX_RECEIPT_BYTES, type Candidate, type Receipt } from "../../../schemas/receipt.ts";
import { reason } from "../../../schemas/reason.ts";
import { project, receiptOf } from "../../../src/core/receipt.ts";

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

describe("a receipt as its reader sees it", () => {
  const receipt = receiptOf(
    head({
      outcome: "held",
      reasons: [reason("consent-withdrawn", "consents"), reason("fact-unknown", "facts.disability")],
    }),
    [
      candidate(),
      candidate({ programme: "other", provider: "sample-other", kept: false, clause: "places" }),
      candidate({
        programme: "other",
        provider: "sample-other",
        kept: false,
        clause: "consent:share",
        words: "Not agreed.",
      }),
      candidate({ programme: "third", provider: "sample-third", kept: false, clause: "area", health: true }),
      candidate({ programme: "health-coaching", provider: "sample-fourth", kept: false, clause: "door" }),
    ],
  );

  it("is whole for a practice, a council and an operator", () => {
    for (const kind of ["gp", "council", "operator"] as const)
      expect(project(receipt, { kind, organisation: "x" })).toEqual(receipt);
  });

  it("is for a Jobcentre without permission and health, also where one could infer them", () => {
    const seen = project(receipt, { kind: "jobcentre", organisation: "x" });
    expect(seen.candidates.map((one) => one.clause)).toEqual(["offered", "places"]);
    expect(seen.reasons).toEqual([
      { code: "fact-unknown", path: "permission", severity: "error" },
      { code: "fact-unknown", severity: "error" },
    ]);
    expect(seen.words).toBe("We need something more before we can ask a service.");
    expect(seen.packs).toEqual(["coaching@1#abc"]);
    expect(seen.offered).toEqual(receipt.offered);
    expect(seen).not.toHaveProperty("consent");
    expect(seen).not.toHaveProperty("tieBreak");
    expect(JSON.stringify(seen)).not.toMatch(/consent|health|condition|disab/i);
  });

  it("is for a provider itself alone", () => {
    const seen = project(receipt, { kind: "provider", organisation: "sample-coaching" });
    expect(seen).toMatchObject({ words: "You were asked.", reasons: [], left: 0, packs: ["coaching@1#abc"] });
    expect(seen.candidates.map((one) => one.provider)).toEqual(["sample-coaching"]);
    const other = project(receipt, { kind: "provider", organisation: "sample-other" });
    expect(other).not.toHaveProperty("offered");
    expect(other.words).toBe("You were not asked.");
    expect(JSON.stringify(other)).not.toContain("sample-coaching");
  });
});
