// Taking an offer back before it is answered: consent or eligibility no longer holds, so the case is decided anew.
import type { Event } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Reason } from "../../schemas/reason.ts";
import type { Work } from "../../schemas/work.ts";
import type { Status } from "../../schemas/referral.ts";
import { next } from "./lifecycle.ts";
import { tell, type Teller } from "./tell.ts";

type Standing = Teller & { version: number; status: Status; sequence: number };

/** All that the recall changes, as one commit writes it. */
export const recallOf = (
  journey: Standing,
  offer: Offer,
  reasons: Reason[],
  work: Pick<Work, "id" | "token">,
  nextId: () => string,
  now: Date,
) => {
  const event: Event = {
    id: nextId(),
    referral: journey.id,
    sequence: journey.sequence + 1,
    at: now,
    actor: "waymark",
    body: { type: "recalled", offer: offer.id, reasons },
  };
  const told = tell(journey, [event], nextId);
  return {
    referral: journey.id,
    version: journey.version,
    status: next(journey.status, "recalled") ?? journey.status,
    events: [event],
    offers: [{ ...offer, status: "recalled" as const, changedAt: now }],
    callbacks: told.callbacks,
    work: [...told.work, assessAgain(journey.id, nextId(), now)],
    places: [{ programme: offer.programme, service: offer.service, taken: -1, drawn: 0 }],
    done: { work: work.id, token: work.token },
  };
};

export const assessAgain = (referral: string, id: string, due: Date) => ({
  id,
  kind: "assess" as const,
  subject: referral,
  referral,
  destination: "assess",
  due,
});
