// The way of a provider that comes to us: offers lie in its queue, and it reads them over real HTTP, out of a real store.
import { expect } from "vitest";
import type { Client } from "../../../schemas/client.ts";
import { composeViews } from "../../../src/compose-views.ts";
import { withdraw } from "../../../src/core/withdraw.ts";
import type { OfferView } from "../../../src/ports/views.ts";
import { aRulebook, attemptsOf, claimed, endOf, register, senders } from "../../builders/delivery.ts";
import { onlySteps } from "../../builders/steps.ts";
import { type Home, ids, offerFor, offering, opened, taken, uuid } from "../../builders/store.ts";
import { openProviderDesk } from "../provider-desk.ts";
import type { Arrived, Way } from "./way.ts";

/** A referral, decided for this provider. */
const lay = async (home: Home, provider: Client, id: string): Promise<string> => {
  const journey = await taken(home);
  await home.sql("DELETE FROM waymark.work WHERE referral = $1", [journey.id]);
  const offer = offerFor(journey, { id, provider: provider.organisation });
  const destination = `provider:${provider.organisation}`;
  const at = { subject: id, referral: journey.id, destination, due: home.clock.now() };
  const work = { id: uuid(), kind: "deliver" as const, ...at };
  expect(await home.store.ledger.commit(offering(journey, offer, { work: [work] }))).toBe("committed");
  return journey.id;
};

const takeBack = async (home: Home, referral: string): Promise<void> => {
  const wish = { reasons: [], by: "person" as const, actor: "operator" };
  const change = withdraw(await opened(home, referral), wish, () => "2026-11-27", uuid, home.clock.now());
  if (change === undefined) throw new Error("nothing to take back");
  expect(await home.store.ledger.commit(change)).toBe("committed");
};

export const pull = async (home: Home): Promise<Way> => {
  const provider = await register(home, { reach: { by: "pull" } });
  const { store, clock } = home;
  const rulebook = aRulebook(provider.organisation);
  const views = composeViews({ store, rulebook, clock, ids });
  const desk = await openProviderDesk({ everyone: [provider], steps: onlySteps({}), views, clock });
  const referrals = new Map<string, string>();

  const arrived = async (): Promise<Arrived[]> => {
    const queue = await desk.ask<{ offers: OfferView[] }>(provider, "GET", "/offers?status=sent");
    const recalls = await desk.ask<{ recalls: { offer: string }[] }>(provider, "GET", "/recalls");
    return [
      ...queue.body.offers.map((one) => ({ says: "offer" as const, key: one.id, text: JSON.stringify(one) })),
      ...recalls.body.recalls.map((one) => ({ says: "recall" as const, key: one.offer, text: JSON.stringify(one) })),
    ];
  };
  const offers = async (id: string): Promise<void> => void referrals.set(id, await lay(home, provider, id));

  return {
    tells: "preview",
    offers,
    recalls: (id) => takeBack(home, referrals.get(id) ?? ""),
    arrived,
    sending: {
      none: "the provider comes to us, so nothing is sent, nothing can be lost on its way, and nobody is dialled",
      shown: async () => {
        const steps = senders(home, { rulebook });
        const id = uuid();
        await offers(id);
        const work = await claimed(home, `provider:${provider.organisation}`);
        expect(endOf(await steps.deliver(work))).toMatchObject({ ended: "done", cause: "provider-pulls" });
        const tried = [{ result: "done", outcome: "skipped", cause: "provider-pulls" }];
        expect(await attemptsOf(home, work.id)).toMatchObject(tried);
        expect((await arrived()).map(({ key }) => key)).toEqual([id]);
        await steps.close();
      },
    },
    close: () => desk.close(),
  };
};
