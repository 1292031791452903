// What happened, one row each. Events hold codes and ids, never anything about the person; free text is sealed beside them.
import { z } from "zod";
import { PlacementStage } from "./contract.ts";
import { ClockName, ContactOutcome, ContactWay, Milestone } from "./progress.ts";
import { OrganisationId, Reference } from "./ids.ts";
import { NeedCode } from "./need.ts";
import { CheckpointAnswer, CheckpointWeek } from "./outcome-report.ts";
import { DeclineReason, EndReason, Reason } from "./reason.ts";
import { HeldAnswer, KeptBasis } from "./recall.ts";

const offer = { offer: z.guid() };
const decided = { receipt: z.guid() };

export const EventBody = z.discriminatedUnion("type", [
  z.object({ type: z.literal("received"), need: NeedCode.optional() }),
  /** Waits for consent, for a fact, or for a person of ours; `asks` says for what. */
  z.object({
    type: z.literal("held"),
    ...decided,
    why: z.enum(["consent", "information", "review"]),
    asks: z.array(Reason),
  }),
  /** Half of the time of a hold is over, and nothing has come. */
  z.object({ type: z.literal("reminded"), asks: z.array(Reason) }),
  /** What was asked for never came. */
  z.object({ type: z.literal("expired"), reasons: z.array(Reason) }),
  /** The referrer, or the person, told us more. `fields` are names, never values; a need is a code, and never one's own words. */
  z.object({
    type: z.literal("amended"),
    fields: z.array(z.string()).min(1),
    by: z.enum(["referrer", "person"]),
    need: NeedCode.optional(),
    /** Since when it is so, where that was said. */
    effective: z.iso.date().optional(),
  }),
  z.object({ type: z.literal("unmet"), ...decided, reasons: z.array(Reason) }),
  z.object({
    type: z.literal("offered"),
    ...offer,
    ...decided,
    programme: z.string(),
    service: z.string(),
    provider: z.string(),
  }),
  /** The provider's system has the offer: technical delivery, not an answer. */
  z.object({ type: z.literal("delivered"), ...offer }),
  z.object({ type: z.literal("acknowledged"), ...offer }),
  z.object({ type: z.literal("accepted"), ...offer }),
  z.object({ type: z.literal("declined"), ...offer, reason: DeclineReason }),
  /** We took the offer back before an answer: consent or eligibility no longer held. */
  z.object({ type: z.literal("recalled"), ...offer, reasons: z.array(Reason) }),
  z.object({ type: z.literal("started"), ...offer, on: z.iso.date() }),
  z.object({ type: z.literal("ended"), ...offer, reason: EndReason, on: z.iso.date() }),
  z.object({
    type: z.literal("withdrawn"),
    reasons: z.array(Reason),
    by: z.enum(["referrer", "person", "operator"]).optional(),
  }),
  /** After its end: whoever still holds the person's data is asked to delete it. */
  z.object({
    type: z.literal("recall-asked"),
    ...offer,
    reasons: z.array(Reason),
    by: z.enum(["referrer", "person", "operator"]),
  }),
  /** A holder was told that it is to delete what it has. `time` counts how often. */
  z.object({ type: z.literal("recall-told"), ...offer, time: z.number().int().min(1) }),
  z.object({
    type: z.literal("recall-answered"),
    ...offer,
    answer: HeldAnswer,
    basis: KeptBasis.optional(),
    until: z.iso.date().optional(),
  }),
  /** What was reported, in codes: pay and evidence are sealed beside it. */
  z.object({
    type: z.literal("outcome-reported"),
    ...offer,
    what: z.enum(["job-started", "checkpoint", "earnings", "job-ended", "milestone"]),
    on: z.iso.date(),
    week: CheckpointWeek.optional(),
    answer: CheckpointAnswer.optional(),
  }),
  /** The provider is asked whether a job lasts; `time` counts how often for this week, and before `again` it is not asked once more. */
  z.object({
    type: z.literal("checkpoint-asked"),
    ...offer,
    week: CheckpointWeek,
    time: z.number().int().min(1),
    again: z.iso.date(),
  }),
  /** By the programme's own definition. */
  z.object({
    type: z.literal("outcome-reached"),
    ...offer,
    programme: z.string(),
    outcome: z.string(),
    on: z.iso.date(),
  }),
  /** Those who have the person's data were told what of it has changed; names of fields, never values. */
  z.object({ type: z.literal("rectified"), ...offer, fields: z.array(z.string()) }),
  /** The provider tried to reach the person. */
  z.object({ type: z.literal("contacted"), ...offer, outcome: ContactOutcome, way: ContactWay, on: z.iso.date() }),
  /** The provider's help rests, at the longest until a day; what it owes is counted from when it goes on. */
  z.object({ type: z.literal("put-on-hold"), ...offer, until: z.iso.date().optional() }),
  z.object({ type: z.literal("resumed"), ...offer }),
  z.object({ type: z.literal("milestone"), ...offer, milestone: Milestone, on: z.iso.date() }),
  /** A prime gave it to one of its delivery partners; or such a partner gave it back. */
  z.object({ type: z.literal("assigned"), ...offer, to: OrganisationId }),
  z.object({ type: z.literal("handed-back"), ...offer, by: OrganisationId, reason: DeclineReason }),
  /** A caseload was moved: what was taken by the provider of `from` goes on under another offer. */
  z.object({
    type: z.literal("moved"),
    ...offer,
    from: z.guid(),
    programme: z.string(),
    service: z.string(),
    provider: z.string(),
  }),
  /** A clock of the offer: its provider was reminded, others were told (`due` is what it owed then), or it was taken back for silence. */
  z.object({ type: z.literal("chased"), ...offer, clock: ClockName, due: z.iso.datetime().optional() }),
  z.object({ type: z.literal("escalated"), ...offer, clock: ClockName, due: z.iso.datetime().optional() }),
  z.object({ type: z.literal("lapsed"), ...offer, clock: ClockName }),
  /** A further referral of the same case was opened beside this one. */
  z.object({
    type: z.literal("branched"),
    to: z.guid(),
    reference: Reference,
    need: NeedCode,
    why: z.enum(["also-needed", "follows", "proposed", "returns"]),
  }),
  /** A fact suggests another kind of help; `health` where a rule on health did. */
  z.object({
    type: z.literal("proposed"),
    programme: z.string(),
    trigger: z.string(),
    need: NeedCode,
    health: z.boolean(),
  }),
  /** What the person said to a proposal. */
  z.object({
    type: z.literal("proposal-answered"),
    programme: z.string(),
    trigger: z.string(),
    wanted: z.boolean(),
  }),
  /** An adviser set a clause aside; who and why is sealed in the note. */
  z.object({ type: z.literal("overridden"), programme: z.string(), clause: z.string() }),
  /** A step on the way to a job with an employer that pledged chances. */
  z.object({
    type: z.literal("placed"),
    ...offer,
    programme: z.string(),
    employer: z.string(),
    vacancy: z.string(),
    stage: PlacementStage,
  }),
]);
export type EventBody = z.infer<typeof EventBody>;
/** Events that later steps look at again. */
export type Mark = Extract<
  EventBody,
  {
    type:
      | "overridden"
      | "proposed"
      | "proposal-answered"
      | "placed"
      | "started"
      | "checkpoint-asked"
      | "outcome-reached";
  }
>;
export type EventType = EventBody["type"];

/** An event in its place: `sequence` counts from 1 within the referral, without gaps. */
export type Event = {
  id: string;
  referral: string;
  sequence: number;
  at: Date;
  /** Who made it happen: a client id, `waymark`, or `person`. */
  actor: string;
  body: EventBody;
  /** Free text of a person, sealed by the store. */
  note?: string;
};
