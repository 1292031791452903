// Sends another link, because someone who opened an old one asked for it: to the registered address, and only so often.
import { mayAskAgain } from "../core/link.ts";
import type { Clients } from "../ports/clients.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Doorkeeper, Invite, Links } from "../ports/links.ts";
import type { Clock, Digest } from "../ports/system.ts";
import { isClosed } from "../core/lifecycle.ts";
import { isAsked } from "../core/recalls.ts";

type Ports = { links: Links; ledger: Ledger; clients: Clients; invite: Invite; clock: Clock; digest: Digest };

export const createRelink =
  ({ links, ledger, clients, invite, clock, digest }: Ports): Doorkeeper["relink"] =>
  async (token) => {
    const link = await links.byToken(digest("link", token));
    const client = link && (await clients.byId(link.client));
    if (link === undefined || client === undefined || client.revokedAt !== undefined) return "gone";
    const journey = await ledger.openByOffer(link.offer);
    const offer = journey?.offers.find((one) => one.id === link.offer);
    if (journey?.content === undefined || offer === undefined) return "gone";
    if (isClosed(offer.status) && !isAsked(journey, offer, clock.now())) return "gone";
    if (!mayAskAgain(await links.ofOffer(offer.id), clock.now())) return "too-many";
    const outcome = await invite({ offer, reference: journey.reference }, client);
    return outcome.kind === "accepted" || outcome.kind === "unknown" ? "sent" : "not-sent";
  };
