// Journals for tests: entries, the marks of a key, and a journal in memory that may be cut, changed or away.
import { createHmac } from "node:crypto";
import { linesOf, type Mark, textOf } from "../../src/core/journal.ts";
import type { JournalEntry, JournalHead, StoreIdentity } from "../../schemas/journal.ts";
import type { Journal } from "../../src/ports/journal.ts";
import { START, uuid } from "./store.ts";

export const markWith =
  (key: string): Mark =>
  (text) =>
    createHmac("sha256", key).update(text).digest("base64url");

export const ourMark = markWith("ours");
export const NOTHING: JournalHead = { number: 0, mark: "", place: 0 };

export const anErasure = (): JournalEntry => ({
  kind: "erased",
  id: uuid(),
  at: START.toISOString(),
  body: { case: uuid() },
});

/** A journal as texts, written by one store. */
export const textsOf = (entries: readonly JournalEntry[], by: StoreIdentity, mark = ourMark): string[] =>
  linesOf(entries, by, NOTHING, mark).map(textOf);

export type HeldJournal = Journal & { texts: string[]; away: boolean };

/** Places are the numbers of lines, from 0. */
export const heldJournal = (texts: string[] = []): HeldJournal => {
  const held: HeldJournal = {
    texts,
    away: false,
    read: async function* ({ place }) {
      if (held.away) throw new Error("away");
      for (const [at, text] of held.texts.entries()) if (at >= place) yield { text, place: at };
    },
    append: async (lines) => {
      if (held.away) throw new Error("away");
      const from = held.texts.length;
      held.texts.push(...lines.map(({ text }) => text));
      return lines.map((_, at) => from + at);
    },
  };
  return held;
};
