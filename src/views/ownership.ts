// Whose is it? An organisation may have clients of several kinds: each sees what came through its own door.
import type { Client } from "../../schemas/client.ts";
import type { ReferralRow } from "../ports.ts";

/** A provider may read of a referral that it was offered; the store's row security has seen to that. */
export const isTheirs = (client: Client, row: ReferralRow): boolean =>
  (client.kind === row.door || client.kind === "provider") && client.test === row.test;

/** Only who sent it may follow it. */
export const sentIt = (client: Client, row: ReferralRow): boolean =>
  client.kind === row.door && client.organisation === row.organisation && client.test === row.test;
