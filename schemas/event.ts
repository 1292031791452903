// What happened, one row each. Events hold codes and ids, never anything about the person; free text is sealed beside them.
import { z } from "zod";
import { NeedCode } from "./need.ts";
import { DeclineReason, EndReason, Reason } from "./reason.ts";

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
  z.object({ type: z.literal("withdrawn"), reasons: z.array(Reason) }),
]);
export type EventBody = z.infer<typeof EventBody>;
export type EventType = EventBody["type"];

/** An event in its place: `sequence` counts from 1 within the referral, without gaps. */
export type Event = {
  id: string;
  referral: string;
  sequence: number;
  at: Date;
  /** Who made it happen: a client id, or `waymark`. */
  actor: string;
  body: EventBody;
  /** Free text of a person, sealed by the store. */
  note?: string;
};
