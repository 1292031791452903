// Working days of a nation: not a Saturday, not a Sunday, not one of its bank holidays. And days that count for a service.
import type { Holidays } from "../../schemas/holidays.ts";
import type { Nation } from "../../schemas/place.ts";
import type { Service } from "../../schemas/provider.ts";
import type { PlainDate } from "../../schemas/text.ts";
import { daysAfter, isWeekday, weekdayOf } from "./calendar.ts";

const DIVISION = {
  england: "england-and-wales",
  wales: "england-and-wales",
  scotland: "scotland",
  "northern-ireland": "northern-ireland",
} as const satisfies Record<Nation, keyof Holidays>;

export const isWorkingDay = (day: PlainDate, nation: Nation, holidays: Holidays): boolean =>
  isWeekday(day) && !holidays[DIVISION[nation]].some((holiday) => holiday.date === day);

/** Whether a day counts towards a clock. */
export type Counts = (day: PlainDate) => boolean;

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const WORKING: ReadonlySet<string> = new Set(WEEKDAYS.slice(0, 5));

/**
 * Working days on which the service is open. Days that it opens beside working days make no clock run faster, and a
 * service that opens on none of them is counted by working days alone: else its clocks would never end.
 */
export const countsFor = (
  nation: Nation,
  holidays: Holidays,
  service: Pick<Service, "opens" | "closedOn"> = {},
): Counts => {
  const opens = service.opens?.filter((day) => WORKING.has(day)) ?? [];
  const shut = new Set(service.closedOn);
  return (day) =>
    isWorkingDay(day, nation, holidays) &&
    !shut.has(day) &&
    (opens.length === 0 || opens.some((one) => one === WEEKDAYS[weekdayOf(day) - 1]));
};

/** The nth day that counts after `from`; with 0, `from` itself or the next that counts. */
export const addCounted = (from: PlainDate, n: number, counts: Counts): PlainDate => {
  let day = n === 0 ? daysAfter(from, -1) : from;
  for (let left = Math.max(n, 1); left > 0;) {
    day = daysAfter(day, 1);
    if (counts(day)) left -= 1;
  }
  return day;
};

/** Days that count after `from`, up to `to` and with it. */
export const countedBetween = (from: PlainDate, to: PlainDate, counts: Counts): number => {
  let count = 0;
  for (let day = daysAfter(from, 1); day <= to; day = daysAfter(day, 1)) if (counts(day)) count += 1;
  return count;
};

export const addWorkingDays = (from: PlainDate, n: number, nation: Nation, holidays: Holidays): PlainDate =>
  addCounted(from, n, (day) => isWorkingDay(day, nation, holidays));
