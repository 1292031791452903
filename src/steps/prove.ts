// The person shows who they are: their link and their date of birth. Whatever is wrong with either is answered alike.
import { ASKING, askStanding, askVisitEnds } from "../core/asking.ts";
import { sameDigest } from "../core/link.ts";
import type { AskDesk, ConsentRequests } from "../ports/asking.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Clock, Digest, Ids } from "../ports/system.ts";

type Ports = {
  ledger: Pick<Ledger, "open" | "amendment">;
  requests: ConsentRequests;
  clock: Clock;
  ids: Ids;
  digest: Digest;
};

export const createProve =
  ({ ledger, requests, clock, ids, digest }: Ports): AskDesk["prove"] =>
  async (token, birthDate) => {
    const request = await requests.attempt(digest("ask", token), ASKING.tries);
    const journey = request && (await ledger.open(request.referral));
    const known = journey?.content?.person.birthDate;
    if (request === undefined || journey === undefined || known === undefined) return { outcome: "no" };
    // In equal time, wherever the first difference is.
    if (!sameDigest(digest("ask", known), digest("ask", birthDate))) return { outcome: "no" };

    const now = clock.now();
    const answered = (await ledger.amendment(request.referral, digest("key", request.id))) !== undefined;
    const standing = askStanding(request, journey, answered, now);
    const session = ids.bytes(32).toString("base64url");
    const visit = standing === "open" ? { token: digest("ask-visit", session), until: askVisitEnds(now) } : undefined;
    // commits: tries begin anew, and the one visit that goes on, if there is anything left to answer
    await requests.open(request.id, visit);
    return standing === "open" ? { outcome: "in", session } : { outcome: "over", standing };
  };

export const createLeaveAsk =
  ({ requests, digest }: Pick<Ports, "requests" | "digest">): AskDesk["leave"] =>
  (session) =>
    requests.leave(digest("ask-visit", session));
