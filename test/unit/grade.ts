// How hard a text is to read, by Flesch and Kincaid (Navy, 1975): roughly the school year that understands it.
import { fleschKincaid } from "flesch-kincaid";
import { syllable } from "syllable";

const WORD = /[\p{L}\p{N}][\p{L}\p{N}'’.-]*/gu;
const END = /[.!?:]+(\s|$)/g;

export const gradeOf = (text: string): number => {
  const words = text.match(WORD) ?? [];
  return fleschKincaid({
    word: words.length,
    sentence: Math.max(1, text.match(END)?.length ?? 0),
    syllable: words.reduce((sum, word) => sum + syllable(word), 0),
  });
};
