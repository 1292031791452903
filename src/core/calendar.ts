// Days as people count them: the date in London, ages and months by calendar. Plain dates compare as text.
import { DateTime } from "luxon";
import type { PlainDate } from "../../schemas/text.ts";

const ZONE = "Europe/London";
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Clocks change on the hour, so that one hour lies in one day: the last answer is kept, for every rule asks again. */
let last: { hour: number; day: PlainDate } = { hour: Number.NaN, day: "" };

/** The calendar day in the United Kingdom at this moment. */
export const dayOf = (now: Date): PlainDate => {
  const hour = Math.floor(now.getTime() / HOUR);
  if (hour !== last.hour) last = { hour, day: DateTime.fromJSDate(now, { zone: ZONE }).toFormat("yyyy-MM-dd") };
  return last.day;
};

const MOST_DAYS = 4_096;

/** Every offer's clocks ask about the same few days, and what a zone's clocks show is dear to look up. */
const onceADay = (reckon: (day: DateTime) => DateTime): ((day: PlainDate) => Date) => {
  const known = new Map<PlainDate, number>();
  return (day) => {
    const moment = known.get(day) ?? reckon(DateTime.fromISO(day, { zone: ZONE })).toMillis();
    if (known.size >= MOST_DAYS) known.clear();
    known.set(day, moment);
    return new Date(moment);
  };
};

/** The moment in which that day is over in the United Kingdom, with 23 or 25 hours as with 24. */
export const endOf = onceADay((day) => day.plus({ days: 1 }));

/** Nine o'clock in the morning, by the clock on the wall. */
export const morningOf = onceADay((day) => day.set({ hour: 9 }));

const MONTHS = "January February March April May June July August September October November December".split(" ");

/** 3 March 2027. */
export const inWords = (day: PlainDate): string =>
  `${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`;

/** A moment on that day, whatever the hour of the clocks. */
export const noonOf = (day: PlainDate): Date => new Date(`${day}T12:00:00Z`);

/** Days are counted by noon in Universal Time, where each has 24 hours. */
const numberOf = (day: PlainDate): number =>
  Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8)), 12);
const dayAt = (number: number): PlainDate => {
  const at = new Date(number);
  return `${String(at.getUTCFullYear()).padStart(4, "0")}-${twoDigits(at.getUTCMonth() + 1)}-${twoDigits(at.getUTCDate())}`;
};

/** Full years on that day. Who was born on 29 February grows older on 1 March of a common year. */
export const ageOn = (birth: PlainDate, day: PlainDate): number =>
  Number(day.slice(0, 4)) - Number(birth.slice(0, 4)) - (day.slice(5) < birth.slice(5) ? 1 : 0);

const twoDigits = (number: number): string => (number < 10 ? `0${number}` : String(number));

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const lengthOf = (year: number, month: number): number => (month === 1 && isLeap(year) ? 29 : (LENGTHS[month] ?? 31));

/** The same day so many months later, or the last of a shorter month. */
export const monthsAfter = (day: PlainDate, months: number): PlainDate => {
  const total = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  const [year, month, date] = [Math.floor(total / 12), total % 12, Number(day.slice(8))];
  return `${String(year).padStart(4, "0")}-${twoDigits(month + 1)}-${twoDigits(Math.min(date, lengthOf(year, month)))}`;
};

export const daysAfter = (day: PlainDate, days: number): PlainDate => dayAt(numberOf(day) + days * DAY);

/** Monday is 1, Sunday 7. */
export const weekdayOf = (day: PlainDate): number => new Date(numberOf(day)).getUTCDay() || 7;

/** True from Monday to Friday. */
export const isWeekday = (day: PlainDate): boolean => weekdayOf(day) <= 5;

/** Days from one day to another; negative where the other lies before. */
export const daysBetween = (from: PlainDate, to: PlainDate): number => (numberOf(to) - numberOf(from)) / DAY;

/**
 * In Wales a young person is of compulsory school age until the end of the last Friday of June of the school year in
 * which they turn 16, even if their birthday comes in that summer (Education Act 1996, section 8(3)). The year runs from
 * September.
 */
export const leavesSchoolOn = (birth: PlainDate): PlainDate => {
  const turns = Number(birth.slice(0, 4)) + 16 + (birth.slice(5) >= "09-01" ? 1 : 0);
  const end = `${turns}-06-30`;
  return daysAfter(end, -((weekdayOf(end) + 2) % 7));
};
