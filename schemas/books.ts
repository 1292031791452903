// The no-silence ledger: what was taken, where all of it is, and every open referral with who owes what until when.
import type { ClockName } from "./progress.ts";
import type { Status } from "./referral.ts";

/** From the door to the news: what must not be lost between one and the next. */
export const HOPS = ["door-store", "store-decided", "decided-offered", "offered-answered", "answered-told"] as const;
export type Hop = (typeof HOPS)[number];

/** What is wrong with one referral, by its reference; `submission` where it has none. */
export type Difference = {
  hop: Hop;
  reference: string;
  fault: keyof typeof FAULTS;
};

export const FAULTS = {
  "not-stored": "It was taken at a door, and there is no referral of it.",
  "events-missing": "Its events do not count up to where it stands.",
  "no-decision": "It waits for a decision, and no work makes one.",
  "no-clock": "It waits, and nothing will ring when its time is over.",
  "no-offer": "It stands as offered or taken, and no offer of it is open.",
  "offer-open": "It is closed or waits, and an offer of it is still open.",
  "offer-differs": "It and its open offer stand at different steps.",
  "offer-unsent": "Its offer was never sent, and no work sends it.",
  "news-silent": "There is news of it, and no work tells it.",
} as const;

export type Books = {
  /** Taken at a door, or opened beside one that was. */
  accepted: number;
  statuses: Partial<Record<Status, number>>;
  offers: { made: number; open: number; answered: number; takenBack: number };
  news: { made: number; waiting: number; delivered: number; kept: number; dead: number };
  differences: Difference[];
};

/** One open referral as the store has it. */
export type OpenRow = {
  id: string;
  reference: string;
  status: Status;
  since: Date;
  why?: "consent" | "information" | "review";
  /** Who has its offer, and what they owe. */
  holder?: string;
  owes?: { clock: ClockName; at: Date };
  /** When its work is due next. */
  due?: Date;
  /** Work that moves it was given up: a person must see to it. */
  stuck?: Date;
};

export type NextAction = {
  owner: "waymark" | "provider" | "referrer" | "operator";
  /** The organisation, where it is the provider's. */
  who?: string;
  action: string;
  due: Date;
};
