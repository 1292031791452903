// The journal as a chain of lines: how entries become lines, and how lines are read back with every fault named.
import { JournalEntry, type JournalHead, JournalLine, type StoreIdentity } from "../../schemas/journal.ts";
import { canonical } from "./canonical.ts";

/** A keyed mark: whoever has not the key ring can make none. */
export type Mark = (text: string) => string;

export type JournalFault = {
  /** Where the journal finds it, and the number that the line gives itself, where it can be read. */
  place: number;
  number?: number;
  /** `torn`: cut off while it was written. `repeated`: written a second time by a process that was slow. */
  fault: "torn" | "forged" | "missing" | "repeated";
};

export type Read = {
  /** The line of the head from which it was read, if it still stands. */
  first?: JournalLine;
  /** Those after it, in order. */
  lines: JournalLine[];
  faults: JournalFault[];
  head: JournalHead;
};

const markOf = (line: JournalLine, mark: Mark): string => mark(canonical({ ...line, mark: undefined }));

/** The lines of new entries behind the head. Their places are known once they are written. */
export const linesOf = (
  entries: readonly JournalEntry[],
  { store, epoch }: StoreIdentity,
  head: Pick<JournalHead, "number" | "mark">,
  mark: Mark,
): JournalLine[] => {
  let before = head;
  return entries.map(({ kind, id, at, body }) => {
    const bare = { number: before.number + 1, store, epoch, kind, id, at, body, before: before.mark, mark: "" };
    const line = { ...bare, mark: markOf(bare, mark) };
    before = line;
    return line;
  });
};

export const textOf = (line: JournalLine): string => JSON.stringify(line);

/** Reads one text after the other: from the beginning (`whole`), or from the line of the head that is known. */
export const createReading = (known: JournalHead, mark: Mark, whole = known.number === 0) => {
  const read: Read = { lines: [], faults: [], head: known };
  let last: { number: number; mark?: string } = whole ? { number: 0, mark: "" } : { number: known.number - 1 };
  const fault = (place: number, kind: JournalFault["fault"], number?: number): void =>
    void read.faults.push({ place, fault: kind, ...(number === undefined ? {} : { number }) });

  const take = (text: string, place: number): void => {
    const json = parsed(text);
    if (json === undefined) return fault(place, "torn");
    const line = JournalLine.safeParse(json);
    if (!line.success || markOf(line.data, mark) !== line.data.mark) return fault(place, "forged");
    const { number, before } = line.data;
    if (number <= last.number) return fault(place, "repeated", number);
    if (number > last.number + 1 || (last.mark !== undefined && before !== last.mark)) fault(place, "missing", number);
    last = { number, mark: line.data.mark };
    if (number === known.number && line.data.mark === known.mark) read.first = line.data;
    else if (number >= known.number) read.lines.push(line.data);
    read.head = { number, mark: line.data.mark, place };
  };
  return { take, end: (): Read => read };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What a line says, where this program knows its kind. */
export const entryOf = ({ kind, id, at, body }: JournalLine): JournalEntry | undefined =>
  JournalEntry.safeParse({ kind, id, at, body }).data;
