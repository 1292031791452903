// Dead letters: listed with their cause, sent again by name, and nothing of the past moves unless it is asked for.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Work } from "../../schemas/work.ts";
import {
  anOfferTo,
  attemptsOf,
  claimed,
  muchNewsFor,
  newsFor,
  register,
  rowOf,
  senders,
} from "../builders/delivery.ts";
import { aHome, type Home, opened, uuid } from "../builders/store.ts";
import { engines } from "../engines.ts";
import { answers, startReceiver } from "./receiver.ts";

const FAR = new Date("2100-01-01T00:00:00Z");

describe.each(engines())("dead letters on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());
  beforeEach(async () => {
    await home.sql("DELETE FROM waymark.work");
    await home.sql("DELETE FROM waymark.audit");
  });

  const dies = async (work: Work, cause: "exhausted: timed-out" | "gone" = "exhausted: timed-out") =>
    home.store.agenda.settle(work, { kind: "dead", cause });
  const deadNews = async (client: string) => {
    const news = await newsFor(home, client);
    await dies(await claimed(home, news.work.destination));
    return news;
  };
  const gp = (callbackUrl = "https://surgery.example/news") => register(home, { kind: "gp", callbackUrl });
  const deeds = () =>
    home.sql<{ actor: string; verb: string; subjects: string[]; codes: object }>(
      "SELECT actor, verb, subjects, codes FROM waymark.audit ORDER BY at, id",
    );
  const list = (filter: object = {}) => home.store.deadLetters.list("ada", { limit: 100, ...filter });

  it("are listed with what, where to, since when and why, and who looked is on record", async () => {
    const client = await gp();
    const { work, callback } = await deadNews(client.id);
    const provider = await register(home, { callbackUrl: "https://north.example/offers" });
    const offered = await anOfferTo(home, provider.organisation);
    home.clock.pass(60);
    await dies(await claimed(home, offered.work.destination), "gone");

    const all = await list();
    expect(all).toEqual([
      {
        id: work.id,
        state: "dead",
        kind: "notify",
        destination: `client:${client.id}`,
        client: client.id,
        referral: callback.referral,
        reference: callback.reference,
        type: "referral.held",
        since: new Date(home.clock.now().getTime() - 60_000),
        attempts: 1,
        cause: "exhausted: timed-out",
      },
      expect.objectContaining({
        id: offered.work.id,
        kind: "deliver",
        client: provider.id,
        cause: "gone",
        attempts: 1,
      }),
    ]);
    const ids = async (filter: object) => (await list(filter)).map(({ id }) => id);
    expect(await ids({ kind: "deliver" })).toEqual([offered.work.id]);
    expect(await ids({ destination: `client:${client.id}` })).toEqual([work.id]);
    expect(await ids({ since: home.clock.now() })).toEqual([offered.work.id]);
    expect(await ids({ until: home.clock.now() })).toEqual([work.id]);
    expect(await ids({ limit: 1 })).toEqual([work.id]);
    expect((await deeds())[1]).toEqual({
      actor: "ada",
      verb: "dead-letters.list",
      subjects: [],
      codes: { kind: "deliver", shown: 1 },
    });
    expect(await home.store.deadLetters.find(offered.work.id)).toMatchObject({ id: offered.work.id });
    expect(await home.store.deadLetters.find(uuid())).toBeUndefined();
    expect(await home.store.deadLetters.find("nobody")).toBeUndefined();
  });

  it("are sent again one by one, from the start of the schedule, under the same id", async () => {
    const receiver = await startReceiver();
    const client = await gp(receiver.url);
    const { work, callback } = await deadNews(client.id);
    expect((await home.store.ledger.callback(callback.id))?.state).toBe("dead");
    home.clock.pass(30 * 86_400);
    expect(await home.store.deadLetters.resend("ada", work.id)).toBe(true);
    expect(await rowOf(home, work.id)).toMatchObject({
      attempt: 0,
      due: home.clock.now(),
      first_due: null,
      cause: null,
    });
    expect((await home.store.ledger.callback(callback.id))?.state).toBe("waiting");
    expect(await deeds()).toEqual([{ actor: "ada", verb: "dead-letters.resend", subjects: [work.id], codes: {} }]);
    const steps = senders(home);
    receiver.behave(answers(503));
    expect(await steps.notify(await claimed(home, work.destination))).toMatchObject({ ended: "again" });
    home.clock.pass(6);
    receiver.behave(answers(204));
    expect(await steps.notify(await claimed(home, work.destination))).toMatchObject({ ended: "done" });
    expect(receiver.received.map(({ headers }) => headers["webhook-id"])).toEqual([callback.id, callback.id]);
    expect(await attemptsOf(home, work.id)).toMatchObject([
      { result: "dead" },
      { result: "again" },
      { result: "done" },
    ]);

    expect(await home.store.deadLetters.resend("ada", work.id)).toBe(false);
    expect(await home.store.deadLetters.resend("ada", "nobody")).toBe(false);
    expect(await deeds()).toHaveLength(1);
    await steps.close();
    await receiver.close();
  });

  it("of a send that was cut off go again when someone says so, for whoever says so has looked", async () => {
    const provider = await register(home, { callbackUrl: "https://north.example/offers" });
    const { work } = await anOfferTo(home, provider.organisation);
    const one = await claimed(home, work.destination);
    await home.store.agenda.intend(one, "email");
    await home.store.agenda.settle(one, { kind: "dead", cause: "unknown: interrupted" });
    await home.store.deadLetters.resend("ada", work.id);
    expect((await claimed(home, work.destination)).intent).toBeUndefined();
  });

  it("are sent again all together by destination and time, and nothing else is", async () => {
    const [client, other] = [await gp(), await gp()];
    const early = await deadNews(client.id);
    home.clock.pass(3_600);
    const since = home.clock.now();
    const [first, second, elsewhere] = [await deadNews(client.id), await deadNews(client.id), await deadNews(other.id)];
    home.clock.pass(3_600);
    const until = home.clock.now();
    const late = await deadNews(client.id);

    const range = { destination: `client:${client.id}`, since, until, limit: 500 };
    expect(await home.store.deadLetters.resendAll("ada", range)).toBe(2);
    const alive = await home.sql("SELECT id FROM waymark.work WHERE dead_at IS NULL ORDER BY turn");
    expect(alive).toEqual([{ id: first.work.id }, { id: second.work.id }]);
    for (const { work } of [early, late, elsewhere]) expect((await rowOf(home, work.id))?.["dead_at"]).not.toBeNull();
    expect(await deeds()).toEqual([
      {
        actor: "ada",
        verb: "dead-letters.resend-all",
        subjects: [range.destination, first.work.id, second.work.id],
        codes: { since: since.toISOString(), until: until.toISOString(), sent: 2 },
      },
    ]);
    expect(await home.store.deadLetters.resendAll("ada", range)).toBe(0);
    expect(await deeds()).toHaveLength(1);
  });

  it("come back a page at a time, oldest first", async () => {
    const client = await gp();
    await muchNewsFor(home, client.id, 7);
    await home.sql("UPDATE waymark.work SET dead_at = $1, cause = 'gone'", [home.clock.now()]);
    const range = { destination: `client:${client.id}`, since: new Date(0), until: FAR, limit: 3 };
    const pages = [];
    for (let page = 0; page < 4; page += 1) pages.push(await home.store.deadLetters.resendAll("ada", range));
    expect(pages).toEqual([3, 3, 1, 0]);
    // A line for each page that was sent, with how many: one where nothing was left would say that something went.
    const lines = (await deeds()).map(({ verb, subjects, codes }) => [
      verb,
      subjects.length - 1,
      (codes as { sent: number }).sent,
    ]);
    expect(lines).toEqual([3, 3, 1].map((count) => ["dead-letters.resend-all", count, count]));
  });

  describe("kept for a receiver that was switched off", () => {
    const silenced = async () => {
      const receiver = await startReceiver();
      receiver.behave(answers(410));
      const client = await gp(receiver.url);
      const steps = senders(home);
      const first = await newsFor(home, client.id);
      await steps.notify(await claimed(home, first.work.destination));
      // What follows of the same referral is kept, too, and must go out behind it.
      const second = await newsFor(home, client.id, await opened(home, first.callback.referral));
      await steps.notify(await claimed(home, first.work.destination));
      receiver.behave(answers(204));
      receiver.received.length = 0;
      return { receiver, client, steps, first, second, destination: first.work.destination };
    };
    const toldIn = async ({ receiver, steps, destination }: Awaited<ReturnType<typeof silenced>>, count: number) => {
      for (let at = 0; at < count; at += 1) await steps.notify(await claimed(home, destination));
      return receiver.received.map(({ headers }) => headers["webhook-id"]);
    };

    it("nothing of the past is sent by switching it on; what is new goes out", async () => {
      const story = await silenced();
      expect(await home.store.register.resume(story.client.id, "ada")).toBe(true);
      expect(await home.store.register.resume(story.client.id, "ada")).toBe(false);
      expect(await home.sql("SELECT FROM waymark.work")).toEqual([]);
      const fresh = await newsFor(home, story.client.id);
      expect(await toldIn(story, 1)).toEqual([fresh.callback.id]);
      expect((await home.store.ledger.callback(story.first.callback.id))?.state).toBe("kept");
      expect(await deeds()).toMatchObject([{ actor: "ada", verb: "clients.resume", subjects: [story.client.id] }]);
      await story.steps.close();
      await story.receiver.close();
    });

    it("goes out when asked for, in its order", async () => {
      const story = await silenced();
      await home.store.register.resume(story.client.id, "ada");
      const { destination } = story;
      expect(await list()).toEqual([]);
      expect(await list({ destination })).toMatchObject([
        { id: story.first.callback.id, state: "kept", cause: "gone", type: "referral.held" },
        { id: story.second.callback.id, state: "kept", cause: "silenced" },
      ]);
      const range = { destination, since: new Date(0), until: FAR, limit: 10 };
      expect(await home.store.deadLetters.resendAll("ada", range)).toBe(2);
      expect(await toldIn(story, 2)).toEqual([story.first.callback.id, story.second.callback.id]);
      expect(await list({ destination })).toEqual([]);
      await story.steps.close();
      await story.receiver.close();
    });

    it("stays kept when it goes out before the receiver is switched on", async () => {
      const story = await silenced();
      expect(await home.store.deadLetters.resend("ada", story.first.callback.id)).toBe(true);
      expect(await toldIn(story, 1)).toEqual([]);
      expect((await home.store.ledger.callback(story.first.callback.id))?.state).toBe("kept");
      await story.steps.close();
      await story.receiver.close();
    });
  });

  describe("sent to another address", () => {
    it("go to another client of the same kind and organisation, and to no other", async () => {
      const receiver = await startReceiver();
      const { id, organisation } = await gp();
      const { work, callback } = await deadNews(id);
      const heir = await register(home, { kind: "gp", organisation, callbackUrl: receiver.url });
      const wrong = [
        await register(home, { kind: "gp", callbackUrl: receiver.url }),
        await register(home, { kind: "council", organisation, callbackUrl: receiver.url }),
        await register(home, { kind: "gp", organisation, callbackUrl: receiver.url, test: false }),
      ];
      const revoked = await register(home, { kind: "gp", organisation, callbackUrl: receiver.url });
      await home.store.clients.revoke(revoked.id);
      for (const other of [...wrong.map((one) => one.id), revoked.id, uuid(), "nobody"])
        expect(await home.store.deadLetters.readdress("ada", work.id, other)).toBe(false);
      expect(await deeds()).toEqual([]);

      home.clock.pass(1);
      expect(await home.store.deadLetters.readdress("ada", work.id, heir.id)).toBe(true);
      const steps = senders(home);
      expect(await steps.notify(await claimed(home, `client:${heir.id}`))).toMatchObject({ ended: "done" });
      expect(receiver.received.map(({ headers }) => headers["webhook-id"])).toEqual([callback.id]);
      // All else that it says is as it was.
      const { state: _, ...told } = (await home.store.ledger.callback(callback.id)) ?? { state: "dead" };
      expect(told).toEqual({ ...callback, client: heir.id });
      expect(await deeds()).toMatchObject([
        { verb: "dead-letters.edit", subjects: [work.id], codes: { client: heir.id } },
      ]);
      await steps.close();
      await receiver.close();
    });

    it("an offer is given to no other client: who takes it was decided", async () => {
      const provider = await register(home, { callbackUrl: "https://north.example/offers" });
      const { work } = await anOfferTo(home, provider.organisation);
      await dies(await claimed(home, work.destination));
      const other = await register(home, { organisation: provider.organisation });
      expect(await home.store.deadLetters.readdress("ada", work.id, other.id)).toBe(false);
    });
  });

  it("the audit can be added to, and not changed, by whoever writes it", async () => {
    await list();
    for (const sql of ["UPDATE waymark.audit SET actor = 'x'", "DELETE FROM waymark.audit"])
      await expect(home.engine.transaction("worker", (query) => query(sql))).rejects.toThrow(/permission denied/);
    for (const role of ["reader", "intake"] as const)
      await expect(home.engine.transaction(role, (query) => query("SELECT * FROM waymark.audit"))).rejects.toThrow(
        /permission denied/,
      );
  });
});

describe.each(engines())("a client's registration on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());
  const secretsOf = async (id: string) => (await home.store.clients.byId(id))?.webhookSecrets;

  it("rotates its secret without a gap: both sign until the old one is retired", async () => {
    const { id, webhookSecrets } = await register(home, { kind: "gp" });
    const [old] = webhookSecrets;
    const made = await home.store.register.rotateSecret(id, "ada");
    const fresh = made.outcome === "rotated" ? made.secret : "";
    expect(fresh).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await secretsOf(id)).toEqual([fresh, old]);
    expect(await home.store.register.rotateSecret(id, "ada")).toEqual({ outcome: "two-live" });
    expect(await home.store.register.retireSecret(id, "ada")).toBe("retired");
    expect(await secretsOf(id)).toEqual([fresh]);
    expect(await home.store.register.retireSecret(id, "ada")).toBe("one-left");
    const verbs = await home.sql("SELECT verb, subjects, codes FROM waymark.audit ORDER BY at, id");
    expect(verbs).toEqual([
      { verb: "clients.rotate-secret", subjects: [id], codes: {} },
      { verb: "clients.retire-secret", subjects: [id], codes: {} },
    ]);
  });

  it("keeps one of two that rotate at once", async () => {
    const { id } = await register(home, { kind: "gp" });
    const both = await Promise.all([1, 2].map(() => home.store.register.rotateSecret(id, "ada")));
    expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(["rotated", "two-live"]);
  });

  it("is not there for a client that is unknown or revoked", async () => {
    const { id } = await register(home, { kind: "gp" });
    await home.store.clients.revoke(id);
    const { register: by } = home.store;
    for (const one of [id, uuid(), "nobody"]) {
      expect(await by.rotateSecret(one, "ada")).toEqual({ outcome: "not-found" });
      expect(await by.retireSecret(one, "ada")).toBe("not-found");
      expect(await by.resume(one, "ada")).toBe(false);
      expect(await by.move(one, "ada", "https://x.example")).toBe(false);
      expect(await by.pace(one, "ada", {})).toBe(false);
    }
  });

  it("has a pace for the lane that it stands behind", async () => {
    const [surgery, provider] = [await register(home, { kind: "gp" }), await register(home)];
    await home.store.register.pace(surgery.id, "ada", { places: 2, perSecond: 5 });
    await home.store.register.pace(provider.id, "ada", { perSecond: 9 });
    await home.store.register.pace(surgery.id, "ada", { places: 3 });
    const paces = await home.sql("SELECT destination, places, per_second FROM waymark.pace ORDER BY destination");
    expect(paces).toEqual([
      { destination: `client:${surgery.id}`, places: 3, per_second: null },
      { destination: `provider:${provider.organisation}`, places: null, per_second: 9 },
    ]);
  });

  it("moves to another address, of which the audit keeps the host", async () => {
    const { id } = await register(home, { kind: "gp", callbackUrl: "https://old.example/in" });
    expect(await home.store.register.move(id, "ada", "https://new.example/in?key=secret")).toBe(true);
    expect((await home.store.clients.byId(id))?.callbackUrl).toBe("https://new.example/in?key=secret");
    const [deed] = await home.sql("SELECT codes FROM waymark.audit WHERE verb = 'clients.move'");
    expect(deed).toEqual({ codes: { host: "new.example" } });
  });
});
