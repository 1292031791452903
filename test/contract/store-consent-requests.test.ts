// Requests for the person's own yes in the store: one that counts for a referral, no more guesses than allowed, one visit.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ConsentRequest } from "../../schemas/asking.ts";
import { ASKING, askEnds, askVisitEnds } from "../../src/core/asking.ts";
import { aHome, type Home, taken, uuid } from "../builders/store.ts";
import { engines } from "../engines.ts";

describe.each(engines())("requests for a yes on $name", (on) => {
  let home: Home;
  let referral: string;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());
  beforeEach(async () => void (referral = (await taken(home)).id));

  const make = async (more: Partial<ConsentRequest> = {}, planned = true) => {
    const { consentRequests: requests } = home.store;
    const now = home.clock.now();
    const request: ConsentRequest = {
      id: uuid(),
      referral,
      organisation: "F83999",
      by: "text",
      asks: [{ kind: "share", purpose: "referral", programme: "coaching", recipient: "sample-coaching" }],
      once: false,
      madeAt: now,
      endsAt: askEnds(now),
      ...more,
    };
    const work = { id: uuid(), kind: "ask", subject: request.id, referral, destination: "letters", due: now } as const;
    await requests.make(request, planned ? work : undefined);
    const token = uuid();
    await requests.letter(request.id, token);
    return { request, token };
  };

  it("are found again as they were made, and plan their letter", async () => {
    const { consentRequests: requests } = home.store;
    const { request } = await make({ by: "email", once: true });
    expect(await requests.find(request.id)).toEqual(request);
    await requests.sent(request.id);
    expect(await requests.ofReferral(referral)).toEqual([{ ...request, sentAt: home.clock.now() }]);
    const work = "SELECT kind, subject, destination FROM waymark.work WHERE referral = $1 AND kind = 'ask'";
    expect(await home.sql(work, [referral])).toEqual([{ kind: "ask", subject: request.id, destination: "letters" }]);
    expect(await requests.find(uuid())).toBeUndefined();
  });

  it("plan none where nobody is to be written to", async () => {
    await make({ asks: [] }, false);
    expect(await home.sql("SELECT FROM waymark.work WHERE referral = $1 AND kind = 'ask'", [referral])).toEqual([]);
  });

  it("give way to a newer one of the same referral, with the visit behind them", async () => {
    const { consentRequests: requests } = home.store;
    const [first, session] = [await make(), uuid()];
    await requests.open(first.request.id, { token: session, until: askVisitEnds(home.clock.now()) });
    const second = await make();
    const all = await requests.ofReferral(referral);
    expect(all.map(({ id, replacedAt }) => [id, replacedAt])).toEqual([
      [first.request.id, home.clock.now()],
      [second.request.id, undefined],
    ]);
    expect(await requests.visit(session, home.clock.now())).toBeUndefined();
  });

  it("let nobody guess more often than allowed, also not at one time, until somebody shows who they are", async () => {
    const { consentRequests: requests } = home.store;
    const { request, token } = await make();
    const guesses = await Promise.all(Array.from({ length: 10 }, () => requests.attempt(token, ASKING.tries)));
    expect(guesses.filter((one) => one !== undefined)).toHaveLength(ASKING.tries);
    await requests.open(request.id);
    expect((await requests.attempt(token, ASKING.tries))?.id).toBe(request.id);
    expect(await requests.attempt(uuid(), ASKING.tries)).toBeUndefined();
  });

  it("open nothing to the token of a letter before", async () => {
    const { consentRequests: requests } = home.store;
    const { request, token } = await make();
    const newer = uuid();
    await requests.letter(request.id, newer);
    expect(await requests.attempt(token, ASKING.tries)).toBeUndefined();
    expect((await requests.attempt(newer, ASKING.tries))?.id).toBe(request.id);
  });

  it("have one visit, which ends after half an hour, with the next one, or when it is left", async () => {
    const { consentRequests: requests } = home.store;
    const { request } = await make();
    const now = home.clock.now();
    const [first, second] = [uuid(), uuid()];
    await requests.open(request.id, { token: first, until: askVisitEnds(now) });
    const at = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);
    expect((await requests.visit(first, at(29)))?.id).toBe(request.id);
    expect(await requests.visit(first, at(30))).toBeUndefined();
    await requests.open(request.id, { token: second, until: askVisitEnds(now) });
    expect(await requests.visit(first, now)).toBeUndefined();
    expect((await requests.visit(second, now))?.id).toBe(request.id);
    await requests.leave(second);
    expect(await requests.visit(second, now)).toBeUndefined();
  });

  it("are open to no role but the worker's", async () => {
    for (const role of ["intake", "reader", "reports"] as const)
      await expect(
        home.engine.transaction(role, (query) => query("SELECT * FROM waymark.consent_request")),
      ).rejects.toThrow(/permission denied/);
  });
});
