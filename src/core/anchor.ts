// Whether a store and the journal off its host tell of the same past. Where they do not, nothing may leave.
import type { JournalHead, QuarantineWhy, StoreIdentity } from "../../schemas/journal.ts";
import type { Read } from "./journal.ts";

/**
 * `known`: the last line that the store knows it wrote. `waiting`: ids of lines that it still has to write; such a line that
 * stands in the journal already was written by us, and only our note of it was lost.
 */
export const mismatchOf = (
  { store }: StoreIdentity,
  known: JournalHead,
  { first, lines, faults }: Read,
  waiting: ReadonlySet<string>,
): QuarantineWhy | undefined => {
  if (faults.some(({ fault }) => fault === "forged")) return "journal-forged";
  if ([...(first === undefined ? [] : [first]), ...lines].some((line) => line.store !== store)) return "other-store";
  if (known.number > 0 && first === undefined) return "journal-behind";
  if (faults.some(({ fault }) => fault === "missing")) return "journal-behind";
  return lines.some(({ id }) => !waiting.has(id)) ? "journal-ahead" : undefined;
};
