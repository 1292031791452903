// Knows a visitor again, and lengthens the visit by a while. A visit ends with its client.
import { visitEnds } from "../core/link.ts";
import type { Clients } from "../ports/clients.ts";
import type { Doorkeeper, Links } from "../ports/links.ts";
import type { Clock, Digest } from "../ports/system.ts";

type Ports = { links: Links; clients: Clients; clock: Clock; digest: Digest };

export const createVisitor =
  ({ links, clients, clock, digest }: Ports): Doorkeeper["visitor"] =>
  async (session) => {
    const link = await links.visit(digest("session", session), visitEnds(clock.now()).until);
    const client = link && (await clients.byId(link.client));
    if (link === undefined || client === undefined || client.revokedAt !== undefined) return undefined;
    return { client, offer: link.offer, form: digest("form", session) };
  };

export const createLeave =
  ({ links, digest }: Pick<Ports, "links" | "digest">): Doorkeeper["leave"] =>
  (session) =>
    links.leave(digest("session", session));
