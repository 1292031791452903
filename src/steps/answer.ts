// A provider's step on its own offer: acknowledge, accept, decline, start, end. The same answer twice changes nothing.
import { next, nextOffer } from "../core/lifecycle.ts";
import { assessAgain } from "../core/recall.ts";
import { tell } from "../core/tell.ts";
import type { Client } from "../../schemas/client.ts";
import type { Event, EventBody } from "../../schemas/event.ts";
import type { Answer, Offer, OfferStatus } from "../../schemas/offer.ts";
import { reason } from "../../schemas/reason.ts";
import type { AnswerResult, Bell, Change, Clock, Ids, Journey, Ledger, Steps } from "../ports.ts";

type Ports = { ledger: Ledger; clock: Clock; ids: Ids; bell: Bell };

/** Other commits may come between reading and writing; each time the offer is read again. */
const TRIES = 8;

const REACHED: Record<Answer["verb"], OfferStatus> = {
  acknowledge: "acknowledged",
  accept: "accepted",
  decline: "declined",
  start: "started",
  end: "ended",
};
const CLOSED: ReadonlySet<OfferStatus> = new Set(["declined", "ended", "recalled"]);

export const createAnswer =
  (ports: Ports): Steps["answer"] =>
  async (client, offerId, answer) => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const journey = await ports.ledger.openByOffer(offerId);
      const offer = journey?.offers.find((one) => one.id === offerId);
      if (journey === undefined || offer === undefined || !owns(client, offer)) return { outcome: "not-found" };

      const status = nextOffer(offer.status, answer.verb);
      if (status === undefined) return already(offer, answer);
      const changed = { ...offer, status, changedAt: ports.clock.now() };
      const result = await ports.ledger.commit(changeOf(ports, journey, changed, client, answer));
      if (result === "committed") {
        ports.bell.nudge();
        return { outcome: "changed", offer: changed };
      }
    }
    return { outcome: "refused", reasons: [reason("conflict")] };
  };

const owns = (client: Client, offer: Offer): boolean =>
  client.kind === "provider" && offer.provider === client.organisation && offer.test === client.test;

const already = (offer: Offer, answer: Answer): AnswerResult => {
  if (offer.status === REACHED[answer.verb]) return { outcome: "repeated", offer };
  return { outcome: "refused", reasons: [reason(CLOSED.has(offer.status) ? "offer-closed" : "not-your-turn")] };
};

const changeOf = (ports: Ports, journey: Journey, offer: Offer, client: Client, answer: Answer): Change => {
  const now = offer.changedAt;
  const event: Event = {
    id: ports.ids.uuid(),
    referral: journey.id,
    sequence: journey.sequence + 1,
    at: now,
    actor: client.id,
    body: bodyOf(offer.id, answer, now.toISOString().slice(0, 10)),
    note: "text" in answer ? answer.text : undefined,
  };
  const told = tell(journey, [event], ports.ids.uuid);
  const leaves = answer.verb === "decline" || answer.verb === "end";
  return {
    referral: journey.id,
    version: journey.version,
    status: next(journey.status, event.body.type) ?? journey.status,
    events: [event],
    offers: [offer],
    callbacks: told.callbacks,
    // A decline sends the case to the next candidate.
    work: [...told.work, ...(answer.verb === "decline" ? [assessAgain(journey.id, ports.ids.uuid(), now)] : [])],
    places: leaves ? [{ programme: offer.programme, service: offer.service, taken: -1, drawn: 0 }] : [],
  };
};

const bodyOf = (offer: string, answer: Answer, today: string): EventBody => {
  switch (answer.verb) {
    case "acknowledge":
      return { type: "acknowledged", offer };
    case "accept":
      return { type: "accepted", offer };
    case "decline":
      return { type: "declined", offer, reason: answer.reason };
    case "start":
      return { type: "started", offer, on: answer.on ?? today };
    case "end":
      return { type: "ended", offer, reason: answer.reason, on: answer.on ?? today };
  }
};
