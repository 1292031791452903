// A worker is killed between sending and writing down what came of it. Where a second copy would harm, none is sent.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AttemptOutcome, Work } from "../../schemas/work.ts";
import type { Ledger } from "../../src/ports/ledger.ts";
import type { Transport } from "../../src/ports/outward.ts";
import { anOfferTo, aRulebook, attemptsOf, claimed, endOf, register, rowOf, senders } from "../builders/delivery.ts";
import { aHome, type Home, opened } from "../builders/store.ts";
import { engines } from "../engines.ts";
import { startReceiver } from "./receiver.ts";

const LEASE_SECONDS = 20;
const TOOK: AttemptOutcome = { kind: "accepted", status: 250 };

/** A way by which nothing is known again, such as e-mail. It counts what it sends. */
const post = (outcome: () => AttemptOutcome = () => TOOK, arrived?: Transport["arrived"]) => {
  const sent: string[] = [];
  const transport: Transport = {
    name: "webhook",
    idempotent: false,
    tell: () => Promise.reject(new Error("nothing to tell")),
    send: async ({ offer }) => {
      sent.push(offer.id);
      return outcome();
    },
    ...(arrived && { arrived }),
  };
  return { sent, transport };
};

/** Never comes back: the process that waits for it is dead. */
const never = () => new Promise<never>(() => undefined);
const dead = (ledger: Ledger): Ledger => ({ ...ledger, commit: never });

describe.each(engines())("a send that was cut off on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());

  const offered = async (callbackUrl = "http://127.0.0.1:9/offers") => {
    const { organisation } = await register(home, { callbackUrl });
    const { work, offer, journey } = await anOfferTo(home, organisation);
    const take = () => claimed(home, work.destination);
    const composed = (transport?: Transport, ledger?: Ledger) =>
      senders(home, {
        rulebook: aRulebook(organisation),
        ...(transport && { transports: [transport] }),
        ...(ledger && { ledger }),
      });
    /** A worker takes the row, sends, and dies before it has written anything of it. */
    const killed = async (way: ReturnType<typeof post>): Promise<Work> => {
      const one = await take();
      void composed(way.transport, dead(home.store.ledger)).deliver(one);
      await expect.poll(() => way.sent.length).toBe(1);
      home.clock.pass(LEASE_SECONDS);
      return one;
    };
    const delivered = async () =>
      (await home.sql("SELECT FROM waymark.event WHERE referral = $1 AND type = 'delivered'", [journey.id])).length;
    return { work, offer, journey, organisation, take, composed, killed, delivered };
  };

  it("is a person's task, and is not sent again", async () => {
    const { work, take, composed, killed, delivered } = await offered();
    const way = post();
    await killed(way);
    const next = await take();
    expect(next.intent).toMatchObject({ way: "webhook" });
    expect(endOf(await composed(way.transport).deliver(next))).toMatchObject({
      ended: "dead",
      outcome: "unknown",
      cause: "unknown: interrupted",
    });
    expect(way.sent).toHaveLength(1);
    expect(await rowOf(home, work.id)).toMatchObject({ cause: "unknown: interrupted", dead_at: home.clock.now() });
    expect(await attemptsOf(home, work.id)).toMatchObject([
      { number: 1, result: "again", outcome: "broke", cause: "worker-died" },
      { number: 2, result: "dead", outcome: "unknown", cause: "interrupted" },
    ]);
    expect(await delivered()).toBe(0);
  });

  it("is one too where the way to the provider has changed since", async () => {
    const { take, composed, killed } = await offered();
    await killed(post());
    const other = post();
    const webhook: Transport = { ...other.transport, idempotent: true };
    const elsewhere = await take();
    expect(
      await composed(webhook).deliver({ ...elsewhere, intent: { way: "email", at: home.clock.now() } }),
    ).toMatchObject({ ended: "dead", cause: "unknown: interrupted" });
    expect(other.sent).toEqual([]);
  });

  it("is settled by asking, where the way can be asked", async () => {
    for (const [answer, sends, ended] of [
      [true, 1, "done"],
      [false, 2, "done"],
      [undefined, 1, "dead"],
    ] as const) {
      const { take, composed, killed, delivered } = await offered();
      const way = post(
        () => TOOK,
        async () => answer,
      );
      await killed(way);
      expect(await composed(way.transport).deliver(await take())).toMatchObject({ ended });
      expect(way.sent).toHaveLength(sends);
      expect(await delivered()).toBe(ended === "done" ? 1 : 0);
    }
  });

  it("stays a person's task when its process stopped in good order, or broke", async () => {
    for (const settlement of [
      { kind: "again", due: new Date(0), attempted: false, cause: "stopped" },
      { kind: "again", due: new Date(0), attempted: true, cause: "broke", tried: { outcome: "broke" } },
    ] as const) {
      const { take, composed } = await offered();
      const way = post();
      const one = await take();
      void composed(way.transport, dead(home.store.ledger)).deliver(one);
      await expect.poll(() => way.sent.length).toBe(1);
      expect(await home.store.agenda.settle(one, settlement)).toBe(true);
      expect(await composed(way.transport).deliver(await take())).toMatchObject({ cause: "unknown: interrupted" });
      expect(way.sent).toHaveLength(1);
    }
  });

  it("is nothing to worry about once the provider has answered, or the offer was taken back", async () => {
    const { take, composed, killed, offer, journey } = await offered();
    const way = post();
    await killed(way);
    const now = await opened(home, journey.id);
    await home.store.ledger.commit({
      referral: now.id,
      version: now.version,
      status: "acknowledged",
      events: [
        {
          id: offer.id,
          referral: now.id,
          sequence: now.sequence + 1,
          at: home.clock.now(),
          actor: "provider",
          body: { type: "acknowledged", offer: offer.id },
        },
      ],
      offers: [{ ...offer, status: "acknowledged" }],
    });
    expect(await composed(way.transport).deliver(await take())).toMatchObject({
      ended: "done",
      outcome: "skipped",
      cause: "offer-closed",
    });
    expect(way.sent).toHaveLength(1);
  });

  it("never begins for a worker whose lease went to another", async () => {
    const { take, composed } = await offered();
    const way = post();
    const late = await take();
    home.clock.pass(LEASE_SECONDS);
    await take();
    expect(await composed(way.transport).deliver(late)).toBe("nothing");
    expect(way.sent).toEqual([]);
  });

  it("leaves no mark where the answer says that nothing arrived: it is sent again", async () => {
    const { take, composed, delivered, work } = await offered();
    const away: AttemptOutcome = { kind: "unavailable", cause: "connect-refused" };
    const answers = [away, TOOK];
    const way = post(() => answers.shift() ?? TOOK);
    expect(await composed(way.transport).deliver(await take())).toMatchObject({
      ended: "again",
      cause: "connect-refused",
    });
    expect(await rowOf(home, work.id)).toMatchObject({ intent_way: null, intent_at: null });
    home.clock.pass(6);
    expect(await composed(way.transport).deliver(await take())).toMatchObject({ ended: "done", outcome: "accepted" });
    expect([way.sent.length, await delivered()]).toEqual([2, 1]);
  });

  it("goes again under the same id where the receiver knows a second copy, and has one effect", async () => {
    const receiver = await startReceiver();
    const { take, composed, delivered, offer } = await offered(receiver.url);
    const first = composed(undefined, dead(home.store.ledger));
    void first.deliver(await take());
    await expect.poll(() => receiver.received.length).toBe(1);
    home.clock.pass(LEASE_SECONDS);
    const second = composed();
    expect(await second.deliver(await take())).toMatchObject({ ended: "done", outcome: "accepted", status: 204 });
    expect(receiver.received.map(({ headers }) => headers["webhook-id"])).toEqual([offer.id, offer.id]);
    expect(await delivered()).toBe(1);
    await first.close();
    await second.close();
    await receiver.close();
  });
});
