// Who delivers a programme: dated contracts with their areas and services, places held back, courses, and employers.
import { z } from "zod";
import { AreaRule } from "./area.ts";
import { EmailAddress } from "./letter.ts";
import { OrganisationId } from "./ids.ts";
import { DeclineReason } from "./reason.ts";
import { ClauseId, Test } from "./rule.ts";
import { PlainDate, text } from "./text.ts";

const count = z.number().int().min(0).max(1_000_000);

/** One contract: its prime answers for it; a service may be run by the prime or by one of its delivery partners. */
export const Contract = z.strictObject({
  contract: ClauseId,
  prime: OrganisationId,
  partners: z.array(OrganisationId).default([]),
  from: PlainDate,
  to: PlainDate.optional(),
  /** Empty: wherever the programme runs. */
  areas: z.array(AreaRule).default([]),
  /** Ids of services in the directory, each with its share under `fair-share`. */
  services: z.array(z.strictObject({ service: text(80), share: z.number().positive().default(1) })).min(1),
  /** `ignored`: its clocks run on every working day, whenever a service opens. */
  openingDays: z.enum(["counted", "ignored"]).optional(),
  /** Who hears, beside the prime, when a clock of this contract has run out. */
  contact: EmailAddress.optional(),
  /** Reasons for which its providers may say no. */
  declines: z
    .array(DeclineReason)
    .min(1)
    .default([...DeclineReason.options]),
});
export type Contract = z.infer<typeof Contract>;

/** Places that only some may take, until a day: "hold 250 for people out of work 12 months or more". */
export const RingFence = z.strictObject({
  id: ClauseId,
  words: text(160),
  service: text(80),
  places: count.min(1),
  until: PlainDate,
  for: Test,
});
export type RingFence = z.infer<typeof RingFence>;

/** A course that starts on a day: who comes after `closes` waits for the next. */
export const Cohort = z.strictObject({
  id: ClauseId,
  service: text(80),
  opens: PlainDate,
  closes: PlainDate,
  starts: PlainDate,
  places: count.min(1),
});
export type Cohort = z.infer<typeof Cohort>;

/** How far a vacancy has got with one person. `filled` is a job. */
export const PlacementStage = z.enum(["offered", "interviewed", "filled"]);
export type PlacementStage = z.infer<typeof PlacementStage>;

/** An employer that pledged chances, and its vacancies: it hears of a person only by a minimised profile. */
export const Employer = z.strictObject({
  id: OrganisationId,
  name: text(160),
  sector: text(80).optional(),
  pledged: count,
  vacancies: z
    .array(
      z.strictObject({ id: ClauseId, title: text(160), places: count.min(1), closes: PlainDate, starts: PlainDate }),
    )
    .default([]),
});
export type Employer = z.infer<typeof Employer>;
