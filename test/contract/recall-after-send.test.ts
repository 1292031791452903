// A recall against what is known of the sending: it waits for a send that is under way, says nothing where nothing had left us,
// and is told where something may have arrived.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AttemptOutcome } from "../../schemas/work.ts";
import type { Client } from "../../schemas/client.ts";
import type { Notice, Transport } from "../../src/ports/outward.ts";
import { createTransports } from "../../adapters/providers/registry.ts";
import { createBreakers } from "../../adapters/outbound/breakers.ts";
import { withdraw } from "../../src/core/withdraw.ts";
import { createRecall } from "../../src/steps/recall.ts";
import { aRulebook, anOfferTo, claimed, endOf, HOLIDAYS, register } from "../builders/delivery.ts";
import { aHome, type Home, ids, opened, uuid } from "../builders/store.ts";
import { engines } from "../engines.ts";

describe.each(engines())("a recall on $name", (engine) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(engine)));
  afterAll(() => home.close());

  const asking = (outcome: AttemptOutcome = { kind: "accepted", status: 204 }) => {
    const told: Notice[] = [];
    const webhook: Transport = {
      name: "webhook",
      idempotent: true,
      send: () => Promise.reject(new Error("nothing is sent")),
      tell: (notice) => Promise.resolve(void told.push(notice)).then(() => outcome),
      say: () => Promise.reject(new Error("nothing is said")),
    };
    const { store, clock } = home;
    const breakers = createBreakers({ rows: store.breakerRows, clock, ids });
    const transports = createTransports([webhook]);
    const { ledger, agenda, clients } = store;
    const bell = { nudge: () => undefined };
    const rest = { rulebook: aRulebook(), holidays: HOLIDAYS, transports, breakers, clock, ids, bell };
    return { told, step: createRecall({ ledger, agenda, clients, ...rest }) };
  };
  /** An offer to a provider of its own, then the withdrawal of its referral. */
  const withdrawn = async (before: (offer: string, provider: Client) => Promise<void>) => {
    const provider = await register(home, { callbackUrl: "https://provider.example/offers" });
    const { journey, offer } = await anOfferTo(home, provider.organisation);
    await before(offer.id, provider);
    const wish = { reasons: [], by: "person" as const, actor: "operator" };
    const now = home.clock.now();
    const change = withdraw(await opened(home, journey.id), wish, () => "2026-11-27", uuid, now);
    if (change === undefined) throw new Error("nothing to take back");
    expect(await home.store.ledger.commit(change)).toBe("committed");
    return { journey, offer, provider, lane: `recall:${provider.organisation}` };
  };
  const recallOf = async (referral: string) => (await opened(home, referral)).recalls[0];
  /** Its delivery found the offer recalled, and ended. */
  const skipped = (offer: string) => home.sql("DELETE FROM waymark.work WHERE subject = $1", [offer]);
  const tried = async (offer: string) => {
    await skipped(offer);
    await attempted(offer);
  };
  const attempted = (offer: string) =>
    home.sql(
      `INSERT INTO waymark.attempt (work, number, kind, subject, referral, destination, at, result, outcome)
       SELECT gen_random_uuid(), 1, 'deliver', o.id, o.referral, 'provider:x', now(), 'again', 'unavailable'
       FROM waymark.offer o WHERE o.id = $1`,
      [offer],
    );

  it("says nothing where nothing had left us, and stands as never held", async () => {
    const { journey, lane } = await withdrawn(async (id) => void (await skipped(id)));
    const { told, step } = asking();
    expect(endOf(await step(await claimed(home, lane)))).toMatchObject({ ended: "done", cause: "never-sent" });
    expect(told).toEqual([]);
    expect(await recallOf(journey.id)).toMatchObject({ answer: "never-held", told: 0 });
  });

  it("waits for a send that is under way", async () => {
    const { journey, lane } = await withdrawn(async (_, { organisation }) => {
      await claimed(home, `provider:${organisation}`);
    });
    const { told, step } = asking();
    expect(endOf(await step(await claimed(home, lane)))).toMatchObject({ ended: "again", cause: "send-under-way" });
    expect(told).toEqual([]);
    expect(await recallOf(journey.id)).toMatchObject({ told: 0 });
    expect((await recallOf(journey.id))?.answer).toBeUndefined();
  });

  it("is told where an attempt may have arrived, though it failed, and is asked again when its days are over", async () => {
    const { journey, offer, lane } = await withdrawn(tried);
    const { told, step } = asking();
    expect(endOf(await step(await claimed(home, lane)))).toMatchObject({ ended: "done", outcome: "accepted" });
    expect(told).toMatchObject([{ kind: "recalled", time: 1, answerBy: "2026-11-27", offer: { id: offer.id } }]);
    expect(await recallOf(journey.id)).toMatchObject({ told: 1, answerBy: "2026-11-27" });
    const [next] = await home.sql<{ due: Date; destination: string }>(
      "SELECT due, destination FROM waymark.work WHERE subject = $1 AND kind = 'recall'",
      [offer.id],
    );
    expect([next?.destination, next?.due.toISOString()]).toEqual(["recalls", "2026-11-28T12:00:00.000Z"]);
  });

  it("is tried again where its holder does not answer the call, and counts nothing as told", async () => {
    const { journey, lane } = await withdrawn(tried);
    const { step } = asking({ kind: "unavailable", cause: "timed-out" });
    expect(endOf(await step(await claimed(home, lane)))).toMatchObject({ ended: "again", cause: "timed-out" });
    expect(await recallOf(journey.id)).toMatchObject({ told: 0 });
  });

  it("says the same on a retry days later: the second time, too, counts its days from when it was to be told", async () => {
    await home.sql("DELETE FROM waymark.work WHERE destination = 'recalls'");
    const { lane } = await withdrawn(tried);
    await asking().step(await claimed(home, lane));
    home.clock.pass(9 * 86_400);
    await asking().step(await claimed(home, "recalls"));
    const away = asking({ kind: "unavailable", cause: "timed-out" });
    await away.step(await claimed(home, lane));
    home.clock.pass(3 * 86_400);
    const back = asking();
    expect(endOf(await back.step(await claimed(home, lane)))).toMatchObject({ outcome: "accepted" });
    expect(away.told).toMatchObject([{ kind: "recalled", time: 2 }]);
    expect(back.told).toEqual(away.told);
  });
});
