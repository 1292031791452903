// The register of clients: who may come in, with which keys, and the one address where each is answered.
import type { AuthorityType } from "../../schemas/duty.ts";
import {
  type CallbackForm,
  type CallbackLogin,
  type Client,
  type ClientKind,
  type ClientKeys,
  type NewClient,
  type Reach,
  SCOPES,
} from "../../schemas/client.ts";
import type { Clients } from "../../src/ports/clients.ts";
import type { Clock, Ids } from "../../src/ports/system.ts";
import { SEALED } from "./case-seal.ts";
import { json, isUuid, maybe } from "./rows.ts";
import type { Engine } from "./engine.ts";
import { createGroup } from "./group.ts";
import type { Vault } from "./vault.ts";

type Options = { engine: Engine; vault: Vault; clock: Clock; ids: Ids };

type Columns = {
  id: string;
  kind: ClientKind;
  organisation: string;
  name: string;
  keys: ClientKeys | null;
  callback_url: string | null;
  callback_form: CallbackForm | null;
  callback_login: CallbackLogin | null;
  authority_type: AuthorityType | null;
  sealed_reach: Uint8Array | null;
  reach_checked_at: Date | null;
  scopes: string[];
  test: boolean;
  sealed_secrets: Uint8Array;
  silenced_at: Date | null;
  revoked_at: Date | null;
};

/** Kept this long past its end, for clocks that disagree. */
const ASSERTION_KEPT_MS = 3_600_000;

const READ = `
SELECT id, kind, organisation, name, keys, CASE WHEN silenced_at IS NULL THEN callback_url END AS callback_url, scopes,
  callback_form, callback_login, authority_type, sealed_reach, reach_checked_at, test, sealed_secrets, silenced_at, revoked_at
FROM waymark.client`;

const ADD = `
INSERT INTO waymark.client (id, kind, organisation, name, keys, callback_url, scopes, test, sealed_secrets,
  api_key_digest, created_at, callback_form, sealed_reach, callback_login, authority_type)
VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7::text[], $8, $9, $10, $11, $12, $13, $14::jsonb, $15)`;

/** $1 what is asked for: of each the newest that is not revoked. */
const NEWEST = `
SELECT asked.place, c.*
FROM jsonb_to_recordset($1::jsonb) AS asked (place integer, kind text, organisation text, test boolean)
CROSS JOIN LATERAL (
  ${READ}
  WHERE kind = asked.kind AND organisation = asked.organisation AND test = asked.test AND revoked_at IS NULL
  ORDER BY created_at DESC, id DESC LIMIT 1
) c`;

type Asked = { kind: ClientKind; organisation: string; test: boolean };

/** At most a hundred old ones a time: nobody who asks for a token should pay for an idle week. */
const FIRST_USE = `
WITH old AS (
  SELECT client, jti FROM waymark.assertion WHERE expires < $4::timestamptz AND (client, jti) <> ($1::uuid, $2::text)
  ORDER BY expires LIMIT 100 FOR UPDATE SKIP LOCKED
), pruned AS (
  DELETE FROM waymark.assertion a USING old WHERE a.client = old.client AND a.jti = old.jti
)
INSERT INTO waymark.assertion (client, jti, expires) VALUES ($1::uuid, $2::text, $3::timestamptz)
ON CONFLICT DO NOTHING
RETURNING jti`;

export const createClients = ({ engine, vault, clock, ids }: Options): Clients & { close(): Promise<void> } => {
  const read = async (where: string, values: unknown[]): Promise<Client[]> => {
    const rows = await engine.transaction("worker", (query) => query<Columns>(`${READ} ${where}`, values));
    return rows.map((row) => clientOf(vault, row));
  };
  /** Every delivery asks who its provider is at this moment: many in one statement. */
  const newest = createGroup<Asked, Client | undefined>({
    waitMs: 1,
    inFlight: 1,
    run: async (asked) => {
      const values = [json(asked.map((one, place) => ({ ...one, place })))];
      const rows = await engine.single<Columns & { place: number }>(NEWEST, values, "newest");
      const found = new Map(rows.map((row) => [row.place, clientOf(vault, row)]));
      return asked.map((_, place) => found.get(place));
    },
  });
  const change = async (sql: string, id: string): Promise<boolean> => {
    if (!isUuid(id)) return false;
    // commits: one time on one client
    const rows = await engine.transaction("worker", (query) => query(sql, [id, clock.now()]));
    return rows.length > 0;
  };

  return {
    byId: async (id) => (isUuid(id) ? (await read("WHERE id = $1::uuid", [id]))[0] : undefined),
    byApiKey: async (apiKey) => (await read("WHERE api_key_digest = $1", [vault.digest("api-key", apiKey)]))[0],
    byOrganisation: async (kind, organisation, test) => {
      const client = await newest.submit({ kind, organisation, test });
      if (client === "busy") throw new Error("the register finds no more clients: its line is full or it is closing");
      return client;
    },
    organisations: async (kind, test) => {
      const rows = await engine.transaction("worker", (query) =>
        query<{ organisation: string }>(
          `SELECT DISTINCT organisation FROM waymark.client
           WHERE kind = $1 AND test = $2 AND revoked_at IS NULL ORDER BY organisation`,
          [kind, test],
        ),
      );
      return rows.map((row) => row.organisation);
    },
    list: () => read("ORDER BY created_at, id", []),

    add: async (draft) => {
      const client = drafted(draft, ids);
      const apiKey = draft.kind === "council" ? `wmk_${ids.bytes(32).toString("base64url")}` : undefined;
      const secrets = bytesOf(client.webhookSecrets);
      const values = [
        client.id,
        client.kind,
        client.organisation,
        client.name,
        client.keys === undefined ? null : JSON.stringify(client.keys),
        client.callbackUrl ?? null,
        client.scopes,
        client.test,
        vault.sealForRing(SEALED.secrets(client.id), secrets),
        apiKey === undefined ? null : vault.digest("api-key", apiKey),
        clock.now(),
        client.callbackForm ?? null,
        client.reach === undefined ? null : vault.sealForRing(SEALED.reach(client.id), bytesOf(client.reach)),
        client.callbackLogin === undefined ? null : JSON.stringify(client.callbackLogin),
        client.authorityType ?? null,
      ];
      // commits: the client; its secrets and how it is reached sealed, its API key as a keyed digest only
      await engine.transaction("worker", (query) => query(ADD, values));
      return { client, ...(apiKey === undefined ? {} : { apiKey }) };
    },

    reachChecked: (id) =>
      change("UPDATE waymark.client SET reach_checked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id", id),
    revoke: (id) =>
      change("UPDATE waymark.client SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id", id),

    newsCount: async (id) => {
      if (!isUuid(id)) return 0;
      const [row] = await engine.transaction("worker", (query) =>
        query<{ number: number }>("SELECT count(*)::integer AS number FROM waymark.callback WHERE client = $1", [id]),
      );
      return row?.number ?? 0;
    },

    firstUse: async (client, assertionId, expires) => {
      const kept = new Date(clock.now().getTime() - ASSERTION_KEPT_MS);
      // commits: the assertion's id where it is new; takes away: some that ended long ago
      const rows = await engine.transaction("worker", (query) =>
        query(FIRST_USE, [client, assertionId, expires, kept]),
      );
      return rows.length > 0;
    },
    close: () => newest.close(),
  };
};

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value), "utf8");

const drafted = (draft: NewClient, ids: Ids): Client => ({
  id: ids.uuid(),
  kind: draft.kind,
  organisation: draft.organisation,
  name: draft.name,
  keys: draft.keys,
  callbackUrl: draft.callbackUrl,
  reach: draft.reach,
  callbackForm: draft.callbackForm,
  callbackLogin: draft.callbackLogin,
  authorityType: draft.authorityType,
  // A client may ask for less than its kind allows, never for more.
  scopes: SCOPES[draft.kind].filter((scope) => draft.scopes?.includes(scope) ?? true),
  test: draft.test,
  webhookSecrets: [`whsec_${ids.bytes(32).toString("base64")}`],
});

const clientOf = (vault: Vault, row: Columns): Client => {
  const secrets = vault.unsealForRing(SEALED.secrets(row.id), row.sealed_secrets);
  return {
    id: row.id,
    kind: row.kind,
    organisation: row.organisation,
    name: row.name,
    keys: maybe(row.keys),
    callbackUrl: maybe(row.callback_url),
    reach: reachOf(vault, row),
    reachCheckedAt: maybe(row.reach_checked_at),
    callbackForm: maybe(row.callback_form),
    callbackLogin: maybe(row.callback_login),
    authorityType: maybe(row.authority_type),
    scopes: row.scopes,
    test: row.test,
    webhookSecrets: JSON.parse(secrets.toString("utf8")) as string[],
    silencedAt: maybe(row.silenced_at),
    revokedAt: maybe(row.revoked_at),
  };
};

const reachOf = (vault: Vault, row: Columns): Reach | undefined =>
  row.sealed_reach === null
    ? undefined
    : (JSON.parse(vault.unsealForRing(SEALED.reach(row.id), row.sealed_reach).toString("utf8")) as Reach);
