// The clock of a hold: halfway the referrer is reminded, at the end the referral expires. A hold that was lifted does neither.
import { ring } from "../core/hold.ts";
import type { Agenda, Bell } from "../ports/agenda.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Steps } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = { ledger: Ledger; agenda: Agenda; clock: Clock; ids: Ids; bell: Bell };

/** Both verbs: the kind of the work says which. */
export const createHoldClock =
  ({ ledger, agenda, clock, ids, bell }: Ports): Steps["remind"] & Steps["expire"] =>
  async (work) => {
    const journey = await ledger.open(work.referral);
    const change = journey?.content === undefined ? undefined : ring(journey, work, () => ids.uuid(), clock.now());
    if (change === undefined) return (await agenda.settle(work, { kind: "done" })) ? "done" : "nothing";
    // commits: the event, the referral's status, the news of it and the work that sends it; the clock's own row goes.
    // Stale: an answer came in the same moment, and the hold that it lifted is no longer ours to end.
    const result = await ledger.commit(change);
    if (result === "committed") bell.nudge();
    return result === "committed" ? "done" : "nothing";
  };
