// What a birth date and an NHS number say of themselves, whatever door they came through.
import { nhsNumberChecks } from "./numbers.ts";
import { reason, warning, type Reason } from "./reason.ts";

const MOST_YEARS = 125;

const london = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" });

/** The calendar day in London at a moment: `YYYY-MM-DD`. */
export const londonDay = (now: Date): string => london.format(now);

/** A birth date (`YYYY-MM-DD`) may not lie after today, nor more than 125 years back. */
export const birthDateFaults = (birthDate: string, now: Date, path: string): Reason[] => {
  const today = londonDay(now);
  if (birthDate > today) return [reason("birth-date-future", path)];
  const oldest = `${String(Number(today.slice(0, 4)) - MOST_YEARS).padStart(4, "0")}${today.slice(4)}`;
  return birthDate < oldest ? [reason("birth-date-too-old", path)] : [];
};

/** A number that fails its check is an error, for test clients a warning: their numbers are made up. */
export const nhsNumberFaults = (nhsNumber: string, test: boolean, path: string): Reason[] => {
  if (nhsNumberChecks(nhsNumber)) return [];
  return [test ? warning("nhs-number-check-test", path) : reason("nhs-number-check", path)];
};
