// What is on record of the person's consents to this referral of mine, in the order in which it was told?
import { sentIt } from "../core/ownership.ts";
import type { Reader } from "../ports/reading.ts";
import type { Views } from "../ports/views.ts";

export const createConsentsView =
  (reader: Reader): Views["consents"] =>
  async (client, id) => {
    const row = await reader.referral(client.organisation, id);
    if (row === undefined || !sentIt(client, row)) return undefined;
    const consents = await reader.consents(client.organisation, row.id);
    return { referral: row.id, receivedAt: row.receivedAt.toISOString(), consents };
  };
