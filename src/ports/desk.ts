// The operators' desk.
import type { CallbackState } from "../../schemas/callback.ts";
import type { PlacementStage } from "../../schemas/contract.ts";
import type { Books, OpenRow } from "../../schemas/books.ts";
import type { Facts } from "../../schemas/facts.ts";
import type { Recall } from "../../schemas/recall.ts";
import type { Receipt } from "../../schemas/receipt.ts";
import type { Journey } from "./ledger.ts";
import type { Timeline } from "./reading.ts";

/** One referral as an operator sees it: codes, times and ids, never the person. */
export type Dossier = {
  journey: Omit<Journey, "content" | "reports">;
  timeline: (Timeline & { actor: string })[];
  receipts: Receipt[];
  callbacks: { id: string; type: string; sequence: number; state: CallbackState; changedAt: Date }[];
  work: { kind: string; destination: string; due: Date; attempt: number; deadAt?: Date; cause?: string }[];
  attempts: {
    kind: string;
    at: Date;
    number: number;
    result: string;
    outcome?: string;
    cause?: string;
    status?: number;
    way?: string;
  }[];
};

/** One decision with what was read for it, as canonical JSON. */
export type DecisionMade = {
  id: string;
  referral: string;
  reference: string;
  decidedAt: Date;
  /** `no-input`: made before inputs were kept. `altered`: does not open with the case's key. `no-key`: the ring has not the key. */
  state: "open" | "erased" | "no-input" | "altered" | "no-key";
  receipt?: string;
  input?: string;
};

/** The decisions on one referral; or a page of all, oldest first. */
export type DecisionsAsked =
  | { referral: string }
  | { after?: string | undefined; since?: Date | undefined; until?: Date | undefined; limit: number };

export type PledgeCount = { programme: string; employer: string; stage: PlacementStage; people: number };
export type OverrideCount = { programme: string; clause: string; count: number };

/** What somebody did by hand. `codes`: what was asked, in codes; nothing about a person. */
export type Deed = {
  id: string;
  at: Date;
  by: string;
  verb: string;
  subjects: string[];
  codes: Record<string, unknown>;
};

/** All of it must hold. `subject`: an id, a destination, a programme. */
export type DeedsAsked = {
  subject?: string | undefined;
  by?: string | undefined;
  verb?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  limit: number;
};

/** Each person once, however often and by whomever they were referred; test cases are left out. */
export type OutcomeCount = { programme: string; outcome: string; people: number; referrals: number };

export type RecallCount = Recall & { reference: string };

export type Desk = {
  outcomes(test: boolean): Promise<OutcomeCount[]>;
  /** The newest of those that fit, oldest first. */
  deeds(asked: DeedsAsked): Promise<Deed[]>;
  /** Recalls without an answer, those told most often first; or all of one referral, by id or by reference. */
  recalls(referral?: string): Promise<RecallCount[]>;
  decisions(asked: DecisionsAsked): Promise<DecisionMade[]>;
  /** How many people reached each stage with each employer. */
  pledges(): Promise<PledgeCount[]>;
  /** How often each clause was set aside. */
  overrides(): Promise<OverrideCount[]>;
  /** All that was taken, and where it is, counted at one moment. */
  books(): Promise<Books>;
  /** Ids of a provider's open offers under a programme, in their order. */
  caseload(page: { provider: string; programme: string; after?: string | undefined; limit: number }): Promise<string[]>;
  /** Open referrals in the order of their ids. */
  open(page: { after?: string | undefined; limit: number }): Promise<OpenRow[]>;
  /** All that holds a referral up, by id or by reference. */
  facts(referral: string, now: Date): Promise<Facts | undefined>;
  /** Ids of all referrals of one case, in their order. */
  together(caseId: string): Promise<string[]>;
  /** By id or by reference. */
  dossier(referral: string): Promise<Dossier | undefined>;
};

/** A decision that came out otherwise, with the first place that differs; or that cannot be made again, and why. */
export type Replayed = Pick<DecisionMade, "id" | "referral" | "reference" | "decidedAt"> & {
  result: "same" | "different" | "cannot";
  path?: string;
  was?: string;
  now?: string;
  because?: string;
};

export type ReplayReport = {
  decisions: number;
  same: number;
  different: number;
  cannot: number;
  /** The first of those that are not the same. */
  named: Replayed[];
  /** Where to go on: the last decision that was looked at, if there may be more. */
  next?: string | undefined;
};

export type Replay = {
  one(referral: string): Promise<ReplayReport>;
  all(asked: Extract<DecisionsAsked, { limit: number }>): Promise<ReplayReport>;
};
