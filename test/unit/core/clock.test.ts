import fc from "fast-check";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadHolidays } from "../../../adapters/directory/packs.ts";
import { Nation } from "../../../schemas/place.ts";
import { dayOf, daysAfter, isWeekday } from "../../../src/core/calendar.ts";
import { addWorkingDays, isWorkingDay } from "../../../src/core/clock.ts";

const loaded = loadHolidays(join(import.meta.dirname, "../../../packs/bank-holidays.yaml"));
if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
const { holidays } = loaded;

const day = fc.integer({ min: 0, max: 1000 }).map((days) => daysAfter("2026-01-01", days));
const nation = fc.constantFrom(...Nation.options);

describe("working days", () => {
  it.each([
    ["2026-11-16", 2, "england", "2026-11-18"],
    ["2026-11-20", 1, "england", "2026-11-23"],
    ["2026-12-24", 1, "england", "2026-12-29"],
    ["2026-04-02", 1, "england", "2026-04-07"],
    ["2026-04-02", 1, "scotland", "2026-04-06"],
    ["2026-11-27", 1, "scotland", "2026-12-01"],
    ["2026-11-27", 1, "wales", "2026-11-30"],
    ["2026-07-10", 1, "northern-ireland", "2026-07-14"],
    ["2026-07-10", 1, "england", "2026-07-13"],
    ["2026-11-21", 0, "england", "2026-11-23"],
    ["2026-11-20", 0, "england", "2026-11-20"],
  ] as [string, number, Nation, string][])("%s and %i more in %s is %s", (from, n, where, expected) => {
    expect(addWorkingDays(from, n, where, holidays)).toBe(expected);
  });

  it("always end on a working day, with exactly that many between", () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 30 }), nation, (from, n, where) => {
        const to = addWorkingDays(from, n, where, holidays);
        expect(isWorkingDay(to, where, holidays)).toBe(true);
        let count = 0;
        for (let at = daysAfter(from, 1); at <= to; at = daysAfter(at, 1))
          if (isWorkingDay(at, where, holidays)) count += 1;
        expect(count).toBe(n);
      }),
    );
  });

  it("add up: so many, and then more, are as many together", () => {
    const few = fc.integer({ min: 0, max: 15 });
    fc.assert(
      fc.property(day, few, few, nation, (from, a, b, where) => {
        const start = addWorkingDays(from, 0, where, holidays);
        const twice = addWorkingDays(addWorkingDays(start, a, where, holidays), b, where, holidays);
        expect(twice).toBe(addWorkingDays(start, a + b, where, holidays));
      }),
    );
  });

  it("know bank holidays of three years in each division, none on a weekend and none twice", () => {
    for (const division of ["england-and-wales", "scotland", "northern-ireland"] as const) {
      const dates = holidays[division].map((one) => one.date);
      expect(dates.every(isWeekday)).toBe(true);
      expect(new Set(dates).size).toBe(dates.length);
      expect(dates).toEqual([...dates].sort());
      for (const year of ["2026", "2027", "2028"])
        expect(dates.filter((date) => date.startsWith(year)).length).toBeGreaterThanOrEqual(8);
    }
  });
});

describe("the day in London", () => {
  it("follows summer time", () => {
    expect(dayOf(new Date("2026-06-30T23:30:00Z"))).toBe("2026-07-01");
    expect(dayOf(new Date("2026-12-31T23:30:00Z"))).toBe("2026-12-31");
  });
});
