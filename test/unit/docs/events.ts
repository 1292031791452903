// One event of each type, with a reason where it can carry one.
import type { EventBody } from "../../../schemas/event.ts";
import { reason } from "../../../schemas/reason.ts";

const offer = "0198c0de-0000-7000-8000-000000000001";
const receipt = "0198c0de-0000-7000-8000-000000000002";
const reasons = [reason("no-place")];

export const ONE_OF_EACH: { [T in EventBody["type"]]: Extract<EventBody, { type: T }> } = {
  received: { type: "received" },
  held: { type: "held", receipt, why: "information", asks: reasons },
  reminded: { type: "reminded", asks: reasons },
  expired: { type: "expired", reasons },
  amended: { type: "amended", fields: ["facts.employment"], by: "referrer" },
  unmet: { type: "unmet", receipt, reasons },
  offered: { type: "offered", offer, receipt, programme: "p", service: "s", provider: "o" },
  delivered: { type: "delivered", offer },
  acknowledged: { type: "acknowledged", offer },
  accepted: { type: "accepted", offer },
  declined: { type: "declined", offer, reason: "full" },
  recalled: { type: "recalled", offer, reasons },
  started: { type: "started", offer, on: "2026-01-12" },
  ended: { type: "ended", offer, reason: "completed", on: "2026-01-12" },
  branched: { type: "branched", to: offer, reference: "WM-7K3P-9QXR", need: "childcare", why: "also-needed" },
  proposed: { type: "proposed", programme: "p", trigger: "t", need: "basic-skills", health: false },
  "proposal-answered": { type: "proposal-answered", programme: "p", trigger: "t", wanted: true },
  overridden: { type: "overridden", programme: "p", clause: "c" },
  placed: { type: "placed", offer, programme: "p", employer: "e", vacancy: "v", stage: "filled" },
  "recall-asked": { type: "recall-asked", offer, reasons, by: "person" },
  "recall-told": { type: "recall-told", offer, time: 1 },
  "recall-answered": { type: "recall-answered", offer, answer: "deleted" },
  "outcome-reported": { type: "outcome-reported", offer, what: "job-started", on: "2026-01-12" },
  "checkpoint-asked": { type: "checkpoint-asked", offer, week: 13, time: 1, again: "2026-11-30" },
  "outcome-reached": { type: "outcome-reached", offer, programme: "p", outcome: "job", on: "2026-01-12" },
  rectified: { type: "rectified", offer, fields: ["person.phones"] },
  contacted: { type: "contacted", offer, outcome: "reached", way: "phone", on: "2026-01-12" },
  "put-on-hold": { type: "put-on-hold", offer },
  resumed: { type: "resumed", offer },
  milestone: { type: "milestone", offer, milestone: "plan-agreed", on: "2026-01-12" },
  assigned: { type: "assigned", offer, to: "o" },
  "handed-back": { type: "handed-back", offer, by: "o", reason: "full" },
  moved: { type: "moved", offer, from: offer, programme: "p", service: "s", provider: "o" },
  chased: { type: "chased", offer, clock: "contact" },
  escalated: { type: "escalated", offer, clock: "contact" },
  lapsed: { type: "lapsed", offer, clock: "acknowledge" },
  withdrawn: { type: "withdrawn", reasons },
};
