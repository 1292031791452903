// The pieces of MESH that need no server: its token, its chunks, and what a look-up says.
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cut } from "../../adapters/mesh/chunks.ts";
import { keyOf, localIdOf } from "../../adapters/mesh/local-id.ts";
import { lookUp } from "../../adapters/mesh/look-up.ts";
import { readAnswer } from "../../adapters/mesh/answer.ts";
import { tokenFor } from "../../adapters/mesh/token.ts";

describe("the token", () => {
  const login = { mailbox: "X26HC006", password: "secret", sharedKey: "BackBone" };
  const nonce = "bd0e2bd5-218e-41d0-83a9-73fdec414803";

  it("is as the specification's own example makes it", () => {
    // hmac.HMAC(b"BackBone", b"X26HC006:bd0e…:0:secret:202005041305", sha256).hexdigest() in Python.
    expect(tokenFor(login, nonce, new Date("2020-05-04T13:05:59Z"))).toBe(
      `NHSMESH X26HC006:${nonce}:0:202005041305:a8b4f910465757fab622de9172cfd6058b3422c6ced77d739c7748033a6866bb`,
    );
  });

  it("differs by nonce and by minute", () => {
    const now = new Date("2020-05-04T13:05:59Z");
    const hash = (one: string, at: Date): string => tokenFor(login, one, at).split(":").at(-1) ?? "";
    expect(hash("a", now)).not.toBe(hash("b", now));
    expect(hash("a", now)).not.toBe(hash("a", new Date("2020-05-04T13:06:00Z")));
  });
});

describe("chunks", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 20_000 }),
    fc.nat({ max: 200_000 }).map((size) => new Uint8Array(size).fill(0x61)),
  );

  it("are each within the limit, and together are the message", () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1_000, max: 8_000 }), (body, limit) => {
        const { chunks, encoding } = cut(body, limit);
        for (const chunk of chunks) expect(chunk.length).toBeLessThanOrEqual(limit);
        const whole = chunks.map((chunk) => (encoding === "gzip" ? gunzipSync(chunk) : chunk));
        expect(Buffer.concat(whole).equals(Buffer.from(body))).toBe(true);
        expect(encoding).toBe(body.length <= limit ? undefined : "gzip");
      }),
    );
  });
});

describe("a local id", () => {
  it("is the key, and from the second round on has the round behind it; both lead back to the key", () => {
    const key = "01980000-0000-7000-8000-0000000000aa";
    expect(localIdOf({ key, round: 1 })).toBe(key);
    expect(localIdOf({ key, round: 3 })).toBe(`${key}_3`);
    expect([1, 2, 17].map((round) => keyOf(localIdOf({ key, round })))).toEqual([key, key, key]);
  });
});

describe("a look-up", () => {
  const says = (status: number, body: object | string) =>
    lookUp({
      kind: "answer",
      status,
      headers: {},
      bytes: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
    });

  it.each([
    [
      { message_id: "M1", status: "accepted" },
      { kind: "there", messageId: "M1" },
    ],
    [
      { messageId: "M1", status: "Acknowledged" },
      { kind: "there", messageId: "M1" },
    ],
    [{ messageId: "M1", status: "Uploading" }, { kind: "unfinished" }],
    [
      { message_id: "M1", status: "error", status_code: "14" },
      { kind: "returned", code: "14" },
    ],
    [
      { message_id: "M1", status: "undeliverable" },
      { kind: "returned", code: "14" },
    ],
    [
      { message_id: "M1", status: "elsewhere" },
      { kind: "unclear", cause: "mesh-lookup-unclear" },
    ],
    [
      { message_id: "../x", status: "accepted" },
      { kind: "unclear", cause: "mesh-lookup-unclear" },
    ],
    ["<html>", { kind: "unclear", cause: "mesh-lookup-unclear" }],
    ["", { kind: "unclear", cause: "mesh-lookup-unclear" }],
  ])("answered with %j", (body, found) => {
    expect(says(200, body)).toEqual(found);
  });

  it("tells not there from not answered, and one from two", () => {
    expect(says(404, "")).toEqual({ kind: "absent" });
    expect(says(403, "")).toEqual({ kind: "away" });
    expect(says(500, "")).toEqual({ kind: "away" });
    expect(lookUp({ kind: "failed", cause: "timed-out", sent: true })).toEqual({ kind: "away" });
    expect(lookUp({ kind: "failed", cause: "redirected", sent: true, status: 300 })).toMatchObject({
      cause: "mesh-sent-twice",
    });
    expect(lookUp({ kind: "failed", cause: "redirected", sent: true, status: 302 })).toEqual({ kind: "away" });
  });
});

describe("an answer's document", () => {
  const offer = "01980000-0000-7000-8000-0000000000AA";
  const heard = (value: unknown) => readAnswer(Buffer.from(JSON.stringify(value)));

  it("names the offer and says what `/provider/v1` would be told", () => {
    expect(heard({ type: "offer.answer", offer, verb: "decline", reason: "full" })).toEqual({
      ok: true,
      offer: offer.toLowerCase(),
      answer: { verb: "decline", reason: "full" },
    });
  });

  it("is told all its faults at once", () => {
    const said = heard({ type: "offer.made", verb: "decline", reason: "tired", mood: 1 });
    expect(said.ok === false && said.reasons.map(({ code, path }) => [path, code]).toSorted()).toEqual(
      [
        ["mood", "unknown"],
        ["offer", "required"],
        ["reason", "not-one-of"],
        ["type", "not-one-of"],
      ].toSorted(),
    );
  });

  it("keeps hold of the offer that it names, whatever else is wrong", () => {
    expect(heard({ type: "offer.answer", offer, verb: "dance" })).toMatchObject({
      ok: false,
      offer: offer.toLowerCase(),
    });
  });

  it("never throws, whatever the bytes", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(bytes, (one) => {
        expect(readAnswer(one)).toMatchObject({ ok: false });
      }),
    );
  });
});
