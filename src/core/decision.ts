// What a decision reads, and what can come of it.
import type { AuthorityType } from "../../schemas/duty.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Reason } from "../../schemas/reason.ts";
import type { Receipt } from "../../schemas/receipt.ts";
import type { Door } from "../../schemas/referral.ts";
import type { Situation } from "./situation.ts";

export type Pack = { programme: Programme; digest: string };

export type DecideInput = Omit<Situation, "door" | "fences" | "day" | "known" | "said"> & {
  /** `authority`: which listed body the sender is, read where it matters (Housing Act 1996, section 213B). */
  referral: { id: string; reference: string; door: Door; test: boolean; authority?: AuthorityType };
  /** In force on the day of `now`. */
  packs: readonly Pack[];
  directoryDigest: string;
  inputHash: string;
  consentHash: string;
  /** Empty where no places were read. */
  capacityHash: string;
  receiptId: string;
};

export type Decision =
  | {
      kind: "offer";
      programme: string;
      contract: string;
      service: string;
      provider: string;
      /** What the offer holds a place of. */
      places: string[];
      receipt: Receipt;
    }
  | {
      kind: "hold";
      why: "consent" | "information" | "review";
      asks: Reason[];
      /** How many days it waits for what it asks. A review is ours to do and does not run out. */
      days?: number;
      receipt: Receipt;
    }
  | { kind: "unmet"; reasons: Reason[]; receipt: Receipt };
