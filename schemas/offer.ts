// An offer: one provider being asked to take one referral (FHIR Task).
import { z } from "zod";
import { PlacementStage } from "./contract.ts";
import { OrganisationId } from "./ids.ts";
import { AccessNeed } from "./person.ts";
import { NeedCode } from "./need.ts";
import { DeclineReason, EndReason } from "./reason.ts";
import { Content, Marker } from "./referral.ts";
import { type ClockName, ContactOutcome, ContactWay, Milestone, type Progress } from "./progress.ts";
import { ClauseId } from "./rule.ts";
import { PlainDate, text } from "./text.ts";

/** `recalled`: we took it back. `lapsed`: its time ran out unanswered. `declined`, `ended`: the provider closed it. */
export const OfferStatus = z.enum([
  "sent",
  "acknowledged",
  "accepted",
  "started",
  "declined",
  "ended",
  "recalled",
  "lapsed",
]);
export type OfferStatus = z.infer<typeof OfferStatus>;

/** What a provider may know before it accepts: enough to say yes or no, and to keep its staff safe. */
export const OfferPreview = z.object({
  need: NeedCode.optional(),
  urgency: z.enum(["routine", "urgent", "asap"]),
  area: z.string().optional(),
  ageBand: z.enum(["under-18", "18-24", "25-49", "50-64", "65-and-over", "unknown"]),
  language: z.string().optional(),
  interpreter: z.boolean(),
  accessNeeds: z.array(AccessNeed),
  risk: z.array(Marker),
  safeguarding: z.boolean(),
  participation: Content.shape.participation,
});
export type OfferPreview = z.infer<typeof OfferPreview>;

/** What opens on acceptance: who the person is and how to reach them, without what the purpose does not need. */
export type OfferDetail = Pick<Content, "detail" | "flags" | "handover" | "work"> & {
  person: Partial<Content["person"]> & Pick<Content["person"], "safeContact" | "language" | "accessNeeds">;
  facts?: Partial<Content["facts"]>;
  referrer?: Partial<Content["referrer"]>;
};

/** A provider's step on its offer. `text` is sealed: it may name people. */
export const Answer = z.discriminatedUnion("verb", [
  z.strictObject({ verb: z.literal("acknowledge") }),
  z.strictObject({ verb: z.literal("accept") }),
  z
    .strictObject({ verb: z.literal("decline"), reason: DeclineReason, text: text(1000).optional() })
    .refine((value) => value.reason !== "other" || value.text !== undefined, { path: ["text"], error: "required" }),
  /** An attempt to reach the person. One a day and way is kept. */
  z.strictObject({
    verb: z.literal("contact"),
    outcome: ContactOutcome,
    way: ContactWay.default("phone"),
    on: PlainDate.optional(),
    text: text(1000).optional(),
  }),
  z.strictObject({ verb: z.literal("start"), on: PlainDate.optional() }),
  /** The help rests: an illness, a family matter. */
  z.strictObject({ verb: z.literal("hold"), until: PlainDate.optional(), text: text(1000).optional() }),
  z.strictObject({ verb: z.literal("resume") }),
  z.strictObject({ verb: z.literal("milestone"), milestone: Milestone, on: PlainDate.optional() }),
  /** A step on the way to a vacancy of an employer that pledged chances. */
  z.strictObject({ verb: z.literal("place"), employer: OrganisationId, vacancy: ClauseId, stage: PlacementStage }),
  z
    .strictObject({ verb: z.literal("end"), reason: EndReason, on: PlainDate.optional(), text: text(1000).optional() })
    .refine((value) => value.reason !== "other" || value.text !== undefined, { path: ["text"], error: "required" }),
]);
export type Answer = z.infer<typeof Answer>;

/** A prime gives an offer to one of its delivery partners. */
export const Assignment = z.strictObject({ to: OrganisationId });
export type Assignment = z.infer<typeof Assignment>;

/** An offer as stored: codes and ids only. */
export type Offer = {
  id: string;
  referral: string;
  programme: string;
  service: string;
  /** The provider's organisation. */
  provider: string;
  /** The contract under which it was made. */
  contract?: string;
  /** What it holds a place of: the service, and the course or the places held back where there are such. */
  places: string[];
  status: OfferStatus;
  /** The help rests since then, at the longest until that day. */
  onHold?: { since: Date; until?: PlainDate } | undefined;
  /** What its provider last told while it has it. */
  progress?: Progress | undefined;
  /** Made before there were clocks: its own are counted from then. */
  clocksFrom?: Date | undefined;
  /** What its provider owes next, and until when. */
  due?: { clock: ClockName; at: Date } | undefined;
  /** The delivery partner to whom its prime gave it. */
  assignedTo?: string | undefined;
  test: boolean;
  madeAt: Date;
  changedAt: Date;
};
