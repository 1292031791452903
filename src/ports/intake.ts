// Intake: inserts for anyone, reads nothing but the key.
import type { Event } from "../../schemas/event.ts";
import type { Monitoring } from "../../schemas/monitoring.ts";
import type { Content, Door } from "../../schemas/referral.ts";
import type { NewWork } from "../../schemas/work.ts";

export type Submission = {
  id: string;
  client: string;
  organisation: string;
  door: Door;
  /** What makes it the same submission when it comes again: unique for organisation and door. */
  key: string;
  bodyDigest: string;
  /** The bytes as they came, sealed by the store. */
  body: Uint8Array;
  contentType: string;
  /** Ids of the caller that every answer repeats: request, correlation, message, own reference. Never personal. */
  requestId?: string;
  correlationId?: string;
  messageId?: string;
  callerReference?: string;
  caseId: string;
  referralId: string;
  reference: string;
  content: Content;
  /** Kept in a table of their own, and read by counts alone. */
  monitoring?: Monitoring;
  at: Date;
  test: boolean;
  event: Event;
  work: NewWork;
};

export type Taken = { referral: string; reference: string; at: Date };

/** `repeat`: the key came before. `busy`: the line is full, nothing was stored. */
export type Accepted =
  | { outcome: "taken"; taken: Taken }
  | { outcome: "repeat"; sameBody: boolean; taken: Taken }
  | { outcome: "busy"; retryAfterSeconds: number; why?: "door-paused" }
  /** The random reference is in use: nothing was stored, and the caller draws another. */
  | { outcome: "clash" };

/** Returns only after the commit. Many callers share one transaction; one that fails never fails another. */
export type Intake = { accept(submission: Submission): Promise<Accepted> };
