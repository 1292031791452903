// A prime gives an offer to one of its delivery partners, and the partner may give it back. Whose the offer then is, is
// all that moves: its clocks run on, and the prime answers for it.
import type { Event, EventBody } from "../../schemas/event.ts";
import type { Answer, Offer } from "../../schemas/offer.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Directory } from "../../schemas/provider.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { Content, Status } from "../../schemas/referral.ts";
import { organisationIn } from "./directory.ts";
import type { Story, Terms } from "./due.ts";
import { refusalsOf } from "./recipients.ts";
import { storyOf, wound } from "./wind.ts";

type Journey = {
  id: string;
  version: number;
  status: Status;
  sequence: number;
  story: Story;
  sending: boolean;
};

/** Its provider, and the partner to whom it was given. */
export const mayAnswer = ({ provider, assignedTo }: Offer, organisation: string): boolean =>
  provider === organisation || assignedTo === organisation;

/** A partner's no is no end: its prime decides what becomes of it. */
export const handsBack = ({ provider, assignedTo }: Offer, organisation: string, { verb }: Answer): boolean =>
  verb === "decline" && assignedTo === organisation && provider !== organisation;

/** Why this partner may not have it: not of the contract, or the person's consents do not reach it. */
export const againstPartner = (
  programme: Programme | undefined,
  offer: Offer,
  to: string,
  directory: Directory,
  content: Content,
  now: Date,
): Reason[] => {
  const contract = programme?.contracts.find((one) => one.contract === offer.contract);
  const partner = organisationIn(directory, to);
  if (programme === undefined || partner === undefined || contract?.partners.includes(to) !== true)
    return [reason("not-a-partner", "to")];
  return refusalsOf(programme, [partner], content, now).map((refused) => refused.reason);
};

type By = { actor: string; now: Date; terms: Terms; nextId: () => string; note?: string | undefined };

/** The offer in other hands, as one commit writes it. */
export const inOtherHands = (
  journey: Journey,
  offer: Offer,
  body: Extract<EventBody, { type: "assigned" | "handed-back" }>,
  { actor, now, terms, nextId, note }: By,
) => {
  const { assignedTo: _, ...rest } = { ...offer, changedAt: now };
  const event: Event = {
    id: nextId(),
    referral: journey.id,
    sequence: journey.sequence + 1,
    at: now,
    actor,
    body,
    ...(note === undefined ? {} : { note }),
  };
  const given = body.type === "assigned" ? { ...rest, assignedTo: body.to } : rest;
  const clock = wound(given, storyOf(offer, journey.story, [event]), terms, journey.sending, nextId());
  return {
    referral: journey.id,
    version: journey.version,
    status: journey.status,
    events: [event],
    offers: [clock.offer],
    work: [...clock.work, ...(body.type === "assigned" ? [delivery(clock.offer, body.to, nextId(), now)] : [])],
  };
};

/** Sends an offer to whoever is to hear of it. */
export const delivery = ({ id: subject, referral }: Offer, organisation: string, id: string, due: Date) => ({
  id,
  kind: "deliver" as const,
  subject,
  referral,
  destination: `provider:${organisation}`,
  due,
});
