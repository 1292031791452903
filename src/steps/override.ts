// An adviser sets a clause aside, or takes up a recommendation: name and reason are kept, and the case is decided anew.
import { assessAgain } from "../core/recall.ts";
import { RECOMMENDED, type OverrideRequest } from "../../schemas/case.ts";
import type { Event } from "../../schemas/event.ts";
import type { Programme } from "../../schemas/programme.ts";
import { reason } from "../../schemas/reason.ts";
import { sentIt } from "../core/ownership.ts";
import { next } from "../core/lifecycle.ts";
import type { Bell } from "../ports/agenda.ts";
import type { Journey, Ledger } from "../ports/ledger.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Adviser, Steps } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = { ledger: Ledger; rulebook: Rulebook; clock: Clock; ids: Ids; bell: Bell };

/** Other commits may come between reading and writing; each time the referral is read again. */
const TRIES = 8;

export const createOverride =
  (ports: Ports): Steps["override"] =>
  async (by, referral, request) => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const journey = await ports.ledger.open(referral);
      if (journey === undefined || !mayAdvise(by, journey)) return { outcome: "not-found" };
      const { reference } = journey;
      if (journey.overrides.some((one) => one.programme === request.programme && one.clause === request.clause))
        return { outcome: "repeated", reference };

      const now = ports.clock.now();
      const programme = ports.rulebook.inForce(now).find((one) => one.programme.programme === request.programme);
      if (!mayBeSetAside(by, programme?.programme, request.clause))
        return { outcome: "refused", reasons: [reason("not-overridable", "clause")] };
      // Once a provider is asked, or all is over, there is nothing to decide anew.
      if (next(journey.status, "offered") === undefined)
        return { outcome: "refused", reasons: [reason("not-your-turn")] };

      // commits: the event with its sealed note, and the work that decides anew
      const result = await ports.ledger.commit({
        referral: journey.id,
        version: journey.version,
        status: journey.status,
        events: [eventOf(ports, journey, by, request, now)],
        work: [assessAgain(journey.id, ports.ids.uuid(), now)],
      });
      if (result === "committed") {
        ports.bell.nudge();
        return { outcome: "recorded", reference };
      }
    }
    return { outcome: "refused", reasons: [reason("conflict")] };
  };

const mayAdvise = (by: Adviser, journey: Journey): boolean => "operator" in by || sentIt(by.client, journey);

/** Whoever recommended cannot also decide: that is for the commissioner's own people. */
const mayBeSetAside = (by: Adviser, programme: Programme | undefined, clause: string): boolean => {
  if (programme === undefined) return false;
  if (clause === RECOMMENDED) return "operator" in by && programme.mayRecommend.length > 0;
  return programme.eligibility.some((one) => one.id === clause && one.override === true);
};

const eventOf = (
  { ids }: Ports,
  journey: Journey,
  by: Adviser,
  { programme, clause, adviser, reason: why }: OverrideRequest,
  at: Date,
): Event => ({
  id: ids.uuid(),
  referral: journey.id,
  sequence: journey.sequence + 1,
  at,
  actor: "client" in by ? by.client.id : "operator",
  body: { type: "overridden", programme, clause },
  note: [adviser.name, adviser.role, why].filter((one) => one !== undefined).join("\n"),
});
