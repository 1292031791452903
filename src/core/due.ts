// What is due next of an offer: which of its clocks runs, when it runs out, and what happens then. Counted from what
// happened, so that it comes out the same after any restart, and in the days of whoever must act.
import type { EventBody } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { ClockName } from "../../schemas/progress.ts";
import type { PlainDate } from "../../schemas/text.ts";
import { dayOf, endOf, morningOf } from "./calendar.ts";
import { addCounted, countedBetween, type Counts } from "./clock.ts";

/** What a programme leaves out. Working days. */
export const CLOCKS = {
  deliverWithin: 1,
  startWithin: 20,
  reviewWithin: 65,
  remindAt: 0.5,
  /** A rest without an end is asked about after so many. */
  holdWithin: 20,
  /** From a question that nobody answered to the next person who hears of it. */
  grace: 10,
  /** And then again and again. */
  againAfter: 5,
} as const;

export type Terms = { clocks: Programme["clocks"]; counts: Counts };
/** What happened to one offer, in order. */
export type Story = readonly { at: Date; body: EventBody }[];
type Asked = Pick<Offer, "status" | "madeAt" | "onHold" | "clocksFrom">;

/** `remind`: when its provider hears of it before. `lapses`: it is taken back at the end, and else others hear of it. */
export type Running = { clock: ClockName; from: Date; remind?: Date; due: Date; lapses: boolean };
export type Next = { clock: ClockName; act: "remind" | "escalate" | "lapse"; at: Date; due: Date };

/** `sending`: the offer is still on its way. */
export const nextOf = (offer: Asked, story: Story, terms: Terms, sending: boolean): Next | undefined => {
  const running = runningOf(offer, story, terms, sending);
  if (running === undefined) return undefined;
  const { clock, from, remind, due, lapses } = running;
  const so = story.filter(({ at, body }) => "clock" in body && body.clock === clock && at >= from);
  if (lapses) {
    const told = so.some(({ body }) => body.type === "chased");
    return remind !== undefined && !told
      ? { clock, act: "remind", at: remind, due }
      : { clock, act: "lapse", at: due, due };
  }
  const last = so.findLast(({ body }) => body.type === "escalated");
  if (last !== undefined) {
    const again = endOf(addCounted(dayOf(last.at), CLOCKS.againAfter, terms.counts));
    return { clock, act: "escalate", at: again, due };
  }
  const told = so.some(({ body }) => body.type === "chased");
  return remind !== undefined && !told
    ? { clock, act: "remind", at: remind, due }
    : { clock, act: "escalate", at: due, due };
};

/** Whatever was missed while nothing ran is not made up for: past its end a clock no more reminds. */
export const actNow = (next: Next, now: Date, lapses: boolean): Next["act"] | undefined => {
  if (next.at > now) return undefined;
  return next.act === "remind" && next.due <= now ? (lapses ? "lapse" : "escalate") : next.act;
};

export const runningOf = (offer: Asked, story: Story, terms: Terms, sending: boolean): Running | undefined => {
  const { clocks, counts } = terms;
  const { madeAt, clocksFrom = madeAt, onHold, status } = offer;
  const within = (clock: ClockName, days: number, lapses: boolean, from = clocksFrom): Running =>
    between(clock, from, days + restedIn(story, from, counts), share(days, clocks), counts, lapses);
  switch (status) {
    case "sent": {
      const deliver = within("deliver", clocks.deliverWithin ?? CLOCKS.deliverWithin, false);
      const acknowledge = within("acknowledge", clocks.acknowledgeWithin, true);
      const late = story.some(({ body }) => body.type === "escalated" && body.clock === "deliver");
      if (!sending || late || deliver.due >= acknowledge.due)
        return sending ? withoutReminder(acknowledge) : acknowledge;
      return withoutReminder(deliver);
    }
    case "acknowledged":
      return within("answer", Math.max(clocks.contactWithin, clocks.acknowledgeWithin), true);
    case "accepted":
      if (onHold !== undefined) return resting(onHold, counts);
      return reached(story)
        ? within("start", Math.max(clocks.startWithin ?? CLOCKS.startWithin, clocks.contactWithin), false)
        : within("contact", clocks.contactWithin, clocks.noContact === "re-offer");
    case "started":
      if (onHold !== undefined) return resting(onHold, counts);
      return asking("review", later(lastWord(story), clocksFrom), clocks.reviewWithin ?? CLOCKS.reviewWithin, counts);
    default:
      return undefined;
  }
};

const later = (one: Date | undefined, two: Date): Date => (one !== undefined && one > two ? one : two);

const share = (days: number, { remindAt = CLOCKS.remindAt }: Programme["clocks"]): number =>
  Math.floor(days * remindAt);

/** The last day counts in full. A reminder that would come before the clock has begun is left out. */
const between = (
  clock: ClockName,
  from: Date,
  days: number,
  ahead: number,
  counts: Counts,
  lapses: boolean,
): Running => {
  const day = dayOf(from);
  const remind = morningOf(addCounted(day, days - Math.max(days - ahead, 1), counts));
  return {
    clock,
    from,
    due: endOf(addCounted(day, days, counts)),
    lapses,
    ...(days > 1 && remind > from ? { remind } : {}),
  };
};

const withoutReminder = ({ clock, from, due, lapses }: Running): Running => ({ clock, from, due, lapses });

/** First the provider is asked, in the morning of that day; where it says nothing, others hear of it. */
const asking = (clock: ClockName, from: Date, days: number, counts: Counts): Running => {
  const day = addCounted(dayOf(from), days, counts);
  return { clock, from, remind: morningOf(day), due: endOf(addCounted(day, CLOCKS.grace, counts)), lapses: false };
};

const resting = ({ since, until }: NonNullable<Offer["onHold"]>, counts: Counts): Running => {
  const last = until ?? addCounted(dayOf(since), CLOCKS.holdWithin, counts);
  const day = addCounted(last, 0, counts);
  const remind = morningOf(day) > since ? morningOf(day) : endOf(day);
  return { clock: "hold", from: since, remind, due: endOf(addCounted(day, CLOCKS.grace, counts)), lapses: false };
};

/** While the help rests no clock runs: those days are added. */
const restedIn = (story: Story, from: Date, counts: Counts): number => {
  let days = 0;
  let since: PlainDate | undefined;
  for (const { at, body } of story) {
    if (at < from) continue;
    if (body.type === "put-on-hold") since ??= dayOf(at);
    if (body.type !== "resumed" || since === undefined) continue;
    days += countedBetween(since, dayOf(at), counts);
    since = undefined;
  }
  return days;
};

const reached = (story: Story): boolean =>
  story.some(({ body }) => body.type === "contacted" && body.outcome === "reached");

/** What we do ourselves is no word of the provider. */
const OURS: ReadonlySet<EventBody["type"]> = new Set(["chased", "escalated", "delivered", "assigned"]);
const lastWord = (story: Story): Date | undefined => story.findLast(({ body }) => !OURS.has(body.type))?.at;
