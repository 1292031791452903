// Asking the person for their own yes: what is asked of them, and the letter with a link that takes them to the page.
import { z } from "zod";
import type { Purpose } from "./consent.ts";
import type { LetterWay } from "./letter.ts";

/** One thing that a programme waits for: leave to share with one organisation, or the wish to take part. */
export type ConsentAsk = {
  kind: "share" | "take-part";
  purpose: Purpose;
  programme: string;
  /** Of `share`: the organisation that would hear. */
  recipient?: string;
};

/** `POST /referrals/{id}/consent-request` */
export const AskRequest = z.strictObject({
  by: z.enum(["email", "text"]).optional(),
  /** When and how it is safe was said in words: whoever asks has read them, and now is such a time. */
  notesRead: z.boolean().optional(),
});
export type AskRequest = z.infer<typeof AskRequest>;

export type ConsentRequest = {
  id: string;
  referral: string;
  /** Of the referral: whoever sent it hears what comes of the answer. */
  organisation: string;
  by: LetterWay;
  asks: ConsentAsk[];
  /** With words on safe contact beside it, its letter goes now or never. */
  once: boolean;
  madeAt: Date;
  endsAt: Date;
  sentAt?: Date;
  /** A newer one took its place. */
  replacedAt?: Date;
};

/** Why a link that the person opened rightly has no question behind it any more. */
export type AskStanding = "open" | "answered" | "replaced" | "ended" | "closed";
