// The referral itself: what every door maps into and every decision reads. It holds personal data and is stored sealed.
import { z } from "zod";
import { Consent, LawfulBasis } from "./consent.ts";
import { OdsCode, OrganisationId, GssCode } from "./ids.ts";
import { CodeAsSent, NeedCode } from "./need.ts";
import { Person } from "./person.ts";
import { Instant, PlainDate, text } from "./text.ts";

export const Door = z.enum(["gp", "jobcentre", "council"]);
export type Door = z.infer<typeof Door>;

/** Groups that programmes name; membership is attested, and the evidence stays with the sender. */
export const Group = z.enum([
  "carer",
  "former-carer",
  "homeless",
  "armed-forces",
  "armed-forces-reserve",
  "armed-forces-partner",
  "care-leaver",
  "gang-involved",
  "refugee",
  "resettled",
  "domestic-abuse",
  "modern-slavery",
  "substance-dependency",
  "offender-served",
  "offender-community",
  "lone-parent",
]);
export type Group = z.infer<typeof Group>;

/** Conditionality regimes of Universal Credit, in the words of its offices. */
export const Regime = z.enum([
  "intensive-work-search",
  "light-touch",
  "working-enough",
  "no-work-requirements",
  "planning-for-work",
  "preparing-for-work",
]);

/** Facts that rules may read. A fact left out is unknown, which is neither yes nor no. */
export const Facts = z.object({
  employment: z.enum(["out-of-work", "in-work", "at-risk", "off-sick"]).optional(),
  unemployedSince: PlainDate.optional(),
  inWorkSince: PlainDate.optional(),
  benefit: z.enum(["uc", "jsa", "new-style-jsa", "esa", "pip", "none", "other"]).optional(),
  claimStart: PlainDate.optional(),
  regime: Regime.optional(),
  regimeSince: PlainDate.optional(),
  /** Universal Credit's monthly assessment periods that have ended, by the day each began. */
  assessmentPeriods: z
    .array(z.object({ from: PlainDate, regime: Regime }))
    .max(24)
    .optional(),
  longTermCondition: z.boolean().optional(),
  disability: z.boolean().optional(),
  groups: z.array(Group).max(16).optional(),
  rightToWork: z.boolean().optional(),
  housing: z.enum(["settled", "threatened", "homeless"]).optional(),
  releasedOn: PlainDate.optional(),
  /** A job could start only with childcare. */
  childcareNeeded: z.boolean().optional(),
  basicSkills: z
    .array(z.enum(["literacy", "numeracy", "esol", "digital"]))
    .max(4)
    .optional(),
  /** Declared because a rule asks, never taken from monitoring answers or from a record. */
  sex: z.enum(["female", "male"]).optional(),
  ethnicGroup: z.enum(["asian", "black", "mixed", "white", "other"]).optional(),
  belief: z.enum(["buddhist", "christian", "hindu", "jewish", "muslim", "none", "other", "sikh"]).optional(),
  programmes: z
    .array(
      z.object({
        code: text(64),
        startedOn: PlainDate.optional(),
        endedOn: PlainDate.optional(),
        completed: z.boolean().optional(),
      }),
    )
    .max(20)
    .optional(),
});
export type Facts = z.infer<typeof Facts>;

/** A concern, coded as sent: a worker must see it before the first meeting. */
export const Marker = z.object({ code: text(64), words: text(500).optional() });
export type Marker = z.infer<typeof Marker>;

/** What keeps people safe. Every mapping carries all of it; nothing here ever routes a person away. */
export const Flags = z.object({
  /** An emergency is refused at the door with the right route, never queued. */
  emergency: z.boolean(),
  safeguarding: z.array(Marker).max(20),
  risk: z.array(Marker).max(20),
  /** DWP incident marker; the control measures travel separately under this reference. */
  incidentMarker: z.boolean(),
  controlMeasuresRef: text(80).optional(),
  handling: z.enum(["standard", "minimised", "out-of-band"]),
});
export type Flags = z.infer<typeof Flags>;

export const Participation = z.enum(["voluntary", "mandatory", "mandatory-appointment"]);

export const Work = z.object({
  aims: text(800).optional(),
  jobPreferences: z.array(text(100)).max(5).optional(),
  preferredHours: text(100).optional(),
  restrictions: z.array(text(100)).max(5).optional(),
  childcare: text(300).optional(),
});

/** Who refers, and where an answer finds them. */
export const Referrer = z.object({
  organisation: OrganisationId,
  name: text(160).optional(),
  worker: text(160).optional(),
  role: text(120).optional(),
  contact: text(160).optional(),
  /** The surgery or office where the person was seen. */
  site: OdsCode.optional(),
});

export const Content = z.object({
  need: NeedCode.optional(),
  needAsSent: CodeAsSent.optional(),
  /** Further needs of the same person: each becomes a referral of its own in the same case. */
  alsoNeeds: z.array(NeedCode).max(6).optional(),
  /** Why help is asked for, in the sender's words: for the provider that accepts. */
  detail: text(4000).optional(),
  urgency: z.enum(["routine", "urgent", "asap"]),
  person: Person,
  facts: Facts,
  flags: Flags,
  consents: z.array(Consent).max(20),
  lawfulBasis: LawfulBasis.optional(),
  participation: Participation,
  /** What the person chose: it is honoured, or the refusal explained. */
  choice: z.object({ service: text(80).optional(), authority: GssCode.optional() }).optional(),
  referrer: Referrer,
  handover: z.enum(["warm", "cold"]).optional(),
  /** What work the person wishes for. */
  work: Work.optional(),
  occurredAt: Instant.optional(),
});
export type Content = z.infer<typeof Content>;

/** Where a referral stands. `core/lifecycle.ts` holds the one table of what may follow what. */
export const Status = z.enum([
  "received",
  "held",
  "unmet",
  "offered",
  "acknowledged",
  "accepted",
  "seeking",
  "started",
  "ended",
  "withdrawn",
  "expired",
]);
export type Status = z.infer<typeof Status>;
