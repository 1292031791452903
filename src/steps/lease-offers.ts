// A provider's workers share its queue: each takes offers for a while, keeps them longer, or gives them back.
import type { OfferLeases } from "../ports/offer-leases.ts";
import type { Steps } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = { leases: OfferLeases; clock: Clock; ids: Ids };

export const createLeaseOffers = ({
  leases,
  clock,
  ids,
}: Ports): Pick<Steps, "leaseOffers" | "renewOffers" | "returnOffers"> => {
  const after = (seconds: number): Date => new Date(clock.now().getTime() + seconds * 1_000);
  return {
    leaseOffers: async (client, { limit, seconds }) => {
      const [lease, until] = [ids.uuid(), after(seconds)];
      // commits: a lease on each offer that it is given
      return { lease, until, offers: await leases.take(client, lease, until, limit) };
    },
    // commits: a later end of the leases that hold still
    renewOffers: (client, lease, seconds) => leases.renew(client, lease, after(seconds)),
    // takes away: the leases
    returnOffers: (client, lease, offers) => leases.giveBack(client, lease, offers),
  };
};
