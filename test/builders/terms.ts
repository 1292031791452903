// Terms for tests of offers: two working days to acknowledge, ten to make contact, in England, with no holidays.
import type { Holidays } from "../../schemas/holidays.ts";
import { countsFor } from "../../src/core/clock.ts";
import type { Terms } from "../../src/core/due.ts";

export const NO_HOLIDAYS: Holidays = { source: "none", "england-and-wales": [], scotland: [], "northern-ireland": [] };

export const aTerms = (clocks: Partial<Terms["clocks"]> = {}, holidays = NO_HOLIDAYS): Terms => ({
  clocks: { acknowledgeWithin: 2, contactWithin: 10, ...clocks },
  counts: countsFor("england", holidays),
});

export const someTerms = (): Terms => aTerms();
