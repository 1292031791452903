// What a referrer is told: thin, coded, and the same for every form in which it is sent.
import { z } from "zod";
import { Reference } from "./ids.ts";
import { Reason } from "./reason.ts";
import { Status } from "./referral.ts";

/** Names of the news. A Jobcentre gets fewer of them: see `core/notice.ts`. */
export const CallbackType = z.enum([
  "referral.held",
  "referral.unmet",
  "referral.offered",
  "referral.acknowledged",
  "referral.accepted",
  "referral.seeking",
  "referral.started",
  "referral.ended",
  "referral.withdrawn",
  "referral.expired",
  "referral.moved",
  "referral.branched",
  "referral.proposed",
  "referral.job-started",
  "referral.outcome-reached",
]);
export type CallbackType = z.infer<typeof CallbackType>;

/**
 * All that a Jobcentre may hear of somebody who need not take part. No type tells of a start, of attendance or of a job; and
 * where a reason could be the person's own, or their health, there is no field for one.
 */
export const VoluntaryNews = z.discriminatedUnion("type", [
  z.strictObject({
    type: CallbackType.extract([
      "referral.offered",
      "referral.accepted",
      "referral.seeking",
      "referral.ended",
      "referral.withdrawn",
      "referral.moved",
    ]),
  }),
  z.strictObject({
    type: CallbackType.extract([
      "referral.held",
      "referral.unmet",
      "referral.expired",
      "referral.branched",
      "referral.proposed",
    ]),
    reasons: z.array(Reason),
  }),
]);
export type VoluntaryNews = z.infer<typeof VoluntaryNews>;

/** Stored as it will be sent. `id` becomes `webhook-id` and stays the same on every retry. */
export const Callback = z.object({
  id: z.guid(),
  type: CallbackType,
  client: z.guid(),
  referral: z.guid(),
  reference: Reference,
  /** The caller's own reference: an opaque id of theirs. */
  callerReference: z.string().optional(),
  /** Ids of the caller's first message, which BaRS asks to see again. */
  correlationId: z.string().optional(),
  messageId: z.string().optional(),
  sequence: z.number().int(),
  at: z.iso.datetime(),
  status: Status,
  reasons: z.array(Reason),
});
export type Callback = z.infer<typeof Callback>;

/** `kept`: its receiver has no address or is switched off; it can be replayed. */
export type CallbackState = "waiting" | "delivered" | "kept" | "dead";

/** What a door makes of a callback: a request without an address, for only the registered address is ever dialled. */
export type RenderedCallback = {
  /** Added to the registered address, such as `/$process-message`. */
  path?: string;
  contentType: string;
  headers: Record<string, string>;
  body: string;
  /** Reads the reply where 2xx alone does not say that it was taken, or 400 says that it was. */
  taken?: (status: number, headers: Record<string, string>, body: string) => boolean | undefined;
};
