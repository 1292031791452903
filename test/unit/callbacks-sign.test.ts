import { createPublicKey, verify } from "node:crypto";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { createSigner, newSecret } from "../../adapters/callbacks/sign.ts";

const seed = Buffer.alloc(32, 5).toString("base64");
const signer = createSigner(seed);
const at = new Date();

/** The signature of one version, as receivers pick it out. */
const signaturesOf = (headers: Record<string, string>, version: string): string[] =>
  (headers["webhook-signature"] ?? "")
    .split(" ")
    .filter((one) => one.startsWith(`${version},`))
    .map((one) => one.slice(version.length + 1));

describe("v1", () => {
  it("is the published vector, whose key is shorter than a new one may be", () => {
    const headers = signer.headers({
      id: "msg_loFOjxBNrRLzqYUf",
      at: new Date(1_731_705_121_000),
      body: '{"event_type":"ping","data":{"success":true}}',
      secrets: ["whsec_plJ3nmyCDGBKInavdOK15jsl"],
    });
    expect(headers["webhook-id"]).toBe("msg_loFOjxBNrRLzqYUf");
    expect(headers["webhook-timestamp"]).toBe("1731705121");
    expect(signaturesOf(headers, "v1")).toEqual(["rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="]);
  });

  it("is there for each live secret, so that both sides of a rotation verify", () => {
    const secrets = [newSecret(Buffer.alloc(24, 1)), newSecret(Buffer.alloc(64, 2))];
    const body = '{"words":"café"}';
    const headers = signer.headers({ id: "one", at, body, secrets });
    expect(signaturesOf(headers, "v1")).toHaveLength(2);
    for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toEqual({ words: "café" });
    const other = new Webhook(newSecret(Buffer.alloc(32, 3)));
    expect(() => other.verify(body, headers)).toThrow("No matching signature");
  });

  it("verifies for any body, and fails for any other", () => {
    const secret = newSecret(Buffer.alloc(32, 9));
    const receiver = new Webhook(secret);
    const pairs = fc.tuple(fc.json(), fc.json()).filter(([body, other]) => body !== other);
    fc.assert(
      fc.property(pairs, ([body, other]) => {
        const headers = signer.headers({ id: "one", at, body, secrets: [secret] });
        expect(receiver.verify(body, headers)).toEqual(JSON.parse(body));
        expect(() => receiver.verify(other, headers)).toThrow("No matching signature");
      }),
    );
  });
});

describe("v1a", () => {
  const key = createPublicKey({ key: signer.jwk, format: "jwk" });
  const headers = signer.headers({ id: "one", at, body: "{}", secrets: [] });
  const [signature = ""] = signaturesOf(headers, "v1a");
  const holds = (content: string): boolean => verify(null, Buffer.from(content), key, Buffer.from(signature, "base64"));

  it("verifies with the key of the JWKS, without any secret", () => {
    expect(holds(`one.${headers["webhook-timestamp"]}.{}`)).toBe(true);
  });
  it("covers id, time and body", () => {
    expect(holds(`two.${headers["webhook-timestamp"]}.{}`)).toBe(false);
    expect(holds(`one.${Number(headers["webhook-timestamp"]) + 1}.{}`)).toBe(false);
    expect(holds(`one.${headers["webhook-timestamp"]}.[]`)).toBe(false);
  });
  it("agrees with RFC 8032, section 7.1, test 1", () => {
    const { jwk } = createSigner(
      Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex").toString("base64"),
    );
    expect(Buffer.from(jwk.x ?? "", "base64url").toString("hex")).toBe(
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    );
  });
  it("has one key, public only, named alike by every process", () => {
    expect(createSigner(seed).jwk).toEqual(signer.jwk);
    expect(signer.jwk).not.toHaveProperty("d");
    expect(signer.jwk.kid).toMatch(/^[\w-]{43}$/);
    expect(createSigner(Buffer.alloc(32, 6).toString("base64")).jwk.kid).not.toBe(signer.jwk.kid);
    expect(signer.publicKey).toBe(`whpk_${Buffer.from(signer.jwk.x ?? "", "base64url").toString("base64")}`);
  });
});

describe("secrets and ids", () => {
  it.each([0, 18, 23, 65])("a new secret never has %i bytes", (bytes) =>
    expect(() => newSecret(Buffer.alloc(bytes))).toThrow("24 to 64 bytes"),
  );
  it.each([24, 32, 64])("a new secret may have %i bytes", (bytes) =>
    expect(Buffer.from(newSecret(Buffer.alloc(bytes, 1)).slice("whsec_".length), "base64")).toHaveLength(bytes),
  );
  it("an id with a full stop is never signed", () =>
    expect(() => signer.headers({ id: "a.1", at, body: "", secrets: [] })).toThrow("full stop"));
});
