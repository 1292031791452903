// Checkpoints of a job at 4, 13, 26 and 52 weeks: when each falls due, which is to be asked about now, and how often.
import type { Mark } from "../../../schemas/event.ts";
import {
  type CheckpointAnswer,
  type CheckpointWeek,
  CHECKPOINTS,
  type KeptReport,
} from "../../../schemas/outcome-report.ts";
import type { Offer } from "../../../schemas/offer.ts";
import type { PlainDate } from "../../../schemas/text.ts";
import type { NewWork } from "../../../schemas/work.ts";
import { dayOf, daysAfter, noonOf } from "../calendar.ts";
import { spellsOf } from "./spells.ts";

/** Working days between two questions about one week; after so many it is a person's to see to. */
export const ASK = { days: 5, most: 3 } as const;

export const LANE = "checkpoints";

export const checkpointDue = (jobFrom: PlainDate, week: CheckpointWeek): PlainDate => daysAfter(jobFrom, week * 7);

export const checkpointWork = (
  offer: Pick<Offer, "id" | "referral">,
  id: string,
  due: Date,
  destination: string = LANE,
): NewWork => ({ id, kind: "checkpoint", subject: offer.id, referral: offer.referral, destination, due });

/** Planned once, with the first job: a later job is asked about in the weeks that are left. */
export const planned = (offer: Pick<Offer, "id" | "referral">, jobFrom: PlainDate, nextId: () => string): NewWork[] =>
  CHECKPOINTS.map((week) => checkpointWork(offer, nextId(), noonOf(checkpointDue(jobFrom, week))));

export type Checkpoint = {
  week: CheckpointWeek;
  due: PlainDate;
  answer?: CheckpointAnswer;
  asked: number;
  /** Asked already: not once more before that day. */
  again?: PlainDate;
};

/** Of the first job that was reported; the newest answer of each week counts. */
export const checkpointsOf = (
  offer: Pick<Offer, "id">,
  reports: readonly KeptReport[],
  marks: readonly Mark[],
): Checkpoint[] => {
  const own = reports.filter((one) => one.offer === offer.id);
  const first = spellsOf(own)[0];
  if (first === undefined) return [];
  return CHECKPOINTS.map((week) => {
    const last = own.findLast(({ report }) => report.what === "checkpoint" && report.week === week)?.report;
    const asked = marks.flatMap((one) =>
      one.type === "checkpoint-asked" && one.offer === offer.id && one.week === week ? [one] : [],
    );
    const again = asked.at(-1)?.again;
    return {
      week,
      due: checkpointDue(first.from, week),
      ...(last?.what === "checkpoint" ? { answer: last.answer } : {}),
      asked: asked.length,
      ...(again === undefined ? {} : { again }),
    };
  });
};

type Looks = (
  offer: Pick<Offer, "id">,
  reports: readonly KeptReport[],
  marks: readonly Mark[],
  today: PlainDate,
) => Checkpoint | undefined;

/** The latest week that is due and has no answer; and only while a job lasts as far as we know. */
export const dueNow: Looks = (offer, reports, marks, today) => {
  if (!spellsOf(reports.filter((one) => one.offer === offer.id)).some((spell) => spell.open)) return undefined;
  const due = checkpointsOf(offer, reports, marks).findLast((one) => one.due <= today);
  return due?.answer === undefined ? due : undefined;
};

/** What may be asked about now. Several weeks may wake at one moment: the first to ask speaks for all. */
export const toAsk: Looks = (offer, reports, marks, today) => {
  const due = dueNow(offer, reports, marks, today);
  return due === undefined || due.asked >= ASK.most || (due.again ?? "") > today ? undefined : due;
};

/** What was asked about, and is still to be told to its provider. */
export const toTell: Looks = (offer, reports, marks, today) => {
  const due = dueNow(offer, reports, marks, today);
  return due === undefined || due.asked === 0 ? undefined : due;
};

/** A later job that began before a week was over and was told only then: that week woke and found nobody at work, so it wakes anew. */
export const belated = (
  offer: Pick<Offer, "id" | "referral">,
  reports: readonly KeptReport[],
  marks: readonly Mark[],
  job: { from: PlainDate; now: Date; nextId: () => string },
): NewWork[] => {
  const ask = toAsk(offer, reports, marks, dayOf(job.now));
  return ask === undefined || ask.due < job.from ? [] : [checkpointWork(offer, job.nextId(), job.now)];
};
