// A caseload in other hands, one offer at a time: help that was taken goes on with another service under the same
// programme, where the person's consents reach it; what was only asked is taken back and decided anew.
import type { Event } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Directory } from "../../schemas/provider.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { Content, Status } from "../../schemas/referral.ts";
import { dayOf } from "./calendar.ts";
import { contractsOn } from "./contracts.ts";
import type { Story, Terms } from "./due.ts";
import { delivery } from "./partner.ts";
import { placesOf } from "./places.ts";
import { beginRecall } from "./recalls.ts";
import type { Under } from "./recall.ts";
import { recipientsOf, refusalsOf } from "./recipients.ts";
import { serviceIn } from "./directory.ts";
import { tell, type Teller } from "./tell.ts";
import { wound } from "./wind.ts";

type Journey = Omit<Teller, "content"> & {
  version: number;
  status: Status;
  sequence: number;
  story: Story;
  content: Content;
};
export type Target = { service: string; contract: string; provider: string };

/** Where it goes on: the contract of this programme that runs today and brings that service. */
export const targetOf = (programme: Programme, service: string, now: Date): Target | undefined => {
  const contract = contractsOn(programme, dayOf(now)).find((one) =>
    one.services.some((each) => each.service === service),
  );
  return contract && { service, contract: contract.contract, provider: contract.prime };
};

/** Consents are read again for all who would hear of the person from now on. */
export const againstMove = (
  programme: Programme,
  target: Target,
  directory: Directory,
  content: Content,
  now: Date,
): Reason[] => {
  const service = serviceIn(directory, target.service);
  if (service === undefined || service.status === "closed") return [reason("no-service")];
  const recipients = recipientsOf(service, target.provider, directory);
  return refusalsOf(programme, recipients, content, now).map((refused) => refused.reason);
};

type By = { id: string; note: string; now: Date; terms: Terms; under: Under; nextId: () => string };

/** The same help under another offer: the one before is closed, and its provider is to delete what it has. */
export const moved = (journey: Journey, offer: Offer, target: Target, { id, note, now, terms, under, nextId }: By) => {
  // What the one before told is its own; a clock of the new one begins today.
  const { assignedTo: _, due: _due, progress: _told, clocksFrom: _from, ...rest } = offer;
  const { service, contract, provider } = target;
  const next: Offer = { ...rest, id, service, contract, provider, places: [service], madeAt: now, changedAt: now };
  const event: Event = {
    id: nextId(),
    referral: journey.id,
    sequence: journey.sequence + 1,
    at: now,
    actor: "operator",
    body: { type: "moved", offer: id, from: offer.id, programme: offer.programme, service, provider },
    note,
  };
  const clock = wound(next, [{ at: now, body: event.body }], terms, true, nextId());
  const begun = beginRecall(offer, under.answerBy, nextId(), now);
  const told = tell(journey, [event], nextId, under.tells);
  return {
    referral: journey.id,
    version: journey.version,
    status: journey.status,
    events: [event],
    callbacks: told.callbacks,
    offers: [{ ...offer, due: undefined, status: "recalled" as const, changedAt: now }, clock.offer],
    recalls: [begun.recall],
    work: [...told.work, ...clock.work, begun.work, delivery(next, provider, nextId(), now)],
    places: [...placesOf(offer, { taken: -1, drawn: 0 }), ...placesOf(next, { taken: 1, drawn: 0 })],
  };
};
