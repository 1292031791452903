// What became of one referral, learnt as its own people would: the referrer asks, the provider looks into its queue.
import type { Receipt } from "../../schemas/receipt.ts";
import type { OfferView, ReferralView } from "../../src/ports/views.ts";
import type { Scenario } from "./scenarios.ts";
import type { Reply, Sender } from "./send.ts";
import type { Stage } from "./stage.ts";
import { tokens } from "./system.ts";

export type Outcome = {
  scenario: Scenario;
  reply: Reply;
  status: string;
  decision: string;
  provider: string;
  service: string;
  offer: string;
  offers: number;
  heard: number;
  verified: number;
  asExpected: boolean;
};

const get = async <T>(from: Sender, path: string): Promise<T | undefined> => {
  const reply = await fetch(`${from.broker}${path}`, { headers: { Authorization: `Bearer ${await from.token()}` } });
  return reply.ok ? ((await reply.json()) as T) : undefined;
};

/** Waits until the referral stands where the story ends, at most `withinMs`. News wakes it; it never only counts time. */
export const outcomeOf = async (stage: Stage, scenario: Scenario, reply: Reply, withinMs: number): Promise<Outcome> => {
  const sender = stage.senders.get(scenario.from);
  const referrer = stage.referrers.get(scenario.from);
  if (sender === undefined || referrer === undefined) throw new Error(`nobody plays ${scenario.from}`);
  if (reply.reference === undefined) return refused(scenario, reply);

  const { reference } = reply;
  const until = Date.now() + withinMs;
  let view = await get<ReferralView>(sender, `/referrals/${reference}`);
  let heard = 0;
  while (!scenario.ends.includes(view?.status ?? "") && Date.now() < until) {
    heard = (await referrer.hears(reference, heard + 1, 3_000)).length;
    view = await get<ReferralView>(sender, `/referrals/${reference}`);
  }
  const receipts = (await get<{ receipts: Receipt[] }>(sender, `/referrals/${reference}/receipt`))?.receipts ?? [];
  const last = receipts.at(-1);
  const placed = last?.offered;
  // Every step that the referrer may see has its news; the last of it may still be on its way.
  const due = Math.max(0, (view?.timeline.length ?? 1) - 1);
  const news = await referrer.hears(reference, due, Math.max(1, until - Date.now()));
  const offer = placed === undefined ? undefined : await offerOf(stage, sender, placed.provider, reference);
  const offers = receipts.filter((receipt) => receipt.offered !== undefined).length;
  const status = view?.status ?? "lost";
  return {
    scenario,
    reply,
    status,
    decision: last?.words ?? "",
    provider: placed?.provider ?? "",
    service: placed?.service ?? "",
    offer: offer?.status ?? "",
    offers,
    heard: news.length,
    verified: news.filter((one) => one.verified).length,
    asExpected:
      scenario.ends.includes(status) &&
      (scenario.at === undefined || scenario.at === placed?.service) &&
      (scenario.offers === undefined || scenario.offers === offers) &&
      news.length >= due &&
      news.every((one) => one.verified),
  };
};

const refused = (scenario: Scenario, reply: Reply): Outcome => ({
  scenario,
  reply,
  status: `refused ${reply.status}`,
  decision: reply.detail ?? reply.code ?? "",
  provider: "",
  service: "",
  offer: "",
  offers: 0,
  heard: 0,
  verified: 0,
  asExpected: scenario.ends.includes(reply.code ?? ""),
});

const offerOf = async (
  stage: Stage,
  sender: Sender,
  provider: string,
  reference: string,
): Promise<OfferView | undefined> => {
  const identity = stage.providers.get(provider)?.identity;
  if (identity === undefined) return undefined;
  const from = { identity, token: tokens(identity, sender.broker), broker: sender.broker };
  const page = await get<{ offers: OfferView[] }>(from, "/provider/v1/offers?limit=100");
  return page?.offers.find((offer) => offer.reference === reference);
};
