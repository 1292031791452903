// One receipt that holds something of everything, so that what a reader does not see was surely taken away.
import type { Alternative, Candidate, Receipt } from "../../schemas/receipt.ts";
import { DUTY_TO_REFER } from "../../schemas/duty.ts";
import { reason } from "../../schemas/reason.ts";
import { receiptOf } from "../../src/core/receipt.ts";

const candidate = (overrides: Partial<Candidate> = {}): Candidate => ({
  programme: "coaching",
  service: "upper-street",
  provider: "sample-coaching",
  kept: true,
  clause: "offered",
  words: "It works where the person is seen.",
  health: false,
  ...overrides,
});

const ways: Alternative[] = [
  { kind: "time", words: "Old enough for Coaching from then on.", day: "2027-03-09", programme: "coaching" },
  { kind: "course", words: "A course opens.", day: "2027-01-04", programme: "coaching", service: "upper-street" },
  { kind: "place", words: "A place may come free.", programme: "other", service: "there" },
  { kind: "place", words: "A place may come free.", programme: "coaching", service: "hidden", health: true },
  { kind: "consent", words: "Once a yes is given.", programme: "coaching" },
];

export const whole = (overrides: Partial<Receipt> = {}): Receipt =>
  receiptOf(
    {
      id: "019a0000-0000-7000-8000-0000000000aa",
      referral: "019a0000-0000-7000-8000-000000000001",
      reference: "WM-XWNT-JTCC",
      decidedAt: "2026-11-16T09:30:00.000Z",
      inputHash: "input-hash",
      packs: ["coaching@1#abc", "health-coaching@2#def", "other@3#0a1"],
      directory: "test-1#dddd",
      capacity: "places-hash",
      consent: "permission-hash",
      outcome: "offered",
      words: "Offered to Coaching.",
      offered: { programme: "coaching", service: "upper-street", provider: "sample-coaching" },
      reasons: [reason("consent-withdrawn", "consents"), reason("fact-unknown", "facts.disability")],
      duty: { referred: "voluntary", authority: "E09000012", ...DUTY_TO_REFER, words: "A voluntary referral." },
      tieBreak: "It works where the person is seen.",
      withheld: ["health", "nino"],
      alternatives: ways,
      ...overrides,
    },
    [
      candidate(),
      candidate({ service: "other-street", clause: "fits", words: "It fits. It takes a held place: Carers." }),
      candidate({ service: "third-street", kept: false, clause: "area", words: "It does not cover this place." }),
      candidate({ programme: "other", provider: "sample-other", kept: false, clause: "places", words: "Full." }),
      candidate({ programme: "other", provider: "sample-other", kept: false, clause: "consent:share", words: "No." }),
      candidate({ programme: "third", provider: "sample-third", kept: false, clause: "area", health: true }),
      { programme: "secret", kept: false, clause: "eligibility:frail", words: "Does not hold: Frail.", health: true },
      candidate({ programme: "health-coaching", provider: "sample-fourth", kept: false, clause: "door" }),
    ],
  );
