// An offer's clock rings: remind its provider, tell others, or take it back and ask the next service.
import type { Holidays } from "../../schemas/holidays.ts";
import type { Offer } from "../../schemas/offer.ts";
import { answerBy } from "../core/recalls.ts";
import { rung } from "../core/lapse.ts";
import type { TermsOf } from "../core/terms.ts";
import { programmeOf } from "../core/under.ts";
import type { Agenda, Bell } from "../ports/agenda.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Steps } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = {
  ledger: Ledger;
  agenda: Agenda;
  rulebook: Rulebook;
  holidays: Holidays;
  terms: TermsOf;
  clock: Clock;
  ids: Ids;
  bell: Bell;
};

const underOf = ({ rulebook, holidays }: Pick<Ports, "rulebook" | "holidays">, offer: Offer, now: Date) => {
  const programme = programmeOf(rulebook, offer, now);
  return { tells: programme?.tells, answerBy: answerBy(programme, holidays, now) };
};

export const createChase =
  ({ ledger, agenda, rulebook, holidays, terms, clock, ids, bell }: Ports): Steps["chase"] =>
  async (work) => {
    const journey = await ledger.open(work.referral);
    const offer = journey?.offers.find((one) => one.id === work.subject);
    const now = clock.now();
    const found =
      journey?.content === undefined || offer === undefined
        ? undefined
        : rung(
            journey,
            {
              offer,
              terms: terms(offer, journey.content, now),
              work,
              under: underOf({ rulebook, holidays }, offer, now),
            },
            () => ids.uuid(),
            now,
          );
    // A closed offer owes nothing; nor does one whose person was erased.
    if (found === undefined) return (await agenda.settle(work, { kind: "done" })) ? "done" : "nothing";
    if ("again" in found) {
      const due = { kind: "again", due: found.again, attempted: false, cause: "clock-runs", afresh: true } as const;
      return (await agenda.settle(work, due)) ? "again" : "nothing";
    }
    // commits: the event, the offer with what it owes now, its next clock, the work that tells its provider and others;
    // of a lapse also the referral's status, the news of it, the recall, the place given back and the work that decides anew.
    // Stale: an answer came in the same moment, and wound the clock itself.
    const result = await ledger.commit(found.change);
    if (result === "committed") bell.nudge();
    return result === "committed" ? "done" : "nothing";
  };
