// A provider's step on its own offer: acknowledge, accept, decline, start, end. The same answer twice changes nothing.
import { placeOf } from "../core/area.ts";
import { openBranches } from "../core/branch.ts";
import { dayOf, noonOf } from "../core/calendar.ts";
import { followsFrom, startWaitsFor } from "../core/pathway.ts";
import { placementFaults } from "../core/placement.ts";
import { referenceFrom } from "../core/reference.ts";
import { programmeOf } from "../core/under.ts";
import { isClosed, isTakenBack, next, nextOffer } from "../core/lifecycle.ts";
import { dayFaults, eventOf, offerAfter, saidBefore } from "../core/progress.ts";
import type { TermsOf } from "../core/terms.ts";
import { storyOf, wound } from "../core/wind.ts";
import { handsBack, inOtherHands, mayAnswer } from "../core/partner.ts";
import { placesOf } from "../core/places.ts";
import { providerHears } from "../core/provider-hears.ts";
import { assessAgain } from "../core/recall.ts";
import { mayStart } from "../core/recheck.ts";
import { tell } from "../core/tell.ts";
import type { Client } from "../../schemas/client.ts";
import type { Event, Mark } from "../../schemas/event.ts";
import type { Answer, Offer, OfferStatus } from "../../schemas/offer.ts";
import type { Programme } from "../../schemas/programme.ts";
import { type DeclineReason, reason, type Reason } from "../../schemas/reason.ts";
import type { Bell } from "../ports/agenda.ts";
import type { Change, Journey, Ledger } from "../ports/ledger.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { AnswerResult } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = { ledger: Ledger; rulebook: Rulebook; terms: TermsOf; clock: Clock; ids: Ids; bell: Bell };

/** Other commits may come between reading and writing; each time the offer is read again. */
const TRIES = 8;

export const createAnswer =
  (ports: Ports) =>
  async (client: Client, offerId: string, answer: Answer): Promise<AnswerResult> => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const journey = await ports.ledger.openByOffer(offerId);
      const offer = journey?.offers.find((one) => one.id === offerId);
      if (journey === undefined || offer === undefined || !owns(client, offer)) return { outcome: "not-found" };

      const now = ports.clock.now();
      if (!isClosed(offer.status) && handsBack(offer, client.organisation, answer)) {
        const back = handBack(ports, journey, offer, client, answer, now);
        // commits: the event with its sealed note, and the offer in its prime's hands with its clock
        if ((await ports.ledger.commit(back)) === "committed") return { outcome: "changed", offer };
        continue;
      }
      if (!isClosed(offer.status) && saidBefore(offer, journey.story, answer, now))
        return { outcome: "repeated", offer };
      const status = answer.verb === "place" ? placing(offer) : nextOffer(offer.status, answer.verb);
      if (status === undefined) return already(offer, answer, journey, now);
      const changed = offerAfter(offer, answer, status, now);
      const days = dayFaults(answer, offer, journey.story, now);
      if (days.length > 0) return { outcome: "refused", reasons: days };
      const against = answer.verb === "start" ? againstStart(ports, journey, changed, answer.on) : [];
      const faults = [...against, ...faultsOf(ports, journey, changed, answer)];
      if (faults.length > 0) return { outcome: "refused", reasons: faults };
      const result = await ports.ledger.commit(changeOf(ports, journey, changed, client, answer));
      if (result === "committed") {
        ports.bell.nudge();
        return { outcome: "changed", offer: changed };
      }
    }
    return { outcome: "refused", reasons: [reason("conflict")] };
  };

const owns = (client: Client, offer: Offer): boolean =>
  client.kind === "provider" && mayAnswer(offer, client.organisation) && offer.test === client.test;

const handBack = (ports: Ports, journey: Journey, offer: Offer, client: Client, answer: Answer, now: Date): Change => {
  const why = answer.verb === "decline" ? answer.reason : "other";
  return inOtherHands(
    journey,
    offer,
    { type: "handed-back", offer: offer.id, by: client.organisation, reason: why },
    {
      actor: client.id,
      now,
      terms: ports.terms(offer, journey.content, now),
      nextId: () => ports.ids.uuid(),
      note: "text" in answer ? answer.text : undefined,
    },
  );
};

/** Someone is put forward only while the service has them. */
const placing = ({ status }: Offer): OfferStatus | undefined =>
  status === "accepted" || status === "started" ? status : undefined;

/** What the programme has against this step. */
const faultsOf = (ports: Ports, journey: Journey, offer: Offer, answer: Answer): Reason[] => {
  const programme = programmeOf(ports.rulebook, offer, offer.changedAt);
  const { content, siblings, overrides, marks } = journey;
  if (programme === undefined || content === undefined) return [];
  const now = offer.changedAt;
  if (answer.verb === "decline") return declineFaults(programme, offer, answer.reason);
  if (answer.verb === "place") {
    const before = marks.filter((mark) => mark.type === "placed" && mark.offer === offer.id);
    return placementFaults(programme, answer, content, now, before as Extract<Mark, { type: "placed" }>[]);
  }
  if (answer.verb !== "start") return [];
  const directory = ports.rulebook.directory();
  const area = placeOf(content.person, directory);
  return startWaitsFor(programme, { content, area, directory, siblings, overrides, now });
};

/** The contract says for which reasons its providers may say no. */
const declineFaults = ({ contracts }: Programme, offer: Offer, why: DeclineReason): Reason[] => {
  const contract = contracts.find((one) => one.contract === offer.contract);
  return contract === undefined || contract.declines.includes(why) ? [] : [reason("not-one-of", "reason")];
};

/** A step that does not follow: said before, or too late, or too early. It never moves an offer back. */
const already = (offer: Offer, answer: Answer, { story }: Journey, now: Date): AnswerResult => {
  if (saidBefore(offer, story, answer, now)) return { outcome: "repeated", offer };
  if (isTakenBack(offer.status)) return { outcome: "refused", reasons: [reason("offer-recalled")] };
  return { outcome: "refused", reasons: [reason(isClosed(offer.status) ? "offer-closed" : "not-your-turn")] };
};

/** Eligibility as of the day of the start, and consent as it stands now; told as far as the provider may know. */
const againstStart = (
  { rulebook }: Ports,
  { content, siblings, overrides }: Journey,
  offer: Offer,
  on = dayOf(offer.changedAt),
): Reason[] => {
  if (content === undefined) return [reason("offer-closed")];
  const directory = rulebook.directory();
  const area = placeOf(content.person, directory);
  const packs = rulebook.inForce(noonOf(on));
  const now = offer.changedAt;
  const start = mayStart({ content, area, offer, packs, directory, siblings, overrides, now }, on);
  if (start.holds) return [];
  const programme = packs.find((one) => one.programme.programme === offer.programme)?.programme;
  const provider = directory.organisations.find((one) => one.id === offer.provider);
  return providerHears(start.reasons, programme ?? { disclosures: [] }, provider?.class);
};

const changeOf = (ports: Ports, journey: Journey, offer: Offer, client: Client, answer: Answer): Change => {
  const now = offer.changedAt;
  const event: Event = {
    id: ports.ids.uuid(),
    referral: journey.id,
    sequence: journey.sequence + 1,
    at: now,
    actor: client.id,
    body: eventOf(offer, answer, dayOf(now)),
    note: "text" in answer ? answer.text : undefined,
  };
  const following = followingOf(ports, journey, offer, event);
  const events = [event, ...following.events];
  const told = tell(journey, events, ports.ids.uuid, programmeOf(ports.rulebook, offer, now)?.tells);
  const story = storyOf(offer, journey.story, [event]);
  const { sending, content } = journey;
  const clock = wound(offer, story, ports.terms(offer, content, now), sending, ports.ids.uuid());
  const leaves = answer.verb === "decline" || answer.verb === "end";
  return {
    referral: journey.id,
    version: journey.version,
    status: next(journey.status, event.body.type) ?? journey.status,
    events,
    branches: following.branches,
    offers: [clock.offer],
    callbacks: told.callbacks,
    // A decline sends the case to the next candidate.
    work: [
      ...told.work,
      ...clock.work,
      ...(answer.verb === "decline" ? [assessAgain(journey.id, ports.ids.uuid(), now)] : []),
    ],
    places: leaves ? placesOf(offer, { taken: -1, drawn: 0 }) : [],
  };
};

/** What follows in the same case: an interview after a course. */
const followingOf = (
  ports: Ports,
  journey: Journey,
  offer: Offer,
  event: Event,
): Pick<Change, "events" | "branches"> => {
  const programme = programmeOf(ports.rulebook, offer, event.at);
  const { content, siblings } = journey;
  if (programme === undefined || content === undefined) return { events: [], branches: [] };
  return openBranches(
    { referral: journey.id, content, siblings, sequence: event.sequence },
    followsFrom(programme, event.body),
    { uuid: ports.ids.uuid, reference: () => referenceFrom(ports.ids.bytes(16)), now: event.at },
  );
};
