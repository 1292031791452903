// A link by which a person without a system comes in to answer one offer. Its token is in the letter and nowhere else.

export type Link = {
  id: string;
  offer: string;
  referral: string;
  /** The provider's client that it was sent to. */
  client: string;
  madeAt: Date;
  endsAt: Date;
  /** Its letter was taken by whoever carries letters. */
  sentAt?: Date;
  /** A newer one took its place. */
  replacedAt?: Date;
  redeemedAt?: Date;
};

export type LinkStanding = "open" | "used" | "replaced" | "ended";
