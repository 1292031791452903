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

type Told = { offer: Offer; reference: string } & (
  | { kind: "recalled"; time: number; answerBy: string }
  | { kind: "changed"; fields: string[] }
  | { kind: "checkpoint"; week: number; due: string }
);

/** What it hears of it later. Why it was taken back may be about the person, and stays with us. */
export const offerTold = (told: Told, root: string) => {
  const { offer, reference, kind } = told;
  const link = `${root}/provider/v1/offers/${offer.id}`;
  const head = { type: `offer.${kind}` as const, offer: offer.id, reference, service: offer.service };
  switch (told.kind) {
    case "recalled": {
      const { answerBy, time } = told;
      return { ...head, recalledAt: offer.changedAt.toISOString(), answerBy, time, answer: `${link}/recall` };
    }
    case "changed":
      return { ...head, fields: told.fields, link };
    case "checkpoint":
      return { ...head, week: told.week, due: told.due, answer: `${link}/outcome` };
  }
};
