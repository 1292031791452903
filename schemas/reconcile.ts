// What a restored store has lost, as its journal tells: what is applied again, and what only a person can decide.
import type { JournalEntry, KeptNo, QuarantineWhy } from "./journal.ts";
import type { Cause } from "./cause.ts";
import type { Answer, Offer, OfferStatus } from "./offer.ts";
import type { Status } from "./referral.ts";
import type { AttemptOutcome } from "./work.ts";

type Body<Kind extends JournalEntry["kind"]> = Extract<JournalEntry, { kind: Kind }>["body"];

export type LostReferral = Body<"accepted">;
export type LostOffer = Body<"offer">;

/** What the store still knows of all that the journal names. */
export type StoreFacts = {
  referrals: ReadonlyMap<string, { reference: string; organisation: string; status: Status; erased: boolean }>;
  offers: ReadonlyMap<string, { status: OfferStatus; reference: string; provider: string; recalled: boolean }>;
  /** Of those asked for, the cases whose person is not erased. */
  cases: ReadonlySet<string>;
};

/** What only a person can decide, and what to do about it. */
export const DIFFERENCES = {
  "offer-lost":
    "An offer that was made after the backup is not here any more. The service may hold it, and be helping the person: ring it.",
  "offer-behind":
    "The service had taken this offer further than the backup knows. Have it tell us again once the quarantine is over.",
  "offer-missing": "This offer was sent, and its service does not have it any more: ring it.",
  "offer-unclear": "It was asked whether it has this offer, and nobody can tell from its answer: ring it.",
  "step-refused": "The service has gone further with this offer, and it could not be taken in: ring it.",
  "destination-silent":
    "It was asked what it has, and did not answer. Run this once more when it does, or ring the service.",
  "recall-lost": "This service was to delete what it has, and nothing here brings that about again: ring it.",
  "withdrawal-refused": "It was taken back after the backup, and could not be taken back again. Run this once more.",
  "recall-refused": "This service could not be asked again to delete what it has. Run this once more.",
  "journal-behind": "Lines of the journal are gone: nobody knows what they said.",
  "journal-forged": "Lines of the journal were not written by us, or were changed: they are left out.",
  "no-journal": "No journal is set up: nobody knows what was lost. Set WAYMARK_JOURNAL, if there was one.",
  "other-store": "The journal belongs to another store: set WAYMARK_JOURNAL right, and start again.",
} as const;

export type Difference = {
  what: keyof typeof DIFFERENCES;
  offer?: string;
  reference?: string;
  provider?: string;
  /** As the journal has it, and as the store has it. */
  status?: OfferStatus;
  here?: OfferStatus;
  /** Of a lost offer: what its service says. */
  seen?: Sighting["kind"];
  cause?: Cause;
};

/**
 * How an offer stands at its service. `there`: with the steps that the service has taken and we do not know. `behind`: it
 * stands where the offer stood before. `unclear`: it answered, and yet nobody can tell. `away`: it did not answer.
 */
export type Sighting =
  | { kind: "there"; answers: Answer[] }
  | { kind: "absent" | "behind" | "unclear" }
  | { kind: "away"; outcome: AttemptOutcome };

/** An offer that this store or its journal holds as open, or as possibly sent. */
export type Doubted = Pick<Offer, "id" | "referral" | "provider" | "test"> & {
  reference: string;
  /** The backup has it as not yet sent. */
  unsent: boolean;
  /** It is in the journal alone. */
  lost?: LostOffer;
};

/** Steps that a service took after the backup, as it tells. */
export type ToldSteps = Pick<Doubted, "id" | "reference" | "provider" | "test"> & { answers: Answer[] };

/** What came of comparing a destination. */
export const ASKED = {
  answered: "asked, and it answered",
  silent: "asked, and it did not answer",
  taken: "MESH had taken all of them before the backup: nothing is left to ask",
  "same-id": "cannot be asked; what goes again has the id that it had, and is known there if it came before",
  letter: "cannot be asked; no letter goes twice: what may have gone becomes a dead letter, for a person to ask",
  pulled: "cannot be asked; it finds its offers in its queue",
  nobody: "cannot be asked: no client of it, or no way to it, is in force",
} as const;

export type Destination = Pick<Offer, "provider" | "test"> & {
  asked: keyof typeof ASKED;
  way?: string;
  cause?: Cause;
  /** Open, or possibly sent; of these, asked about and answered; and of these again, how many stand differently there. */
  offers: number;
  compared: number;
  differ: number;
};

export type ReconcilePlan = {
  withdraw: (Body<"withdrawn"> & { reference: string })[];
  refuse: { id: string; referral: string; reference: string; organisation: string; no: readonly KeptNo[] }[];
  erase: string[];
  /** Given out, and gone. */
  lost: LostReferral[];
  /** Offers made after the backup for referrals that are still here: their providers may hold the person's data. */
  recall: LostOffer[];
  /** Other offers made after the backup. */
  gone: LostOffer[];
  /** What only a person can decide. */
  differences: Difference[];
};

/** An offer that stood open and unsent in the backup, and how a second copy at its provider is kept from being made. */
export type Unsent = Pick<Offer, "id" | "provider" | "test"> & { work: string; reference: string };

export type ReconcileReport = ReconcilePlan & {
  why: QuarantineWhy;
  since: Date;
  applied: boolean;
  /** By reference and provider. */
  unsent: { reference: string; provider: string; how: UnsentHow }[];
  destinations: Destination[];
  /** Steps that services took after the backup. */
  steps: { reference: string; provider: string; verbs: Answer["verb"][] }[];
  ended: boolean;
};

export const UNSENT = {
  "same-id": "It goes again under the id that it had, and is known there if it came before.",
  asked: "The mailbox service is asked whether it has it, before it goes again.",
  pulled: "The service finds it in its queue.",
  person: "It may have gone, and must not go twice: it becomes a dead letter. Ask the service.",
  nobody: "No client of this service is in force.",
} as const;
export type UnsentHow = keyof typeof UNSENT;

export type ReconcileAsked = { by: string; dryRun: boolean; accept?: { reason: string } | undefined };
