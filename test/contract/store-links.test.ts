// Links and codes in the store: one open link for an offer, one visit for a link, and no more guesses than allowed.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { linkEnds, knockAt, visitEnds } from "../../src/core/link.ts";
import { aHome, type Home, offering, taken, uuid } from "../builders/store.ts";
import { engines } from "../engines.ts";

describe.each(engines())("links on $name", (on) => {
  let home: Home;
  let offer: { id: string; referral: string };
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());
  beforeEach(async () => {
    const journey = await taken(home);
    const change = offering(journey);
    await home.store.ledger.commit(change);
    offer = { id: change.offers?.[0]?.id ?? "", referral: journey.id };
  });

  const make = async (token = uuid()) => {
    const [id, now] = [uuid(), home.clock.now()];
    const { referral } = offer;
    const knock = { id: uuid(), kind: "knock", subject: id, referral, destination: "knock" } as const;
    const link = { id, offer: offer.id, referral, client: uuid(), endsAt: linkEnds(now), token };
    await home.store.links.make(link, { ...knock, due: knockAt(now) });
    return { id, token, client: link.client };
  };
  const visit = () => ({ token: uuid(), ...visitEnds(home.clock.now()) });

  it("are found by their token, and plan their time-out", async () => {
    const { links } = home.store;
    const made = await make();
    expect(await links.byToken(made.token)).toEqual({
      id: made.id,
      offer: offer.id,
      referral: offer.referral,
      client: made.client,
      madeAt: home.clock.now(),
      endsAt: linkEnds(home.clock.now()),
    });
    expect(await links.byToken(uuid())).toBeUndefined();
    const planned = await home.sql(
      "SELECT kind, subject, due FROM waymark.work WHERE destination = 'knock' AND subject = $1",
      [made.id],
    );
    expect(planned).toEqual([{ kind: "knock", subject: made.id, due: knockAt(home.clock.now()) }]);
  });

  it("give way to a newer one of the same offer, and to no other's", async () => {
    const { links } = home.store;
    const [first, second] = [await make(), await make()];
    const elsewhere = await links.byToken((await make()).token);
    expect((await links.byToken(first.token))?.replacedAt).toEqual(home.clock.now());
    expect((await links.byToken(second.token))?.replacedAt).toEqual(home.clock.now());
    expect(elsewhere?.replacedAt).toBeUndefined();
    expect((await links.ofOffer(offer.id)).map(({ id }) => id)).toEqual([first.id, second.id, elsewhere?.id]);
    expect(await links.redeem(first.id, visit())).toBe(false);
  });

  it("take another token while their letter has not left", async () => {
    const { links } = home.store;
    const made = await make();
    await links.renew(made.id, "another", linkEnds(home.clock.now()));
    expect(await links.byToken(made.token)).toBeUndefined();
    expect((await links.byToken("another"))?.id).toBe(made.id);
    await links.sent(made.id);
    expect((await links.byToken("another"))?.sentAt).toEqual(home.clock.now());
  });

  it("open one visit, however many try at one time", async () => {
    const { links } = home.store;
    const made = await make();
    const visits = Array.from({ length: 8 }, visit);
    const opened = await Promise.all(visits.map((one) => links.redeem(made.id, one)));
    expect(opened.filter(Boolean)).toHaveLength(1);
    const inside = visits[opened.indexOf(true)];
    const until = visitEnds(home.clock.now()).until;
    expect((await links.visit(inside?.token ?? "", until))?.id).toBe(made.id);
    for (const other of visits.filter((one) => one !== inside))
      expect(await links.visit(other.token, until)).toBeUndefined();
  });

  it("open nothing once they have run out", async () => {
    const made = await make();
    home.clock.pass(7 * 86_400);
    expect(await home.store.links.redeem(made.id, visit())).toBe(false);
  });

  it("keep a visit for as long as it is used, to its end and no longer", async () => {
    const { links } = home.store;
    const made = await make();
    const opened = visit();
    await links.redeem(made.id, opened);
    const look = () => links.visit(opened.token, visitEnds(home.clock.now()).until);
    // Eight hours of a click every twenty minutes.
    for (let minute = 0; minute < 460; minute += 20) {
      home.clock.pass(20 * 60);
      expect(await look()).toBeDefined();
    }
    home.clock.pass(20 * 60);
    expect(await look()).toBeUndefined();

    const idle = visit();
    const next = await make();
    await links.redeem(next.id, idle);
    home.clock.pass(30 * 60);
    expect(await links.visit(idle.token, visitEnds(home.clock.now()).until)).toBeUndefined();
  });

  it("end a visit when its visitor leaves", async () => {
    const { links } = home.store;
    const made = await make();
    const opened = visit();
    await links.redeem(made.id, opened);
    await links.leave(opened.token);
    expect(await links.visit(opened.token, visitEnds(home.clock.now()).until)).toBeUndefined();
  });
});

describe.each(engines())("codes on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());
  const until = (minutes: number) => new Date(home.clock.now().getTime() + minutes * 60_000);

  it("are tried no more often than allowed, also all at one time", async () => {
    const { codes } = home.store;
    const subject = uuid();
    expect(await codes.issue(subject, { digest: "one", until: until(10), most: 5 })).toBe(true);
    const tries = await Promise.all(Array.from({ length: 12 }, () => codes.attempt(subject, 5)));
    const allowed = tries.filter((one) => one !== undefined);
    expect(allowed.map(({ left }) => left).toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(allowed.every(({ digest }) => digest === "one")).toBe(true);
  });

  it("give way to a new one, which has all its tries, until too many were sent", async () => {
    const { codes } = home.store;
    const subject = uuid();
    for (const digest of ["one", "two", "three"]) {
      expect(await codes.issue(subject, { digest, until: until(10), most: 3 })).toBe(true);
      expect(await codes.attempt(subject, 5)).toEqual({ digest, left: 4 });
    }
    expect(await codes.issue(subject, { digest: "four", until: until(10), most: 3 })).toBe(false);
    expect(await codes.spend(subject, "one")).toBe(false);
    expect(await codes.spend(subject, "three")).toBe(true);
  });

  it("are spent once, and end with their time", async () => {
    const { codes } = home.store;
    const [subject, late] = [uuid(), uuid()];
    await codes.issue(subject, { digest: "one", until: until(10), most: 5 });
    const spent = await Promise.all([1, 2, 3].map(() => codes.spend(subject, "one")));
    expect(spent.filter(Boolean)).toHaveLength(1);
    expect(await codes.attempt(subject, 5)).toBeUndefined();
    await codes.issue(late, { digest: "one", until: until(10), most: 5 });
    home.clock.pass(600);
    expect(await codes.attempt(late, 5)).toBeUndefined();
    expect(await codes.attempt(uuid(), 5)).toBeUndefined();
  });
});
