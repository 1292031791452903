// Trades a link and its code for one visit. Both end with it.
import { CODE, sameDigest, standingOf, tidyCode, visitEnds } from "../core/link.ts";
import type { Codes, Doorkeeper, Links } from "../ports/links.ts";
import type { Clock, Digest, Ids } from "../ports/system.ts";

type Ports = { links: Links; codes: Codes; clock: Clock; ids: Ids; digest: Digest };

export const createRedeem =
  ({ links, codes, clock, ids, digest }: Ports): Doorkeeper["redeem"] =>
  async (token, typed) => {
    const now = clock.now();
    const link = await links.byToken(digest("link", token));
    if (link === undefined || standingOf(link, now) !== "open") return { outcome: "gone" };

    const out = await codes.attempt(link.id, CODE.tries);
    if (out === undefined) return { outcome: "no-code" };
    const shown = digest("code", `${link.id}:${tidyCode(typed)}`);
    if (!sameDigest(out.digest, shown)) return { outcome: "wrong", left: out.left };
    if (!(await codes.spend(link.id, out.digest))) return { outcome: "no-code" };

    const session = ids.bytes(32).toString("base64url");
    const opened = await links.redeem(link.id, { token: digest("session", session), ...visitEnds(now) });
    return opened ? { outcome: "in", session } : { outcome: "gone" };
  };
