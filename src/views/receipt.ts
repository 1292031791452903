// Why did it go where it went? Every decision on a referral, as far as this reader may see it.
import { mayReadReceipts, sentIt } from "../core/ownership.ts";
import { tellPerson } from "../core/persons-receipt.ts";
import { project } from "../core/project.ts";
import type { Client } from "../../schemas/client.ts";
import type { Receipt } from "../../schemas/receipt.ts";
import type { Reader } from "../ports/reading.ts";
import type { Views } from "../ports/views.ts";

/** Nobody's case is decided so often. */
const MOST = 100;

/** Undefined where the client may not know that the referral exists. */
const seenBy = async (reader: Reader, client: Client, id: string): Promise<Receipt[] | undefined> => {
  const { kind, organisation, test } = client;
  if (kind === "operator") return undefined;
  if (kind === "commissioner") {
    const own = await reader.commissioned(organisation, test, { referral: id, limit: MOST });
    const seen = own.map(({ receipt, programmes }) => project(receipt, { kind, organisation, programmes }));
    return seen.length === 0 ? undefined : seen;
  }
  const row = await reader.referral(organisation, id);
  if (row === undefined || !mayReadReceipts(client, row)) return undefined;
  const receipts = await reader.receipts(organisation, row.id);
  const seen = receipts.map((receipt) => project(receipt, { kind, organisation }));
  return kind === "provider" ? seen.filter((receipt) => receipt.offered?.provider === organisation) : seen;
};

export const createReceiptView =
  (reader: Reader): Views["receipt"] =>
  (client, id) =>
    seenBy(reader, client, id);

/** For who sent the person and sits beside them. A Jobcentre is told less than the person may be, so it cannot read it out. */
export const createPersonsReceiptView =
  (reader: Reader): Views["personsReceipt"] =>
  async (client, id) => {
    if (client.kind !== "gp" && client.kind !== "council") return undefined;
    const row = await reader.referral(client.organisation, id);
    if (row === undefined || !sentIt(client, row)) return undefined;
    return (await reader.receipts(client.organisation, row.id)).map(tellPerson);
  };
