// Courses that start on a day: a service that runs courses takes people only while one can be joined.
import type { Cohort } from "../../schemas/contract.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { PlainDate } from "../../schemas/text.ts";
import { inWords } from "./calendar.ts";
import { type Capacity, courseKey, takenOf } from "./places.ts";
import { courseStarts, noCourse } from "./words/clauses.ts";

/** The earliest start that can be joined, or in words why none can and when the next one opens. */
export type Course = { kind: "open"; cohort: Cohort; free: number; told: string } | { kind: "closed"; words: string };

/** Undefined for a service without courses. */
export const courseOf = (
  { cohorts }: Programme,
  service: string,
  day: PlainDate,
  capacity: Capacity,
): Course | undefined => {
  const own = cohorts.filter((one) => one.service === service);
  if (own.length === 0) return undefined;
  own.sort(byStart);
  const open = own.filter(({ opens, closes }) => opens <= day && day <= closes);
  const freeIn = (cohort: Cohort): number => cohort.places - takenOf(capacity, courseKey(cohort));
  const cohort = open.find((one) => freeIn(one) > 0);
  if (cohort !== undefined) {
    const told = courseStarts(inWords(cohort.starts));
    return { kind: "open", cohort, free: freeIn(cohort), told };
  }
  return { kind: "closed", words: noCourse(open.length === 0 ? "none" : "full", nextOf(own, day)) };
};

const byStart = (a: Cohort, b: Cohort): number =>
  a.starts === b.starts ? (a.id < b.id ? -1 : 1) : a.starts < b.starts ? -1 : 1;

const nextOf = (cohorts: readonly Cohort[], day: PlainDate): string | undefined => {
  const next = cohorts
    .map(({ opens }) => opens)
    .filter((opens) => opens > day)
    .sort()[0];
  return next === undefined ? undefined : inWords(next);
};
