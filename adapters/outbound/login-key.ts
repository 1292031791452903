// The key with which we log in elsewhere (private_key_jwt): P-384, drawn from the key ring, so that every process has the same.
import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type JsonWebKey,
  type KeyObject,
} from "node:crypto";

export type LoginKey = {
  privateKey: KeyObject;
  /** For `/.well-known/jwks.json`: the other end checks our assertions with it. */
  jwk: JsonWebKey & { kid: string };
};

const CURVE = "secp384r1";
/** The order of P-384 (SP 800-186, section 3.2.1.4). */
const ORDER = BigInt(
  "0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
);
const BYTES = 48;
/** 64 more bits than the order has make the remainder uniform (FIPS 186-5, A.2.1). */
const EXTRA_BYTES = 8;

const scalarOf = (seed: string): Buffer => {
  const drawn = hkdfSync("sha384", Buffer.from(seed, "base64"), "", "waymark/login", BYTES + EXTRA_BYTES);
  const scalar = (BigInt(`0x${Buffer.from(drawn).toString("hex")}`) % (ORDER - 1n)) + 1n;
  return Buffer.from(scalar.toString(16).padStart(2 * BYTES, "0"), "hex");
};

/** `seed`: 32 bytes in base64, from the key ring. */
export const createLoginKey = (seed: string): LoginKey => {
  const d = scalarOf(seed);
  const curve = createECDH(CURVE);
  curve.setPrivateKey(d);
  // Uncompressed: 0x04, then both coordinates.
  const point = curve.getPublicKey();
  const part = (bytes: Buffer): string => bytes.toString("base64url");
  const own = { kty: "EC", crv: "P-384", x: part(point.subarray(1, 1 + BYTES)), y: part(point.subarray(1 + BYTES)) };
  const privateKey = createPrivateKey({ key: { ...own, d: part(d) }, format: "jwk" });
  const { crv, kty, x, y } = createPublicKey(privateKey).export({ format: "jwk" });
  // The key's name is its thumbprint (RFC 7638, members in this order).
  const kid = createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
  return { privateKey, jwk: { kty, crv, x, y, kid, use: "sig", alg: "ES384" } };
};
