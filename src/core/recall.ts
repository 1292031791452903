// Taking an offer back before it is answered: consent or eligibility no longer holds, so the case is decided anew.
import type { Event } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Reason } from "../../schemas/reason.ts";
import type { PlainDate } from "../../schemas/text.ts";
import type { Work } from "../../schemas/work.ts";
import type { Status } from "../../schemas/referral.ts";
import { placesOf } from "./places.ts";
import { next } from "./lifecycle.ts";
import { beginRecall } from "./recalls.ts";
import { tell, type Teller } from "./tell.ts";

type Standing = Teller & { version: number; status: Status; sequence: number };

/** What the programme lets the referrer hear, and by when its provider answers that it has deleted what it saw. */
export type Under = { tells?: Programme["tells"] | undefined; answerBy: PlainDate };

/** All that the recall changes, as one commit writes it. */
export const takeBack = (
  journey: Standing,
  offer: Offer,
  reasons: Reason[],
  nextId: () => string,
  now: Date,
  { tells, answerBy }: Under,
) => {
  const event: Event = {
    id: nextId(),
    referral: journey.id,
    sequence: journey.sequence + 1,
    at: now,
    actor: "waymark",
    body: { type: "recalled", offer: offer.id, reasons },
  };
  const told = tell(journey, [event], nextId, tells);
  const begun = beginRecall(offer, answerBy, nextId(), now);
  return {
    referral: journey.id,
    version: journey.version,
    status: next(journey.status, "recalled") ?? journey.status,
    events: [event],
    offers: [{ ...offer, status: "recalled" as const, changedAt: now }],
    recalls: [begun.recall],
    callbacks: told.callbacks,
    work: [...told.work, assessAgain(journey.id, nextId(), now), begun.work],
    places: placesOf(offer, { taken: -1, drawn: 0 }),
  };
};

/** The recall right before a delivery, which this ends. */
export const recallOf = (
  journey: Standing,
  offer: Offer,
  reasons: Reason[],
  work: Pick<Work, "id" | "token">,
  nextId: () => string,
  now: Date,
  under: Under,
) => ({
  ...takeBack(journey, offer, reasons, nextId, now, under),
  done: { work: work.id, token: work.token, tried: { outcome: "skipped", cause: "not-allowed-now" } as const },
});

export const assessAgain = (referral: string, id: string, due: Date) => ({
  id,
  kind: "assess" as const,
  subject: referral,
  referral,
  destination: "assess",
  due,
});
