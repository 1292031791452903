// Working days of a nation: not a Saturday, not a Sunday, not one of its bank holidays.
import type { Holidays } from "../../schemas/holidays.ts";
import type { Nation } from "../../schemas/place.ts";
import type { PlainDate } from "../../schemas/text.ts";
import { daysAfter, isWeekday } from "./calendar.ts";

const DIVISION = {
  england: "england-and-wales",
  wales: "england-and-wales",
  scotland: "scotland",
  "northern-ireland": "northern-ireland",
} as const satisfies Record<Nation, keyof Holidays>;

export const isWorkingDay = (day: PlainDate, nation: Nation, holidays: Holidays): boolean =>
  isWeekday(day) && !holidays[DIVISION[nation]].some((holiday) => holiday.date === day);

/** The nth working day after `from`; with 0, `from` itself or the next working day. */
export const addWorkingDays = (from: PlainDate, n: number, nation: Nation, holidays: Holidays): PlainDate => {
  let day = n === 0 ? daysAfter(from, -1) : from;
  for (let left = Math.max(n, 1); left > 0;) {
    day = daysAfter(day, 1);
    if (isWorkingDay(day, nation, holidays)) left -= 1;
  }
  return day;
};
