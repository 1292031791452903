// Our status in GeoReport's two words, and in the longer list that FixMyStreet knows.
import type { Status } from "../../schemas/referral.ts";

type Row = { status: "open" | "closed"; fixMyStreet: string; words: string };

const row = (status: Row["status"], fixMyStreet: string, words: string): Row => ({ status, fixMyStreet, words });

export const STATUSES: Record<Status, Row> = {
  received: row("open", "open", "We have the request."),
  held: row("open", "open", "The request waits for something from you."),
  unmet: row("closed", "no_further_action", "No local service can take this now. The need is on record."),
  offered: row("open", "internal_referral", "We have asked a service to take it."),
  acknowledged: row("open", "internal_referral", "A service has seen it."),
  accepted: row("open", "in_progress", "A service has taken it."),
  seeking: row("open", "internal_referral", "We are asking another service."),
  started: row("open", "in_progress", "The help has started."),
  ended: row("closed", "closed", "The help has ended."),
  withdrawn: row("closed", "closed", "The request was withdrawn."),
  expired: row("closed", "no_further_action", "What we asked for did not come in time."),
};
