// A provider's workers share one queue: each is given other offers, keeps them while it renews, and what it leaves is given to the next.
import { randomUUID } from "node:crypto";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAccess } from "../../adapters/http/access.ts";
import { faults } from "../../adapters/http/faults.ts";
import { mount } from "../../adapters/http/mount.ts";
import { listen, type Serving } from "../../adapters/http/serve.ts";
import { issueToken } from "../../adapters/http/token.ts";
import { traces } from "../../adapters/http/trace.ts";
import { createLog } from "../../adapters/log.ts";
import { providerRoutes } from "../../adapters/providers/api.ts";
import { type Client, SCOPES } from "../../schemas/client.ts";
import type { Problem } from "../../schemas/problem.ts";
import type { OfferView, Views } from "../../src/ports/views.ts";
import { createLeaseOffers } from "../../src/steps/lease-offers.ts";
import { only } from "../builders/ports.ts";
import { onlySteps } from "../builders/steps.ts";
import { aHome, type Home, ids, offerFor, offering, taken } from "../builders/store.ts";
import { engines } from "../engines.ts";

type Held = { lease: string; until: string; offers: OfferView[] };

describe.each(engines())("leases on a provider's queue on $name", (on) => {
  let home: Home;
  let serving: Serving;
  const tokenKey = Buffer.alloc(32, 3);
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
    const byId = async (id: string) => everyone.find((one) => one.id === id);
    const tools = {
      steps: onlySteps(createLeaseOffers({ leases: home.store.offerLeases, clock, ids })),
      views: only<Views>({ offer: async (_client, id) => ({ id }) as OfferView }),
      access: createAccess({ clients: { byId, byApiKey: async () => undefined }, tokenKey, clock }),
      clock,
      ids,
      publicUrl: "https://broker.example",
    };
    const app = express();
    app.use(traces(ids));
    mount(app, "/provider/v1", providerRoutes(tools, { byId }));
    app.use(faults(createLog({ level: "silent" })));
    serving = await listen(app, { port: 0, host: "127.0.0.1" });
  });
  afterAll(async () => {
    await serving.close();
    await home.close();
  });

  const post = async <T>(client: Client, path: string, body?: object): Promise<{ status: number; body: T }> => {
    const token = issueToken(tokenKey, client.id, client.scopes, home.clock.now());
    const reply = await fetch(`${serving.origin}/provider/v1/offers/lease${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: reply.status, body: (await reply.json()) as T };
  };
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
    expect((await post<Problem>(mine, `/${first.lease}/renew`)).status).toBe(404);
    expect((await post(mine, `/${first.lease}/return`)).body).toEqual({ offers: [] });
    expect((await post(mine, `/${second.lease}/renew`)).status).toBe(200);
  });

  it("gives back at once what is returned, all of it or what is named, and nothing for a stranger", async () => {
    const [mine, stranger] = [aProvider(), aProvider()];
    const made = await queue(mine, 3);
    const held = await take(mine, 3);
    expect((await post(stranger, `/${held.lease}/return`)).body).toEqual({ offers: [] });
    expect((await post(stranger, `/${held.lease}/renew`)).status).toBe(404);
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
    expect((await post(mine, `/${held.lease}/renew`)).status).toBe(404);
    home.clock.pass(61);
    expect(idsOf(await take(mine, 50))).toEqual([]);
  });

  it("says what is wrong with a wish, and is for those who may answer", async () => {
    const wish = await post<Problem>(aProvider(), "", { limit: 51, seconds: 29, all: true });
    expect([wish.status, wish.body.errors.map(({ path }) => path)]).toEqual([400, ["limit", "seconds", "all"]]);
    expect((await post(aProvider(), "/none/renew")).status).toBe(404);
    expect((await post(aProvider({ scopes: ["offer.read"] }), "")).status).toBe(403);
    expect((await post<Held>(aProvider(), "")).body).toMatchObject({ offers: [] });
  });
});
