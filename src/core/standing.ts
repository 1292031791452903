// Where a referral stands for its referrer: the last news that its class may hear, and the line of all of them.
import type { Event, EventBody } from "../../schemas/event.ts";
import type { NeedCode } from "../../schemas/need.ts";
import type { Content, Door, Status } from "../../schemas/referral.ts";
import type { Reason } from "../../schemas/reason.ts";
import { noticesFor } from "./notice.ts";
import { STANDING } from "./words/outcome.ts";

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

/** The first event says it, or a later one where it was missing. */
const needIn = (body: EventBody): NeedCode | undefined =>
  body.type === "received" || body.type === "amended" ? body.need : undefined;

export const standingOf = (row: Row): Standing => {
  const { door, participation, receivedAt, timeline } = row;
  const told = timeline.flatMap(({ sequence, at, body }) => {
    const notice = noticesFor({ body } satisfies Pick<Event, "body">, door, participation);
    return notice === undefined ? [] : [{ sequence, at: at.toISOString(), notice }];
  });
  const last = told.at(-1);
  const status = told.findLast(({ notice }) => notice.status !== undefined)?.notice.status ?? "received";
  return {
    id: row.id,
    reference: row.reference,
    callerReference: row.callerReference,
    correlationId: row.correlationId,
    need: timeline.flatMap(({ body }) => needIn(body) ?? []).at(-1),
    receivedAt: receivedAt.toISOString(),
    status,
    words: STANDING[status],
    changedAt: last?.at ?? receivedAt.toISOString(),
    sequence: last?.sequence ?? 1,
    reasons: last?.notice.reasons ?? [],
    timeline: [
      { sequence: 1, at: receivedAt.toISOString(), type: "referral.received" },
      ...told.map(({ sequence, at, notice }) => ({ sequence, at, type: notice.type })),
    ],
  };
};
