// A provider's workers share one queue: each is given other offers, keeps them while it renews, and what it leaves is given to the next.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Client, SCOPES } from "../../schemas/client.ts";
import type { Problem } from "../../schemas/problem.ts";
import type { OfferView, Views } from "../../src/ports/views.ts";
import { createLeaseOffers } from "../../src/steps/lease-offers.ts";
import { only } from "../builders/ports.ts";
import { onlySteps } from "../builders/steps.ts";
import { aHome, type Home, ids, offerFor, offering, taken } from "../builders/store.ts";
import { engines } from "../engines.ts";
import { openProviderDesk, type ProviderDesk } from "./provider-desk.ts";

const codesOf = ({ status, body }: { status: number; body: Problem }) => [
  status,
  ...body.errors.map(({ code }) => code),
];

type Held = { lease: string; until: string; offers: OfferView[] };

describe.each(engines())("leases on a provider's queue on $name", (on) => {
  let home: Home;
  let desk: ProviderDesk;
  const everyone: Client[] = [];

  const aProvider = (more: Partial<Client> = {}): Client => {
    const client: Client = {
      id: randomUUID(),
      kind: "provider",
      organisation: `advice-${randomUUID().slice(0, 8)}`,
      name: "A system",
      scopes: SCOPES.provider,
      test: true,
      webhookSecrets: [],
      ...more,
    };
    everyone.push(client);
    return client;
  };

  /** Offers of this provider, oldest first. */
  const queue = async ({ organisation, test }: Client, count: number): Promise<string[]> => {
    const made: string[] = [];
    for (let at = 0; at < count; at += 1) {
      const journey = await taken(home);
      const offer = offerFor(journey, { provider: organisation, test });
      await home.store.ledger.commit(offering(journey, offer));
      made.push(offer.id);
    }
    return made.toSorted();
  };

  beforeAll(async () => {
    home = await aHome(on);
    const { clock } = home;
    desk = await openProviderDesk({
      everyone,
      steps: onlySteps(createLeaseOffers({ leases: home.store.offerLeases, clock, ids })),
      views: only<Views>({ offer: async (_client, id) => ({ id }) as OfferView }),
      clock,
    });
  });
  afterAll(async () => {
    await desk.close();
    await home.close();
  });

  const post = <T>(client: Client, path: string, body?: object) =>
    desk.ask<T>(client, "POST", `/offers/lease${path}`, body);
  const take = async (client: Client, limit: number): Promise<Held> =>
    (await post<Held>(client, "", { limit, seconds: 60 })).body;
  const idsOf = ({ offers }: Held): string[] => offers.map(({ id }) => id);

  it("gives each worker others, oldest first, and nobody another's", async () => {
    const [mine, theirs, real] = [aProvider(), aProvider(), aProvider()];
    real.test = false;
    real.organisation = mine.organisation;
    const made = await queue(mine, 5);
    await queue(theirs, 1);
    const first = await take(mine, 2);
    expect(first).toMatchObject({ until: new Date(home.clock.now().getTime() + 60_000).toISOString() });
    expect([
      idsOf(first),
      idsOf(await take(mine, 2)),
      idsOf(await take(mine, 50)),
      idsOf(await take(mine, 50)),
    ]).toEqual([made.slice(0, 2), made.slice(2, 4), made.slice(4), []]);
    expect(idsOf(await take(real, 50))).toEqual([]);
  });

  it("gives nothing twice to many who ask at one moment", async () => {
    const mine = aProvider();
    const made = await queue(mine, 12);
    const all = await Promise.all(Array.from({ length: 8 }, () => take(mine, 3)));
    // Who asks while another is being given theirs may go away with less, never with the same.
    const given = all.flatMap(idsOf);
    expect(new Set(given).size).toBe(given.length);
    expect([...given, ...idsOf(await take(mine, 50))].toSorted()).toEqual(made);
  });

  it("keeps what is renewed, and lets what lapsed go to the next, who alone can renew it then", async () => {
    const mine = aProvider();
    const made = await queue(mine, 1);
    const first = await take(mine, 1);
    home.clock.pass(50);
    expect(await post(mine, `/${first.lease}/renew`, { seconds: 60 })).toMatchObject({
      status: 200,
      body: { lease: first.lease, offers: made },
    });
    home.clock.pass(50);
    expect(idsOf(await take(mine, 1))).toEqual([]);
    home.clock.pass(10.001);
    const second = await take(mine, 1);
    expect(idsOf(second)).toEqual(made);
    for (const verb of ["renew", "return"])
      expect(codesOf(await post<Problem>(mine, `/${first.lease}/${verb}`))).toEqual([404, "lease-over"]);
    expect((await post(mine, `/${second.lease}/renew`)).status).toBe(200);
  });

  it("brings no lapsed lease back, also where nobody has taken its offers yet", async () => {
    const mine = aProvider();
    await queue(mine, 1);
    const held = await take(mine, 1);
    home.clock.pass(60);
    for (const verb of ["renew", "return"])
      expect(codesOf(await post<Problem>(mine, `/${held.lease}/${verb}`))).toEqual([404, "lease-over"]);
  });

  it("gives back at once what is returned, all of it or what is named, and nothing for a stranger or the real queue", async () => {
    const [mine, stranger, real] = [aProvider(), aProvider(), aProvider({ test: false })];
    real.organisation = mine.organisation;
    const made = await queue(mine, 3);
    const held = await take(mine, 3);
    for (const other of [stranger, real])
      for (const verb of ["renew", "return"])
        expect(codesOf(await post<Problem>(other, `/${held.lease}/${verb}`))).toEqual([404, "lease-over"]);
    expect((await post(mine, `/${held.lease}/return`, { offers: [made[1]] })).body).toEqual({ offers: [made[1]] });
    expect(idsOf(await take(mine, 50))).toEqual([made[1]]);
    expect((await post(mine, `/${held.lease}/return`)).body).toEqual({ offers: [made[0], made[2]] });
    expect(idsOf(await take(mine, 50))).toEqual([made[0], made[2]]);
  });

  it("holds no offer that was answered", async () => {
    const mine = aProvider();
    const journey = await taken(home);
    const offer = offerFor(journey, { provider: mine.organisation });
    await home.store.ledger.commit(offering(journey, offer));
    const held = await take(mine, 1);
    await home.sql("UPDATE waymark.offer SET status = 'accepted' WHERE id = $1", [offer.id]);
    expect(codesOf(await post<Problem>(mine, `/${held.lease}/renew`))).toEqual([404, "lease-over"]);
    home.clock.pass(61);
    expect(idsOf(await take(mine, 50))).toEqual([]);
  });

  it("says what is wrong with a wish, and is for those who may answer", async () => {
    const pathsOf = async (path: string, body: object): Promise<unknown[]> => {
      const { status, body: said } = await post<Problem>(aProvider(), path, body);
      return [status, ...(said.errors ?? []).map((one) => one.path)];
    };
    expect(await pathsOf("", { limit: 51, seconds: 29, all: true })).toEqual([400, "limit", "seconds", "all"]);
    expect(await pathsOf("", { limit: 0, seconds: 3_601 })).toEqual([400, "limit", "seconds"]);
    for (const wish of [
      { limit: 1, seconds: 30 },
      { limit: 50, seconds: 3_600 },
    ])
      expect(await pathsOf("", wish)).toEqual([200]);
    expect(await pathsOf(`/${randomUUID()}/renew`, { seconds: 3_601 })).toEqual([400, "seconds"]);
    expect(await pathsOf(`/${randomUUID()}/return`, { offers: ["mine"] })).toEqual([400, "offers[0]"]);
    expect(codesOf(await post<Problem>(aProvider(), "/none/renew"))).toEqual([404, "lease-over"]);
    const reader = aProvider({ scopes: ["offer.read"] });
    for (const path of ["", `/${randomUUID()}/renew`, `/${randomUUID()}/return`])
      expect((await post(reader, path)).status).toBe(403);
    const usual = await post<Held>(aProvider(), "");
    const until = new Date(home.clock.now().getTime() + 300_000).toISOString();
    expect(usual.body).toMatchObject({ offers: [], until });
  });
});
