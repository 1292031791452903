// A provider's step on its offer, from what was sent to what is written: the event, how the offer stands then, and
// whether it was said before. Nothing here ever moves an offer back.
import type { EventBody } from "../../schemas/event.ts";
import type { Answer, Offer, OfferStatus } from "../../schemas/offer.ts";
import type { Progress } from "../../schemas/progress.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { PlainDate } from "../../schemas/text.ts";
import { dayOf, monthsAfter } from "./calendar.ts";
import type { Story } from "./due.ts";
import { isClosed } from "./lifecycle.ts";

const REACHED: Partial<Record<Answer["verb"], OfferStatus>> = {
  acknowledge: "acknowledged",
  accept: "accepted",
  decline: "declined",
  start: "started",
  end: "ended",
};

export const eventOf = ({ id: offer, programme }: Offer, answer: Answer, today: PlainDate): EventBody => {
  switch (answer.verb) {
    case "acknowledge":
      return { type: "acknowledged", offer };
    case "accept":
      return { type: "accepted", offer };
    case "decline":
      return { type: "declined", offer, reason: answer.reason };
    case "contact":
      return { type: "contacted", offer, outcome: answer.outcome, way: answer.way, on: answer.on ?? today };
    case "start":
      return { type: "started", offer, on: answer.on ?? today };
    case "hold":
      return { type: "put-on-hold", offer, ...(answer.until === undefined ? {} : { until: answer.until }) };
    case "resume":
      return { type: "resumed", offer };
    case "milestone":
      return { type: "milestone", offer, milestone: answer.milestone, on: answer.on ?? today };
    case "place": {
      const { employer, vacancy, stage } = answer;
      return { type: "placed", offer, programme, employer, vacancy, stage };
    }
    case "end":
      return { type: "ended", offer, reason: answer.reason, on: answer.on ?? today };
  }
};

/** The offer after a step: help that begins, goes on or ends no longer rests. */
export const offerAfter = (offer: Offer, answer: Answer, status: OfferStatus, now: Date): Offer => {
  const { onHold, ...rest } = { ...offer, status, progress: progressAfter(offer, answer, now), changedAt: now };
  if (answer.verb === "hold")
    return {
      ...rest,
      onHold: { since: onHold?.since ?? now, ...(answer.until === undefined ? {} : { until: answer.until }) },
    };
  const ends = answer.verb === "resume" || answer.verb === "start" || isClosed(status);
  return ends || onHold === undefined ? rest : { ...rest, onHold };
};

const progressAfter = ({ progress }: Offer, answer: Answer, now: Date): Progress | undefined => {
  const day = dayOf(now);
  if (answer.verb === "contact") {
    const { outcome, way, on = day } = answer;
    return { kind: "contact", outcome, way, on };
  }
  if (answer.verb !== "milestone") return progress;
  const { milestone, on = day } = answer;
  return { kind: "milestone", milestone, on };
};

/** The very same was said before: nothing is written. */
export const saidBefore = (offer: Offer, story: Story, answer: Answer, now: Date): boolean => {
  if (answer.verb === "hold") return offer.onHold !== undefined && offer.onHold.until === answer.until;
  if (answer.verb === "resume")
    return offer.onHold === undefined && story.some(({ body }) => body.type === "resumed" && body.offer === offer.id);
  if (answer.verb !== "contact" && answer.verb !== "milestone" && answer.verb !== "place")
    return offer.status === REACHED[answer.verb];
  const same = JSON.stringify(eventOf(offer, answer, dayOf(now)));
  return story.some(({ body }) => JSON.stringify(inOrder(body, same)) === same);
};

/** Keys as they were just written: JSON that a database kept has an order of its own. */
const inOrder = (body: EventBody, like: string): object =>
  Object.fromEntries(
    Object.keys(JSON.parse(like) as object).flatMap((key) => {
      const value = (body as Record<string, unknown>)[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );

/** Help may rest for long; whoever has it says so again at least this often. */
const LONGEST_REST_MONTHS = 6;

/** Days that have not come, days from before it was asked or began, and a rest that is over before it begins, or never. */
export const dayFaults = (answer: Answer, offer: Offer, story: Story, now: Date): Reason[] => {
  const today = dayOf(now);
  if (answer.verb === "resume" && offer.onHold === undefined) return [reason("not-your-turn")];
  if (answer.verb === "hold") return restFaults(answer.until, today);
  if (!("on" in answer) || answer.on === undefined) return [];
  if (answer.on > today) return [reason("not-yet", "on")];
  if (answer.on < dayOf(offer.madeAt)) return [reason("before-offer", "on")];
  const begun = answer.verb === "end" ? startOf(offer, story) : undefined;
  return begun !== undefined && answer.on < begun ? [reason("before-start", "on")] : [];
};

const restFaults = (until: PlainDate | undefined, today: PlainDate): Reason[] => {
  if (until === undefined) return [];
  if (until < today) return [reason("date-past", "until")];
  return until > monthsAfter(today, LONGEST_REST_MONTHS) ? [reason("hold-too-long", "until")] : [];
};

const startOf = ({ id }: Offer, story: Story): PlainDate | undefined =>
  story.flatMap(({ body }) => (body.type === "started" && body.offer === id ? [body.on] : [])).at(-1);
