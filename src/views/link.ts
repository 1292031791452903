// What is behind this link? Looking changes nothing: scanners of mail open every link there is.
import { standingOf } from "../core/link.ts";
import { opens } from "../core/visitable.ts";
import type { Clients } from "../ports/clients.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Doorkeeper, Links } from "../ports/links.ts";
import type { Clock, Digest } from "../ports/system.ts";

type Ports = { links: Links; ledger: Ledger; clients: Clients; clock: Clock; digest: Digest };

export const createLinkView =
  ({ links, ledger, clients, clock, digest }: Ports): Doorkeeper["look"] =>
  async (token) => {
    const link = await links.byToken(digest("link", token));
    const client = link && (await clients.byId(link.client));
    if (link === undefined || client === undefined || client.revokedAt !== undefined) return { standing: "unknown" };
    const journey = await ledger.openByOffer(link.offer);
    const offer = journey?.offers.find((one) => one.id === link.offer);
    if (journey?.content === undefined || offer === undefined) return { standing: "closed", offer: link.offer };
    if (opens(journey, offer, clock.now()) === undefined) return { standing: "closed", offer: link.offer };
    const phone = client.reach?.by === "email" ? { phone: client.reach.mobile.slice(-2) } : {};
    return { standing: standingOf(link, clock.now()), offer: link.offer, ...phone };
  };
