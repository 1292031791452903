// Dead letters: what waits for a person.
import type { WorkKind } from "../../schemas/work.ts";

/** `dead`: work that was given up. `kept`: news that could not be told while its receiver was off. Codes, ids and times only. */
export type DeadLetter = {
  id: string;
  state: "dead" | "kept";
  kind: WorkKind;
  destination: string;
  /** The client that it would go to now. */
  client?: string;
  referral: string;
  reference?: string;
  /** Of news: what it tells. */
  type?: string;
  since: Date;
  attempts: number;
  cause: string;
};

export type LetterFilter = { destination?: string; kind?: WorkKind; since?: Date; until?: Date };

export type DeadLetters = {
  /** Oldest first. Kept news is shown for one destination at a time: most of it is kept because nobody wants it sent. */
  list(by: string, filter: LetterFilter & { limit: number }): Promise<DeadLetter[]>;
  find(id: string): Promise<DeadLetter | undefined>;
  /** Due now, at the start of its schedule. False when there is no such letter. */
  resend(by: string, id: string, verb?: "dead-letters.resend" | "dead-letters.edit"): Promise<boolean>;
  /** All of one destination in a time range, at most `limit` of them, oldest first. The number that were. */
  resendAll(by: string, range: { destination: string; since: Date; until: Date; limit: number }): Promise<number>;
  /** News to another client of the same kind and organisation, and sent to it. False when there is no such letter or client. */
  readdress(by: string, id: string, client: string): Promise<boolean>;
};
