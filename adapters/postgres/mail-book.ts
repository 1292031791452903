// The book of our MESH mailbox.
import { reason, type ReasonCode } from "../../schemas/reason.ts";
import type { Dispatch, MailBook, Parcel, ParcelEnd, Reply } from "../../src/ports/mailbox.ts";
import type { Clock, Ids } from "../../src/ports/system.ts";
import { SEALED } from "./case-seal.ts";
import type { Engine } from "./engine.ts";
import { END, KEEP, NOTE, PRUNE, REPLIED, RETURNED } from "./mail-sql.ts";
import { isUuid, maybe } from "./rows.ts";
import type { Vault } from "./vault.ts";

type Options = { engine: Engine; vault: Vault; clock: Clock; ids: Ids };

export const createMailBook = ({ engine, vault, clock, ids }: Options): MailBook => {
  const run = <Row extends object>(sql: string, values: unknown[]): Promise<Row[]> =>
    engine.transaction("worker", (query) => query<Row>(sql, values));

  return {
    dispatch: async (key) => {
      const [row] = await run<DispatchColumns>("SELECT * FROM waymark.mesh_dispatch WHERE key = $1", [key]);
      return row && dispatchOf(row);
    },
    note: async ({ key, round, state, to, messageId, code }) => {
      // commits: how far this message is
      await run(NOTE, [key, round, state, to, messageId ?? null, code ?? null, clock.now()]);
    },
    strike: async (key) => {
      // commits: nothing of this message
      await run("DELETE FROM waymark.mesh_dispatch WHERE key = $1", [key]);
    },

    known: async (messageIds) => {
      const sql = "SELECT message_id FROM waymark.mesh_parcel WHERE message_id = ANY ($1::text[])";
      return new Set((await run<{ message_id: string }>(sql, [messageIds])).map((row) => row.message_id));
    },
    keep: async (parcel) => {
      const { messageId, kind, from, workflow, localId, linked, code, fault, receivedAt, body } = parcel;
      const sealed = body && vault.sealForRing(SEALED.parcel(messageId), body);
      const ofSender = [messageId, kind, from, workflow, localId ?? null, linked ?? null, code ?? null];
      // commits: the message as it came, its body sealed
      return (await run(KEEP, [...ofSender, fault ?? null, receivedAt, sealed ?? null])).length > 0;
    },
    unopened: async (limit) => {
      const sql = "SELECT * FROM waymark.mesh_parcel WHERE outcome IS NULL ORDER BY received_at, message_id LIMIT $1";
      return (await run<ParcelColumns>(sql, [limit])).map((row) => parcelOf(vault, row));
    },
    settle: async (messageId, { outcome, offer, client, reasons }, replies) => {
      const said = reasons?.map(({ code }) => code) ?? null;
      // commits: what became of it, and whether its sender is to be told; takes away: the body of one that was understood
      await run(END, [
        messageId,
        outcome,
        offer !== undefined && isUuid(offer) ? offer : null,
        client ?? null,
        said,
        replies,
      ]);
    },
    replies: async (limit) => {
      const sql = "SELECT * FROM waymark.mesh_parcel WHERE reply = 'due' ORDER BY received_at, message_id LIMIT $1";
      return (await run<ParcelColumns>(sql, [limit])).map((row) => replyOf(vault, row));
    },
    replied: async (messageId, cause) => {
      // commits: that its sender was told, or why not
      await run(REPLIED, [messageId, cause ?? null]);
    },
    returned: async (offer, cause) => {
      if (!isUuid(offer)) return false;
      // commits: the offer's work as a person's task, and the attempt with its cause
      return (await run(RETURNED, [offer, ids.uuid(), clock.now(), cause])).length > 0;
    },
    prune: async (before, forgetBefore) => {
      const [bodies, parcels, dispatches] = PRUNE;
      // takes away: bodies that nobody understood, then all that is too old to matter
      await engine.transaction("worker", async (query) => {
        await query(bodies, [before]);
        await query(parcels, [forgetBefore]);
        await query(dispatches, [forgetBefore]);
      });
    },
  };
};

type DispatchColumns = {
  key: string;
  round: number;
  state: Dispatch["state"];
  mailbox: string;
  message_id: string | null;
  code: string | null;
  changed_at: Date;
};
const dispatchOf = (row: DispatchColumns): Dispatch => ({
  key: row.key,
  round: row.round,
  state: row.state,
  to: row.mailbox,
  messageId: maybe(row.message_id),
  code: maybe(row.code),
  changedAt: row.changed_at,
});

type ParcelColumns = {
  message_id: string;
  kind: Parcel["kind"];
  mailbox: string;
  workflow: string;
  local_id: string | null;
  linked: string | null;
  code: string | null;
  fault: ReasonCode | null;
  received_at: Date;
  outcome: ParcelEnd["outcome"];
  offer: string | null;
  client: string | null;
  reasons: ReasonCode[] | null;
  sealed_body: Uint8Array | null;
};
const parcelOf = (vault: Vault, row: ParcelColumns): Parcel => ({
  messageId: row.message_id,
  kind: row.kind,
  from: row.mailbox,
  workflow: row.workflow,
  receivedAt: row.received_at,
  localId: maybe(row.local_id),
  linked: maybe(row.linked),
  code: maybe(row.code),
  fault: maybe(row.fault),
  body: bodyOf(vault, row),
});
const replyOf = (vault: Vault, row: ParcelColumns): Reply => ({
  messageId: row.message_id,
  from: row.mailbox,
  receivedAt: row.received_at,
  outcome: row.outcome,
  offer: maybe(row.offer),
  client: maybe(row.client),
  reasons: row.reasons?.map((code) => reason(code)),
  body: bodyOf(vault, row),
});

const bodyOf = (vault: Vault, row: ParcelColumns): Uint8Array | undefined =>
  row.sealed_body === null ? undefined : vault.unsealForRing(SEALED.parcel(row.message_id), row.sealed_body);
