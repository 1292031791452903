// Why did it go where it went? Every decision on a referral, as far as this reader may see it.
import { mayReadReceipts } from "../core/ownership.ts";
import { project } from "../core/project.ts";
import type { Reader } from "../ports/reading.ts";
import type { Views } from "../ports/views.ts";

export const createReceiptView =
  (reader: Reader): Views["receipt"] =>
  async (client, id) => {
    if (client.kind === "operator") return undefined;
    const row = await reader.referral(client.organisation, id);
    if (row === undefined || !mayReadReceipts(client, row)) return undefined;
    const receipts = await reader.receipts(client.organisation, row.id);
    const as = { kind: client.kind, organisation: client.organisation };
    const seen = receipts.map((receipt) => project(receipt, as));
    return client.kind === "provider"
      ? seen.filter((receipt) => receipt.offered?.provider === client.organisation)
      : seen;
  };
