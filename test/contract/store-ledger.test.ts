// The ledger: a change is written whole or is stale, and nothing that is promised to one is given to two.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommitUnknown, type Engine } from "../../adapters/postgres/engine.ts";
import { writeChanges } from "../../adapters/postgres/commit.ts";
import { createLedger } from "../../adapters/postgres/ledger.ts";
import type { Callback } from "../../schemas/callback.ts";
import type { Work } from "../../schemas/work.ts";
import type { Journey } from "../../src/ports/ledger.ts";
import { engines } from "../engines.ts";
import {
  aChange,
  aHome,
  type Home,
  nextEvent,
  offerFor,
  offering,
  opened,
  START,
  taken,
  uuid,
} from "../builders/store.ts";

const callbackFor = (journey: Journey): Callback => ({
  id: uuid(),
  type: "referral.offered",
  client: journey.client,
  referral: journey.id,
  reference: journey.reference,
  sequence: 2,
  at: START.toISOString(),
  status: "offered",
  reasons: [],
});

describe.each(engines())("the ledger on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());

  const rows = (table: string, referral: string) =>
    home.sql<Record<string, unknown>>(`SELECT * FROM waymark.${table} WHERE referral = $1`, [referral]);
  const placesOf = async (programme: string) => {
    const [row] = await home.sql<{ taken: number; drawn: number }>(
      "SELECT taken, drawn FROM waymark.place WHERE programme = $1",
      [programme],
    );
    return row;
  };
  const leased = async (journey: Journey): Promise<Work> => {
    const { rings } = await home.store.agenda.lease({ limit: 500, places: 500, perSecond: 1_000, seconds: 60 });
    const all = await Promise.all(rings.map((ring) => home.store.agenda.claim(ring)));
    const work = all.find((one) => one?.referral === journey.id);
    if (work === undefined) throw new Error("its work was not leased");
    return work;
  };

  it("counts the news of a client that counts, in the order in which it was made, and of no other", async () => {
    const { ledger, clients } = home.store;
    const practice = { kind: "gp" as const, organisation: "F83999", name: "A practice", test: true };
    const { client: counts } = await clients.add({ ...practice, callbackForm: "notification" });
    const { client: plain } = await clients.add(practice);
    const told = async (client: string): Promise<Callback> => {
      const journey = await taken(home, { client });
      const callback = callbackFor(journey);
      await ledger.commit(aChange(journey, { callbacks: [callback] }));
      return callback;
    };
    const [first, other, second] = [await told(counts.id), await told(plain.id), await told(counts.id)];
    expect((await ledger.callback(first.id))?.number).toBe(1);
    expect((await ledger.callback(second.id))?.number).toBe(2);
    expect((await ledger.callback(other.id))?.number).toBeUndefined();
    await told(counts.id);
    // Told again after more came, it keeps its number.
    expect((await ledger.callback(first.id))?.number).toBe(1);
    expect(await clients.newsCount(counts.id)).toBe(3);
    expect(await clients.newsCount("9990000018")).toBe(0);
  });

  it("writes every part of a change, finishes the work, and opens the referral by its offer", async () => {
    const journey = await taken(home);
    const work = await leased(journey);
    const offer = offerFor(journey);
    const callback = callbackFor(journey);
    const deliver = {
      id: uuid(),
      kind: "deliver" as const,
      subject: offer.id,
      referral: journey.id,
      destination: "provider:sample-coaching",
      due: START,
    };
    const digest = `digest-${uuid()}`;
    const change = offering(journey, offer, {
      callbacks: [callback],
      work: [deliver],
      places: [{ programme: `p-${offer.id}`, service: offer.service, taken: 1, drawn: 1 }],
      people: [{ kind: "nhs-number", digest }],
      done: { work: work.id, token: work.token },
    });
    home.clock.pass(5);
    expect(await home.store.ledger.commit(change)).toBe("committed");

    const after = await home.store.ledger.openByOffer(offer.id);
    const story = [{ at: START, body: change.events[0]?.body }];
    const moved = { version: 2, sequence: 2, status: "offered", offers: [offer], story, sending: true };
    expect(after).toEqual({ ...journey, ...moved });
    expect(await home.store.ledger.callback(callback.id)).toEqual({ ...callback, state: "waiting" });
    expect((await rows("work", journey.id)).map((row) => row["id"])).toEqual([deliver.id]);
    expect(await rows("attempt", journey.id)).toMatchObject([
      { work: work.id, number: 1, kind: "assess", result: "done", at: home.clock.now() },
    ]);
    expect(await rows("receipt", journey.id)).toMatchObject([{ id: change.receipt?.id, provider: "sample-coaching" }]);
    expect(await placesOf(`p-${offer.id}`)).toEqual({ taken: 1, drawn: 1 });
    expect(await home.sql("SELECT kind, case_id FROM waymark.person_key WHERE digest = $1", [digest])).toEqual([
      { kind: "nhs-number", case_id: journey.caseId },
    ]);
    const [referral] = await home.sql<{ changed_at: Date }>("SELECT changed_at FROM waymark.referral WHERE id = $1", [
      journey.id,
    ]);
    expect(referral?.changed_at).toEqual(home.clock.now());
  });

  it("keeps events in an unbroken sequence, and refuses a gap", async () => {
    const journey = await taken(home);
    const [first] = aChange(journey).events;
    const two = aChange(journey, {
      events: [
        ...(first === undefined ? [] : [first]),
        nextEvent(journey, { type: "withdrawn", reasons: [] }, { sequence: 3 }),
      ],
    });
    expect(await home.store.ledger.commit(two)).toBe("committed");
    expect((await opened(home, journey.id)).sequence).toBe(3);
    expect((await rows("event", journey.id)).map((row) => row["sequence"])).toEqual([1, 2, 3]);
    const after = await opened(home, journey.id);
    const gap = aChange(after, { events: [nextEvent(after, { type: "withdrawn", reasons: [] }, { sequence: 5 })] });
    await expect(home.store.ledger.commit(gap)).rejects.toThrow("without a gap");
  });

  it("lets one of several changes to one version win, in a group or apart, and writes nothing of the others", async () => {
    const journey = await taken(home);
    const changes = Array.from({ length: 8 }, () => aChange(journey));
    const answers = await Promise.all(changes.map((change) => home.store.ledger.commit(change)));
    expect(answers.filter((answer) => answer === "committed")).toHaveLength(1);
    expect(await home.store.ledger.commit(aChange(journey))).toBe("stale");
    expect(await rows("event", journey.id)).toHaveLength(2);
    expect(await opened(home, journey.id)).toMatchObject({ version: 2, sequence: 2 });
  });

  it("tells two changes to one referral apart within one group", async () => {
    const journey = await taken(home);
    const pair = [aChange(journey), aChange(journey)];
    const answers = await home.engine.transaction("worker", (query) =>
      writeChanges(query, home.vault, home.clock.now(), pair),
    );
    expect(answers).toEqual(["committed", "stale"]);
  });

  it("does not let a bad change spoil its neighbours", async () => {
    const [one, two, three] = [await taken(home), await taken(home), await taken(home)];
    const answers = await Promise.allSettled([
      home.store.ledger.commit(aChange(one)),
      home.store.ledger.commit(aChange(two, { work: [{ ...workFor(two), subject: "not an id" }] })),
      home.store.ledger.commit(aChange(three)),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await opened(home, two.id)).toMatchObject({ version: 1 });
  });

  it("is stale when the lease was lost, and the new holder's commit stands", async () => {
    const journey = await taken(home);
    const lost = await leased(journey);
    home.clock.pass(600);
    const held = await leased(journey);
    expect(held.id).toBe(lost.id);
    const done = (work: Work) => ({ work: work.id, token: work.token });
    expect(await home.store.ledger.commit(aChange(journey, { done: done(lost) }))).toBe("stale");
    expect(await opened(home, journey.id)).toMatchObject({ version: 1 });
    expect(await home.store.ledger.commit(aChange(journey, { done: done(held) }))).toBe("committed");
    expect(await rows("work", journey.id)).toHaveLength(0);
  });

  it("never lets a referral have two open offers, but lets one close and the next open in one change", async () => {
    const journey = await taken(home);
    const first = offerFor(journey);
    expect(await home.store.ledger.commit(offering(journey, first))).toBe("committed");
    const second = offerFor(journey, { provider: "other-provider" });
    const now = await opened(home, journey.id);
    await expect(home.store.ledger.commit(offering(now, second))).rejects.toThrow(/offer_open/);
    expect(await opened(home, journey.id)).toEqual(now);
    const swap = offering(now, second, { offers: [second, { ...first, status: "declined", changedAt: START }] });
    expect(await home.store.ledger.commit(swap)).toBe("committed");
    expect((await opened(home, journey.id)).offers.map((offer) => offer.status)).toEqual(["declined", "sent"]);
  });

  it("gives places back, and never counts below none", async () => {
    const programme = `p-${uuid()}`;
    const give = async (taken_: number, drawn: number) =>
      home.store.ledger.commit(
        aChange(await taken(home), { places: [{ programme, service: "s", taken: taken_, drawn }] }),
      );
    await give(1, 1);
    await Promise.all([give(-1, 0), give(-1, 0), give(-1, 0)]);
    expect(await placesOf(programme)).toEqual({ taken: 0, drawn: 1 });
    await give(1, 1);
    expect(await placesOf(programme)).toEqual({ taken: 1, drawn: 2 });
  });

  it("finds nothing for ids that are none", async () => {
    expect(await home.store.ledger.open("no id at all")).toBeUndefined();
    expect(await home.store.ledger.openByOffer(uuid())).toBeUndefined();
    expect(await home.store.ledger.callback("../x")).toBeUndefined();
  });

  describe("when the answer to COMMIT is lost", () => {
    const losing = (engine: Engine, happened: boolean): Engine => {
      let lost = false;
      return {
        ...engine,
        transaction: async (role, run, options) => {
          if (lost) return engine.transaction(role, run, options);
          lost = true;
          const rollBack = new Error("rolled back");
          await engine
            .transaction(
              role,
              async (query) => {
                await run(query);
                if (!happened) throw rollBack;
              },
              options,
            )
            .catch((error: unknown) => {
              if (error !== rollBack) throw error;
            });
          throw new CommitUnknown("the answer was lost");
        },
      };
    };

    it.each([true, false])("commits once and says so (it had happened: %s)", async (happened) => {
      const journey = await taken(home);
      const ledger = createLedger({ ...home, engine: losing(home.engine, happened) });
      expect(await ledger.commit(aChange(journey))).toBe("committed");
      expect(await rows("event", journey.id)).toHaveLength(2);
      await ledger.close();
    });

    it.each([
      [true, "committed"],
      [false, "stale"],
    ])("tells truly what became of a decision (it had happened: %s)", async (happened, answer) => {
      const journeys = [await taken(home), await taken(home)];
      const ledger = createLedger({ ...home, engine: losing(home.engine, happened) });
      const decide = (journey: Journey) => ledger.decide({ programmes: ["p"], services: [] }, () => aChange(journey));
      expect(await Promise.all(journeys.map(decide))).toEqual([answer, answer]);
      for (const { id } of journeys) expect(await rows("event", id)).toHaveLength(happened ? 2 : 1);
      await ledger.close();
    });
  });
});

const workFor = (journey: Journey) => ({
  id: uuid(),
  kind: "assess" as const,
  subject: journey.id,
  referral: journey.id,
  destination: "assess",
  due: START,
});
