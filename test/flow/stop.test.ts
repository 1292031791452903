// Stop stops: once the verb has returned nothing more leaves but what was under way, and nothing is lost by it. And what is
// switched on, or given an address, touches nothing of the past unless an operator asks for it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { answers, startReceiver, type Receiver } from "../contract/receiver.ts";
import type { Loose } from "../fixtures/gp/index.ts";
import type { Sender } from "../world/send.ts";
import { type House, setups, until } from "./house.ts";
import { operate } from "./operator.ts";
import { message, post, requestLetter } from "./letters.ts";

const COACHING = "sample-islington-coaching";
const PROGRAMME = "islington-gp-coaching";
const TO_COACHING = `provider:${COACHING}`;
/** As many as one destination has places. */
const PLACES = 4;
const COUNT = PLACES + 3;
/** Nobody can take what it asks for, so that each brings one piece of news: unmet. */
const NOWHERE = {
  service: "debt-advice",
  parameters: { address_string: "9 Invented Mews, CR0 1EA" },
  attributes: { authority: "E09000008", birth_date: "1990-01-31" },
};

/** What is stopped, what waits in line there, and how more of it is made. */
type Queued = { scope: string; lane: string; sends(count: number): Promise<void> };

describe.each(setups())(
  "stopping and switching on, on $name",
  (setup) => {
    let house: House;
    const receivers: Receiver[] = [];
    beforeAll(async () => void (house = await setup.open()));
    afterAll(() => house.close());
    afterEach(async () => {
      for (const { scope } of await house.broker.ground.store.pauses.list()) await verb("resume", scope, "--by", "Ada");
      await house.quiet();
      for (const one of receivers.splice(0)) await one.close();
    });

    const verb = async (...argv: string[]): Promise<Loose> => {
      const printed = await operate(house, [...argv, "--json"]);
      return { status: printed.status, ...(JSON.parse(printed.out) as Loose) };
    };
    const opens = async (): Promise<Receiver> => {
      const receiver = await startReceiver();
      receivers.push(receiver);
      return receiver;
    };
    const idsAt = ({ received }: Receiver): string[] => received.map(({ headers }) => String(headers["webhook-id"]));

    /** A council of its own, whose every referral brings one piece of news. */
    const council = async (organisation: string, callback?: string) => {
      const named = ["--kind", "council", "--organisation", organisation, "--name", "A sample council", "--test"];
      const added = await verb("clients", "add", ...named, ...(callback === undefined ? [] : ["--callback", callback]));
      const camden = house.sender("camden");
      const sender: Sender = { ...camden, identity: { ...camden.identity, apiKey: added.apiKey as string } };
      const id = added.clientId as string;
      return {
        id,
        destination: `client:${id}`,
        sends: async (count: number) => {
          for (let at = 0; at < count; at += 1) await post(sender, requestLetter(sender, NOWHERE));
        },
      };
    };
    const offers = async (callbackUrl: string) => {
      // The newest registration is the one that is sent to.
      const draft = { kind: "provider", organisation: COACHING, name: "Coaching", test: true, callbackUrl } as const;
      await house.broker.ground.store.clients.add(draft);
      const from = house.sender("islington-surgery");
      return async (count: number) => {
        const asks = { facts: { employment: "out-of-work", longTermCondition: true } };
        for (let at = 0; at < count; at += 1) await post(from, message(from, asks));
      };
    };

    const ways: [scope: string, queues: (url: string) => Promise<Queued>][] = [
      [
        "a provider",
        async (url) => ({ scope: `destination:${TO_COACHING}`, lane: TO_COACHING, sends: await offers(url) }),
      ],
      [
        "a programme",
        async (url) => ({ scope: `programme:${PROGRAMME}`, lane: TO_COACHING, sends: await offers(url) }),
      ],
      [
        "everything",
        async (url) => {
          const { destination, sends } = await council("E09000204", url);
          return { scope: "all", lane: destination, sends };
        },
      ],
      [
        "a referrer",
        async (url) => {
          const { destination, sends } = await council("E09000201", url);
          return { scope: `destination:${destination}`, lane: destination, sends };
        },
      ],
    ];

    it.each(ways)(
      "%s: what is queued stays, what is under way ends, and all of it goes on once, later",
      async (_, queues) => {
        const receiver = await opens();
        const held: (() => void)[] = [];
        let stopped = false;
        let after = 0;
        receiver.behave((_req, res) => {
          after += stopped ? 1 : 0;
          held.push(() => void res.writeHead(204).end());
        });
        const { scope, lane, sends } = await queues(receiver.url);
        const onTheWay = () =>
          house.sql<{ cause: string | null; attempt: number }>(
            "SELECT cause, attempt FROM waymark.work WHERE destination = $1 AND dead_at IS NULL",
            [lane],
          );
        const isPaused = (one: { cause: string | null; attempt: number }) =>
          one.cause === "paused" && one.attempt === 0;
        await sends(COUNT);
        await until(() => held.length === PLACES, "its places are not taken");
        // All of it was decided, and is on its way there.
        await until(async () => (await onTheWay()).length === COUNT, "not all of it is queued");

        expect(await verb("pause", scope, "--by", "Ada", "--reason", "a trial")).toMatchObject({ status: 0 });
        stopped = true;
        for (const one of held.splice(0)) one();
        await until(
          async () => (await onTheWay()).filter(isPaused).length === COUNT - PLACES,
          "what was queued does not wait",
        );
        expect([after, receiver.received.length]).toEqual([0, PLACES]);

        stopped = false;
        receiver.behave(answers(204));
        expect(await verb("resume", scope, "--by", "Ada")).toMatchObject({ status: 0 });
        await until(() => receiver.received.length === COUNT, "what waited does not go on");
        await house.quiet();
        expect(new Set(idsAt(receiver)).size).toBe(COUNT);
        expect(receiver.received).toHaveLength(COUNT);
      },
    );

    it("an address that is given later hears what is new, and of the past what an operator asks for by its time", async () => {
      const receiver = await opens();
      const { id, destination, sends } = await council("E09000202");
      await sends(2);
      await house.quiet();
      const between = house.broker.ground.clock.now();
      const { register } = house.broker.ground.store;
      expect(await register.move(id, "Ada", receiver.url)).toBe(true);
      await house.quiet();
      expect(receiver.received).toEqual([]);
      await sends(1);
      await house.quiet();
      expect(receiver.received).toHaveLength(1);

      const resend = (from: string, to: string) =>
        verb("dead-letters", "resend", "--destination", destination, "--from", from, "--to", to, "--by", "Ada");
      expect(await resend(between.toISOString(), "2100-01-01")).toMatchObject({ status: 1, resent: 0 });
      await house.quiet();
      expect(receiver.received).toHaveLength(1);
      expect(await resend("2020-01-01", between.toISOString())).toMatchObject({ status: 0, resent: 2 });
      await house.quiet();
      expect(receiver.received).toHaveLength(3);
    });

    it("a system that is registered anew hears nothing of what its predecessor was sent, or missed", async () => {
      const [first, second] = [await opens(), await opens()];
      const before = await council("E09000203", first.url);
      await before.sends(1);
      await house.quiet();
      await verb("clients", "revoke", before.id);
      await before.sends(1);
      const anew = await council("E09000203", second.url);
      await house.quiet();
      expect([first.received.length, second.received.length]).toEqual([1, 0]);
      await anew.sends(1);
      await house.quiet();
      expect([first.received.length, second.received.length]).toEqual([1, 1]);
    });
  },
  60_000,
);
