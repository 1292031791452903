// Days as people count them: the date in London, ages and months by calendar. Plain dates compare as text.
import { DateTime } from "luxon";
import type { PlainDate } from "../../schemas/text.ts";

const ZONE = "Europe/London";

/** The calendar day in the United Kingdom at this moment. */
export const dayOf = (now: Date): PlainDate => DateTime.fromJSDate(now, { zone: ZONE }).toFormat("yyyy-MM-dd");

/** Full years on that day. Who was born on 29 February grows older on 1 March of a common year. */
export const ageOn = (birth: PlainDate, day: PlainDate): number =>
  Number(day.slice(0, 4)) - Number(birth.slice(0, 4)) - (day.slice(5) < birth.slice(5) ? 1 : 0);

/** The same day so many months later, or the last of a shorter month. */
export const monthsAfter = (day: PlainDate, months: number): PlainDate =>
  DateTime.fromISO(day, { zone: "utc" }).plus({ months }).toFormat("yyyy-MM-dd");

export const daysAfter = (day: PlainDate, days: number): PlainDate =>
  DateTime.fromISO(day, { zone: "utc" }).plus({ days }).toFormat("yyyy-MM-dd");

/** True from Monday to Friday. */
export const isWeekday = (day: PlainDate): boolean => DateTime.fromISO(day, { zone: "utc" }).weekday <= 5;
