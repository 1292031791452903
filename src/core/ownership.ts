// Whose is it? An organisation may have clients of several kinds: each sees what came through its own door.
import type { ClientKind } from "../../schemas/client.ts";
import type { Door } from "../../schemas/referral.ts";

type Asker = { kind: ClientKind; organisation: string; test: boolean };
type Sent = { door: Door; organisation: string; test: boolean };

/** Only who sent it may follow it. */
export const sentIt = (client: Asker, row: Sent): boolean =>
  client.kind === row.door && client.organisation === row.organisation && client.test === row.test;

/** A provider too may read why it was asked; the store's row security has seen to it that it was. */
export const mayReadReceipts = (client: Asker, row: Sent): boolean =>
  sentIt(client, row) || (client.kind === "provider" && client.test === row.test);
