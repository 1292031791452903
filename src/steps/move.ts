// An operator moves one offer of a caseload to another service of its programme, because its provider leaves or fails.
import type { Holidays } from "../../schemas/holidays.ts";
import type { Offer } from "../../schemas/offer.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import { againstMove, moved, targetOf } from "../core/caseload.ts";
import { takeBack } from "../core/recall.ts";
import { answerBy } from "../core/recalls.ts";
import type { TermsOf } from "../core/terms.ts";
import { programmeOf } from "../core/under.ts";
import type { Change, Journey, Ledger } from "../ports/ledger.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Move } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = { ledger: Ledger; rulebook: Rulebook; holidays: Holidays; terms: TermsOf; clock: Clock; ids: Ids };

const TRIES = 8;
const DEED = { verb: "caseload.move" } as const;
const TAKEN: ReadonlySet<Offer["status"]> = new Set(["accepted", "started"]);
const ASKED: ReadonlySet<Offer["status"]> = new Set(["sent", "acknowledged"]);

export const createMove =
  (ports: Ports): Move =>
  async (offerId, service, { by, why }) => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const journey = await ports.ledger.openByOffer(offerId);
      const offer = journey?.offers.find((one) => one.id === offerId);
      if (journey?.content === undefined || offer === undefined) return { outcome: "gone" };
      const { reference } = journey;
      if (!TAKEN.has(offer.status) && !ASKED.has(offer.status)) return { outcome: "gone" };
      const note = `${by}\n${why}`;
      const change = changeOf(ports, { ...journey, content: journey.content }, offer, service, note);
      if (Array.isArray(change)) return { outcome: "refused", reference, reasons: change };
      // commits: for help that was taken the event, the old offer closed with its recall, the new one with its clock and the work
      // that sends it, and the places; for what was only asked the recall, and the work that decides anew; of both the news and the line in the audit
      const deed = {
        ...DEED,
        id: ports.ids.uuid(),
        by,
        subjects: [journey.id, offerId],
        codes: { service, reason: why },
      };
      if ((await ports.ledger.commit({ ...change, deed })) === "committed")
        return { outcome: TAKEN.has(offer.status) ? "moved" : "decided-anew", reference };
    }
    return { outcome: "gone" };
  };

type Open = Journey & { content: NonNullable<Journey["content"]> };

const changeOf = (ports: Ports, journey: Open, offer: Offer, service: string, note: string): Change | Reason[] => {
  const { rulebook, holidays, terms, clock, ids } = ports;
  const now = clock.now();
  const programme = programmeOf(rulebook, offer, now);
  const under = { tells: programme?.tells, answerBy: answerBy(programme, holidays, now) };
  if (ASKED.has(offer.status)) {
    return takeBack(journey, offer, [reason("caseload-moved")], () => ids.uuid(), now, under);
  }
  const target = programme && targetOf(programme, service, now);
  if (programme === undefined || target === undefined) return [reason("contract-over")];
  const against = againstMove(programme, target, rulebook.directory(), journey.content, now);
  if (against.length > 0) return against;
  const own = terms({ ...offer, ...target }, journey.content, now);
  const nextId = () => ids.uuid();
  return moved(journey, offer, target, { id: ids.uuid(), note, now, terms: own, under, nextId });
};
