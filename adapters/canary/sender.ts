// The canary's referrer sends: a hand-off of nobody, through the door that Jobcentres come in by.
import { CANARY_REFERRER } from "../../schemas/canary.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { Inward } from "../http/inward.ts";
import { issueToken } from "../http/token.ts";
import { CANARY_AUTHORITY, CANARY_NEED } from "./rules.ts";

type Options = { inward: Inward; tokenKey: Buffer; clock: Clock };

/** Nobody: no number, no day of birth, no address, so that no person can ever be taken for it. */
const handOff = (id: string, now: Date) => ({
  handoffId: id,
  correlationId: id,
  need: { code: CANARY_NEED },
  person: { familyName: "Canary", lauaCode: CANARY_AUTHORITY },
  participation: "voluntary",
  flags: { safeguarding: "none", incidentMarker: false },
  consent: [
    {
      kind: "share",
      decision: "given",
      purpose: "referral",
      recipientClasses: ["charity"],
      at: now.toISOString(),
      how: "spoken",
    },
  ],
});

/** Why it was not taken; undefined when it was. */
export const createCanarySender =
  ({ inward, tokenKey, clock }: Options) =>
  async (id: string): Promise<string | undefined> => {
    const now = clock.now();
    const { status } = await inward({
      method: "POST",
      path: "/jobcentre/v1/handoffs",
      headers: {
        authorization: `Bearer ${issueToken(tokenKey, CANARY_REFERRER, ["handoff.create"], now)}`,
        "content-type": "application/json",
        "gov-uk-originator-id": "waymark-canary",
      },
      body: JSON.stringify(handOff(id, now)),
    });
    return status === 202 ? undefined : `answered-${status}`;
  };
