// A referral is taken back: all that is queued for it ends, whoever holds it is asked to delete it, and the referrer hears it.
import type { Event, EventBody } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Reason } from "../../schemas/reason.ts";
import type { Recall } from "../../schemas/recall.ts";
import type { PlainDate } from "../../schemas/text.ts";
import { isClosed, next } from "./lifecycle.ts";
import { placesOf } from "./places.ts";
import { beginRecall, holds } from "./recalls.ts";
import { tell, type Teller } from "./tell.ts";

type Journey = Teller & {
  version: number;
  sequence: number;
  offers: readonly Offer[];
  recalls: readonly Recall[];
};

export type Wish = {
  reasons: Reason[];
  by: "referrer" | "person" | "operator";
  actor: string;
  note?: string | undefined;
};

/** Undefined where nothing is left to take back: it was withdrawn before, or it ran out and nobody holds it. */
export const withdraw = (
  journey: Journey,
  wish: Wish,
  answerBy: (offer: Offer) => PlainDate,
  nextId: () => string,
  now: Date,
) => {
  const asked = new Set(journey.recalls.map(({ offer }) => offer));
  const holders = journey.offers.filter((offer) => holds(offer) && !asked.has(offer.id));
  const status = next(journey.status, "withdrawn");
  if (status === undefined && holders.length === 0) return undefined;

  const { reasons, by, actor, note } = wish;
  const bodies: EventBody[] =
    status === undefined
      ? holders.map(({ id }) => ({ type: "recall-asked", offer: id, reasons, by }))
      : [{ type: "withdrawn", reasons, by }];
  const events = bodies.map((body, at): Event => ({
    id: nextId(),
    referral: journey.id,
    sequence: journey.sequence + at + 1,
    at: now,
    actor,
    body,
    ...(at === 0 && note !== undefined ? { note } : {}),
  }));
  const told = tell(journey, events, nextId);
  const open = holders.filter((offer) => !isClosed(offer.status));
  const begun = holders.map((offer) => beginRecall(offer, answerBy(offer), nextId(), now));
  return {
    referral: journey.id,
    version: journey.version,
    status: status ?? journey.status,
    events,
    offers: open.map((offer): Offer => ({ ...offer, status: "recalled", changedAt: now })),
    recalls: begun.map(({ recall }) => recall),
    callbacks: told.callbacks,
    work: [...told.work, ...begun.map(({ work }) => work)],
    places: open.flatMap((offer) => placesOf(offer, { taken: -1, drawn: 0 })),
  };
};
