// Where does my referral stand? What the referrer may know of it, and nothing of what its class may not hear.
import { noticesFor } from "../core/notice.ts";
import type { Event } from "../../schemas/event.ts";
import type { Status } from "../../schemas/referral.ts";
import { sentIt } from "./ownership.ts";
import type { Reader, ReferralRow, ReferralView, Timeline, Views } from "../ports.ts";

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

export const createReferralView =
  (reader: Reader): Views["referral"] =>
  async (client, id) => {
    const row = await reader.referral(client.organisation, id);
    return row !== undefined && sentIt(client, row) ? viewOf(row) : undefined;
  };

export const viewOf = (row: ReferralRow): ReferralView => {
  const told = row.timeline.flatMap((entry) => {
    const notice = noticesFor(eventOf(row, entry), row.door, row.participation);
    return notice === undefined ? [] : [{ entry, notice }];
  });
  const last = told.at(-1);
  const status = last?.notice.status ?? "received";
  return {
    id: row.id,
    reference: row.reference,
    callerReference: row.callerReference,
    correlationId: row.correlationId,
    need: row.timeline.flatMap(({ body }) => (body.type === "received" ? [body.need] : []))[0],
    status,
    words: WORDS[status],
    receivedAt: row.receivedAt.toISOString(),
    changedAt: (last?.entry.at ?? row.receivedAt).toISOString(),
    sequence: last?.entry.sequence ?? 1,
    reasons: last?.notice.reasons ?? [],
    timeline: [
      { sequence: 1, at: row.receivedAt.toISOString(), type: "referral.received" },
      ...told.map(({ entry, notice }) => ({
        sequence: entry.sequence,
        at: entry.at.toISOString(),
        type: notice.type,
      })),
    ],
  };
};

const eventOf = (row: ReferralRow, entry: Timeline): Event => ({
  id: row.id,
  referral: row.id,
  sequence: entry.sequence,
  at: entry.at,
  actor: "",
  body: entry.body,
});
