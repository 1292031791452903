// What an offer's clock does when it rings: its provider is reminded, others hear of it, or the offer is taken back and
// the case goes to the next service.
import type { Event, EventBody } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Content, Status } from "../../schemas/referral.ts";
import type { NewWork, Work } from "../../schemas/work.ts";
import { actNow, nextOf, runningOf, type Story, type Terms } from "./due.ts";
import { holderOf } from "./holder.ts";
import { next } from "./lifecycle.ts";
import { placesOf } from "./places.ts";
import { assessAgain, type Under } from "./recall.ts";
import { beginRecall } from "./recalls.ts";
import { tell, type Teller } from "./tell.ts";
import { storyOf, wound } from "./wind.ts";

type Journey = Omit<Teller, "content"> & {
  version: number;
  status: Status;
  sequence: number;
  story: Story;
  sending: boolean;
  content?: Content;
};
type Rung = { offer: Offer; terms: Terms; work: Pick<Work, "id" | "token">; under: Under };

/** Where people hear of what ran out: the prime of a partner, and the contact of the contract or its commissioner. */
export const CONTACTS = "contacts";

/** Undefined: its time has not come, or there is nothing to wait for. `again` says until when. */
export const rung = (
  journey: Journey,
  { offer, terms, work, under }: Rung,
  nextId: () => string,
  now: Date,
): { change: ReturnType<typeof changeOf> | ReturnType<typeof firstWound> } | { again: Date } | undefined => {
  const story = storyOf(offer, journey.story);
  const due = nextOf(offer, story, terms, journey.sending);
  if (due === undefined) return undefined;
  const lapses = runningOf(offer, story, terms, journey.sending)?.lapses === true;
  const act = actNow(due, now, lapses);
  if (act === undefined && offer.due !== undefined) return { again: due.at };
  if (act === undefined) return { change: firstWound(journey, { offer, terms, work }, nextId()) };
  // Written down with the ring, so that every try says the same.
  const owed = act === "lapse" ? undefined : runningOf(offer, story, terms, false)?.due.toISOString();
  const body = { type: DID[act], offer: offer.id, clock: due.clock, ...(owed && { due: owed }) } satisfies EventBody;
  return { change: changeOf(journey, { offer, terms, work, under }, body, nextId, now) };
};

/** Made before there were clocks: nothing has happened, and from now on it says what it owes. */
const firstWound = (journey: Journey, { offer, terms, work }: Omit<Rung, "under">, id: string) => {
  const clock = wound(offer, storyOf(offer, journey.story), terms, journey.sending, id);
  return {
    referral: journey.id,
    version: journey.version,
    status: journey.status,
    events: [],
    offers: [clock.offer],
    work: clock.work,
    done: { work: work.id, token: work.token },
  };
};

const DID = { remind: "chased", escalate: "escalated", lapse: "lapsed" } as const;

const changeOf = (
  journey: Journey,
  { offer, terms, work, under }: Rung,
  body: Extract<EventBody, { type: "chased" | "escalated" | "lapsed" }>,
  nextId: () => string,
  now: Date,
) => {
  const event: Event = {
    id: nextId(),
    referral: journey.id,
    sequence: journey.sequence + 1,
    at: now,
    actor: "waymark",
    body,
  };
  const lapses = body.type === "lapsed";
  const after = lapses ? { ...offer, status: "lapsed" as const, onHold: undefined, changedAt: now } : offer;
  const clock = wound(after, storyOf(offer, journey.story, [event]), terms, journey.sending, nextId());
  const told = tell(journey, [event], nextId, under.tells);
  // Whoever was asked holds what they were shown: they are to delete it, like what was taken back for any other reason.
  const begun = lapses ? beginRecall(offer, under.answerBy, nextId(), now) : undefined;
  const nudges = nudged(offer, body).map((destination) => nudge(offer, destination, nextId(), now));
  const goesOn = begun === undefined ? clock.work : [assessAgain(journey.id, nextId(), now), begun.work];
  return {
    referral: journey.id,
    version: journey.version,
    status: next(journey.status, body.type) ?? journey.status,
    events: [event],
    offers: [clock.offer],
    recalls: begun === undefined ? [] : [begun.recall],
    callbacks: told.callbacks,
    work: [...told.work, ...goesOn, ...nudges],
    places: lapses ? placesOf(offer, { taken: -1, drawn: 0 }) : [],
    done: { work: work.id, token: work.token },
  };
};

/** Who hears of it. What never reached its provider is no fault of theirs. */
const nudged = (offer: Offer, { type, clock }: { type: string; clock: string }): string[] => {
  const lane = (organisation: string): string => `nudge:${organisation}`;
  const partner = offer.assignedTo !== undefined;
  if (type === "escalated") return [...(partner && clock !== "deliver" ? [lane(offer.provider)] : []), CONTACTS];
  // Of a lapse the recall tells: the offer was taken back.
  return type === "lapsed" ? [] : [lane(holderOf(offer))];
};

const nudge = ({ id: subject, referral }: Offer, destination: string, id: string, due: Date): NewWork => ({
  id,
  kind: "nudge",
  subject,
  referral,
  destination,
  due,
});
