// Keys at a registered address: asked no more often than they allow, and again when one turns up that we do not know.
import { generateKeyPairSync, sign } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { createKeys, signedBy, type FetchKeys } from "../../adapters/http/keys.ts";
import { Jwk } from "../../schemas/client.ts";

const url = "https://practice.test/jwks.json";
const ec = (kid: string) => ({ kty: "EC", crv: "P-384", kid, x: "x", y: "y" });

let now = new Date("2026-03-02T09:00:00Z");
let served: Awaited<ReturnType<FetchKeys>>;
let fetched = 0;
const fetchKeys: FetchKeys = async () => {
  fetched += 1;
  return served;
};
let find = createKeys({ now: () => now }, fetchKeys);
beforeEach(() => {
  fetched = 0;
  served = { kind: "answer", value: { keys: [ec("one")] }, cacheSeconds: 100 };
  find = createKeys({ now: () => now }, fetchKeys);
});
const turn = (seconds: number): void => {
  now = new Date(now.getTime() + seconds * 1000);
};
const kids = async (kid: string) => (await find({ url }, "ES384", kid))?.map((key) => key.kid);

describe("keys at an address", () => {
  it("are kept as long as they may be, and no longer", async () => {
    expect(await kids("one")).toEqual(["one"]);
    turn(99);
    expect(await kids("one")).toEqual(["one"]);
    expect(fetched).toBe(1);
    turn(2);
    await kids("one");
    expect(fetched).toBe(2);
  });

  it.each([0, undefined])("are asked for each time when they may not be kept (%s)", async (cacheSeconds) => {
    served = { kind: "answer", value: { keys: [ec("one")] }, ...(cacheSeconds === undefined ? {} : { cacheSeconds }) };
    await kids("one");
    await kids("one");
    expect(fetched).toBe(2);
  });

  it("are kept for an hour at most", async () => {
    served = { kind: "answer", value: { keys: [ec("one")] }, cacheSeconds: 1_000_000 };
    await kids("one");
    turn(3_601);
    await kids("one");
    expect(fetched).toBe(2);
  });

  it("are asked for once when many ask at the same moment", async () => {
    await Promise.all(Array.from({ length: 10 }, () => kids("one")));
    expect(fetched).toBe(1);
  });

  it("are asked for again when a new key turns up, yet not for every invented name", async () => {
    await kids("one");
    served = { kind: "answer", value: { keys: [ec("one"), ec("two")] }, cacheSeconds: 100 };
    expect(await kids("two")).toEqual([]);
    expect(fetched).toBe(1);
    turn(31);
    expect(await kids("two")).toEqual(["two"]);
    expect(await kids("three")).toEqual([]);
    expect(fetched).toBe(2);
  });

  it("that cannot be had are undefined, which is remembered for nobody", async () => {
    served = { kind: "failed" };
    expect(await kids("one")).toBeUndefined();
    served = { kind: "answer", value: { keys: [ec("one")] } };
    expect(await kids("one")).toEqual(["one"]);
  });

  it("pass over what is no key for this algorithm, and never throw on what is no set", async () => {
    const others = [
      { kty: "oct", kid: "one", k: "x" },
      { kty: "OKP", kid: "one", crv: "Ed25519" },
      { kty: "RSA", kid: "one", n: "n", e: "AQAB" },
      { ...ec("one"), crv: "P-256" },
      { ...ec("one"), use: "enc" },
      { ...ec("one"), alg: "ES256" },
      { ...ec("one"), d: "private" },
      { ...ec("one"), kid: undefined },
      ec("other"),
      7,
    ];
    served = { kind: "answer", value: { keys: [...others, ec("one")] } };
    expect(await kids("one")).toEqual(["one"]);
    for (const value of [undefined, null, [], "keys", { keys: "all" }, { keys: Array(51).fill(ec("one")) }]) {
      served = { kind: "answer", value };
      expect(await kids("one")).toEqual([]);
    }
  });
});

describe("signedBy", () => {
  it("is true for the key that signed, also as the second of two, and false for a key that cannot be used", async () => {
    const make = async () => {
      const pair = await generateKeyPair("ES384", { extractable: true });
      return { ...pair, jwk: Jwk.parse({ ...(await exportJWK(pair.publicKey)), kid: "k" }) };
    };
    const [mine, other] = await Promise.all([make(), make()]);
    const jwt = await new SignJWT({}).setProtectedHeader({ alg: "ES384" }).sign(mine.privateKey);
    expect(await signedBy(jwt, "ES384", [mine.jwk])).toBe(true);
    expect(await signedBy(jwt, "ES384", [other.jwk, mine.jwk])).toBe(true);
    expect(await signedBy(jwt, "ES384", [other.jwk])).toBe(false);
    expect(await signedBy(jwt, "ES384", [{ kty: "EC", kid: "k", crv: "P-384", x: "short", y: "short" }])).toBe(false);
    expect(await signedBy(jwt, "ES384", [])).toBe(false);
  });

  it("is false for an RSA key of fewer than 2048 bits", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const head = Buffer.from(JSON.stringify({ alg: "RS384" })).toString("base64url");
    const signature = sign("sha384", Buffer.from(`${head}.e30`), privateKey).toString("base64url");
    const jwk = Jwk.parse({ ...publicKey.export({ format: "jwk" }), kid: "k" });
    expect(await signedBy(`${head}.e30.${signature}`, "RS384", [jwk])).toBe(false);
  });
});
