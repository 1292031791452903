// Reading, with row security set to one organisation.
import type { Consent } from "../../schemas/consent.ts";
import type { EventBody } from "../../schemas/event.ts";
import type { Offer, OfferStatus } from "../../schemas/offer.ts";
import type { Receipt } from "../../schemas/receipt.ts";
import type { KeptReport } from "../../schemas/outcome-report.ts";
import type { Recall } from "../../schemas/recall.ts";
import type { Content, Door, Status } from "../../schemas/referral.ts";

export type Timeline = { sequence: number; at: Date; body: EventBody };

/** What was told of a referral later, as it came. */
export type KeptAmendment = { referral: string; contentType: string; body: Uint8Array; at: Date };

export type ReferralRow = {
  id: string;
  reference: string;
  callerReference?: string;
  correlationId?: string;
  door: Door;
  status: Status;
  version: number;
  organisation: string;
  test: boolean;
  receivedAt: Date;
  changedAt: Date;
  participation: Content["participation"];
  timeline: Timeline[];
};

export type OfferRow = Offer & {
  reference: string;
  /** How the referral stands is not a provider's business; how its own offer stands is. */
  content?: Content;
  /** The person was. */
  erased?: true;
  version: number;
  recall?: Recall;
  reports: KeptReport[];
};

/** What a referrer searches its own referrals by; all of it must hold. */
export type ReferralFilter = {
  id?: string;
  /** The referral that this offer was made for. */
  offer?: string;
  reference?: string;
  /** Our reference or the caller's own: whichever it is. */
  named?: string;
  statuses?: readonly Status[];
  from?: Date;
  to?: Date;
  /** The last referral of the page before. */
  after?: string;
  limit: number;
};

/** A receipt, and which of the programmes in it were the reader's own when it was decided. */
export type Commissioned = { receipt: Receipt; programmes: readonly string[] };

/** What a commissioner looks its decisions up by; all of it must hold. */
export type CommissionedFilter = {
  /** A referral, by id or by reference. */
  referral?: string;
  programme?: string;
  from?: Date | undefined;
  to?: Date | undefined;
  /** The last receipt of the page before. */
  after?: string;
  limit: number;
};

export type Reader = {
  /** By id or by reference. Undefined for another organisation's: the caller answers 404 for both. */
  referral(organisation: string, id: string): Promise<ReferralRow | undefined>;
  /** Consents on record to a referral that this organisation sent, as they were told; none once the person is erased. */
  consents(organisation: string, referral: string): Promise<readonly Consent[]>;
  amendment(organisation: string, id: string): Promise<KeptAmendment | undefined>;
  /** Receipts of a referral that this organisation sent, or was offered. Newest last. */
  receipts(organisation: string, referral: string): Promise<Receipt[]>;
  /** Receipts of decisions that read the rules of programmes that this organisation commissions or funds. Newest last. */
  commissioned(organisation: string, test: boolean, filter: CommissionedFilter): Promise<Commissioned[]>;
  offers(
    organisation: string,
    filter: { status?: OfferStatus; after?: string; limit: number; test: boolean },
  ): Promise<OfferRow[]>;
  offer(organisation: string, id: string): Promise<OfferRow | undefined>;
  /** All of one referral, in the order in which they were asked. */
  recalls(organisation: string, referral: string): Promise<Recall[]>;
  /** Of this provider, without an answer. */
  ownRecalls(
    organisation: string,
    page: { after?: string; limit: number; test: boolean },
  ): Promise<(Recall & { reference: string })[]>;
  /** Referrals of one door that changed in a window, oldest first (GeoReport GET requests). */
  changed(organisation: string, door: Door, from: Date, to: Date, limit: number): Promise<ReferralRow[]>;
  /** Referrals of one door, in the order in which they came (FHIR search). */
  find(organisation: string, door: Door, test: boolean, filter: ReferralFilter): Promise<ReferralRow[]>;
};
