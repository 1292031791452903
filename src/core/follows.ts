// What follows when a referral says something else than before: an offer that no longer holds is taken back, and a referral
// that waits is decided anew. One commit writes both.
import type { Event } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Content, Status } from "../../schemas/referral.ts";
import { next } from "./lifecycle.ts";
import { assessAgain, takeBack } from "./recall.ts";
import type { Standing } from "./recheck.ts";
import type { Teller } from "./tell.ts";

type Journey = Teller & { version: number; status: Status; sequence: number; offers: readonly Offer[] };

export type Amended = {
  content: Content;
  fields: string[];
  by: "referrer" | "person";
  /** A client's id, or `person`. */
  actor: string;
  effective?: string | undefined;
};

/** Whether an offer still stands by what is said now, and what its programme lets the referrer hear of it. */
type Rules = { stands(offer: Offer): Standing; tells(offer: Offer): Programme["tells"] | undefined };

/** Asked, and not yet taken: what is taken is help under way, which a withdrawal ends and not a decision. */
const ASKED: ReadonlySet<Offer["status"]> = new Set(["sent", "acknowledged"]);

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
  const standing = asked === undefined ? undefined : rules.stands(asked);
  if (asked !== undefined && standing?.holds === false) {
    const recall = takeBack(told, asked, standing.reasons, nextId, now, rules.tells(asked));
    return { ...change, ...recall, events: [event, ...recall.events] };
  }
  return { ...change, work: WAITS.has(journey.status) ? [assessAgain(journey.id, nextId(), now)] : [] };
};
