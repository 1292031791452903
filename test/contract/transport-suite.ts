// What a receiver that speaks HTTP can do to a transport, beside the contract that every way keeps (`transport-contract.ts`).
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Client } from "../../schemas/client.ts";
import type { OfferMessage, Transport } from "../../src/ports/outward.ts";
import { answers, startReceiver, type Received, type Receiver } from "./receiver.ts";

/** Long enough for loopback on a busy machine, short enough to wait for. */
export const SUITE_TIMEOUT_MS = 1_000;

export type Subject = {
  transport: Transport;
  /** A provider that is reached at this address. */
  provider(url: string): Client;
  /** The key by which the receiver knows a repetition. */
  keyOf(request: Received): string | undefined;
  close?(): Promise<void>;
};

export const offerMessage = (id = "01980000-0000-7000-8000-0000000000aa"): OfferMessage => ({
  offer: {
    id,
    referral: "01980000-0000-7000-8000-0000000000bb",
    programme: "community-debt",
    service: "debt-advice-e1",
    places: ["debt-advice-e1"],
    provider: "north-advice",
    status: "sent",
    test: true,
    madeAt: new Date("2026-03-02T09:00:00Z"),
    changedAt: new Date("2026-03-02T09:00:00Z"),
  },
  reference: "WM-7K3P-9QXR",
  preview: {
    need: "debt-advice",
    urgency: "routine",
    area: "E09000019",
    ageBand: "25-49",
    interpreter: false,
    accessNeeds: [{ code: "step-free" }],
    risk: [{ code: "dog-at-home" }],
    safeguarding: false,
    participation: "voluntary",
  },
});

/** Where receivers of this kind say more than a status. */
export type Manners = {
  /** With which status one says that it has taken the offer. */
  taken?: readonly number[];
  /** What it then says. */
  receipt?: string;
  /** What a lost answer comes to where it is looked up before anything is sent again. */
  unanswered?: "unavailable";
  /** A carrier between us and the provider cannot speak for it: what is gone for the carrier switches no provider off. */
  carried?: true;
  /** Questions that go before a second send: which these are, and the answer that nothing was sent before. */
  lookUp?: { is(request: { method?: string | undefined }): boolean; nothing: string };
};

export const transportSuite = (name: string, start: () => Subject, manners: Manners = {}): void => {
  const { taken = [200, 202, 204], receipt = "", lookUp } = manners;
  describe(`the transport ${name}`, () => {
    let receiver: Receiver;
    let subject: Subject;
    const send = (message = offerMessage()) => subject.transport.send(message, subject.provider(receiver.url));
    /** What a receiver that may have taken it, and did not say so, comes to. */
    const unanswered = () => manners.unanswered ?? (subject.transport.idempotent ? "unavailable" : "unknown");

    beforeEach(async () => {
      receiver = await startReceiver();
      const { behave } = receiver;
      if (lookUp !== undefined)
        receiver.behave = (how) =>
          behave((req, res) => (lookUp.is(req) ? answers(200, {}, lookUp.nothing) : how)(req, res));
      subject = start();
    });
    afterEach(async () => {
      await receiver.close();
      await subject.close?.();
    });

    it.each(taken)("takes %i as accepted", async (status) => {
      receiver.behave(answers(status, {}, receipt));
      expect(await send()).toEqual({ kind: "accepted", status });
      expect(receiver.received).toHaveLength(1);
    });

    it.each([400, 401, 404, 409, 500, 503])("tries again after %i", async (status) => {
      receiver.behave(answers(status));
      expect(await send()).toMatchObject({ kind: "unavailable", status });
    });

    it("waits as long as it is asked to", async () => {
      receiver.behave(answers(429, { "retry-after": "90" }));
      expect(await send()).toMatchObject({ kind: "unavailable", status: 429, retryAfterSeconds: 90 });
    });

    it("is done with a receiver that is gone", async () => {
      receiver.behave(answers(410));
      const late = { kind: "unavailable", cause: "answered-410", status: 410 };
      expect(await send()).toMatchObject(manners.carried === true ? late : { kind: "refused", gone: true });
    });

    it("does not wait for ever", async () => {
      receiver.behave(() => undefined);
      expect(await send()).toMatchObject({ kind: unanswered(), cause: "timed-out" });
      expect(receiver.received).toHaveLength(1);
    });

    it("cuts off an answer that drips", async () => {
      receiver.behave((_req, res) => {
        res.writeHead(200);
        const drip = setInterval(() => res.write("."), 50);
        res.on("close", () => clearInterval(drip));
      });
      expect(await send()).toMatchObject({ kind: unanswered(), cause: "timed-out" });
    });

    it("survives a line cut before the answer", async () => {
      receiver.behave((req) => req.socket.resetAndDestroy());
      expect(await send()).toMatchObject({ kind: unanswered(), cause: "connection-lost" });
    });

    it("survives a line cut inside the answer", async () => {
      receiver.behave((req, res) => {
        res.writeHead(200, { "content-length": "1000" }).write("half", () => req.socket.resetAndDestroy());
      });
      expect(await send()).toMatchObject({ kind: unanswered(), cause: "connection-lost" });
    });

    it("survives an answer that is not HTTP", async () => {
      receiver.behave((req) => void req.socket.end("HELLO\r\n\r\n"));
      expect(await send()).toMatchObject({ kind: unanswered() });
    });

    it("follows no redirection", async () => {
      const elsewhere = await startReceiver();
      receiver.behave(answers(307, { location: elsewhere.url }));
      expect(await send()).toMatchObject({ kind: "unavailable", cause: "redirected" });
      expect(elsewhere.connections()).toBe(0);
      await elsewhere.close();
    });

    it.each([true, false])("reads no more than 64 kB of an answer (length announced: %s)", async (announced) => {
      const body = "x".repeat(200_000);
      receiver.behave((_req, res) => {
        res.writeHead(200, announced ? { "content-length": String(body.length) } : {}).end(body);
      });
      expect(await send()).toMatchObject({ kind: unanswered(), cause: "answer-too-large" });
    });

    it("says unavailable when nobody listens", async () => {
      await receiver.close();
      expect(await send()).toMatchObject({ kind: "unavailable", cause: "connect-refused" });
    });

    it("never sends one offer under two ids, nor two offers under one", async () => {
      receiver.behave(answers(500));
      await send();
      receiver.behave((req) => req.socket.resetAndDestroy());
      await send();
      receiver.behave(answers(204));
      await send();
      await send(offerMessage("01980000-0000-7000-8000-0000000000cc"));
      const keys = receiver.received.filter((request) => lookUp?.is(request) !== true).map(subject.keyOf);
      expect(keys[0]).toBeTypeOf("string");
      // Three or more: a post that meets a dead line is made once more, under the same id.
      expect(keys.length).toBeGreaterThanOrEqual(4);
      expect(new Set(keys.slice(0, -1)).size).toBe(1);
      expect(keys.at(-1)).not.toBe(keys[0]);
    });
  });
};
