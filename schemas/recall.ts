// A recall: who holds data of a person who no longer wants that, or should, is asked to delete it, and answers.
import { z } from "zod";
import { Answer } from "./offer.ts";
import { PlainDate, text } from "./text.ts";

/** `never-held`: it has nothing of this person, for example because it never looked. */
export const HeldAnswer = z.enum(["deleted", "kept", "never-held"]);
export type HeldAnswer = z.infer<typeof HeldAnswer>;

/** UK GDPR Article 6(1)(c), (d), (e), (f), and Article 17(3)(c) and (e): on what a holder keeps what it was asked to delete. */
export const KeptBasis = z.enum([
  "legal-obligation",
  "vital-interests",
  "public-task",
  "legitimate-interests",
  "health-care",
  "legal-claims",
]);
export type KeptBasis = z.infer<typeof KeptBasis>;

/** Who keeps something says on what basis and until when; who keeps nothing says neither. */
export const RecallAnswer = z
  .strictObject({
    verb: z.literal("recall"),
    answer: HeldAnswer,
    basis: KeptBasis.optional(),
    until: PlainDate.optional(),
  })
  .superRefine(({ answer, basis, until }, { addIssue }) => {
    for (const [path, value] of Object.entries({ basis, until }))
      if ((answer === "kept") !== (value !== undefined))
        addIssue({ code: "custom", path: [path], message: answer === "kept" ? "required" : "invariant" });
  });
export type RecallAnswer = z.infer<typeof RecallAnswer>;

/** All that a provider may say of an offer. */
export const Said = z.discriminatedUnion("verb", [...Answer.options, RecallAnswer]);
export type Said = z.infer<typeof Said>;

/** As stored: codes, ids and days. */
export type Recall = {
  offer: string;
  referral: string;
  provider: string;
  service: string;
  test: boolean;
  askedAt: Date;
  /** Working days after it was asked, or asked again. */
  answerBy: PlainDate;
  /** How often its holder was told. */
  told: number;
  toldAt?: Date;
  answer?: HeldAnswer;
  basis?: KeptBasis;
  keptUntil?: PlainDate;
  answeredAt?: Date;
};

export type RecallStanding = "waits" | "late" | HeldAnswer;

/** Why a referrer, or the person through them, takes a referral back. */
export const WithdrawalReason = z.enum([
  "consent-withdrawn",
  "person-declined",
  "found-work",
  "needs-met",
  "moved-away",
  "sent-in-error",
  "person-died",
  "other",
]);
export type WithdrawalReason = z.infer<typeof WithdrawalReason>;

/** `by`: whose wish it is. The text is sealed. */
export const Withdrawal = z
  .strictObject({
    reason: WithdrawalReason,
    by: z.enum(["referrer", "person"]).default("referrer"),
    text: text(1000).optional(),
  })
  .refine((value) => value.reason !== "other" || value.text !== undefined, { path: ["text"], error: "required" });
export type Withdrawal = z.infer<typeof Withdrawal>;
