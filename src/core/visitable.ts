// Whether there is anything left to open behind a link: an offer that is open, a recall to answer, or a question about a job.
import type { Mark } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { KeptReport } from "../../schemas/outcome-report.ts";
import type { Recall } from "../../schemas/recall.ts";
import { dayOf } from "./calendar.ts";
import { isClosed } from "./lifecycle.ts";
import { toTell } from "./outcomes/checkpoints.ts";
import { isAsked } from "./recalls.ts";

type Journey = { recalls: readonly Recall[]; reports: readonly KeptReport[]; marks: readonly Mark[] };

export const opens = (journey: Journey, offer: Offer, now: Date): "offer" | "recall" | "question" | undefined => {
  if (!isClosed(offer.status)) return "offer";
  if (journey.recalls.some((one) => one.offer === offer.id)) return isAsked(journey, offer, now) ? "recall" : undefined;
  return toTell(offer, journey.reports, journey.marks, dayOf(now)) === undefined ? undefined : "question";
};
