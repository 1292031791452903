// Sees at sign-up that a telephone is the provider's own: a code goes there, and comes back by word of mouth.
import { CODE, codeEnds, codeFrom, sameDigest, tidyCode } from "../core/link.ts";
import type { Clients } from "../ports/clients.ts";
import type { Codes, NumberCheck } from "../ports/links.ts";
import type { Letters } from "../ports/outward.ts";
import type { Clock, Digest, Ids } from "../ports/system.ts";

type Ports = { clients: Clients; codes: Codes; letters: Letters; clock: Clock; ids: Ids; digest: Digest };

/** An operator is at it, not a stranger: many may be sent, yet not without end. */
const MOST = 50;

export const createNumberCheck = ({ clients, codes, letters, clock, ids, digest }: Ports): NumberCheck => ({
  async send(client) {
    if (client.reach?.by !== "email") return { kind: "refused", cause: "no-address" };
    const code = codeFrom(ids.bytes(8));
    const until = codeEnds(clock.now());
    const issued = await codes.issue(client.id, { digest: digest("code", `${client.id}:${code}`), until, most: MOST });
    if (!issued) return "too-many";
    const letter = { id: ids.uuid(), template: "number-check", values: { code, minutes: CODE.minutes } } as const;
    return letters.send(letter, { by: "text", mobile: client.reach.mobile });
  },

  async compare(client, typed) {
    const out = await codes.attempt(client.id, CODE.tries);
    if (out === undefined) return { outcome: "no-code" };
    const shown = digest("code", `${client.id}:${tidyCode(typed)}`);
    if (!sameDigest(out.digest, shown)) return { outcome: "wrong", left: out.left };
    if (!(await codes.spend(client.id, out.digest))) return { outcome: "no-code" };
    await clients.reachChecked(client.id);
    return { outcome: "checked" };
  },
});
