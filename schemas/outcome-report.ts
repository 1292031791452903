// What a provider reports after help began: a job with its hours and pay, whether it still lasts, earnings, milestones.
import { z } from "zod";
import { EvidenceKind } from "./outcome.ts";
import { ClauseId } from "./rule.ts";
import { PlainDate } from "./text.ts";

/** Weeks after a job began at which its provider is asked whether it lasts. */
export const CHECKPOINTS = [4, 13, 26, 52] as const;
export const CheckpointWeek = z.union([z.literal(4), z.literal(13), z.literal(26), z.literal(52)]);
export type CheckpointWeek = z.infer<typeof CheckpointWeek>;

/** Nobody was reached is an answer of its own: it says nothing about work. */
export const CheckpointAnswer = z.enum(["in-work", "not-in-work", "could-not-contact"]);
export type CheckpointAnswer = z.infer<typeof CheckpointAnswer>;

export const Employment = z.enum(["paid", "self"]);
export type Employment = z.infer<typeof Employment>;

const base = { on: PlainDate, evidence: EvidenceKind };

export const OutcomeReport = z.discriminatedUnion("what", [
  z
    .strictObject({
      what: z.literal("job-started"),
      ...base,
      employment: Employment,
      /** A week. */
      hours: z.number().positive().max(80),
      /** Pounds. Sealed, and shown to nobody but the provider; others hear at most that a floor was met. */
      hourlyRate: z.number().positive().max(1_000).optional(),
    })
    .refine((one) => one.employment === "paid" || one.hourlyRate === undefined, {
      path: ["hourlyRate"],
      error: "invariant",
    }),
  z.strictObject({
    what: z.literal("checkpoint"),
    ...base,
    week: CheckpointWeek,
    answer: CheckpointAnswer,
  }),
  /** Pounds in all since help began, up to that day. */
  z.strictObject({ what: z.literal("earnings"), ...base, total: z.number().min(0).max(1_000_000) }),
  /** `returns`: the person wants help again, in the same case. */
  z.strictObject({ what: z.literal("job-ended"), ...base, returns: z.boolean().default(false) }),
  /** An outcome of the programme that somebody sees to be reached. */
  z.strictObject({ what: z.literal("milestone"), ...base, outcome: ClauseId }),
]);
export type OutcomeReport = z.infer<typeof OutcomeReport>;

/** As kept: sealed with the case. */
export type KeptReport = { id: string; offer: string; provider: string; at: Date; report: OutcomeReport };
