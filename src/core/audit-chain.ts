// The audit as a chain: each row's mark is a key over the row and the mark before it, so that whatever was done to one is found.
import type { AuditRow } from "../../schemas/audit.ts";
import { canonical } from "./canonical.ts";
import type { Mark } from "./journal.ts";

/** Heads of the chain as the journal has them: marks by number. */
export type AuditHeads = ReadonlyMap<number, string>;

export type AuditFault = {
  number: number;
  /** `unmarked`: a row beside the chain, made when there was one already. */
  fault: "altered" | "missing" | "reordered" | "unmarked";
};

export const FIRST = "";

export const markOfRow = (row: AuditRow, before: string, mark: Mark): string =>
  mark(canonical({ ...row, mark: undefined, before }));

/** Takes the rows in the order of their numbers; the first that does not hold is named, and nothing after it is believed. */
export const createAuditCheck = (heads: AuditHeads, mark: Mark) => {
  let [number, before] = [0, FIRST];
  let fault: AuditFault | undefined;
  return {
    take: (row: AuditRow): void => {
      if (fault !== undefined) return;
      number += 1;
      fault = faultOf(row, number, before, heads, mark);
      before = row.mark;
    },
    /** The journal may know of rows that are no longer there. */
    end: (): { rows: number; fault?: AuditFault } => {
      const cut = [...heads.keys()].some((one) => one > number);
      if (fault === undefined && cut) fault = { number: number + 1, fault: "missing" };
      return { rows: number, ...(fault === undefined ? {} : { fault }) };
    },
  };
};

const faultOf = (
  row: AuditRow,
  number: number,
  before: string,
  heads: AuditHeads,
  mark: Mark,
): AuditFault | undefined => {
  if (row.number !== number) return { number, fault: "missing" };
  const head = heads.get(number);
  if (markOfRow(row, before, mark) === row.mark && (head === undefined || head === row.mark)) return undefined;
  const moved = [...heads].some(([other, one]) => other !== number && one === row.mark);
  return { number, fault: moved ? "reordered" : "altered" };
};

/** In the order of the journal. A number that comes again says that what was after it was lost in a restore. */
export const headsOf = (entries: Iterable<{ number: number; mark: string }>): Map<number, string> => {
  const heads = new Map<number, string>();
  let last = 0;
  for (const { number, mark } of entries) {
    for (let lost = number; lost <= last; lost += 1) heads.delete(lost);
    heads.set(number, mark);
    last = number;
  }
  return heads;
};
