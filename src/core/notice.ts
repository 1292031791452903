// What a referrer hears of an event. A policy by class: a Jobcentre never learns from us why a person said no, whether
// they came, or anything of their permissions and health, unless they must attend anyway.
import type { CallbackType, VoluntaryNews } from "../../schemas/callback.ts";
import type { Event, EventBody } from "../../schemas/event.ts";
import { note, reason, type Reason } from "../../schemas/reason.ts";
import type { Content, Door, Status } from "../../schemas/referral.ts";
import { forJobcentre } from "./firewall.ts";

/** Without a status the referral stands where it stood. */
export type Notice = { type: CallbackType; status?: Status; reasons: Reason[] };

const notice = (status: Exclude<Status, "received">, reasons: readonly Reason[] = []): Notice => ({
  type: `referral.${status}`,
  status,
  reasons: [...reasons],
});

/** Everything, as a practice or a council hears it: they sent the person as part of caring for them. */
const inFull = (body: EventBody): Notice | undefined => {
  switch (body.type) {
    case "received":
    case "delivered":
    case "amended":
    case "proposal-answered":
    case "overridden":
    case "placed":
    case "recall-asked":
    case "recall-told":
    case "recall-answered":
    case "rectified":
    case "contacted":
    case "put-on-hold":
    case "resumed":
    case "milestone":
    case "assigned":
    case "handed-back":
    case "chased":
    case "escalated":
    case "checkpoint-asked":
      return undefined;
    case "outcome-reported":
      return body.what === "job-started" ? { type: "referral.job-started", reasons: [note("job-started")] } : undefined;
    case "outcome-reached":
      return { type: "referral.outcome-reached", reasons: [note("outcome-reached", body.outcome)] };
    case "moved":
      return { type: "referral.moved", reasons: [note("caseload-moved")] };
    case "branched":
      return { type: "referral.branched", reasons: [note("branched", body.reference)] };
    case "proposed":
      return { type: "referral.proposed", reasons: [note("proposed", `${body.programme}.${body.trigger}`)] };
    case "expired":
      return notice("expired", body.reasons);
    case "reminded":
    case "held":
      return notice("held", body.asks);
    case "unmet":
      return notice("unmet", body.reasons);
    case "offered":
      return notice("offered");
    case "acknowledged":
      return notice("acknowledged");
    case "accepted":
      return notice("accepted");
    case "declined":
      return notice("seeking", [reason(body.reason)]);
    case "recalled":
      return notice("seeking", body.reasons);
    case "lapsed":
      return notice("seeking", [reason("not-in-time")]);
    case "started":
      return notice("started");
    case "ended":
      return notice("ended", [reason(body.reason)]);
    case "withdrawn":
      return notice("withdrawn", body.reasons);
  }
};

/** By type alone, so that a reason, a start or a job cannot come along by oversight: its shape has no place for them. */
const forVoluntary = (type: CallbackType, reasons: readonly Reason[]): VoluntaryNews | undefined => {
  switch (type) {
    case "referral.offered":
    case "referral.accepted":
    case "referral.seeking":
    case "referral.ended":
    case "referral.withdrawn":
    case "referral.moved":
      return { type };
    case "referral.held":
    case "referral.unmet":
    case "referral.expired":
    case "referral.branched":
    case "referral.proposed":
      return { type, reasons: forJobcentre(reasons) };
    case "referral.acknowledged":
    case "referral.started":
    case "referral.job-started":
    case "referral.outcome-reached":
      return undefined;
  }
};

/** Facts of the contract. Why something was taken back may be about the person's permission all the same. */
const forMandatory = (body: EventBody, { type, reasons }: Notice): Omit<Notice, "status"> | undefined => {
  if (type === "referral.acknowledged") return undefined;
  const bare = body.type === "recalled" || body.type === "withdrawn";
  return { type, reasons: bare ? [] : forJobcentre(reasons) };
};

const forClass = (body: EventBody, full: Notice, participation: Content["participation"]): Notice | undefined => {
  // What a rule on health proposed would tell of health.
  if (body.type === "proposed" && body.health) return undefined;
  const news = participation === "voluntary" ? forVoluntary(full.type, full.reasons) : forMandatory(body, full);
  if (news === undefined) return undefined;
  return { ...(full.status === undefined ? {} : { status: full.status }), reasons: [], ...news };
};

/** Whether this class of referrer ever hears news of this type. */
export const hears = (type: CallbackType, door: Door, participation: Content["participation"]): boolean => {
  if (door !== "jobcentre") return true;
  return participation === "voluntary" ? forVoluntary(type, []) !== undefined : type !== "referral.acknowledged";
};

/** The news of one event for the referrer, or undefined where they hear nothing of it. */
export const noticesFor = (
  event: Pick<Event, "body">,
  door: Door,
  participation: Content["participation"],
): Notice | undefined => {
  const full = inFull(event.body);
  return full === undefined || door !== "jobcentre" ? full : forClass(event.body, full, participation);
};
