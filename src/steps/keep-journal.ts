// Writes to the journal what the store's commits say it must know, in order, after it was seen that both tell of the same past.
import { mismatchOf } from "../core/anchor.ts";
import { createReading, linesOf, type Mark, type Read, textOf } from "../core/journal.ts";
import type { JournalHead } from "../../schemas/journal.ts";
import type { Journal, JournalBook, QuarantineDesk, Writing } from "../ports/journal.ts";

type Ports = { book: JournalBook; quarantine: Pick<QuarantineDesk, "begin">; journal: Journal; mark: Mark };

/** `busy`: another process is at it. `quarantined`: nothing is written before `waymark reconcile`. */
export type Kept = { outcome: "kept"; more: boolean } | { outcome: "busy" | "quarantined" };

export const createKeepJournal = (ports: Ports) => async (): Promise<Kept> => {
  const writing = await ports.book.begin();
  if (writing === undefined) return { outcome: "busy" };
  try {
    return await write(ports, writing);
  } finally {
    await ports.book.end(writing.token);
  }
};

const write = async ({ book, quarantine, journal, mark }: Ports, writing: Writing): Promise<Kept> => {
  const { token, identity, head, entries } = writing;
  if (writing.quarantine !== undefined) return { outcome: "quarantined" };
  const read = await readFrom(journal, head, mark);
  const waiting = await book.waiting(read.lines.map(({ id }) => id));
  const mismatch = mismatchOf(identity, head, read, waiting);
  if (mismatch !== undefined) {
    await quarantine.begin(mismatch);
    return { outcome: "quarantined" };
  }
  const found = new Set(read.lines.map(({ id }) => id));
  const lines = linesOf(
    entries.filter(({ id }) => !found.has(id)),
    identity,
    read.head,
    mark,
  );
  const places = await journal.append(lines.map((line) => ({ number: line.number, text: textOf(line) })));
  const ids = [...found, ...lines.map(({ id }) => id)];
  if (ids.length > 0) await book.wrote(token, ids, headOf(lines, places) ?? read.head);
  return { outcome: "kept", more: lines.length > 0 };
};

/** From the line that we know; where it is not at its place, all of it. */
const readFrom = async (journal: Journal, head: JournalHead, mark: Mark): Promise<Read> => {
  const after = await readAs(journal, head, mark, head.number === 0);
  return head.number === 0 || after.first !== undefined ? after : readAs(journal, head, mark, true);
};

const readAs = async (journal: Journal, head: JournalHead, mark: Mark, whole: boolean): Promise<Read> => {
  const reading = createReading(head, mark, whole);
  for await (const { text, place } of journal.read(whole ? { place: 0 } : head)) reading.take(text, place);
  return reading.end();
};

const headOf = (
  lines: readonly { number: number; mark: string }[],
  places: readonly number[],
): JournalHead | undefined => {
  const last = lines.at(-1);
  return last && { number: last.number, mark: last.mark, place: places.at(-1) ?? 0 };
};
