// Sends the code that opens a link to the telephone that was seen to be the provider's own, and to no other.
import { CODE, codeEnds, codeFrom, standingOf } from "../core/link.ts";
import type { Clients } from "../ports/clients.ts";
import type { Codes, Doorkeeper, Links } from "../ports/links.ts";
import type { Letters } from "../ports/outward.ts";
import type { Clock, Digest, Ids } from "../ports/system.ts";

type Ports = { links: Links; codes: Codes; clients: Clients; letters: Letters; clock: Clock; ids: Ids; digest: Digest };

export const createSendCode =
  ({ links, codes, clients, letters, clock, ids, digest }: Ports): Doorkeeper["sendCode"] =>
  async (token) => {
    const now = clock.now();
    const link = await links.byToken(digest("link", token));
    if (link === undefined || standingOf(link, now) !== "open") return "gone";
    const client = await clients.byId(link.client);
    if (client?.reach?.by !== "email" || client.revokedAt !== undefined || client.reachCheckedAt === undefined)
      return "gone";

    const code = codeFrom(ids.bytes(8));
    const issued = { digest: digest("code", `${link.id}:${code}`), until: codeEnds(now), most: CODE.most };
    if (!(await codes.issue(link.id, issued))) return "too-many";
    const letter = { id: ids.uuid(), template: "offer-code", values: { code, minutes: CODE.minutes } } as const;
    const outcome = await letters.send(letter, { by: "text", mobile: client.reach.mobile });
    // An answer that was lost: the code may come all the same, and it holds.
    return outcome.kind === "accepted" || outcome.kind === "unknown" ? "sent" : "not-sent";
  };
