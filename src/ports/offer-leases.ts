// Leases on a provider's own queue.
import type { OfferLease } from "../../schemas/offer-lease.ts";

/** An organisation's queue: its real offers, or those of its trial. */
export type OfferQueue = { organisation: string; test: boolean };

export type OfferLeases = {
  /** The oldest that wait for a yes or no and that nobody holds. */
  take(queue: OfferQueue, lease: string, until: Date, limit: number): Promise<string[]>;
  /** What is still held under it and waits still. */
  renew(queue: OfferQueue, lease: string, until: Date): Promise<OfferLease>;
  /** Ids of what went back; all of it where none are named. */
  giveBack(queue: OfferQueue, lease: string, offers: readonly string[] | undefined): Promise<string[]>;
};
