// Where a referral stands, from what happened to it: in words for the person on call, with who must act and since when.
import type { EventBody, EventType } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import { REASONS, type Reason } from "../../schemas/reason.ts";
import type { Status } from "../../schemas/referral.ts";

export type Who = "nobody" | "waymark" | "provider" | "referrer" | "operator";

export type Stands = {
  where: string;
  waitsFor: string;
  since: Date;
  who: Who;
  /** Why, where reasons are on record. */
  reasons: { code: string; path?: string; words: string }[];
};

export type Whereabouts = {
  status: Status;
  timeline: readonly { at: Date; body: EventBody }[];
  offers: readonly Pick<Offer, "programme" | "service" | "provider" | "status">[];
  /** Its offer is still on its way. */
  sending: boolean;
};

type Row = { where: string; waitsFor: string; who: Who; since: readonly EventType[] };

/** `{service}` is the service that was asked last. */
const STANDS: Record<Status, Row> = {
  received: {
    where: "It came in and is not decided yet.",
    waitsFor: "The decision.",
    who: "waymark",
    since: ["received"],
  },
  seeking: {
    where: "A service said no, or its offer was taken back.",
    waitsFor: "The next decision.",
    who: "waymark",
    since: ["declined", "recalled", "lapsed"],
  },
  held: { where: "It is held.", waitsFor: "The referrer to send what is missing.", who: "referrer", since: ["held"] },
  unmet: {
    where: "No service can take it.",
    waitsFor: "Nothing by itself. It is decided again when the referrer tells us more.",
    who: "nobody",
    since: ["unmet"],
  },
  offered: {
    where: "It was offered to {service}.",
    waitsFor: "The service's answer.",
    who: "provider",
    since: ["offered", "delivered"],
  },
  acknowledged: {
    where: "The service has seen it: {service}.",
    waitsFor: "The service's answer.",
    who: "provider",
    since: ["acknowledged"],
  },
  accepted: {
    where: "A service has taken it: {service}.",
    waitsFor: "The service to begin.",
    who: "provider",
    since: ["accepted"],
  },
  started: {
    where: "A service helps: {service}.",
    waitsFor: "The end of the help.",
    who: "provider",
    since: ["started"],
  },
  ended: { where: "It is over.", waitsFor: "Nothing.", who: "nobody", since: ["ended"] },
  withdrawn: { where: "It was withdrawn.", waitsFor: "Nothing.", who: "nobody", since: ["withdrawn"] },
  expired: {
    where: "What was missing did not come in time.",
    waitsFor: "Nothing by itself. The referrer may send it again.",
    who: "nobody",
    since: ["expired"],
  },
};

const HELD: Record<Extract<EventBody, { type: "held" }>["why"], Pick<Row, "waitsFor" | "who">> = {
  consent: { waitsFor: "The referrer to ask the person, and to tell us what they said.", who: "referrer" },
  information: { waitsFor: "The referrer to send what is missing.", who: "referrer" },
  review: { waitsFor: "A person of ours to look at it.", who: "operator" },
};

const SENDING: Pick<Row, "waitsFor" | "who"> = { waitsFor: "The offer to reach the service.", who: "waymark" };

export const standing = ({ status, timeline, offers, sending }: Whereabouts): Stands => {
  const { since, ...row } = STANDS[status];
  const event = timeline.findLast(({ body }) => since.includes(body.type)) ?? timeline.at(-1);
  const body = event?.body;
  const offer = offers.findLast((one) => !["declined", "recalled", "lapsed"].includes(one.status));
  const service = offer === undefined ? "unknown" : `${offer.provider} (${offer.service}, ${offer.programme})`;
  return {
    ...row,
    ...(body?.type === "held" ? HELD[body.why] : {}),
    ...(status === "offered" && sending ? SENDING : {}),
    where: row.where.replace("{service}", service),
    since: event?.at ?? new Date(0),
    reasons: body === undefined ? [] : reasonsIn(body).map(said),
  };
};

const reasonsIn = (body: EventBody): Pick<Reason, "code" | "path">[] => {
  if (body.type === "held" || body.type === "reminded") return body.asks;
  if ("reasons" in body) return body.reasons;
  return body.type === "ended" || body.type === "declined" ? [{ code: body.reason }] : [];
};

const said = ({ code, path }: Pick<Reason, "code" | "path">): Stands["reasons"][number] => ({
  code,
  ...(path === undefined ? {} : { path }),
  words: REASONS[code].words,
});
