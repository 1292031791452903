// The receipt: the reproducible account of one decision, at most 5 kB, shown to each reader as far as they may see.
import { z } from "zod";
import { Reason } from "./reason.ts";

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

export const Receipt = z.object({
  id: z.guid(),
  referral: z.guid(),
  reference: z.string(),
  decidedAt: z.iso.datetime(),
  /** Keyed digest of everything the decision read. */
  inputHash: z.string(),
  /** `programme@version#digest`, one for each pack in force. */
  packs: z.array(z.string()),
  directory: z.string(),
  /** Version of the consents that were read: a digest of the records. Absent where the reader may not know of them. */
  consent: z.string().optional(),
  outcome: z.enum(["offered", "held", "unmet"]),
  words: z.string(),
  offered: z.object({ programme: z.string(), service: z.string(), provider: z.string() }).optional(),
  reasons: z.array(Reason),
  candidates: z.array(Candidate),
  /** How many more candidates there were than fit into 5 kB. */
  left: z.number().int().default(0),
  tieBreak: z.string().optional(),
});
export type Receipt = z.infer<typeof Receipt>;

/** Who is reading: it decides what the projection may hold. */
export type ReceiptReader =
  | { kind: "gp" | "council" | "jobcentre"; organisation: string }
  | { kind: "provider"; organisation: string }
  | { kind: "operator"; organisation: string };
