// Proof that a caller is the client it names: registered, signed with its key, and not shown before. The dear checks come last.
import { z } from "zod";
import type { Clients } from "../../src/ports/clients.ts";
import type { Assertion, Fault } from "./assertion.ts";
import { signedBy, type FindKeys } from "./keys.ts";

export type Proof = { ok: true; scopes: readonly string[] } | { ok: false; fault: Fault };

const no = (code: string, words: string): Proof => ({ ok: false, fault: { code, words } });

/** The same words for a client that never was and for one revoked. */
const unknown = no("client", "This client is not registered here, or was revoked.");

export const createProof =
  (clients: Pick<Clients, "byId" | "firstUse">, findKeys: FindKeys) =>
  async (assertion: Assertion, jwt: string): Promise<Proof> => {
    // Ids of ours are GUIDs: anything else never reaches the store.
    if (!z.guid().safeParse(assertion.client).success) return unknown;
    const client = await clients.byId(assertion.client);
    if (client === undefined || client.revokedAt !== undefined || client.keys === undefined) return unknown;
    // SMART: a jku that is not the registered address makes the signature fail.
    if (assertion.jku !== undefined && !("url" in client.keys && client.keys.url === assertion.jku))
      return no("jku", "The assertion's jku is not the address that was registered.");
    const keys = await findKeys(client.keys, assertion.alg, assertion.kid);
    if (keys === undefined)
      return no("keys-unreachable", "The keys could not be read from the address that was registered.");
    if (keys.length === 0) return no("kid", "No registered key has this kid and fits this alg.");
    if (!(await signedBy(jwt, assertion.alg, keys)))
      return no("signature", "The assertion's signature does not match the registered key.");
    // Last, so that only its owner can use up an assertion id.
    const first = await clients.firstUse(client.id, assertion.jti, assertion.expires);
    return first
      ? { ok: true, scopes: client.scopes }
      : no("replay", "This assertion was used before. Make a new one, with a new jti, each time.");
  };
