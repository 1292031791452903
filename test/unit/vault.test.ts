// What is sealed opens only in its own place, with its own key, unchanged; and the ring's other keys never meet.
import { mkdtemp, readFile, rm, stat, mkdir, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { embeddedKeyRing, makeKeyRing, parseKeyRing } from "../../adapters/postgres/keyring.ts";
import { createVault, SealBroken } from "../../adapters/postgres/vault.ts";
import { createIds } from "../../adapters/system.ts";

const ids = createIds();
const ring = makeKeyRing(ids);
const vault = createVault(ring, ids);
const where = "referral.sealed_content:0192f0aa-0000-7000-8000-000000000001";
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return error instanceof SealBroken ? error.code : String(error);
  }
  return "opened";
};

describe("sealing", () => {
  const { key } = vault.newCaseKey("case");

  it("opens to what was sealed", () => {
    fc.assert(
      fc.property(bytes, (plain) => {
        expect(vault.unseal(key, where, vault.seal(key, where, plain))).toEqual(plain);
      }),
    );
  });

  it("refuses any flipped bit", () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.integer({ min: 0, max: 7 }), (plain, place, bit) => {
        const sealed = vault.seal(key, where, plain);
        const at = place % sealed.length;
        sealed.writeUInt8(sealed.readUInt8(at) ^ (1 << bit), at);
        const code = codeOf(() => vault.unseal(key, where, sealed));
        expect(code).toBe(at === 0 ? "unknown-version" : "tampered");
      }),
    );
  });

  it("refuses any cut", () => {
    fc.assert(
      fc.property(bytes, fc.nat(), (plain, cut) => {
        const sealed = vault.seal(key, where, plain);
        expect(codeOf(() => vault.unseal(key, where, sealed.subarray(0, cut % sealed.length)))).toBe("tampered");
      }),
    );
  });

  it("refuses a value moved to another row or another column", () => {
    const sealed = vault.seal(key, "event.sealed_note:a", Buffer.from("note"));
    for (const elsewhere of ["event.sealed_note:b", "receipt.sealed_receipt:a", "event.sealed_note:", ""]) {
      expect(codeOf(() => vault.unseal(key, elsewhere, sealed))).toBe("tampered");
    }
  });

  it("refuses another case's key", () => {
    const sealed = vault.seal(key, where, Buffer.from("x"));
    expect(codeOf(() => vault.unseal(vault.newCaseKey("other").key, where, sealed))).toBe("tampered");
  });

  it("seals the same words to other bytes each time", () => {
    const all = Array.from({ length: 50 }, () => vault.seal(key, where, Buffer.from("same")).toString("hex"));
    expect(new Set(all).size).toBe(50);
  });
});

describe("case keys", () => {
  it("open with the ring, for their own case only", () => {
    const made = vault.newCaseKey("case-1");
    expect(made.ringKey).toBe(ring.current);
    expect(vault.open(made.wrapped, made.ringKey, "case-1").equals(made.key)).toBe(true);
    expect(codeOf(() => vault.open(made.wrapped, made.ringKey, "case-2"))).toBe("tampered");
    expect(made.wrapped.includes(made.key)).toBe(false);
  });

  it("still open after the ring got a new current key, and not when the old one is gone", () => {
    const made = vault.newCaseKey("case-1");
    const next = makeKeyRing(ids);
    const turned = createVault(
      { ...ring, current: next.current, wrapping: { ...ring.wrapping, ...next.wrapping } },
      ids,
    );
    expect(turned.open(made.wrapped, made.ringKey, "case-1").equals(made.key)).toBe(true);
    expect(turned.newCaseKey("case-2").ringKey).toBe(next.current);
    expect(codeOf(() => createVault(next, ids).open(made.wrapped, made.ringKey, "case-1"))).toBe("unknown-key");
    expect(codeOf(() => vault.open(made.wrapped, "constructor", "case-1"))).toBe("unknown-key");
  });
});

describe("secrets of the ring", () => {
  it("open in their place, also after the ring turned", () => {
    const sealed = vault.sealForRing("client.sealed_secrets:1", Buffer.from("secret"));
    const next = makeKeyRing(ids);
    const turned = createVault(
      { ...ring, current: next.current, wrapping: { ...ring.wrapping, ...next.wrapping } },
      ids,
    );
    expect(turned.unsealForRing("client.sealed_secrets:1", sealed).toString()).toBe("secret");
    expect(codeOf(() => vault.unsealForRing("client.sealed_secrets:2", sealed))).toBe("tampered");
    expect(codeOf(() => vault.unsealForRing("client.sealed_secrets:1", Buffer.alloc(0)))).toBe("unknown-key");
  });
});

describe("digests and keys", () => {
  it("are the same for the same value, and never meet across purposes or rings", () => {
    const other = createVault(makeKeyRing(ids), ids);
    expect(vault.digest("nino", "AB123456C")).toBe(createVault(ring, ids).digest("nino", Buffer.from("AB123456C")));
    expect(vault.digest("nino", "AB123456C")).toMatch(/^[\w-]{43}$/);
    expect(vault.digest("nino", "AB123456C")).not.toBe(vault.digest("nhs-number", "AB123456C"));
    expect(vault.digest("nino", "AB123456C")).not.toBe(other.digest("nino", "AB123456C"));
    expect(vault.tokenKey().equals(other.tokenKey())).toBe(false);
    expect(vault.tokenKey()).toHaveLength(32);
  });
});

describe("the key ring", () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "waymark-keys-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is made once, only for its owner's eyes, and then stays", async () => {
    const data = join(folder, "data");
    const made = await embeddedKeyRing(data, ids);
    expect((await stat(join(data, "keys.json"))).mode & 0o777).toBe(0o600);
    expect(await embeddedKeyRing(data, ids)).toEqual(made);
    expect(await readdir(data)).toEqual(["keys.json"]);
  });

  it("is one, when several make it at once", async () => {
    const rings = await Promise.all(Array.from({ length: 8 }, () => embeddedKeyRing(folder, ids)));
    expect(new Set(rings.map((one) => one.current)).size).toBe(1);
    expect(JSON.parse(await readFile(join(folder, "keys.json"), "utf8"))).toEqual(rings[0]);
  });

  it("is never made anew for a store that needs the old one", async () => {
    await mkdir(join(folder, "store"));
    await expect(embeddedKeyRing(folder, ids)).rejects.toThrow("put it back");
  });

  it("is refused in plain words that repeat nothing of it", () => {
    const broken = [
      "not json and secret",
      JSON.stringify({ ...ring, index: "c2VjcmV0" }),
      JSON.stringify({ ...ring, current: "secret" }),
      JSON.stringify({ ...ring, wrapping: { secret: 1 } }),
      "[]",
    ];
    for (const text of broken) {
      expect(() => parseKeyRing(text)).toThrow(/key ring/);
      expect(() => parseKeyRing(text)).not.toThrow(/secret|c2VjcmV0/);
    }
    expect(parseKeyRing(JSON.stringify(ring))).toEqual(ring);
  });
});
