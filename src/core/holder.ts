// Whoever has an offer now: the delivery partner that its prime gave it to, or the provider itself.
import type { Offer } from "../../schemas/offer.ts";

export const holderOf = ({ assignedTo, provider }: Pick<Offer, "assignedTo" | "provider">): string =>
  assignedTo ?? provider;
