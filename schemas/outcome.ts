// What a programme counts as success, as data: its rule, its evidence, and how long each funder wants that kept.
import { z } from "zod";
import { ClauseId } from "./rule.ts";
import { PlainDate, text } from "./text.ts";

const weeks = z.number().int().min(1).max(520);

/** Dated tables of hourly rates: `packs/wage-rates.yaml`. */
export const RateName = z.enum(["nlw", "llw", "uk-real-living-wage"]);
export type RateName = z.infer<typeof RateName>;

export const EvidenceKind = z.enum(["rti", "payslip", "employer", "self-report", "provider"]);
export type EvidenceKind = z.infer<typeof EvidenceKind>;

export const OutcomeRule = z.strictObject({
  id: ClauseId,
  words: text(160),
  kind: z.enum([
    "milestone",
    "job-start",
    "earnings-cumulative",
    "duration-continuous",
    "duration-cumulative",
    "weeks-within-window",
    "wage-floor",
  ]),
  hoursPerWeek: z.number().positive().max(80).optional(),
  weeks: weeks.optional(),
  windowWeeks: weeks.optional(),
  /** A dated table of hourly rates. */
  rate: RateName.optional(),
  employment: z.enum(["paid", "self", "either", "not-mixed"]).default("either"),
  windowFrom: z.enum(["programme-start", "job-start"]).default("programme-start"),
  windowDays: z.number().int().min(1).max(3_650).optional(),
  trackingDays: z.number().int().min(0).max(730).default(0),
  /** Where it is written, and as of when. */
  source: text(200).optional(),
});
export type OutcomeRule = z.infer<typeof OutcomeRule>;

export const Funder = z.strictObject({ id: ClauseId, name: text(160), stream: text(80).optional() });
export type Funder = z.infer<typeof Funder>;

/** What proves an outcome, for whom, and until when it is kept. */
export const Evidence = z
  .strictObject({
    outcome: ClauseId,
    funder: ClauseId,
    kinds: z.array(EvidenceKind).min(1),
    keptYears: z.number().int().min(1).max(30).optional(),
    keptUntil: PlainDate.optional(),
  })
  .refine((one) => (one.keptYears === undefined) !== (one.keptUntil === undefined), {
    path: ["keptYears"],
    error: "Say keptYears or keptUntil, one of the two.",
  });
export type Evidence = z.infer<typeof Evidence>;
