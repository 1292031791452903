// What a decision is made in, and what comes of looking at one programme.
import type { Override, Sibling } from "../../schemas/case.ts";
import type { Contract } from "../../schemas/contract.ts";
import type { Area } from "../../schemas/place.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Directory, ProviderOrganisation, Service } from "../../schemas/provider.ts";
import type { Reason, ReasonCode } from "../../schemas/reason.ts";
import type { Candidate } from "../../schemas/receipt.ts";
import type { Content, Door } from "../../schemas/referral.ts";
import type { Known } from "./eligibility.ts";
import type { Fences } from "./fences.ts";
import type { Capacity } from "./places.ts";
import type { Said } from "./recipients.ts";

export type Situation = {
  content: Content;
  area: Area;
  door: Door;
  directory: Directory;
  /** Provider organisations whose system may be sent this case: test cases reach only test providers. */
  reachable: readonly string[];
  capacity: Capacity;
  /** Places held back, by every programme in force. */
  fences: Fences;
  /** Services that said no, or whose offer we took back. */
  declined: readonly string[];
  /** The other referrals of the case. */
  siblings: readonly Sibling[];
  /** Clauses that an adviser set aside. */
  overrides: readonly Override[];
  now: Date;
  /** The day of `now` in London. */
  day: string;
  /** What the rules may read of all this. */
  known: Known;
  /** What the consents said to whoever was asked about before. */
  said: Said;
};

export type Fit = {
  programme: Programme;
  contract: Contract;
  service: Service;
  /** The prime of the contract: it is asked, and answers for its delivery partners. */
  organisation: ProviderOrganisation;
  share: number;
  /** The referrer may only recommend here: someone else must decide first. */
  recommended: boolean;
  /** What its offer takes: the service, and the course or held-back place. */
  takes: string[];
  /** How many places there are that this person could take. */
  free: number;
  /** What there is to say of the place that it takes. */
  told?: string;
};

export type Match = {
  candidates: Candidate[];
  fits: Fit[];
  /** What is missing where nothing but consent stands in the way. */
  consents: Reason[];
  /** Facts without which nobody can say. */
  missing: string[];
  /** Why the rest was dropped. */
  why: ReasonCode[];
};
