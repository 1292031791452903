// What an operator changes by hand of a client in force: its secrets, its address, its pace, and whether it is switched off.
import { type ClientKind, refers } from "../../schemas/client.ts";
import type { Register } from "../../src/ports/clients.ts";
import type { Clock, Ids } from "../../src/ports/system.ts";
import { createAudit } from "./audit.ts";
import { SEALED } from "./case-seal.ts";
import type { Engine, Query } from "./engine.ts";
import { isUuid } from "./rows.ts";
import type { Vault } from "./vault.ts";

type Options = { engine: Engine; vault: Vault; clock: Clock; ids: Ids };
type Row = { kind: ClientKind; organisation: string; sealed_secrets: Uint8Array; silenced_at: Date | null };

/** Two live secrets are a rotation; a third would never end. */
const MOST_SECRETS = 2;

const HOLD = `
SELECT kind, organisation, sealed_secrets, silenced_at FROM waymark.client
WHERE id = $1::uuid AND revoked_at IS NULL FOR UPDATE`;

const PACE = `
INSERT INTO waymark.pace (destination, places, per_second) VALUES ($1, $2, $3)
ON CONFLICT (destination) DO UPDATE SET places = excluded.places, per_second = excluded.per_second`;

export const createRegister = ({ engine, vault, clock, ids }: Options): Register => {
  const audit = createAudit({ clock, ids, vault });

  /** In one transaction with the client's row held; undefined where there is none in force. */
  const holding = <T>(id: string, act: (query: Query, client: Row) => Promise<T>): Promise<T | undefined> =>
    engine.transaction("worker", async (query) => {
      if (!isUuid(id)) return undefined;
      const [client] = await query<Row>(HOLD, [id]);
      return client && act(query, client);
    });

  const secretsOf = (id: string, { sealed_secrets }: Row): string[] =>
    JSON.parse(vault.unsealForRing(SEALED.secrets(id), sealed_secrets).toString("utf8")) as string[];
  const keep = (query: Query, id: string, secrets: readonly string[]) =>
    query("UPDATE waymark.client SET sealed_secrets = $2 WHERE id = $1::uuid", [
      id,
      vault.sealForRing(SEALED.secrets(id), Buffer.from(JSON.stringify(secrets), "utf8")),
    ]);

  return {
    rotateSecret: async (id, by) =>
      // commits: the new secret before the old one, and who made it
      (await holding(id, async (query, client) => {
        const secrets = secretsOf(id, client);
        if (secrets.length >= MOST_SECRETS) return { outcome: "two-live" as const };
        const secret = `whsec_${ids.bytes(32).toString("base64")}`;
        await keep(query, id, [secret, ...secrets]);
        await audit(query, { by, verb: "clients.rotate-secret", subjects: [id] });
        return { outcome: "rotated" as const, secret };
      })) ?? { outcome: "not-found" },

    retireSecret: async (id, by) =>
      // commits: the newest secret alone, and who retired the other
      (await holding(id, async (query, client) => {
        const secrets = secretsOf(id, client);
        if (secrets.length < MOST_SECRETS) return "one-left" as const;
        await keep(query, id, secrets.slice(0, 1));
        await audit(query, { by, verb: "clients.retire-secret", subjects: [id] });
        return "retired" as const;
      })) ?? "not-found",

    resume: async (id, by) =>
      // commits: the client switched on, and by whom
      (await holding(id, async (query, { silenced_at }) => {
        if (silenced_at === null) return false;
        await query("UPDATE waymark.client SET silenced_at = NULL WHERE id = $1::uuid", [id]);
        await audit(query, { by, verb: "clients.resume", subjects: [id] });
        return true;
      })) ?? false,

    move: async (id, by, callbackUrl) =>
      // commits: the new address, and who gave it
      (await holding(id, async (query) => {
        await query("UPDATE waymark.client SET callback_url = $2 WHERE id = $1::uuid", [id, callbackUrl]);
        await audit(query, { by, verb: "clients.move", subjects: [id], codes: { host: new URL(callbackUrl).host } });
        return true;
      })) ?? false,

    authority: async (id, by, type) =>
      // commits: which listed body it is, and who said so
      (await holding(id, async (query, { kind }) => {
        if (!refers(kind)) return "does-not-refer" as const;
        await query("UPDATE waymark.client SET authority_type = $2 WHERE id = $1::uuid", [id, type ?? null]);
        await audit(query, { by, verb: "clients.change", subjects: [id], codes: { authorityType: type ?? null } });
        return "changed" as const;
      })) ?? "not-found",

    pace: async (id, by, { places, perSecond }) =>
      // commits: the pace of the client's destination, and who set it
      (await holding(id, async (query, { kind, organisation }) => {
        const destination = kind === "provider" ? `provider:${organisation}` : `client:${id}`;
        await query(PACE, [destination, places ?? null, perSecond ?? null]);
        const codes = { places: places ?? null, perSecond: perSecond ?? null };
        await audit(query, { by, verb: "clients.pace", subjects: [id, destination], codes });
        return true;
      })) ?? false,
  };
};
