// A prime gives an offer of its own to a delivery partner. Consent is read again, for somebody else is to hear of the person.
import { againstPartner, inOtherHands } from "../core/partner.ts";
import { isClosed, nextOffer } from "../core/lifecycle.ts";
import type { TermsOf } from "../core/terms.ts";
import { programmeOf } from "../core/under.ts";
import type { Offer } from "../../schemas/offer.ts";
import { reason } from "../../schemas/reason.ts";
import type { Bell } from "../ports/agenda.ts";
import type { Clients } from "../ports/clients.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Steps } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = {
  ledger: Ledger;
  clients: Pick<Clients, "byOrganisation">;
  rulebook: Rulebook;
  terms: TermsOf;
  clock: Clock;
  ids: Ids;
  bell: Bell;
};

/** Other commits may come between reading and writing; each time the offer is read again. */
const TRIES = 8;

/** It was shown who the person is: what it holds would stay with it, and nobody would ask for it back. */
const heldByPartner = ({ assignedTo, status }: Offer): boolean =>
  assignedTo !== undefined && nextOffer(status, "contact") !== undefined;

export const createAssign =
  ({ ledger, clients, rulebook, terms, clock, ids, bell }: Ports): Steps["assign"] =>
  async (client, offerId, { to }) => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const journey = await ledger.openByOffer(offerId);
      const offer = journey?.offers.find((one) => one.id === offerId);
      const own = client.kind === "provider" && offer?.provider === client.organisation && offer.test === client.test;
      if (journey === undefined || offer === undefined || !own) return { outcome: "not-found" };
      if (journey.content === undefined || isClosed(offer.status))
        return { outcome: "refused", reasons: [reason("offer-closed")] };
      if (offer.assignedTo === to) return { outcome: "repeated", offer };
      if (heldByPartner(offer)) return { outcome: "refused", reasons: [reason("not-your-turn")] };
      const now = clock.now();
      const programme = programmeOf(rulebook, offer, now);
      const against = againstPartner(programme, offer, to, rulebook.directory(), journey.content, now);
      const reached = await clients.byOrganisation("provider", to, offer.test);
      if (against.length > 0) return { outcome: "refused", reasons: against };
      if (reached === undefined) return { outcome: "refused", reasons: [reason("not-a-partner", "to")] };
      const change = inOtherHands(
        journey,
        offer,
        { type: "assigned", offer: offer.id, to },
        { actor: client.id, now, terms: terms(offer, journey.content, now), nextId: () => ids.uuid() },
      );
      // commits: the event, the offer in the partner's hands with its clock, and the work that sends it there
      if ((await ledger.commit(change)) === "committed") {
        bell.nudge();
        return { outcome: "changed", offer: change.offers[0] ?? offer };
      }
    }
    return { outcome: "refused", reasons: [reason("conflict")] };
  };
