// Signs what goes out by Standard Webhooks 1.0.0: `v1` for each live secret of the receiver, `v1a` with our one public key.
import { createHash, createHmac, createPrivateKey, createPublicKey, sign, type JsonWebKey } from "node:crypto";

const PREFIX = "whsec_";
/** The standard's bounds for a new secret. Older and shorter ones still sign. */
const LEAST_BYTES = 24;
const MOST_BYTES = 64;

/** PKCS #8 around a bare Ed25519 seed (RFC 8410, section 7). */
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");

export type Signer = {
  headers(message: { id: string; at: Date; body: string; secrets: readonly string[] }): Record<string, string>;
  /** For `/.well-known/jwks.json`: whoever holds it can check `v1a`. */
  jwk: JsonWebKey & { kid: string };
  /** The same key as Standard Webhooks writes it. */
  publicKey: string;
};

/** A secret from random bytes, as its receiver keeps it. */
export const newSecret = (bytes: Uint8Array): string => {
  if (bytes.length < LEAST_BYTES || bytes.length > MOST_BYTES) throw new Error("a webhook secret has 24 to 64 bytes");
  return PREFIX + Buffer.from(bytes).toString("base64");
};

const keyOf = (secret: string): Buffer =>
  Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, "base64");

/** `seed`: 32 bytes in base64, from the key ring. */
export const createSigner = (seed: string): Signer => {
  const der = Buffer.concat([PKCS8_ED25519, Buffer.from(seed, "base64")]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  // RFC 7638 thumbprint (RFC 8037, appendix A.3): the same key has the same id on every process.
  const kid = createHash("sha256")
    .update(JSON.stringify({ crv: "Ed25519", kty: "OKP", x }))
    .digest("base64url");

  return {
    headers({ id, at, body, secrets }) {
      // A full stop in the id would let its bytes be read as the timestamp's.
      if (id.includes(".")) throw new Error("a webhook id has no full stop");
      const timestamp = String(Math.floor(at.getTime() / 1_000));
      const content = Buffer.from(`${id}.${timestamp}.${body}`, "utf8");
      const signatures = [
        ...secrets.map((secret) => `v1,${createHmac("sha256", keyOf(secret)).update(content).digest("base64")}`),
        `v1a,${sign(null, content, key).toString("base64")}`,
      ];
      return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
    },
    jwk: { kty: "OKP", crv: "Ed25519", x, kid, use: "sig", alg: "EdDSA" },
    publicKey: `whpk_${Buffer.from(x, "base64url").toString("base64")}`,
  };
};
