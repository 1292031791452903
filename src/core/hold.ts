// How long we wait for what we asked for. Calendar days, because a person and a referrer count those; the day it runs out
// is a whole day in the United Kingdom, whose nations share one clock.
import { DateTime } from "luxon";
import type { EventBody } from "../../schemas/event.ts";
import type { Programme } from "../../schemas/programme.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { Status } from "../../schemas/referral.ts";
import type { NewWork, Work } from "../../schemas/work.ts";
import { next } from "./lifecycle.ts";
import { tell, type Teller } from "./tell.ts";

/** Where no programme that waits says otherwise. */
export const HOLD_DAYS = 28;
const ZONE = "Europe/London";
const REMINDED_AT_HOUR = 9;

/** The longest of those that wait, so that the shortest never ends a chance with another. */
export const holdDays = (waiting: readonly Pick<Programme, "clocks">[]): number =>
  waiting.length === 0 ? HOLD_DAYS : Math.max(...waiting.map(({ clocks }) => clocks.holdDays ?? HOLD_DAYS));

/** The last day counts in full. Halfway, in the morning, the referrer hears again, unless half of it is less than a day. */
export const holdTimes = (from: Date, days: number): { remind?: Date; expire: Date } => {
  const day = DateTime.fromJSDate(from, { zone: ZONE }).startOf("day");
  const half = Math.floor(days / 2);
  return {
    expire: day.plus({ days: days + 1 }).toJSDate(),
    ...(half === 0 ? {} : { remind: day.plus({ days: half }).set({ hour: REMINDED_AT_HOUR }).toJSDate() }),
  };
};

/** The work that a hold brings with it. It is about the event, so that a later hold has a clock of its own. */
export const holdClock = (
  held: { id: string; referral: string; at: Date },
  days: number,
  nextId: () => string,
): NewWork[] => {
  const { remind, expire } = holdTimes(held.at, days);
  const row = (kind: "remind" | "expire", due: Date): NewWork => ({
    id: nextId(),
    kind,
    subject: held.id,
    referral: held.referral,
    destination: "holds",
    due,
  });
  return [...(remind === undefined ? [] : [row("remind", remind)]), row("expire", expire)];
};

/** The hold in force: the event that made it, and what it asks for. */
export type Hold = { event: string; asks: Reason[] };

type Waiting = Teller & { version: number; status: Status; sequence: number; hold?: Hold };

/** What its clock does to a referral that still waits by that very hold; undefined where it was lifted, in time or anew. */
export const ring = (
  journey: Waiting,
  work: Pick<Work, "id" | "token" | "kind" | "subject">,
  nextId: () => string,
  now: Date,
) => {
  const { hold } = journey;
  if (journey.status !== "held" || hold?.event !== work.subject) return undefined;
  const body: EventBody =
    work.kind === "remind"
      ? { type: "reminded", asks: hold.asks }
      : { type: "expired", reasons: [reason("hold-expired"), ...hold.asks] };
  const events = [
    { id: nextId(), referral: journey.id, sequence: journey.sequence + 1, at: now, actor: "waymark", body },
  ];
  const told = tell(journey, events, nextId);
  return {
    referral: journey.id,
    version: journey.version,
    status: next(journey.status, body.type) ?? journey.status,
    events,
    callbacks: told.callbacks,
    work: told.work,
    done: { work: work.id, token: work.token },
  };
};
