// Winds an offer's clock: with every change of it goes the one row of work that is rung when something is due next.
import type { EventBody } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { NewWork } from "../../schemas/work.ts";
import { nextOf, runningOf, type Story, type Terms } from "./due.ts";

type Told = { at: Date; body: EventBody };

/** What happened to this one offer: what was, and what this commit adds. */
export const storyOf = (offer: Pick<Offer, "id">, before: Story, added: readonly Told[] = []): Story =>
  [...before, ...added].filter(({ body }) => "offer" in body && body.offer === offer.id);

/** The offer with what it owes and until when, and its clock. A closed one has neither. */
export const wound = (
  offer: Offer,
  story: Story,
  terms: Terms,
  sending: boolean,
  id: string,
): { offer: Offer; work: NewWork[] } => {
  const { due: _, ...rest } = offer;
  const owed = runningOf(offer, story, terms, false);
  // What is still on its way will have arrived by then, as a rule: the row rings for whichever comes first.
  const next = [nextOf(offer, story, terms, sending), nextOf(offer, story, terms, false)]
    .filter((one) => one !== undefined)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())[0];
  return {
    offer: owed === undefined ? rest : { ...rest, due: { clock: owed.clock, at: owed.due } },
    work: next === undefined ? [] : [ringing(offer, next.at, id)],
  };
};

export const CLOCK_LANE = "clocks";

const ringing = ({ id: subject, referral }: Offer, due: Date, id: string): NewWork => ({
  id,
  kind: "chase",
  subject,
  referral,
  destination: CLOCK_LANE,
  due,
});
