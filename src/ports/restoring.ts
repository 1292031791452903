// What `waymark reconcile` reads and writes of a restored store.
import type { JournalHead } from "../../schemas/journal.ts";
import type { Doubted, LostReferral, StoreFacts, Unsent } from "../../schemas/reconcile.ts";
import type { Submission } from "./intake.ts";

export type Reconciled = { by: string; reason?: string | undefined; accepted: boolean; differences: number };

export type Restoring = {
  facts(named: { referrals: string[]; offers: string[]; cases: string[] }): Promise<StoreFacts>;
  /** Open offers that the backup has as not sent. */
  unsent(): Promise<Unsent[]>;
  /** All open offers of the backup, by whom they were sent to. */
  open(): Promise<Doubted[]>;
  /** Nobody can say that an open offer was not sent; these sends are looked into, or seen to by a person, before any other. Nor of those that are lost. */
  doubt(sends: readonly { work: string; way: string }[], lost: readonly string[]): Promise<void>;
  keepLost(referrals: readonly LostReferral[]): Promise<void>;
  /** With its line in the audit: the quarantine ends, and the journal goes on behind this head. What waited is due now. */
  end(done: Reconciled, head: JournalHead): Promise<void>;
  /** The reference that this submission got from a copy that is gone. */
  referenceOf(submission: Pick<Submission, "organisation" | "door" | "key">): Promise<string | undefined>;
  /** This reference, or id, was given out by a copy that is gone. */
  wasLost(organisation: string, named: string): Promise<boolean>;
};
