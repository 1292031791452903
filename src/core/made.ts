// What a provider is told when it is asked: the same words by webhook and by mailbox. Thin: who the person is opens on acceptance.
import type { Offer, OfferPreview } from "../../schemas/offer.ts";

type Asked = { offer: Offer; reference: string; preview: OfferPreview };

/** `root` is that of our own links, without a slash at the end. */
export const offerMade = ({ offer, reference, preview }: Asked, root: string) => ({
  type: "offer.made" as const,
  offer: offer.id,
  reference,
  service: offer.service,
  madeAt: offer.madeAt.toISOString(),
  preview,
  link: `${root}/provider/v1/offers/${offer.id}`,
});
