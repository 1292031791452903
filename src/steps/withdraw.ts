// Takes a referral back for its referrer, or for the person through them or an operator: what is queued ends before its next
// attempt, and whoever holds the person's data is asked to delete it.
import { sentIt } from "../core/ownership.ts";
import { answerBy } from "../core/recalls.ts";
import { programmeOf } from "../core/under.ts";
import { withdraw } from "../core/withdraw.ts";
import type { Holidays } from "../../schemas/holidays.ts";
import { reason } from "../../schemas/reason.ts";
import type { Bell } from "../ports/agenda.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Adviser, Steps } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = { ledger: Ledger; rulebook: Rulebook; holidays: Holidays; clock: Clock; ids: Ids; bell: Bell };

/** Other commits may come between reading and writing: a withdrawal is read again and written until it stands. */
const TRIES = 20;

export const createWithdraw =
  ({ ledger, rulebook, holidays, clock, ids, bell }: Ports): Steps["withdraw"] =>
  async (by, referral, { reason: why, by: whose, text }) => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const journey = await ledger.open(referral);
      if (journey === undefined || !mayWithdraw(by, journey)) return { outcome: "not-found" };
      const { reference } = journey;
      const now = clock.now();
      const change = withdraw(
        journey,
        { reasons: [reason(why)], by: whose, actor: "client" in by ? by.client.id : "operator", note: text },
        (offer) => answerBy(programmeOf(rulebook, offer, now), holidays, now),
        () => ids.uuid(),
        now,
      );
      if (change === undefined) return { outcome: "repeated", reference };
      // commits: the event with its sealed note, open offers as recalled with their places, a recall for each holder with the
      // work that tells it, and the news for the referrer
      const result = await ledger.commit(change);
      if (result === "committed") {
        bell.nudge();
        return { outcome: "recorded", reference };
      }
    }
    return { outcome: "refused", reasons: [reason("conflict")] };
  };

const mayWithdraw = (by: Adviser, journey: Parameters<typeof sentIt>[1]): boolean =>
  "operator" in by || sentIt(by.client, journey);
