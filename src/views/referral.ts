// Where does my referral stand? What the referrer may know of it, and nothing of what its class may not hear.
import { hearable } from "../core/hearable.ts";
import { sentIt } from "../core/ownership.ts";
import { standingOf } from "../core/standing.ts";
import type { Reader } from "../ports/reading.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Views } from "../ports/views.ts";

export const createReferralView =
  (reader: Reader, rulebook: Rulebook): Views["referral"] =>
  async (client, id) => {
    const row = await reader.referral(client.organisation, id);
    return row !== undefined && sentIt(client, row) ? standingOf(hearable(row, rulebook)) : undefined;
  };
