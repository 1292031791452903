// The journal off the host, and the store's own book of what it is to be told.
import type { JournalEntry, JournalHead, Quarantine, QuarantineWhy, StoreIdentity } from "../../schemas/journal.ts";

/** A file or an address. Whatever cannot be done is thrown. */
export type Journal = {
  /** Each line from this place on, oldest first. Nothing where there is nothing. */
  read(from: Pick<JournalHead, "place">): AsyncIterable<{ text: string; place: number }>;
  /** On the disk, or with the server, when it returns: where each of them stands. */
  append(lines: readonly { number: number; text: string }[]): Promise<number[]>;
};

/** What one process may write now; nobody else does while its token holds. */
export type Writing = {
  token: string;
  identity: StoreIdentity;
  head: JournalHead;
  quarantine?: Quarantine;
  /** What the journal is to be told, oldest first, and no more than a page of it. */
  entries: JournalEntry[];
};

export type JournalLag = { kept: boolean; waiting: number; oldest?: Date };

export type JournalBook = {
  identity(): Promise<StoreIdentity>;
  /** From now on each commit says what the journal must know. `alone`: whoever wrote before us is dead. */
  keep(alone: boolean): Promise<void>;
  /** Something that no table tells: a start, an end. */
  note(entry: Pick<JournalEntry, "kind" | "body">): Promise<void>;
  /** Undefined while another process writes. */
  begin(): Promise<Writing | undefined>;
  /** Which of these ids still wait to be written. */
  waiting(ids: readonly string[]): Promise<Set<string>>;
  /** These stand in the journal. False when the token was lost: then another has written them. */
  wrote(token: string, ids: readonly string[], head: JournalHead): Promise<boolean>;
  end(token: string): Promise<void>;
  lag(): Promise<JournalLag>;
  /**
   * No journal is kept any more: what waits for it is thrown away, and where one is kept again it begins anew. `none`: there was
   * none. `quarantined`: what it holds is still needed.
   */
  giveUp(deed: { by: string; reason: string }): Promise<"given-up" | "none" | "quarantined">;
};

export type QuarantineDesk = {
  /** Read at most a second ago. */
  inForce(): Promise<Quarantine | undefined>;
  /** Read now. */
  read(): Promise<Quarantine | undefined>;
  /** Stays as it is where it stands already. */
  begin(why: QuarantineWhy): Promise<void>;
};
