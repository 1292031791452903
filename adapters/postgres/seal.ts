// One sealed value: version, nonce, ciphertext, tag (AES-256-GCM, NIST SP 800-38D). Version and place are authenticated too.
import { createCipheriv, createDecipheriv } from "node:crypto";

const VERSION = 1;
const NONCE = 12;
const TAG = 16;

/** What was sealed cannot be opened. `tampered` also covers a value moved to another row or column, and the wrong key. */
export class SealBroken extends Error {
  override name = "SealBroken";
  readonly code: "tampered" | "unknown-key" | "unknown-version";
  constructor(code: SealBroken["code"], message: string) {
    super(message);
    this.code = code;
  }
}

const HEAD = Buffer.from([VERSION]);
const bound = (where: string): Buffer => Buffer.concat([HEAD, Buffer.from(where, "utf8")]);

export const seal = (key: Uint8Array, where: string, plain: Uint8Array, nonce: Uint8Array): Buffer => {
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG }).setAAD(bound(where));
  // GCM writes as many bytes as it reads, and nothing at its end.
  const text = cipher.update(plain);
  cipher.final();
  return Buffer.concat([HEAD, nonce, text, cipher.getAuthTag()]);
};

export const open = (key: Uint8Array, where: string, sealed: Uint8Array): Buffer => {
  if (sealed.length < 1 + NONCE + TAG) throw new SealBroken("tampered", `${where} is too short to be sealed`);
  if (sealed[0] !== VERSION) throw new SealBroken("unknown-version", `${where} was sealed by a version unknown here`);
  const body = sealed.length - TAG;
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(1, 1 + NONCE), { authTagLength: TAG })
    .setAAD(bound(where))
    .setAuthTag(sealed.subarray(body));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE, body)), decipher.final()]);
  } catch {
    throw new SealBroken("tampered", `${where} does not open: it was changed, moved, or sealed with another key`);
  }
};
