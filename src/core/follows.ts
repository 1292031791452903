// What follows when a referral says something else than before: an offer that no longer holds is taken back, and a referral
// that waits is decided anew. One commit writes both.
import type { Event } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { Recall } from "../../schemas/recall.ts";
import type { Content, Status } from "../../schemas/referral.ts";
import { holderOf } from "./holder.ts";
import { next } from "./lifecycle.ts";
import { assessAgain, takeBack, type Under } from "./recall.ts";
import type { Standing } from "./recheck.ts";
import type { Teller } from "./tell.ts";
import { withdraw } from "./withdraw.ts";

type Journey = Omit<Teller, "content"> & {
  version: number;
  status: Status;
  sequence: number;
  offers: readonly Offer[];
  recalls: readonly Recall[];
  content?: Content;
};

export type Amended = {
  content: Content;
  fields: string[];
  by: "referrer" | "person";
  /** A client's id, or `person`. */
  actor: string;
  effective?: string | undefined;
};

type Rules = {
  /** Whether an offer still stands by what is said now. */
  stands(offer: Offer): Standing;
  /** What the person no longer permits to those who have taken the offer. */
  refusals(offer: Offer): Reason[];
  /** Of the names of what changed, those that its provider was given. */
  changedFor(offer: Offer, fields: readonly string[]): string[];
  under(offer: Offer): Under;
};

/** Asked, and not yet taken: what is taken is help under way, which a withdrawal ends and not a decision. */
const ASKED: ReadonlySet<Offer["status"]> = new Set(["sent", "acknowledged"]);
const TAKEN: ReadonlySet<Offer["status"]> = new Set(["accepted", "started"]);

/** One that was received, or seeks, has its decision before it already. */
const WAITS: ReadonlySet<Status> = new Set(["held", "unmet"]);

export const followsFrom = (journey: Journey, amended: Amended, rules: Rules, nextId: () => string, now: Date) => {
  const { content, fields, by, actor, effective } = amended;
  const event: Event = {
    id: nextId(),
    referral: journey.id,
    sequence: journey.sequence + 1,
    at: now,
    actor,
    body: {
      type: "amended",
      fields,
      by,
      ...(effective === undefined ? {} : { effective }),
      ...(fields.includes("need") ? { need: content.need } : {}),
    },
  };
  const told = { ...journey, content, sequence: event.sequence };
  const change = {
    referral: journey.id,
    version: journey.version,
    status: next(journey.status, "amended") ?? journey.status,
    content,
    events: [event],
  };
  const asked = journey.offers.find((offer) => ASKED.has(offer.status));
  const taken = journey.offers.find((offer) => TAKEN.has(offer.status));
  const standing = asked === undefined ? undefined : rules.stands(asked);
  const over = overBy(journey, amended, rules, asked ?? taken);
  if (over.length > 0) {
    const wish = { reasons: over, by, actor };
    const end = withdraw(told, wish, (offer) => rules.under(offer).answerBy, nextId, now);
    if (end !== undefined) return { ...change, ...end, events: [event, ...end.events] };
  }
  if (asked !== undefined && standing?.holds === false) {
    const recall = takeBack(told, asked, standing.reasons, nextId, now, rules.under(asked));
    return { ...change, ...recall, events: [event, ...recall.events] };
  }
  const sentOn = taken === undefined ? [] : rules.changedFor(taken, fields);
  if (taken !== undefined && sentOn.length > 0) {
    const body = { type: "rectified", offer: taken.id, fields: sentOn } as const;
    const rectified = { ...event, id: nextId(), sequence: event.sequence + 1, actor: "waymark", body };
    return { ...change, events: [event, rectified], work: [rectifying(taken, nextId(), now)] };
  }
  return { ...change, work: WAITS.has(journey.status) ? [assessAgain(journey.id, nextId(), now)] : [] };
};

/**
 * What ends the referral: whoever has the person's data may have it no longer, or the person found work before any help
 * began. An offer that takes people in work too still stands.
 */
const overBy = (journey: Journey, { content, fields }: Amended, rules: Rules, offer: Offer | undefined): Reason[] => {
  const taken = offer !== undefined && TAKEN.has(offer.status);
  const refused = taken && fields.includes("consents") ? rules.refusals(offer) : [];
  if (refused.length > 0) return refused;
  const before = journey.content?.facts.employment;
  const found =
    fields.includes("facts.employment") && content.facts.employment === "in-work" && before === "out-of-work";
  if (!found || content.need !== "employment" || journey.status === "started") return [];
  return offer !== undefined && rules.stands(offer).holds ? [] : [reason("found-work")];
};

/** In the same line as the offer itself, so that it comes after it. */
const rectifying = (offer: Offer, id: string, due: Date) => ({
  id,
  kind: "rectify" as const,
  subject: offer.id,
  referral: offer.referral,
  destination: `provider:${holderOf(offer)}`,
  due,
});
