// Taking referrals back: the withdrawal, the recall that its holders hear until they answer, their answers, and what changed.
import type { Holidays } from "../schemas/holidays.ts";
import type { Agenda, Bell } from "./ports/agenda.ts";
import type { Breakers } from "./ports/breakers.ts";
import type { Clients } from "./ports/clients.ts";
import type { Ledger } from "./ports/ledger.ts";
import type { Transports } from "./ports/outward.ts";
import type { Rulebook } from "./ports/rulebook.ts";
import type { Steps } from "./ports/steps.ts";
import type { Clock, Ids } from "./ports/system.ts";
import type { createAnswer } from "./steps/answer.ts";
import { createAnswerRecall } from "./steps/answer-recall.ts";
import { createRecall } from "./steps/recall.ts";
import { createRectify } from "./steps/rectify.ts";
import { createWithdraw } from "./steps/withdraw.ts";

type Ground = { ledger: Ledger; rulebook: Rulebook; holidays: Holidays; clock: Clock; ids: Ids; bell: Bell };
type Parts = Ground & { agenda: Agenda; clients: Clients; transports: Transports; breakers: Breakers };

export const composeTakingBack = (parts: Parts): Pick<Steps, "recall" | "rectify" | "withdraw"> => ({
  recall: createRecall(parts),
  rectify: createRectify(parts),
  withdraw: createWithdraw(parts),
});

type AnswerOffer = ReturnType<typeof createAnswer>;

/** All that a provider may say of an offer: a step on it, or its answer to a recall. */
export const composeAnswer = (
  ground: Omit<Ground, "rulebook" | "holidays">,
  answerOffer: AnswerOffer,
): Steps["answer"] => {
  const answerRecall = createAnswerRecall(ground);
  return (client, offer, said) =>
    said.verb === "recall" ? answerRecall(client, offer, said) : answerOffer(client, offer, said);
};
