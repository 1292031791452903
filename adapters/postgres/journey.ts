// Reads a referral as a worker sees it, opened, in one statement.
import type { Journey } from "../../src/ports.ts";
import { openContent } from "./case-seal.ts";
import type { Query } from "./engine.ts";
import {
  type CaseKeyColumns,
  isUuid,
  maybe,
  OFFER_COLUMNS,
  type OfferColumns,
  offerOf,
  type ReferralColumns,
} from "./rows.ts";
import type { Vault } from "./vault.ts";

type JourneyColumns = ReferralColumns &
  CaseKeyColumns & {
    sequence: number;
    client: string;
    request_id: string | null;
    message_id: string | null;
    sealed_content: Uint8Array;
    offers: OfferColumns[];
  };

const OPEN = `
SELECT r.*, c.wrapped_key, c.ring_key, coalesce(
  (SELECT jsonb_agg(to_jsonb(o) ORDER BY o.made_at, o.id)
   FROM (SELECT ${OFFER_COLUMNS} FROM waymark.offer WHERE referral = r.id) o), '[]') AS offers
FROM waymark.referral r JOIN waymark.case_file c ON c.id = r.case_id`;

const BY = {
  reference: `${OPEN} WHERE r.reference = $1::text`,
  referral: `${OPEN} WHERE r.id = $1::uuid`,
  offer: `${OPEN} WHERE r.id = (SELECT referral FROM waymark.offer WHERE id = $1::uuid)`,
};

export const readJourney = async (
  query: Query,
  vault: Vault,
  by: keyof typeof BY,
  id: string,
): Promise<Journey | undefined> => {
  if (by !== "reference" && !isUuid(id)) return undefined;
  const [row] = await query<JourneyColumns>(BY[by], [id]);
  return row && journeyOf(vault, row);
};

const journeyOf = (vault: Vault, row: JourneyColumns): Journey => ({
  id: row.id,
  caseId: row.case_id,
  reference: row.reference,
  version: row.version,
  status: row.status,
  sequence: row.sequence,
  door: row.door,
  client: row.client,
  organisation: row.organisation,
  requestId: maybe(row.request_id),
  correlationId: maybe(row.correlation_id),
  messageId: maybe(row.message_id),
  callerReference: maybe(row.caller_reference),
  test: row.test,
  receivedAt: row.received_at,
  offers: row.offers.map(offerOf),
  content: openContent(vault, row),
});
