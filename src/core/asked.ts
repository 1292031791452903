// Each service that was asked, from the line of events, as the referrer may hear of it: what its class is not told
// has not happened for it.
import type { Event, EventBody } from "../../schemas/event.ts";
import type { OfferStatus } from "../../schemas/offer.ts";
import type { Milestone } from "../../schemas/progress.ts";
import type { Reason } from "../../schemas/reason.ts";
import type { Content, Door } from "../../schemas/referral.ts";
import { isClosed } from "./lifecycle.ts";
import { noticesFor } from "./notice.ts";

type Row = {
  id: string;
  reference: string;
  door: Door;
  participation: Content["participation"];
  timeline: readonly { at: Date; body: EventBody }[];
};

export type Asked = {
  id: string;
  referral: string;
  reference: string;
  provider: string;
  service: string;
  status: OfferStatus;
  madeAt: string;
  changedAt: string;
  reasons: Reason[];
  progress?: "reached" | Milestone;
  onHold?: true;
};

const REACHED: Partial<Record<EventBody["type"], OfferStatus>> = {
  acknowledged: "acknowledged",
  accepted: "accepted",
  declined: "declined",
  recalled: "recalled",
  lapsed: "lapsed",
  started: "started",
  ended: "ended",
};

export const askedOf = ({ id, reference, door, participation, timeline }: Row): Asked[] => {
  const asked = new Map<string, Asked>();
  for (const { at, body } of timeline) {
    if (body.type === "moved") {
      // Who goes on with it stands where the one before stood.
      const before = asked.get(body.from);
      if (before === undefined) continue;
      const { offer, provider, service } = body;
      const times = { madeAt: at.toISOString(), changedAt: at.toISOString() };
      const { progress: _, ...goesOn } = before;
      asked.set(offer, { ...goesOn, ...times, id: offer, provider, service, reasons: [] });
      asked.set(body.from, { ...before, status: "recalled", changedAt: times.changedAt, reasons: [] });
      continue;
    }
    const known = "offer" in body ? asked.get(body.offer) : undefined;
    const onTheWay = known === undefined ? undefined : alongTheWay(known, body, door);
    if (onTheWay !== undefined) {
      asked.set(onTheWay.id, { ...onTheWay, changedAt: at.toISOString() });
      continue;
    }
    const notice = noticesFor({ body } satisfies Pick<Event, "body">, door, participation);
    if (notice === undefined) continue;
    const time = at.toISOString();
    // What was open is taken back with the referral.
    if (body.type === "withdrawn")
      for (const one of asked.values())
        if (!isClosed(one.status)) asked.set(one.id, { ...one, status: "recalled", changedAt: time });
    if (!("offer" in body)) continue;
    if (body.type === "offered") {
      const { offer, provider, service } = body;
      const one: Asked = {
        id: offer,
        referral: id,
        reference,
        provider,
        service,
        status: "sent",
        madeAt: time,
        changedAt: time,
        reasons: [],
      };
      asked.set(offer, one);
    }
    const status = REACHED[body.type];
    if (known !== undefined && status !== undefined) {
      const { onHold: _, ...rest } = known;
      asked.set(body.offer, { ...rest, status, changedAt: time, reasons: notice.reasons });
    }
  }
  return [...asked.values()];
};

/**
 * What happens while help is under way makes no news; who looks sees that the person was reached, has a plan, or that the help
 * rests. An attempt that reached nobody is the service's own affair: elsewhere it would read as if the person had not come. A
 * Jobcentre sees none of it, whoever must attend.
 */
const alongTheWay = (known: Asked, body: EventBody, door: Door): Asked | undefined => {
  if (door === "jobcentre") return undefined;
  switch (body.type) {
    case "contacted":
      return body.outcome === "reached" ? { ...known, progress: "reached" } : undefined;
    case "milestone":
      return { ...known, progress: body.milestone };
    case "put-on-hold":
      return { ...known, onHold: true };
    case "resumed": {
      const { onHold: _, ...goesOn } = known;
      return goesOn;
    }
    default:
      return undefined;
  }
};
