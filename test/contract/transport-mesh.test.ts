// MESH as a transport: the shared suite, and then what only MESH does, against a server written from its specification.
import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createMeshApi } from "../../adapters/mesh/api.ts";
import { createMailer } from "../../adapters/mesh/mailer.ts";
import { createMeshTransport } from "../../adapters/mesh/transport.ts";
import { createOutbound, type Outbound } from "../../adapters/outbound/client.ts";
import { SCOPES, type Client } from "../../schemas/client.ts";
import type { MailBook } from "../../src/ports/mailbox.ts";
import type { Transport } from "../../src/ports/outward.ts";
import { aHome, type Home, ids, uuid } from "../builders/store.ts";
import { engines } from "../engines.ts";
import { type Mesh, openMesh } from "../world/mesh.ts";
import { offerMessage, SUITE_TIMEOUT_MS, transportSuite } from "./transport-suite.ts";

const clock = { now: () => new Date() };
const OURS = "X26WAYMARK";
const THEIRS = "X26NORTH1";

const provider = (mailbox = THEIRS): Client => ({
  id: "01980000-0000-7000-8000-000000000001",
  kind: "provider",
  organisation: "north-advice",
  name: "North Advice",
  reach: { by: "mesh", mailbox },
  scopes: SCOPES.provider,
  test: true,
  webhookSecrets: [],
});

const home = await aHome(engines()[0] ?? raise());
afterAll(() => home.close());
function raise(): never {
  throw new Error("no engine");
}

type Setting = { url: string; password?: string; chunkBytes?: number; book?: MailBook; outbound: Outbound };
const transportTo = ({ url, password = "secret", chunkBytes = 100_000, book, outbound }: Setting): Transport => {
  const account = { url, mailbox: OURS, password, sharedKey: "TestKey" };
  const api = createMeshApi({ outbound, account, clock, ids });
  const mailer = createMailer({ api, book: book ?? home.store.mailBook, clock: home.clock, chunkBytes });
  return createMeshTransport({ mailer, workflow: "WAYMARK_OFFER", publicUrl: "https://broker.example" });
};
const openOutbound = () => createOutbound({ allow: ["127.0.0.0/8"], clock, timeoutMs: SUITE_TIMEOUT_MS });

/** The suite sends one offer in each test: here every test finds a book in which it does not stand. */
transportSuite(
  "mesh",
  () => {
    const outbound = openOutbound();
    const fresh = uuid();
    const { mailBook } = home.store;
    const book: MailBook = {
      ...mailBook,
      dispatch: async (key) => {
        const found = await mailBook.dispatch(key + fresh);
        return found && { ...found, key };
      },
      note: (one) => mailBook.note({ ...one, key: one.key + fresh }),
      strike: (key) => mailBook.strike(key + fresh),
    };
    let url = "";
    return {
      transport: {
        name: "mesh",
        idempotent: transportTo({ url, book, outbound }).idempotent,
        tell: () => Promise.reject(new Error("nothing to tell")),
        send: (message, to) => transportTo({ url, book, outbound }).send(message, to),
      },
      provider: (at) => {
        url = at;
        return provider();
      },
      keyOf: ({ headers, path }) => headers["mex-localid"]?.toString() ?? path.split("/").at(-1),
      close: () => outbound.close(),
    };
  },
  { taken: [202], receipt: '{"message_id":"20260302090000000_ABCDEF"}', unanswered: "unavailable" },
);

describe.each(engines())("MESH on $name", (on) => {
  let store: Home;
  let mesh: Mesh;
  let outbound: Outbound;
  beforeAll(async () => void (store = await aHome(on)));
  afterAll(() => store.close());
  beforeEach(async () => {
    mesh = await openMesh({ [OURS]: "secret", [THEIRS]: "other" });
    outbound = openOutbound();
  });
  afterEach(async () => {
    await outbound.close();
    await mesh.close();
  });

  const mailerOf = (chunkBytes = 100_000, password = "secret") => {
    const account = { url: mesh.url, mailbox: OURS, password, sharedKey: mesh.sharedKey };
    const api = createMeshApi({ outbound, account, clock, ids });
    return createMailer({ api, book: store.store.mailBook, clock: store.clock, chunkBytes });
  };
  const transport = (chunkBytes?: number) =>
    createMeshTransport({
      mailer: mailerOf(chunkBytes),
      workflow: "WAYMARK_OFFER",
      publicUrl: "https://broker.example",
    });
  const message = () => offerMessage(uuid());
  const delivered = () => mesh.inbox(THEIRS);

  it("delivers the message that a webhook would, under the offer's id, in our workflow", async () => {
    const one = message();
    expect(await transport().send(one, provider())).toEqual({ kind: "accepted", status: 202 });
    expect(mesh.asked).toEqual(["send"]);
    const [got] = delivered();
    expect(got).toMatchObject({ from: OURS, to: THEIRS, workflow: "WAYMARK_OFFER", localId: one.offer.id, of: 1 });
    expect(got?.headers).toMatchObject({
      "content-type": "application/json",
      "mex-from": OURS,
      "mex-chunk-range": "1:1",
    });
    expect(JSON.parse(got === undefined ? "" : mesh.text(got))).toEqual({
      type: "offer.made",
      offer: one.offer.id,
      reference: one.reference,
      service: one.offer.service,
      madeAt: "2026-03-02T09:00:00.000Z",
      preview: one.preview,
      link: `https://broker.example/provider/v1/offers/${one.offer.id}`,
    });
  });

  it("dials nobody for a provider without a mailbox", async () => {
    const { reach: _, ...without } = provider();
    expect(await transport().send(message(), without)).toEqual({ kind: "refused", cause: "no-address" });
    expect(mesh.asked).toEqual([]);
  });

  it("looks a lost answer up before anything is sent again, and then knows without asking", async () => {
    const one = message();
    mesh.next("send", "lose");
    expect(await transport().send(one, provider())).toMatchObject({
      kind: "unavailable",
      cause: "connection-lost",
      retryAfterSeconds: 120,
    });
    expect(await transport().send(one, provider())).toEqual({ kind: "accepted", status: 202 });
    expect(await transport().send(one, provider())).toEqual({ kind: "accepted", status: 202 });
    expect(mesh.asked).toEqual(["send", "track-local"]);
    expect(delivered()).toHaveLength(1);
  });

  it("waits before it believes that a lost message never came, and then sends it under the same id", async () => {
    const one = message();
    mesh.next("send", "cut");
    await transport().send(one, provider());
    expect(await transport().send(one, provider())).toMatchObject({ kind: "unavailable", cause: "mesh-not-there-yet" });
    expect(delivered()).toHaveLength(0);
    store.clock.pass(120);
    expect(await transport().send(one, provider())).toMatchObject({ kind: "accepted" });
    expect(mesh.asked).toEqual(["send", "track-local", "track-local", "send"]);
    expect(delivered().map(({ localId }) => localId)).toEqual([one.offer.id]);
  });

  it("says of a send that was cut off whether MESH has it, and else looks before it sends", async () => {
    const one = message();
    mesh.next("send", "lose");
    await transport().send(one, provider());
    expect(await transport().arrived?.(one, provider())).toBe(false);
    await transport().send(one, provider());
    expect(await transport().arrived?.(one, provider())).toBe(true);
    expect(mesh.asked).toEqual(["send", "track-local"]);
  });

  it("looks for what a copy of this store may have sent of which nothing is written here, before it sends it", async () => {
    const one = message();
    mesh.put({ from: OURS, to: THEIRS, workflow: "WAYMARK_OFFER", localId: one.offer.id, body: "{}" });
    expect(await transport().arrived?.(one, provider())).toBe(false);
    expect(await transport().send(one, provider())).toMatchObject({ kind: "accepted" });
    expect(mesh.asked).toEqual(["track-local"]);
  });

  it("says how an offer stands there, and writes nothing down", async () => {
    const one = message();
    const stands = () => transport().stands?.(one.offer, provider());
    expect(await stands()).toEqual({ kind: "absent" });
    mesh.put({ from: OURS, to: THEIRS, workflow: "WAYMARK_OFFER", localId: one.offer.id, body: "{}" });
    expect(await stands()).toEqual({ kind: "there", answers: [] });
    mesh.put({ from: OURS, to: THEIRS, workflow: "WAYMARK_OFFER", localId: one.offer.id, body: "{}" });
    expect(await stands()).toEqual({ kind: "unclear" });
    mesh.next("track-local", 503);
    expect(await stands()).toMatchObject({ kind: "away", outcome: { kind: "unavailable", status: 503 } });
    expect(await store.store.mailBook.dispatch(one.offer.id)).toBeUndefined();
  });

  it("takes a process that died while it sent for a lost answer", async () => {
    const one = message();
    await store.store.mailBook.note({ key: one.offer.id, round: 1, to: THEIRS, state: "begun" });
    mesh.put({ from: OURS, to: THEIRS, workflow: "WAYMARK_OFFER", localId: one.offer.id, body: "{}" });
    expect(await transport().send(one, provider())).toMatchObject({ kind: "accepted" });
    expect(mesh.asked).toEqual(["track-local"]);
  });

  it.each([
    ["does not answer", "hold" as const, { kind: "unavailable", cause: "timed-out" }],
    ["is broken", 503, { kind: "unavailable", status: 503 }],
    ["refuses to say", 403, { kind: "unavailable", status: 403 }],
    ["answers nonsense", 204, { kind: "unknown", cause: "mesh-lookup-unclear" }],
  ])("sends nothing while the look-up %s", async (_what, mishap, outcome) => {
    const one = message();
    mesh.next("send", "lose");
    await transport().send(one, provider());
    mesh.next("track-local", mishap);
    expect(await transport().send(one, provider())).toMatchObject(outcome);
    expect(mesh.asked.filter((kind) => kind === "send")).toHaveLength(1);
  });

  it("leaves it to a person when two messages bear one local id", async () => {
    const one = message();
    await store.store.mailBook.note({ key: one.offer.id, round: 1, to: THEIRS, state: "begun" });
    for (let at = 0; at < 2; at += 1)
      mesh.put({ from: OURS, to: THEIRS, workflow: "WAYMARK_OFFER", localId: one.offer.id, body: "{}" });
    expect(await transport().send(one, provider())).toEqual({ kind: "unknown", cause: "mesh-sent-twice" });
    expect(mesh.asked).toEqual(["track-local"]);
  });

  it("does not believe a 2xx without a message id, and looks", async () => {
    const one = message();
    mesh.next("send", (res) => void res.writeHead(200).end("<html>welcome</html>"));
    expect(await transport().send(one, provider())).toMatchObject({ kind: "unavailable", cause: "no-echo" });
    await transport().send(one, provider());
    expect(mesh.asked).toEqual(["send", "track-local"]);
  });

  it("gives a refusal its code, and asks nothing when it is sent again after all", async () => {
    const one = message();
    expect(await transport().send(one, provider("X26NOBODY"))).toEqual({
      kind: "refused",
      cause: "mesh-12",
      status: 417,
    });
    expect(await transport().send(one, provider())).toMatchObject({ kind: "accepted" });
    expect(mesh.asked).toEqual(["send", "send"]);
  });

  it("is let in with the right password alone, and with a token that is new each time", async () => {
    const mail = { key: uuid(), to: THEIRS, workflow: "W", body: "{}" };
    expect(await mailerOf(100_000, "wrong").send(mail)).toMatchObject({ kind: "unavailable", cause: "answered-403" });
    expect([mesh.refusedTokens(), mesh.asked]).toEqual([1, []]);
    expect(await mailerOf().send(mail)).toMatchObject({ kind: "accepted" });
    for (let at = 0; at < 5; at += 1) await mailerOf().send({ ...mail, key: uuid() });
    expect(mesh.refusedTokens()).toBe(1);
  });

  describe("a message that is too large for one request", () => {
    /** Text that compression makes a quarter smaller, and no more. */
    const hard = (size: number): string => randomBytes(size).toString("base64").slice(0, size);
    const mail = (body: string) => ({ key: uuid(), to: THEIRS, workflow: "W", body });

    it("is compressed, and is cut where that does not do; each piece is compressed by itself", async () => {
      const [soft, stiff] = ["a".repeat(50_000), hard(16_000)];
      expect(await mailerOf(2_000).send(mail(soft))).toMatchObject({ kind: "accepted" });
      expect(await mailerOf(2_000).send(mail(stiff))).toMatchObject({ kind: "accepted" });
      const [one, many] = delivered();
      expect([one?.of, one?.encoding, one && mesh.text(one) === soft]).toEqual([1, "gzip", true]);
      expect(many?.of).toBeGreaterThan(2);
      expect([many?.encoding, many && mesh.text(many) === stiff]).toEqual(["gzip", true]);
      expect(Math.max(...(many?.chunks ?? []).map((chunk) => chunk.length))).toBeLessThanOrEqual(2_000);
    });

    it("is sent anew as another message when a chunk failed: half a message is never delivered", async () => {
      const one = mail(hard(8_000));
      mesh.next("chunk", 503);
      expect(await mailerOf(2_000).send(one)).toMatchObject({ kind: "unavailable", cause: "answered-503" });
      expect(delivered()).toHaveLength(0);
      expect(await mailerOf(2_000).send(one)).toMatchObject({ kind: "accepted" });
      expect(mesh.asked).toContain("track");
      expect(delivered().map(({ localId }) => localId)).toEqual([`${one.key}_2`]);
    });

    it("is known to be whole when only the answer to its last chunk was lost", async () => {
      const one = mail(hard(3_000));
      mesh.next("chunk", "lose");
      expect(await mailerOf(2_000).send(one)).toMatchObject({ kind: "unavailable", cause: "connection-lost" });
      expect(mesh.messages[0]?.of).toBe(2);
      expect(await mailerOf(2_000).send(one)).toMatchObject({ kind: "accepted" });
      expect(mesh.asked).toEqual(["send", "chunk", "track"]);
      expect(delivered()).toHaveLength(1);
    });

    it("is a person's task when MESH no longer knows the message that it gave an id to", async () => {
      const one = mail(hard(8_000));
      mesh.next("chunk", "cut");
      await mailerOf(2_000).send(one);
      mesh.messages.length = 0;
      expect(await mailerOf(2_000).send(one)).toEqual({ kind: "unknown", cause: "mesh-lost-track" });
    });
  });

  it("sends what came back again only when asked, and then under another local id", async () => {
    const one = message();
    mesh.next("send", "lose");
    await transport().send(one, provider());
    mesh.returns(mesh.messages[0]?.id ?? "");
    expect(await transport().send(one, provider())).toEqual({ kind: "refused", cause: "mesh-14" });
    expect(delivered()).toHaveLength(0);
    expect(await transport().send(one, provider())).toMatchObject({ kind: "accepted" });
    expect(delivered().map(({ localId }) => localId)).toEqual([`${one.offer.id}_2`]);
  });
});
