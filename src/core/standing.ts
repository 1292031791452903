// Where a referral stands for its referrer: the last news that its class may hear, and the line of all of them.
import type { Event, EventBody } from "../../schemas/event.ts";
import type { NeedCode } from "../../schemas/need.ts";
import type { Content, Door, Status } from "../../schemas/referral.ts";
import type { Reason } from "../../schemas/reason.ts";
import { noticesFor } from "./notice.ts";

const WORDS: Record<Status, string> = {
  received: "We have it. We are looking for the right service.",
  held: "It waits for something from you.",
  unmet: "No local service can take it now. The need is on record.",
  offered: "We have asked a service to take it.",
  acknowledged: "The service has seen it.",
  accepted: "The service has taken it.",
  seeking: "We are looking for another service.",
  started: "The help has started.",
  ended: "The help has ended.",
  withdrawn: "It was withdrawn.",
};

type Row = {
  id: string;
  reference: string;
  callerReference?: string;
  correlationId?: string;
  door: Door;
  participation: Content["participation"];
  receivedAt: Date;
  timeline: readonly { sequence: number; at: Date; body: EventBody }[];
};

export type Standing = {
  id: string;
  reference: string;
  callerReference?: string;
  correlationId?: string;
  need?: NeedCode;
  receivedAt: string;
  status: Status;
  words: string;
  changedAt: string;
  sequence: number;
  reasons: Reason[];
  timeline: { sequence: number; at: string; type: string }[];
};

export const standingOf = (row: Row): Standing => {
  const { door, participation, receivedAt, timeline } = row;
  const told = timeline.flatMap(({ sequence, at, body }) => {
    const notice = noticesFor({ body } satisfies Pick<Event, "body">, door, participation);
    return notice === undefined ? [] : [{ sequence, at: at.toISOString(), notice }];
  });
  const last = told.at(-1);
  const status = last?.notice.status ?? "received";
  return {
    id: row.id,
    reference: row.reference,
    callerReference: row.callerReference,
    correlationId: row.correlationId,
    need: timeline.flatMap(({ body }) => (body.type === "received" ? [body.need] : []))[0],
    receivedAt: receivedAt.toISOString(),
    status,
    words: WORDS[status],
    changedAt: last?.at ?? receivedAt.toISOString(),
    sequence: last?.sequence ?? 1,
    reasons: last?.notice.reasons ?? [],
    timeline: [
      { sequence: 1, at: receivedAt.toISOString(), type: "referral.received" },
      ...told.map(({ sequence, at, notice }) => ({ sequence, at, type: notice.type })),
    ],
  };
};
