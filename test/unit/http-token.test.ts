// Our bearer tokens: what is issued is read back, and nothing that was touched, forged or outlived is.
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { issueToken, type KnownTokens, readToken, TOKEN_SECONDS } from "../../adapters/http/token.ts";

const key = Buffer.alloc(32, 1);
const now = new Date("2026-03-02T09:00:00Z");
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const token = issueToken(key, "client-1", ["offer.read", "offer.answer"], now);

describe("a token", () => {
  it("tells client and scopes until its five minutes are over", () => {
    const good = { ok: true, client: "client-1", scopes: ["offer.read", "offer.answer"] };
    expect(TOKEN_SECONDS).toBe(300);
    expect(readToken(key, token, now)).toEqual(good);
    expect(readToken(key, token, later(299))).toEqual(good);
    expect(readToken(key, token, later(300))).toEqual({ ok: false, why: "token-expired" });
  });

  it("that was read before ends when it ends, and lends nothing to one that was touched", () => {
    const known: KnownTokens = new Map();
    const good = { ok: true, client: "client-1", scopes: ["offer.read", "offer.answer"] };
    expect(readToken(key, token, now, known)).toEqual(good);
    expect(known.size).toBe(1);
    expect(readToken(key, token, later(299), known)).toEqual(good);
    expect(readToken(key, `${token.slice(0, -1)}-`, now, known)).toEqual({ ok: false, why: "token-invalid" });
    expect(readToken(key, issueToken(Buffer.alloc(32, 2), "client-1", [], now), now, known)).toMatchObject({
      ok: false,
    });
    expect(known.size).toBe(1);
    expect(readToken(key, token, later(300), known)).toEqual({ ok: false, why: "token-expired" });
    expect(known.size).toBe(0);
  });

  it("is read anew when more are shown than are remembered", () => {
    const known: KnownTokens = new Map();
    for (let one = 0; one <= 10_000; one += 1) readToken(key, issueToken(key, `client-${one}`, [], now), now, known);
    expect(known.size).toBeLessThanOrEqual(10_000);
    expect(readToken(key, token, now, known)).toMatchObject({ ok: true, client: "client-1" });
  });

  it("of another key is none of ours", () => {
    expect(readToken(Buffer.alloc(32, 2), token, now)).toEqual({ ok: false, why: "token-invalid" });
  });

  it("is invalid when any one character of it changes, and when it is cut or grows", () => {
    const character = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");
    fc.assert(
      fc.property(fc.nat(token.length - 1), character, (at, other) => {
        fc.pre(token[at] !== other);
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        expect(readToken(key, changed, now)).toEqual({ ok: false, why: "token-invalid" });
      }),
    );
    for (const changed of [token.slice(0, -1), `${token}=`, `${token}.x`, `${token}${"A".repeat(5_000)}`])
      expect(readToken(key, changed, now)).toEqual({ ok: false, why: "token-invalid" });
  });

  it("is never found in arbitrary text, which never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(readToken(key, text, now).ok).toBe(false);
      }),
    );
  });

  it("needs our use of the key: a signature for another purpose does not hold", () => {
    const [payload = ""] = token.split(".");
    const bare = createHmac("sha256", key).update(payload).digest("base64url");
    expect(readToken(key, `${payload}.${bare}`, now).ok).toBe(false);
  });
});
