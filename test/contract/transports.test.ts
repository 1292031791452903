// The one contract for every way of reaching a provider. What is only about sending does not apply to a queue, and says why.
// `transport-suite.ts` adds what a receiver that speaks HTTP can do to us; each way has its own file for what it alone does.
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { settle } from "../../src/core/settle.ts";
import { aHome, uuid } from "../builders/store.ts";
import { engines } from "../engines.ts";
import { offerMessage } from "./transport-suite.ts";
import { pull } from "./ways/pull.ts";
import { fhir, mesh, notify, smtp, webhook } from "./ways/sent.ts";
import { recall, type Arrived, type Sending, type Way } from "./ways/way.ts";

const WAYS = { webhook, fhir, "e-mail by GOV.UK Notify": notify, "e-mail by SMTP": smtp, mesh, pull };

const [engine] = engines();
if (engine === undefined) throw new Error("no engine");
const home = await aHome(engine);
afterAll(() => home.close());

/** What is known of the person in these tests, and what of the case goes no further than a preview. */
const PERSON = ["Imogen", "Fairweather", "1984-03-09", "N1 2UD", "07700 900123", "Upper Street", "Would like to work"];
const { preview } = offerMessage();
const PREVIEW = [preview.need, preview.area, preview.ageBand, "step-free", "dog-at-home"].map(String);

const NOW = new Date("2026-03-02T09:00:00Z");
const facts = { attempt: 1, now: NOW, firstDue: NOW, chance: 0, receiver: "c-1", way: "this" };

/** Either a second copy is known for the first, or it can be looked up whether there was one. */
const knows = ({ transport }: Sending): boolean => transport.idempotent || transport.arrived !== undefined;

describe.each(Object.entries(WAYS))("a provider reached by %s", (_name, open) => {
  let way: Way;
  let one: string;
  const other = uuid();
  const keysOf = async (says: Arrived["says"]): Promise<string[]> =>
    (await way.arrived()).filter((each) => each.says === says).map(({ key }) => key);
  beforeEach(async () => {
    way = await open(home);
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
    for (const told of PERSON) expect(text).not.toContain(told);
    if (way.tells === "nothing") for (const told of PREVIEW) expect(text).not.toContain(told);
    else expect(text).toMatch(/debt-advice|employment/);
  });

  it("is told that an offer was taken back, and nothing of why", async () => {
    await way.offers(one);
    await way.recalls(one);
    const told = (await way.arrived()).filter(({ says }) => says === "recall");
    expect(told).toHaveLength(1);
    for (const words of [...PERSON, "consent", "withdr"]) expect(told[0]?.text).not.toContain(words);
  });

  /** A clause about sending. Where nothing is sent, it is shown that nothing is, and why stands in the name. */
  const sends = (clause: string, holds: (sending: Sending) => Promise<void>): void =>
    it(clause, async ({ annotate }) => {
      if ("transport" in way.sending) return holds(way.sending);
      await annotate(`does not apply: ${way.sending.none}`);
      await way.sending.shown();
    });

  sends("has it under one name however often it was busy before", async ({ transport, to, meets }) => {
    await meets("busy");
    const late = await transport.send(offerMessage(one), to);
    expect(late).toMatchObject({ kind: "unavailable" });
    expect(settle(late, { ...facts, idempotent: transport.idempotent })).toMatchObject({ kind: "again" });
    await meets("none");
    await way.offers(one);
    expect(new Set(await keysOf("offer")).size).toBe(1);
  });

  sends("hears of a recall under one name however often it was busy, or its answer lost", async (sending) => {
    await way.offers(one);
    for (const mishap of knows(sending) ? (["busy", "lost"] as const) : (["busy"] as const)) {
      await sending.meets(mishap);
      expect(await recall(sending, one)).toMatchObject({ kind: "unavailable" });
    }
    await sending.meets("none");
    await way.recalls(one);
    expect(new Set(await keysOf("recall")).size).toBe(1);
  });

  sends("is never guessed about: a lost answer is asked after, or is a person's task", async (sending) => {
    const { transport, to, meets } = sending;
    await meets("lost");
    const lost = await transport.send(offerMessage(one), to);
    expect(lost).toMatchObject({ kind: knows(sending) ? "unavailable" : "unknown", cause: "connection-lost" });
    const settled = settle(lost, { ...facts, idempotent: transport.idempotent });
    const task = { kind: "dead", cause: "unknown: connection-lost" };
    expect(settled).toMatchObject(knows(sending) ? { kind: "again" } : task);
    expect(new Set(await keysOf("offer")).size).toBe(1);
    if (!knows(sending)) return;
    await meets("none");
    await way.offers(one);
    expect(new Set(await keysOf("offer")).size).toBe(1);
  });

  sends("that does not listen is tried again, and has nothing", async ({ transport, to, meets }) => {
    await meets("down");
    const late = await transport.send(offerMessage(one), to);
    expect(late).toMatchObject({ kind: "unavailable", cause: "connect-refused" });
    expect(await way.arrived()).toEqual([]);
  });

  sends("without an address is dialled nowhere", async ({ transport, to: { callbackUrl: _, ...to } }) => {
    const gone = await transport.send(offerMessage(one), { ...to, reach: { by: "pull" } });
    expect(gone).toEqual({ kind: "refused", cause: "no-address" });
    expect(await way.arrived()).toEqual([]);
  });

  sends("is reminded under the reminder's own name, where there is a way to say it", async ({ transport, to }) => {
    const { offer, reference } = offerMessage(one);
    const word = { type: "offer.reminder", clock: "acknowledge", at: NOW } as const;
    const say = transport.say;
    // A Task has no words for it: its provider is rung by a person.
    if (say === undefined) return expect(transport.name).toBe("fhir");
    for (let time = 0; time < 2; time += 1)
      expect(await say({ id: other, offer, reference, word }, to)).toMatchObject({ kind: "accepted" });
    const told = (await way.arrived()).filter(({ says }) => says === "reminder");
    expect(new Set(told.map(({ key }) => key)).size).toBe(1);
    expect(told[0]?.key).toContain(other);
    for (const words of [...PERSON, ...(way.tells === "nothing" ? PREVIEW : [])])
      expect(told[0]?.text).not.toContain(words);
  });
});
