// Our status in FHIR's words: ServiceRequest.status, and the receiver's Encounter.status by which BaRS tells progress.
import { REASON_SYSTEM, REJECTED_REASONS } from "../../schemas/foreign/fhir/systems.ts";
import { REASONS, type Reason } from "../../schemas/reason.ts";
import type { Status } from "../../schemas/referral.ts";

type Pair = {
  request: "active" | "revoked" | "completed";
  encounter: "planned" | "in-progress" | "arrived" | "finished" | "cancelled";
};

/** BaRS, feedback messages: planned is waiting, in-progress is allocated, cancelled is rejected. */
export const FHIR_STATUS: Record<Status, Pair> = {
  received: { request: "active", encounter: "planned" },
  held: { request: "active", encounter: "planned" },
  offered: { request: "active", encounter: "planned" },
  acknowledged: { request: "active", encounter: "planned" },
  seeking: { request: "active", encounter: "planned" },
  accepted: { request: "active", encounter: "in-progress" },
  started: { request: "active", encounter: "arrived" },
  ended: { request: "completed", encounter: "finished" },
  unmet: { request: "revoked", encounter: "cancelled" },
  withdrawn: { request: "revoked", encounter: "cancelled" },
  expired: { request: "revoked", encounter: "cancelled" },
};

/** `rejected-reasons-bars`: not available in time, failed contact, other (which needs text). */
const rejected = ({ code }: Reason): string =>
  code === "no-place" || code === "full" ? "RRNA" : code === "cannot-contact" ? "FC" : "OTH";

/** Why it stands so, in codes and plain words; nothing about the person. */
export const reasonCodes = (status: Status, reasons: readonly Reason[]) =>
  reasons.map((one) => ({
    coding: [
      ...(FHIR_STATUS[status].encounter === "cancelled" ? [{ system: REJECTED_REASONS, code: rejected(one) }] : []),
      { system: REASON_SYSTEM, code: one.code },
    ],
    text: one.path === undefined ? REASONS[one.code].words : `${REASONS[one.code].words} (${one.path})`,
  }));
