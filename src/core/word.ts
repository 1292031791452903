// What a provider, its prime or a contract's contact is told when a clock of an offer rings. Thin: nothing about the person.
import type { EventBody } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { ClockName, Word } from "../../schemas/progress.ts";
import type { Story } from "./due.ts";
import { storyOf } from "./wind.ts";

type Rang = Extract<EventBody, { type: "chased" | "escalated" }>;
const TYPES = { chased: "offer.reminder", escalated: "offer.overdue" } as const;

/**
 * What is to be told since a moment: the last time that a clock of this offer had rung then. Undefined where it was answered since,
 * or where it rang again: that is told under a name of its own, and a second try never says something else under the first.
 */
export const wordOf = (offer: Offer, story: Story, since: Date): Word | undefined => {
  const own = storyOf(offer, story).filter(({ body }) => !BESIDE.has(body.type));
  const last = own.at(-1);
  if (last === undefined || !isRang(last.body) || last.at > since) return undefined;
  // What it owes may be counted anew meanwhile, and a ring from before it was written down has only that.
  const due = last.body.due ?? offer.due?.at.toISOString();
  return { type: TYPES[last.body.type], clock: last.body.clock, at: last.at, ...(due === undefined ? {} : { due }) };
};

/** Comes in between and answers nothing. */
const BESIDE: ReadonlySet<EventBody["type"]> = new Set(["delivered", "assigned"]);
const isRang = (body: EventBody): body is Rang => body.type in TYPES;

/** By webhook and by mailbox. `link`: where the offer stands. */
export const wordSaid = (offer: Offer, reference: string, { type, clock, at, due }: Word, root: string) => ({
  type,
  offer: offer.id,
  reference,
  service: offer.service,
  clock,
  at: at.toISOString(),
  ...(due === undefined ? {} : { dueAt: due }),
  link: `${root}/provider/v1/offers/${offer.id}`,
});

/** In a note at a provider's own server. */
export const wordNoted = ({ type, clock }: Word): string =>
  type === "offer.overdue" ? `this is overdue: ${WANTED[clock]}.` : `please look at this: ${WANTED[clock]}.`;

/** In a letter. */
export const WANTED: Record<ClockName, string> = {
  deliver: "the referral has not reached the service",
  acknowledge: "nobody has said that the referral was seen",
  answer: "nobody has said yes or no",
  contact: "nobody has said that the person was reached",
  start: "nobody has said that the help has begun",
  hold: "nobody has said whether the help goes on",
  review: "nobody has said how the help goes",
};
