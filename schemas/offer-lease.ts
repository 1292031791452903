// Offers taken from a provider's queue for a while, so that no two of its own workers work on the same one.
import { z } from "zod";

const seconds = z.number().int().min(30).max(3_600).default(300);

export const LeaseWish = z.strictObject({
  /** At most so many offers. */
  limit: z.number().int().min(1).max(50).default(10),
  seconds,
});
export type LeaseWish = z.infer<typeof LeaseWish>;

export const RenewWish = z.strictObject({ seconds });

/** Without offers named all of them go back. */
export const ReturnWish = z.strictObject({ offers: z.array(z.guid()).min(1).max(50).optional() });

/** What is held under it: only what waits for a yes or no, and nobody else has taken meanwhile. */
export type OfferLease = { lease: string; until: Date; offers: string[] };
