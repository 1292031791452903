// Lines of a receipt that read the same for everybody: each is made once for its programme or service, and reckoned once.
import type { Candidate } from "../../schemas/receipt.ts";

/** By clause and by words: those of one programme, or of one service in it. */
export type Lines = {
  names: Pick<Candidate, "programme" | "service" | "provider">;
  /** Whether all of them tell something of health. */
  health: boolean;
  made: Map<string, Map<string, Candidate>>;
};

export const linesFor = (names: Lines["names"], health: boolean): Lines => ({ names, health, made: new Map() });

export const lineOf = ({ names, health, made }: Lines, kept: boolean, clause: string, words: string): Candidate => {
  let byWords = made.get(clause);
  if (byWords === undefined) made.set(clause, (byWords = new Map()));
  const known = byWords.get(words);
  if (known !== undefined) return known;
  const line = Object.freeze({ ...names, kept, clause, words, health });
  byWords.set(words, line);
  return line;
};
