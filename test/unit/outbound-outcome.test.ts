import { describe, expect, it } from "vitest";
import { cacheSeconds } from "../../adapters/outbound/client.ts";
import { causeOf, type Exchange } from "../../adapters/outbound/exchange.ts";
import { MOST_RETRY_AFTER_SECONDS, outcomeOf, retryAfter } from "../../adapters/outbound/outcome.ts";

const now = new Date("2026-03-02T09:00:00Z");
const reply = (status: number, headers: Record<string, string> = {}): Exchange => ({
  kind: "answer",
  status,
  headers,
  body: "",
});
const read = (exchange: Exchange, idempotent = true) => outcomeOf(exchange, { now, idempotent });

describe("replies", () => {
  it.each([200, 201, 202, 204, 299])("%i is accepted", (status) =>
    expect(read(reply(status))).toEqual({ kind: "accepted", status }),
  );
  it.each([400, 401, 403, 404, 409, 422, 500, 501])("%i is tried again", (status) =>
    expect(read(reply(status))).toEqual({ kind: "unavailable", cause: `answered-${status}`, status }),
  );
  it("410 means never again", () =>
    expect(read(reply(410))).toEqual({ kind: "refused", cause: "gone", status: 410, gone: true }));
  it.each([429, 502, 503, 504])("%i may say when", (status) =>
    expect(read(reply(status, { "retry-after": "120" }))).toEqual({
      kind: "unavailable",
      cause: "asked-to-wait",
      status,
      retryAfterSeconds: 120,
    }),
  );
  it("Retry-After on a 400 says nothing", () =>
    expect(read(reply(400, { "retry-after": "120" }))).not.toHaveProperty("retryAfterSeconds"));
});

describe("what the form of the message knows better", () => {
  const asked = (status: number, verdict: boolean | undefined) =>
    outcomeOf(reply(status), { now, idempotent: true, taken: () => verdict });
  it("a 2xx without its echo was not taken", () =>
    expect(asked(200, false)).toEqual({ kind: "unavailable", cause: "no-echo", status: 200 }));
  it("an error that says it was taken before was taken", () => expect(asked(409, true).kind).toBe("accepted"));
  it("an error stays one", () => expect(asked(410, false)).toMatchObject({ kind: "refused", gone: true }));
  it("otherwise the status speaks", () => {
    expect(asked(200, undefined).kind).toBe("accepted");
    expect(asked(500, undefined).kind).toBe("unavailable");
  });
});

describe("failures", () => {
  it("nothing sent: unavailable for every receiver", () => {
    const failed: Exchange = { kind: "failed", cause: "connect-refused", sent: false };
    for (const idempotent of [true, false])
      expect(read(failed, idempotent)).toEqual({ kind: "unavailable", cause: "connect-refused" });
  });
  it("sent without an answer: unknown, unless the receiver is idempotent", () => {
    const failed: Exchange = { kind: "failed", cause: "timed-out", sent: true };
    expect(read(failed, false)).toEqual({ kind: "unknown", cause: "timed-out" });
    expect(read(failed, true)).toEqual({ kind: "unavailable", cause: "timed-out" });
  });
  it("a redirection is an answer, and no success", () => {
    const failed: Exchange = { kind: "failed", cause: "redirected", sent: true, status: 302 };
    for (const idempotent of [true, false])
      expect(read(failed, idempotent)).toEqual({ kind: "unavailable", cause: "redirected", status: 302 });
  });
});

describe("Retry-After", () => {
  it.each([
    ["0", 0],
    ["30", 30],
    ["99999999999", MOST_RETRY_AFTER_SECONDS],
    ["Mon, 02 Mar 2026 09:01:00 GMT", 60],
    ["Mon, 02 Mar 2026 08:00:00 GMT", 0],
    ["soon", undefined],
    ["-5", undefined],
    ["", undefined],
  ])("%s", (value, seconds) => expect(retryAfter(value, now)).toBe(seconds));
});

describe("how long keys may be kept", () => {
  it.each([
    [{ "cache-control": "public, max-age=600" }, 600],
    [{ "cache-control": "max-age=600", age: "100" }, 500],
    [{ "cache-control": "max-age=60", age: "100" }, 0],
    [{ "cache-control": "no-store, max-age=600" }, 0],
    [{ "cache-control": "No-Cache" }, 0],
    [{ expires: "Mon, 02 Mar 2026 09:10:00 GMT" }, 600],
    [{ expires: "0" }, 0],
    [{ "cache-control": "max-age=5", expires: "Mon, 02 Mar 2026 09:10:00 GMT" }, 5],
    [{}, undefined],
  ])("%o", (headers, seconds) => expect(cacheSeconds(headers as Record<string, string>, now)).toBe(seconds));
});

it.each([
  ["ERR_TLS_CERT_ALTNAME_INVALID", "tls-wrong-name"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls-untrusted"],
  ["CERT_HAS_EXPIRED", "tls-untrusted"],
  ["ECONNREFUSED", "connect-refused"],
  ["UND_ERR_CONNECT_TIMEOUT", "connect-timed-out"],
  ["ECONNRESET", "connection-lost"],
  ["HPE_INVALID_CONSTANT", "answer-unreadable"],
])("%s is %s", (code, cause) => expect(causeOf(Object.assign(new Error(), { code }))).toBe(cause));
