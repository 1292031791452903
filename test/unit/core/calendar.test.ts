// Days as people count them: the clocks that change in spring and autumn, leap years and Easter never move a count of days.
import { DateTime } from "luxon";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ageOn,
  dayOf,
  daysAfter,
  daysBetween,
  endOf,
  inWords,
  isWeekday,
  leavesSchoolOn,
  monthsAfter,
  morningOf,
  noonOf,
} from "../../../src/core/calendar.ts";

const at = (text: string) => dayOf(new Date(text));
const anyDay = fc
  .date({ min: new Date("1930-01-01"), max: new Date("2090-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe("the calendar", () => {
  it("has the day of London, on both sides of midnight and of the change of clocks", () => {
    expect([at("2026-03-28T23:59:59Z"), at("2026-03-29T00:00:00Z"), at("2026-03-29T22:59:59Z")]).toEqual([
      "2026-03-28",
      "2026-03-29",
      "2026-03-29",
    ]);
    expect([at("2026-03-29T23:00:00Z"), at("2026-10-24T23:00:00Z"), at("2026-10-25T23:59:59Z")]).toEqual([
      "2026-03-30",
      "2026-10-25",
      "2026-10-25",
    ]);
    expect(at("2026-10-26T00:00:00Z")).toBe("2026-10-26");
  });

  it("ends each day and begins its morning by the clocks on the wall, and hands out no moment that its asker could change", () => {
    const ends = ["2026-03-28", "2026-03-29", "2026-10-25"].map((day) => endOf(day).toISOString());
    expect(ends).toEqual(["2026-03-29T00:00:00.000Z", "2026-03-29T23:00:00.000Z", "2026-10-26T00:00:00.000Z"]);
    const mornings = ["2026-03-28", "2026-03-29", "2026-10-25"].map((day) => morningOf(day).toISOString());
    expect(mornings).toEqual(["2026-03-28T09:00:00.000Z", "2026-03-29T08:00:00.000Z", "2026-10-25T09:00:00.000Z"]);
    endOf("2026-03-29").setTime(0);
    expect(endOf("2026-03-29").toISOString()).toBe("2026-03-29T23:00:00.000Z");
  });

  it("answers the same whatever was asked before", () => {
    const moments = fc.array(
      fc.date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true }),
      {
        minLength: 2,
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(moments, (dates) => {
        for (const date of dates)
          expect(dayOf(date)).toBe(DateTime.fromJSDate(date, { zone: "Europe/London" }).toFormat("yyyy-MM-dd"));
      }),
      { numRuns: 300 },
    );
  });

  it("counts days over the change of clocks, Easter and leap days as days", () => {
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
    expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2);
    expect(daysBetween("2026-04-02", "2026-04-08")).toBe(6);
    expect(daysBetween("2028-02-28", "2028-03-01")).toBe(2);
    expect(daysBetween("2026-01-02", "2026-01-01")).toBe(-1);
  });

  it("agrees with another calendar on days, months and weekdays", () => {
    const count = fc.integer({ min: -700, max: 700 });
    fc.assert(
      fc.property(anyDay, count, (day, n) => {
        const other = DateTime.fromISO(day, { zone: "utc" });
        expect(daysAfter(day, n)).toBe(other.plus({ days: n }).toFormat("yyyy-MM-dd"));
        expect(daysBetween(day, daysAfter(day, n))).toBe(n);
        expect(monthsAfter(day, n)).toBe(other.plus({ months: n }).toFormat("yyyy-MM-dd"));
        expect(isWeekday(day)).toBe(other.weekday <= 5);
        expect(dayOf(noonOf(day))).toBe(day);
      }),
      { numRuns: 500 },
    );
  });

  it("ends a month with its last day", () => {
    expect([monthsAfter("2026-08-31", 6), monthsAfter("2027-08-31", 6), monthsAfter("2026-11-30", 3)]).toEqual([
      "2027-02-28",
      "2028-02-29",
      "2027-02-28",
    ]);
  });

  it("has ages by the birthday, and a leap day's on 1 March", () => {
    expect([ageOn("2008-11-16", "2026-11-15"), ageOn("2008-11-16", "2026-11-16")]).toEqual([17, 18]);
    expect([ageOn("2008-02-29", "2026-02-28"), ageOn("2008-02-29", "2026-03-01")]).toEqual([17, 18]);
    expect(ageOn("2008-02-29", "2028-02-29")).toBe(20);
  });

  it("knows when school may be left in Wales: the last Friday of June of the school year of the 16th birthday", () => {
    expect(["2009-09-01", "2010-06-26", "2010-08-31", "2010-09-01"].map(leavesSchoolOn)).toEqual([
      "2026-06-26",
      "2026-06-26",
      "2026-06-26",
      "2027-06-25",
    ]);
    fc.assert(
      fc.property(anyDay, (birth) => {
        const day = DateTime.fromISO(leavesSchoolOn(birth), { zone: "utc" });
        expect([day.weekday, day.month, day.plus({ weeks: 1 }).month]).toEqual([5, 6, 7]);
      }),
    );
  });

  it("writes a day in words", () => {
    expect([inWords("2027-03-03"), inWords("2026-12-31"), inWords("2027-01-10")]).toEqual([
      "3 March 2027",
      "31 December 2026",
      "10 January 2027",
    ]);
  });
});
