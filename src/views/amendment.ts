// What did I tell of my referral later? As it came, for the organisation that sent it.
import { sentIt } from "../core/ownership.ts";
import type { Reader } from "../ports/reading.ts";
import type { Views } from "../ports/views.ts";

export const createAmendmentView =
  (reader: Reader): Views["amendment"] =>
  async (client, id) => {
    const kept = await reader.amendment(client.organisation, id);
    const row = kept && (await reader.referral(client.organisation, kept.referral));
    return row !== undefined && sentIt(client, row) ? kept : undefined;
  };
