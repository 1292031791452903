// Sends another link, because someone who opened an old one asked for it: to the registered address, and only so often.
import { mayAskAgain } from "../core/link.ts";
import type { Clients } from "../ports/clients.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Doorkeeper, Invite, Links } from "../ports/links.ts";
import type { Clock, Digest } from "../ports/system.ts";
import { opens } from "../core/visitable.ts";

/** The letter says again what the first one said. */
const ABOUT = { offer: undefined, recall: "recalled", question: "checkpoint" } as const;

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
    const behind = opens(journey, offer, clock.now());
    if (behind === undefined) return "gone";
    if (!mayAskAgain(await links.ofOffer(offer.id), clock.now())) return "too-many";
    const again = ABOUT[behind];
    const about = again === undefined ? {} : { about: { kind: again, at: new Date(0) } };
    const outcome = await invite({ offer, reference: journey.reference, ...about }, client);
    return outcome.kind === "accepted" || outcome.kind === "unknown" ? "sent" : "not-sent";
  };
