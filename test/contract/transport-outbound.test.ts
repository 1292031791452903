// The guarded client against real servers on loopback: what it refuses to dial, and what it says of a reply.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createOutbound, type Outbound } from "../../adapters/outbound/client.ts";
import { answers, startReceiver, type Receiver } from "./receiver.ts";

const clock = { now: () => new Date("2026-03-02T09:00:00Z") };
const message = { headers: { "content-type": "application/json", "x-own": "1" }, body: '{"a":"é"}' };
const allow = ["127.0.0.0/8"];

let receiver: Receiver;
let outbound: Outbound;
const open = (options: { allow: string[]; timeoutMs?: number }): Outbound =>
  (outbound = createOutbound({ timeoutMs: 3_000, ...options, clock }));

beforeEach(async () => void (receiver = await startReceiver()));
afterEach(async () => {
  await outbound.close();
  await receiver.close();
});

describe("without an allowed range", () => {
  it.each([
    ["127.0.0.1", "address-refused"],
    ["localhost", "address-refused"],
    ["[::1]", "address-refused"],
    ["[::ffff:127.0.0.1]", "address-refused"],
    ["[::ffff:7f00:1]", "address-refused"],
    ["[::127.0.0.1]", "address-refused"],
    ["2130706433", "address-refused"],
    ["0x7f000001", "address-refused"],
    ["017700000001", "address-refused"],
    ["127.1", "address-refused"],
    ["0.0.0.0", "address-refused"],
    ["169.254.169.254", "address-refused"],
    ["example.org@127.0.0.1", "userinfo-refused"],
  ])("nothing is dialled at %s", async (host, cause) => {
    open({ allow: [] });
    for (const scheme of ["http", "https"])
      expect(await outbound.post(`${scheme}://${host}:${receiver.port}/`, message)).toEqual({
        kind: "failed",
        cause,
        sent: false,
      });
    expect(receiver.connections()).toBe(0);
  });

  it("a public address is not spoken to in clear text", async () => {
    open({ allow: [] });
    const reply = await outbound.post("http://93.184.215.14/", message);
    expect(reply).toEqual({ kind: "failed", cause: "scheme-refused", sent: false });
  });
});

describe("inside an allowed range", () => {
  it("posts the bytes and the headers, and reads the reply", async () => {
    open({ allow });
    receiver.behave(answers(418, { "X-Reply": "yes" }, "kettle"));
    const reply = await outbound.post(`${receiver.url}/in?x=1`, message);
    expect(reply).toMatchObject({ kind: "answer", status: 418, headers: { "x-reply": "yes" }, body: "kettle" });
    expect(receiver.received).toMatchObject([
      { method: "POST", path: "/in?x=1", body: message.body, headers: { "x-own": "1", "user-agent": "Waymark" } },
    ]);
  });

  it("gives those who ask for bytes the bytes, and as many as they allow", async () => {
    outbound = createOutbound({ allow, clock, timeoutMs: 3_000, maxAnswer: 100_000 });
    const sent = Buffer.from([0xff, 0x00, 0xfe]);
    const big = Buffer.alloc(80_000, 0xfd);
    receiver.behave((_req, res) => void res.writeHead(206).end(big));
    const reply = await outbound.request(`${receiver.url}/in`, { method: "PUT", headers: {}, body: sent });
    expect(reply).toMatchObject({ kind: "answer", status: 206, bytes: big });
    expect(receiver.received).toMatchObject([{ method: "PUT", path: "/in" }]);
    receiver.behave((_req, res) => void res.writeHead(200).end(Buffer.alloc(100_001)));
    expect(await outbound.request(receiver.url, { method: "GET", headers: {} })).toMatchObject({
      kind: "failed",
      cause: "answer-too-large",
    });
  });

  it("dials anew for each send, so that a dead line is never mistaken for a lost answer", async () => {
    open({ allow });
    for (let send = 0; send < 4; send += 1) await outbound.post(receiver.url, message);
    expect(receiver.connections()).toBe(4);
  });

  it("knows that a refused connection sent nothing", async () => {
    open({ allow });
    await receiver.close();
    expect(await outbound.post(receiver.url, message)).toEqual({
      kind: "failed",
      cause: "connect-refused",
      sent: false,
    });
  });

  it("knows that a silent receiver may have it", async () => {
    open({ allow, timeoutMs: 400 });
    receiver.behave(() => undefined);
    expect(await outbound.post(receiver.url, message)).toEqual({ kind: "failed", cause: "timed-out", sent: true });
  });

  it("speaks no TLS to a receiver that has none, and sent nothing", async () => {
    open({ allow });
    const reply = await outbound.post(`https://127.0.0.1:${receiver.port}/`, message);
    expect(reply).toMatchObject({ kind: "failed", sent: false });
    expect(receiver.received).toEqual([]);
  });

  it("takes an answer of exactly 64 kB", async () => {
    open({ allow });
    receiver.behave(answers(200, {}, "x".repeat(65_536)));
    expect(await outbound.post(receiver.url, message)).toMatchObject({ kind: "answer", status: 200 });
    receiver.behave(answers(200, {}, "x".repeat(65_537)));
    expect(await outbound.post(receiver.url, message)).toMatchObject({ kind: "failed", cause: "answer-too-large" });
  });

  it("ignores interim answers", async () => {
    open({ allow });
    receiver.behave((_req, res) => {
      res.writeEarlyHints({ link: "</style.css>; rel=preload" });
      res.writeHead(201).end("done");
    });
    expect(await outbound.post(receiver.url, message)).toMatchObject({ kind: "answer", status: 201, body: "done" });
  });

  it("takes an interim answer for no answer", async () => {
    open({ allow });
    receiver.behave((req, res) => {
      res.writeEarlyHints({ link: "</style.css>; rel=preload" }, () => req.socket.resetAndDestroy());
    });
    expect(await outbound.post(receiver.url, message)).toEqual({
      kind: "failed",
      cause: "connection-lost",
      sent: true,
    });
  });

  it("serves many sends at one time, each with its own reply", async () => {
    open({ allow, timeoutMs: 10_000 });
    receiver.behave((req, res) => void res.end(req.url));
    const paths = Array.from({ length: 200 }, (_, at) => `/${at}`);
    const replies = await Promise.all(paths.map((path) => outbound.post(receiver.url + path, message)));
    expect(replies.map((one) => (one.kind === "answer" ? one.body : one.cause))).toEqual(paths);
  });

  it("refuses a header that would split the request, and sends nothing", async () => {
    open({ allow });
    const reply = await outbound.post(receiver.url, { headers: { "x-own": "a\r\nx-evil: 1" }, body: "" });
    expect(reply).toEqual({ kind: "failed", cause: "request-unsendable", sent: false });
    expect(receiver.received).toEqual([]);
  });
});

it("closes although a receiver never answers", async () => {
  open({ allow, timeoutMs: 60_000 });
  const arrived = new Promise<void>((done) => receiver.behave(() => done()));
  const reply = outbound.post(receiver.url, message);
  await arrived;
  await outbound.close();
  expect(await reply).toEqual({ kind: "failed", cause: "connection-lost", sent: true });
});

describe("documents", () => {
  it("come with how long they may be kept", async () => {
    open({ allow });
    receiver.behave(answers(200, { "cache-control": "max-age=300" }, '{"keys":[]}'));
    expect(await outbound.getJson(`${receiver.url}/jwks.json`)).toEqual({
      kind: "answer",
      value: { keys: [] },
      cacheSeconds: 300,
    });
    expect(receiver.received).toMatchObject([{ method: "GET", path: "/jwks.json" }]);
  });

  it.each([
    [answers(404, {}, "{}"), "answer-not-ok"],
    [answers(200, {}, "<html>"), "answer-not-json"],
    [answers(200, {}, "[".repeat(1_000)), "answer-not-json"],
    [answers(302, { location: "/elsewhere" }), "redirected"],
  ])("that are none are failures (%#)", async (behaviour, cause) => {
    open({ allow });
    receiver.behave(behaviour);
    expect(await outbound.getJson(receiver.url)).toMatchObject({ kind: "failed", cause });
  });

  it("in a private range are refused", async () => {
    open({ allow: [] });
    expect(await outbound.getJson(receiver.url)).toEqual({ kind: "failed", cause: "address-refused", sent: false });
  });
});
