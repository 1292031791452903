// The one contract for every way of reaching a provider. What is only about sending does not apply to a queue, and says why.
// `transport-suite.ts` adds what a receiver that speaks HTTP can do to us; each way has its own file for what it alone does.
import { afterEach, beforeEach, expect, it, type TestContext } from "vitest";
import type { Client } from "../../schemas/client.ts";
import { settle } from "../../src/core/settle.ts";
import { uuid } from "../builders/store.ts";
import { offerMessage } from "./transport-suite.ts";
import { recall, type Arrived, type Sending, type Way } from "./ways/way.ts";

/** What is known of the person in these tests, and what of the case goes no further than a preview. */
const PERSON = ["Imogen", "Fairweather", "1984-03-09", "N1 2UD", "07700 900123", "Upper Street", "Would like to work"];
const { preview } = offerMessage();
const PREVIEW = [preview.need, preview.area, preview.ageBand, "step-free", "dog-at-home"].map(String);

const NOW = new Date("2026-03-02T09:00:00Z");
const facts = { attempt: 1, now: NOW, firstDue: NOW, chance: 0, receiver: "c-1", way: "this" };

/** Either a second copy is known for the first, or it can be looked up whether there was one. */
const knows = ({ transport }: Sending): boolean => transport.idempotent || transport.arrived !== undefined;

const nowhere = ({ callbackUrl: _callbackUrl, ...to }: Client): Client => ({ ...to, reach: { by: "pull" } });

export const transportContract = (open: () => Promise<Way>): void => {
  let way: Way;
  let one: string;
  const other = uuid();
  const hidden = (): string[] => (way.tells === "nothing" ? [...PERSON, ...PREVIEW] : PERSON);
  const keysOf = async (says: Arrived["says"]): Promise<string[]> =>
    (await way.arrived()).filter((each) => each.says === says).map(({ key }) => key);
  beforeEach(async () => {
    way = await open();
    one = uuid();
  });
  afterEach(() => way.close());

  it("has an offer once, and another under another name", async () => {
    await way.offers(one);
    const [first, ...more] = await keysOf("offer");
    expect([typeof first, more]).toEqual(["string", []]);
    await way.offers(uuid());
    expect(new Set(await keysOf("offer")).size).toBe(2);
  });

  it("learns nothing of the person before it accepts, and no more of the case than this way tells", async () => {
    await way.offers(one);
    const [{ text } = { text: "" }] = await way.arrived();
    expect(text).toMatch(/WM-[\w]{4}-[\w]{4}/);
    for (const told of hidden()) expect(text).not.toContain(told);
    expect(/debt-advice|employment/.test(text)).toBe(way.tells === "preview");
  });

  it("is told that an offer was taken back, and nothing of why", async () => {
    await way.offers(one);
    await way.recalls(one);
    const told = (await way.arrived()).filter(({ says }) => says === "recall");
    expect(told).toHaveLength(1);
    for (const words of [...PERSON, "consent", "withdr"]) expect(told[0]?.text).not.toContain(words);
  });

  /** A clause about sending. Where nothing is sent it is shown that nothing is, and the report of the tests says why. */
  const sends =
    (holds: (sending: Sending) => Promise<void>) =>
    async ({ annotate }: TestContext): Promise<void> => {
      if ("transport" in way.sending) return holds(way.sending);
      await annotate(`does not apply: ${way.sending.none}`);
      await way.sending.shown();
    };

  it(
    "has it under one name however often it was busy before",
    sends(async ({ transport, to, meets }) => {
      await meets("busy");
      const late = await transport.send(offerMessage(one), to);
      expect(late).toMatchObject({ kind: "unavailable" });
      expect(settle(late, { ...facts, idempotent: transport.idempotent })).toMatchObject({ kind: "again" });
      await meets("none");
      await way.offers(one);
      expect(new Set(await keysOf("offer")).size).toBe(1);
    }),
  );

  it(
    "hears of a recall under one name however often it was busy, or its answer lost",
    sends(async (sending) => {
      await way.offers(one);
      for (const mishap of knows(sending) ? (["busy", "lost"] as const) : (["busy"] as const)) {
        await sending.meets(mishap);
        expect(await recall(sending, one)).toMatchObject({ kind: "unavailable" });
      }
      await sending.meets("none");
      await way.recalls(one);
      expect(new Set(await keysOf("recall")).size).toBe(1);
    }),
  );

  it(
    "is never guessed about: a lost answer is asked after, or is a person's task",
    sends(async (sending) => {
      const { transport, to, meets } = sending;
      await meets("lost");
      const lost = await transport.send(offerMessage(one), to);
      expect(lost).toMatchObject({ kind: knows(sending) ? "unavailable" : "unknown", cause: "connection-lost" });
      const settled = settle(lost, { ...facts, idempotent: transport.idempotent });
      const task = { kind: "dead", cause: "unknown: connection-lost" };
      expect(settled).toMatchObject(knows(sending) ? { kind: "again" } : task);
      expect(new Set(await keysOf("offer")).size).toBe(1);
      await meets("none");
      if (knows(sending)) await way.offers(one);
      expect(new Set(await keysOf("offer")).size).toBe(1);
    }),
  );

  it(
    "that does not listen is tried again, and has nothing",
    sends(async ({ transport, to, meets }) => {
      await meets("down");
      const late = await transport.send(offerMessage(one), to);
      expect(late).toMatchObject({ kind: "unavailable", cause: "connect-refused" });
      expect(await way.arrived()).toEqual([]);
    }),
  );

  it(
    "without an address is dialled nowhere",
    sends(async ({ transport, to }) => {
      const gone = await transport.send(offerMessage(one), nowhere(to));
      expect(gone).toEqual({ kind: "refused", cause: "no-address" });
      expect(await way.arrived()).toEqual([]);
    }),
  );

  it(
    "is reminded under one name, however often it is said",
    sends(async ({ transport, to }) => {
      const { offer, reference } = offerMessage(one);
      const word = { type: "offer.reminder", clock: "acknowledge", at: NOW } as const;
      await way.offers(one);
      for (let time = 0; time < 2; time += 1)
        expect(await transport.say?.({ id: other, offer, reference, word }, to)).toMatchObject({ kind: "accepted" });
      const told = (await way.arrived()).filter(({ says }) => says === "reminder");
      expect(new Set(told.map(({ key }) => key)).size).toBe(1);
      for (const words of hidden()) expect(told[0]?.text ?? "").not.toContain(words);
    }),
  );
};
