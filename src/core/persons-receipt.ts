// A decision as the person referred reads it: plain words, no codes, and what they can do.
import type { PersonsReceipt, Receipt } from "../../schemas/receipt.ts";
import { inWords } from "./calendar.ts";
import { ALWAYS, TOLD, WHY } from "./words/person.ts";
import { onDay } from "./words/ways.ts";

export const tellPerson = ({ reference, decidedAt, outcome, reasons, alternatives = [] }: Receipt): PersonsReceipt => ({
  reference,
  decidedAt,
  words: TOLD[outcome],
  why: [...new Set(reasons.flatMap(({ code }) => WHY[code] ?? []))],
  youCan: [...alternatives.map((way) => onDay(way, way.day === undefined ? undefined : inWords(way.day))), ALWAYS],
});
