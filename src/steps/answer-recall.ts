// A holder's answer to a recall: deleted, kept with its basis and until when, or never held. It may be corrected later.
import { mayAnswer } from "../core/partner.ts";
import { againstAnswer, answered, askAgain, sameAnswer } from "../core/recalls.ts";
import type { Client } from "../../schemas/client.ts";
import type { Event } from "../../schemas/event.ts";
import { reason } from "../../schemas/reason.ts";
import type { RecallAnswer } from "../../schemas/recall.ts";
import type { Bell } from "../ports/agenda.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { AnswerResult } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = { ledger: Ledger; clock: Clock; ids: Ids; bell: Bell };

/** Other commits may come between reading and writing; each time the recall is read again. */
const TRIES = 8;

export const createAnswerRecall =
  ({ ledger, clock, ids, bell }: Ports) =>
  async (client: Client, offerId: string, said: RecallAnswer): Promise<AnswerResult> => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const journey = await ledger.openByOffer(offerId);
      const offer = journey?.offers.find((one) => one.id === offerId);
      const owns = client.kind === "provider" && offer?.test === client.test && mayAnswer(offer, client.organisation);
      if (journey === undefined || offer === undefined || !owns) return { outcome: "not-found" };
      const recall = journey.recalls.find((one) => one.offer === offerId);
      if (recall === undefined) return { outcome: "refused", reasons: [reason("no-recall")] };
      if (sameAnswer(recall, said)) return { outcome: "repeated", offer };
      const now = clock.now();
      const faults = againstAnswer(said, now);
      if (faults.length > 0) return { outcome: "refused", reasons: faults };

      const after = answered(recall, said, now);
      const { answer, basis, until } = said;
      const kept = { ...(basis === undefined ? {} : { basis }), ...(until === undefined ? {} : { until }) };
      const event: Event = {
        id: ids.uuid(),
        referral: journey.id,
        sequence: journey.sequence + 1,
        at: now,
        actor: client.id,
        body: { type: "recall-answered", offer: offerId, answer, ...kept },
      };
      // commits: the event, the recall as it now stands, and for what is kept the day on which it is asked for again
      const result = await ledger.commit({
        referral: journey.id,
        version: journey.version,
        status: journey.status,
        events: [event],
        recalls: [after.recall],
        work: after.again === undefined ? [] : [askAgain(offer, ids.uuid(), after.again)],
      });
      if (result === "committed") {
        bell.nudge();
        return { outcome: "changed", offer };
      }
    }
    return { outcome: "refused", reasons: [reason("conflict")] };
  };
