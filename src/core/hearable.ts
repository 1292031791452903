// What the programme of an offer lets each class of referrer hear of it. It narrows what the class may hear, never widens it.
import type { CallbackType } from "../../schemas/callback.ts";
import type { EventBody } from "../../schemas/event.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { Content, Door, Status } from "../../schemas/referral.ts";
import { hears, noticesFor } from "./notice.ts";

type Tells = Programme["tells"];
type Rules = { inForce(on: Date): readonly { programme: Programme }[] };
type Row = {
  door: Door;
  participation: Content["participation"];
  timeline: readonly { sequence: number; at: Date; body: EventBody }[];
};

/** Only news of an offer belongs to its programme; a hold or an unmet need is nobody's alone. */
export const mayHear = (
  tells: Tells | undefined,
  body: EventBody,
  door: Door,
  participation: Content["participation"],
): boolean => {
  const allowed = tells?.[door];
  if (allowed === undefined || !("offer" in body)) return true;
  const notice = noticesFor({ body }, door, participation);
  // What lies between acceptance and an end goes with the news of the start: where that is kept back, so is this.
  if (notice === undefined) return !UNDER_WAY.has(body.type) || allowed.includes("referral.started");
  // Who heard that somebody has it hears that somebody else has.
  if (body.type === "moved" && allowed.includes("referral.accepted")) return true;
  return allowed.includes(notice.type);
};

const UNDER_WAY: ReadonlySet<EventBody["type"]> = new Set(["contacted", "milestone", "put-on-hold", "resumed"]);

/** The step before, in the life of one offer. */
const BEFORE: Partial<Record<Status, Status>> = {
  ended: "started",
  started: "accepted",
  accepted: "acknowledged",
  acknowledged: "offered",
  seeking: "offered",
  offered: "received",
};

/** Where a referral stands as far as this referrer heard: later news does not tell of a step that it was to hear nothing of. */
export const heardStatus = (
  status: Status,
  tells: Tells | undefined,
  door: Door,
  participation: Content["participation"],
): Status => {
  const before = BEFORE[status];
  if (before === undefined) return status;
  const type = `referral.${status}` as CallbackType;
  const heard = hears(type, door, participation) && (tells?.[door]?.includes(type) ?? true);
  return heard ? status : heardStatus(before, tells, door, participation);
};

/** A referral with the events that its referrer may hear of, by the rules that were in force when each happened. */
export const hearable = <R extends Row>(row: R, rules: Rules): R => {
  let programme: string | undefined;
  const timeline = row.timeline.filter(({ at, body }) => {
    if (body.type === "offered") programme = body.programme;
    const tells = rules.inForce(at).find((one) => one.programme.programme === programme)?.programme.tells;
    return mayHear(tells, body, row.door, row.participation);
  });
  return { ...row, timeline };
};
