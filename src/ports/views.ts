// Views: what doors and the command line may ask.
import type { Check } from "../../schemas/check.ts";
import type { Client } from "../../schemas/client.ts";
import type { Consent } from "../../schemas/consent.ts";
import type { NeedCode } from "../../schemas/need.ts";
import type { OfferDetail, OfferPreview, OfferStatus } from "../../schemas/offer.ts";
import type { ClockName, Milestone, Progress } from "../../schemas/progress.ts";
import type { DeclineReason, Reason } from "../../schemas/reason.ts";
import type { PersonsReceipt, Receipt } from "../../schemas/receipt.ts";
import type { CheckpointAnswer, CheckpointWeek, OutcomeReport } from "../../schemas/outcome-report.ts";
import type { HeldAnswer, KeptBasis, RecallStanding } from "../../schemas/recall.ts";
import type { Door, Status } from "../../schemas/referral.ts";
import type { CommissionedFilter, KeptAmendment, ReferralFilter } from "./reading.ts";
import type { Refusal } from "./steps.ts";

export type ReferralView = {
  id: string;
  reference: string;
  /** As the first event tells it; GeoReport names it as the service. */
  need?: NeedCode;
  callerReference?: string;
  correlationId?: string;
  status: Status;
  /** The status in a short plain sentence. */
  words: string;
  receivedAt: string;
  changedAt: string;
  sequence: number;
  reasons: Reason[];
  timeline: { sequence: number; at: string; type: string }[];
};

export type OfferView = {
  id: string;
  reference: string;
  status: OfferStatus;
  service: string;
  madeAt: string;
  changedAt: string;
  /** As long as the offer is open. */
  preview?: OfferPreview;
  /** What is owed next, and until when. */
  due?: { clock: ClockName; at: string };
  /** Before it answers: for which reasons its contract lets it say no. */
  declines?: DeclineReason[];
  /** The help rests. */
  onHold?: { since: string; until?: string };
  /** What it told last while it has it. */
  progress?: Progress;
  /** Given to a delivery partner; as the partner reads it, by whom. */
  assignedTo?: string;
  assignedBy?: string;
  /** From acceptance until the offer ends. */
  detail?: OfferDetail;
  /** What it reported, and the weeks after the first job at which it is asked whether it lasts. */
  outcomes?: {
    reports: OutcomeReport[];
    checkpoints: { week: number; due: string; answer?: CheckpointAnswer }[];
    /** What waits for an answer now. */
    asks?: { week: CheckpointWeek; due: string };
  };
  /** It is to delete what it has, and to say so. */
  recall?: RecallView;
};

/** One service that was asked, as the referrer may know of it (FHIR Task). */
export type AskedView = {
  /** The offer's. */
  id: string;
  referral: string;
  reference: string;
  provider: string;
  service: string;
  status: OfferStatus;
  madeAt: string;
  changedAt: string;
  /** Why it was declined, recalled or ended. */
  reasons: Reason[];
  /** The person was reached, or has an action plan. */
  progress?: "reached" | Milestone;
  /** The help rests. */
  onHold?: true;
};

/** A minimised profile for one vacancy: wishes and courses, and nobody's name. */
export type ProfileView = {
  reference: string;
  employer: string;
  vacancy: string;
  title: string;
  starts: string;
  profile: { jobPreferences: string[]; preferredHours?: string; rightToWork?: boolean; courses: string[] };
};

/** An answer to a question before sending. `may-fit`: something named is missing. */
export type CheckView = {
  outcome: "fits" | "may-fit" | "does-not-fit";
  words: string;
  asks: { code: string; path?: string; words: string }[];
  candidates: Receipt["candidates"];
  /** What would make it fit, where something would. */
  alternatives: NonNullable<Receipt["alternatives"]>;
  rules: string[];
  directory: string;
};

/** A recall as its referrer, or the provider itself, may see it. */
export type RecallView = {
  offer: string;
  state: RecallStanding;
  askedAt: string;
  answerBy: string;
  told: number;
  toldAt?: string;
  answer?: HeldAnswer;
  basis?: KeptBasis;
  until?: string;
  answeredAt?: string;
  provider?: string;
  service?: string;
};

export type Views = {
  /** Who holds a referral that this client sent, and has or has not answered. */
  recalls(
    client: Client,
    referral: string,
  ): Promise<{ referral: string; reference: string; recalls: RecallView[] } | undefined>;
  /** What this provider was asked to delete and has not answered, oldest first. */
  ownRecalls(client: Client, page: { after?: string; limit: number }): Promise<(RecallView & { reference: string })[]>;
  amendment(client: Client, id: string): Promise<KeptAmendment | undefined>;
  /** `door` is the one through which this client would send. */
  check(client: Client, door: Door, check: Check): Promise<CheckView>;
  referral(client: Client, id: string): Promise<ReferralView | undefined>;
  /** This reference, or id, was given, and what it stood for was lost in a restore. */
  lost(client: Client, named: string): Promise<boolean>;
  receipt(client: Client, referral: string): Promise<Receipt[] | undefined>;
  /** The same decisions in words for the person referred, to be read out or handed over. */
  personsReceipt(client: Client, referral: string): Promise<PersonsReceipt[] | undefined>;
  /** Decisions under the programmes of a commissioner, oldest first, as it may see them. */
  decisions(client: Client, filter: CommissionedFilter): Promise<Receipt[]>;
  offers(client: Client, filter: { status?: OfferStatus; after?: string; limit: number }): Promise<OfferView[]>;
  offer(client: Client, id: string): Promise<OfferView | undefined>;
  /** What an employer may hear of the person of an accepted offer; or the reasons why nothing. */
  profile(
    client: Client,
    offer: string,
    role: { employer: string; vacancy: string },
  ): Promise<ProfileView | Refusal | undefined>;
  changed(client: Client, door: Door, from: Date, to: Date, limit: number): Promise<ReferralView[]>;
  find(client: Client, filter: ReferralFilter): Promise<ReferralView[]>;
  newsCount(client: Client): Promise<number>;
  consents(
    client: Client,
    referral: string,
  ): Promise<{ referral: string; receivedAt: string; consents: readonly Consent[] } | undefined>;
  /** Of the referrals that fit. `next` is the last of them where there may be more, whether or not anybody was asked. */
  asked(client: Client, filter: ReferralFilter): Promise<{ asked: AskedView[]; next?: string }>;
};
