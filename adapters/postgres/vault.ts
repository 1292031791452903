// Seals and opens what is personal: one data key for each case, wrapped by the ring, so that destroying it erases the person.
// Also the keyed digests by which a person is found, and the key for tokens, all drawn from the ring.
import { createHmac, hkdfSync } from "node:crypto";
import type { KeyRing } from "../../schemas/config.ts";
import type { Digest, Ids } from "../../src/ports/system.ts";
import { open, seal, SealBroken } from "./seal.ts";

export { SealBroken } from "./seal.ts";

export type CaseKey = { wrapped: Buffer; ringKey: string; key: Buffer };

export type Vault = {
  newCaseKey(caseId: string): CaseKey;
  open(wrapped: Uint8Array, ringKey: string, caseId: string): Buffer;
  /** `where` is table.column:rowId; it is bound in, so that a ciphertext opens nowhere else. */
  seal(caseKey: Uint8Array, where: string, plain: Uint8Array): Buffer;
  unseal(caseKey: Uint8Array, where: string, sealed: Uint8Array): Buffer;
  /** For secrets that belong to no case. The ring key's name stands in front, so that older keys still open theirs. */
  sealForRing(where: string, plain: Uint8Array): Buffer;
  unsealForRing(where: string, sealed: Uint8Array): Buffer;
  digest: Digest;
  tokenKey(): Buffer;
};

export const createVault = (ring: KeyRing, ids: Pick<Ids, "bytes">): Vault => {
  const derive = (secret: string, use: string): Buffer =>
    Buffer.from(hkdfSync("sha256", Buffer.from(secret, "base64"), "", `waymark/${use}`, 32));

  const memo = new Map<string, Buffer>();
  const derived = (secret: string, name: string, use: string): Buffer => {
    const known = memo.get(`${name}/${use}`);
    if (known !== undefined) return known;
    const key = derive(secret, use);
    memo.set(`${name}/${use}`, key);
    return key;
  };
  const ringKey = (name: string, use: "wrap" | "secret"): Buffer => {
    const secret = Object.hasOwn(ring.wrapping, name) ? ring.wrapping[name] : undefined;
    if (secret === undefined)
      throw new SealBroken("unknown-key", `the key ring has no key called ${JSON.stringify(name)}`);
    return derived(secret, `ring:${name}`, use);
  };
  const wrapped = (caseId: string): string => `case_file.wrapped_key:${caseId}`;

  return {
    newCaseKey: (caseId) => {
      const key = ids.bytes(32);
      const lock = ringKey(ring.current, "wrap");
      return { wrapped: seal(lock, wrapped(caseId), key, ids.bytes(12)), ringKey: ring.current, key };
    },
    open: (bytes, name, caseId) => open(ringKey(name, "wrap"), wrapped(caseId), bytes),
    seal: (caseKey, where, plain) => seal(caseKey, where, plain, ids.bytes(12)),
    unseal: (caseKey, where, sealed) => open(caseKey, where, sealed),

    sealForRing: (where, plain) => {
      const name = Buffer.from(ring.current, "utf8");
      const box = seal(ringKey(ring.current, "secret"), where, plain, ids.bytes(12));
      return Buffer.concat([Buffer.from([name.length]), name, box]);
    },
    unsealForRing: (where, sealed) => {
      const end = 1 + (sealed[0] ?? 0);
      const name = Buffer.from(sealed.subarray(1, end)).toString("utf8");
      return open(ringKey(name, "secret"), where, sealed.subarray(end));
    },

    digest: (purpose, value) =>
      createHmac("sha256", derived(ring.index, "index", `digest/${purpose}`))
        .update(value)
        .digest("base64url"),
    tokenKey: () => Buffer.from(derived(ring.index, "index", "access-token")),
  };
};
