// The receipt: the reproducible account of one decision, at most 5 kB, shown to each reader as far as they may see.
import { z } from "zod";
import { DutyToRefer } from "./duty.ts";
import { Reason } from "./reason.ts";
import { PlainDate } from "./text.ts";

export const MAX_RECEIPT_BYTES = 5_120;

/** How one programme, or one service of a programme that fits, came through: kept, or dropped by one clause. */
export const Candidate = z.object({
  programme: z.string(),
  service: z.string().optional(),
  provider: z.string().optional(),
  kept: z.boolean(),
  /** The clause or step that kept or dropped it: `eligibility:adult`, `area`, `consent:share`, `places`, `declined`. */
  clause: z.string(),
  words: z.string(),
  /** Absent in a projection whose reader may not know that there was anything to hide. */
  health: z.boolean().optional(),
});
export type Candidate = z.infer<typeof Candidate>;

/**
 * What would have changed a refusal. `fact`: the one that is missing. `consent`: the one that is missing. `time`: what
 * only time brings. `step`: what must come first. `place`, `course`: one that comes free or opens. `service`: the nearest
 * that is open for the need, and how it is reached.
 */
export const Alternative = z.object({
  kind: z.enum(["fact", "consent", "time", "step", "place", "course", "service"]),
  words: z.string(),
  /** Of a fact: its path in the referral. */
  path: z.string().optional(),
  /** From this day on. */
  day: PlainDate.optional(),
  programme: z.string().optional(),
  service: z.string().optional(),
  health: z.boolean().optional(),
});
export type Alternative = z.infer<typeof Alternative>;

export const Receipt = z.object({
  id: z.guid(),
  referral: z.guid(),
  reference: z.string(),
  decidedAt: z.iso.datetime(),
  /** Keyed digest of everything the decision read. Absent where the reader may not know that something differs. */
  inputHash: z.string().optional(),
  /** `programme@version#digest`, one for each pack that was read. */
  packs: z.array(z.string()),
  /** `version#digest`. */
  directory: z.string(),
  /** Keyed digest of the places that were free. */
  capacity: z.string().optional(),
  /** Version of the consents that were read: a digest of the records. Absent where the reader may not know of them. */
  consent: z.string().optional(),
  outcome: z.enum(["offered", "held", "unmet"]),
  words: z.string(),
  offered: z.object({ programme: z.string(), service: z.string(), provider: z.string() }).optional(),
  reasons: z.array(Reason),
  /** Of a homeless person who chose an authority: under the duty to refer, or as a voluntary referral. */
  duty: DutyToRefer.optional(),
  candidates: z.array(Candidate),
  /** How many more candidates there were than fit into 5 kB. */
  left: z.number().int().default(0),
  /** How many of those that were dropped in the open are surely among them: see `core/receipt.ts`. */
  plain: z.number().int().optional(),
  tieBreak: z.string().optional(),
  alternatives: z.array(Alternative).optional(),
  /** Fields of the referral that the provider does not get. */
  withheld: z.array(z.string()).optional(),
});
export type Receipt = z.infer<typeof Receipt>;

/** Who is reading: it decides what the projection may hold. */
export type ReceiptReader =
  | { kind: "gp" | "council" | "jobcentre" | "provider" | "operator"; organisation: string }
  /** With the programmes that were its own when it was decided. */
  | { kind: "commissioner"; organisation: string; programmes: readonly string[] };

/** What the person referred reads: no codes, and what they can do. */
export const PersonsReceipt = z.object({
  reference: z.string(),
  decidedAt: z.iso.datetime(),
  words: z.string(),
  why: z.array(z.string()),
  youCan: z.array(z.string()),
});
export type PersonsReceipt = z.infer<typeof PersonsReceipt>;
