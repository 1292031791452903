// The life of a recall: who must hear of it, by when it is answered, when it is asked again, and what an answer may say.
import type { Holidays } from "../../schemas/holidays.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Programme } from "../../schemas/programme.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { Recall, RecallAnswer, RecallStanding } from "../../schemas/recall.ts";
import type { PlainDate } from "../../schemas/text.ts";
import type { NewWork } from "../../schemas/work.ts";
import { dayOf, daysAfter, monthsAfter, noonOf } from "./calendar.ts";
import { addWorkingDays } from "./clock.ts";
import { holderOf } from "./holder.ts";

/** Working days of the programme's nation to answer in. Who has not answered by then is asked again, until they do. */
export const ANSWER_DAYS = 5;

/** Nobody keeps a referral's data for longer than this and calls it an answer. */
const LONGEST_MONTHS = 30 * 12;

export const answerBy = (programme: Pick<Programme, "nations"> | undefined, holidays: Holidays, now: Date): PlainDate =>
  addWorkingDays(dayOf(now), ANSWER_DAYS, programme?.nations[0] ?? "england", holidays);

/** Whoever was asked, or took it: also after its end they hold what they were given. Who said no was shown nobody. */
const HOLDS: ReadonlySet<Offer["status"]> = new Set(["sent", "acknowledged", "accepted", "started", "ended"]);

export const holds = ({ status }: Pick<Offer, "status">): boolean => HOLDS.has(status);

/** A recall as it begins, and the work that tells its holder. */
export const beginRecall = (offer: Offer, by: PlainDate, id: string, now: Date): { recall: Recall; work: NewWork } => {
  const { id: of, referral, service, test } = offer;
  return {
    recall: { offer: of, referral, provider: holderOf(offer), service, test, askedAt: now, answerBy: by, told: 0 },
    work: telling(offer, id, now),
  };
};

type Held = Pick<Offer, "id" | "referral" | "provider" | "assignedTo">;

/** In a lane of its own: it waits for no offer that is still on its way to the same provider. */
export const telling = (offer: Held, id: string, due: Date): NewWork => ({
  id,
  kind: "recall",
  subject: offer.id,
  referral: offer.referral,
  destination: `recall:${holderOf(offer)}`,
  due,
});

/** Where recalls wait for an answer, or for the day until which something is kept: our own clock, which nobody can hold up. */
export const WAITING = "recalls";

export const askAgain = (offer: Held, id: string, due: Date): NewWork => ({
  ...telling(offer, id, due),
  destination: WAITING,
});

/** Answered, or kept for a time that is not over. */
export const isSettled = (recall: Recall, now: Date): boolean =>
  recall.answer !== undefined && !(recall.answer === "kept" && (recall.keptUntil ?? "") < dayOf(now));

/** Its provider still owes an answer to a recall. */
export const isAsked = (journey: { recalls: readonly Recall[] }, { id }: Pick<Offer, "id">, now: Date): boolean =>
  journey.recalls.some((one) => one.offer === id && !isSettled(one, now));

/** Told once more; the next time is due when this one's days are over. */
export const toldAgain = (recall: Recall, by: PlainDate, now: Date): { recall: Recall; next: Date } => {
  const { answer: _, basis: _basis, keptUntil: _until, answeredAt: _at, ...open } = recall;
  const answerBy = recall.told === 0 ? recall.answerBy : by;
  return { recall: { ...open, answerBy, told: recall.told + 1, toldAt: now }, next: noonOf(daysAfter(answerBy, 1)) };
};

/** What stands against an answer, all at once. */
export const againstAnswer = ({ until }: RecallAnswer, now: Date): Reason[] => {
  const today = dayOf(now);
  if (until === undefined) return [];
  if (until <= today) return [reason("kept-past", "until")];
  return until > monthsAfter(today, LONGEST_MONTHS) ? [reason("kept-too-long", "until")] : [];
};

export const sameAnswer = (recall: Recall, said: RecallAnswer): boolean =>
  recall.answer === said.answer && recall.basis === said.basis && recall.keptUntil === said.until;

/** What is kept is asked for again on the day after its time; what is deleted is done with. */
export const answered = (recall: Recall, said: RecallAnswer, now: Date): { recall: Recall; again?: Date } => {
  const { basis, until, answer } = said;
  const { basis: _, keptUntil: _until, ...rest } = recall;
  const kept = { ...(basis === undefined ? {} : { basis }), ...(until === undefined ? {} : { keptUntil: until }) };
  return {
    recall: { ...rest, ...kept, answer, answeredAt: now },
    ...(until === undefined ? {} : { again: noonOf(daysAfter(until, 1)) }),
  };
};

/** `late`: the day by which it should have answered is over, or it was told more than once. */
export const recallStanding = (recall: Recall, now: Date): RecallStanding => {
  if (isSettled(recall, now)) return recall.answer ?? "waits";
  return recall.told > 1 || recall.answerBy < dayOf(now) || recall.answer !== undefined ? "late" : "waits";
};

/** As it is shown to whoever may see it. */
export const recallView = (recall: Recall, now: Date) => {
  const { offer, askedAt, answerBy: by, told, toldAt, answer, basis, keptUntil, answeredAt } = recall;
  return {
    offer,
    state: recallStanding(recall, now),
    askedAt: askedAt.toISOString(),
    answerBy: by,
    told,
    ...(toldAt === undefined ? {} : { toldAt: toldAt.toISOString() }),
    ...(answer === undefined ? {} : { answer }),
    ...(basis === undefined ? {} : { basis }),
    ...(keptUntil === undefined ? {} : { until: keptUntil }),
    ...(answeredAt === undefined ? {} : { answeredAt: answeredAt.toISOString() }),
  };
};
