// F14: between the decision and the send a provider closes, moves, or the person takes the consent back.
import { randomUUID } from "node:crypto";
import { setTimeout as rest } from "node:timers/promises";
import type { Case } from "./ledger.ts";
import { adviserOf, RESERVE, writePacks } from "./packs.ts";
import type { Place } from "./place.ts";
import { traffic, type Fault } from "./run.ts";
import { draw, many } from "./senders.ts";

const group = (borough: number): "closes" | "moves" | "consent" | "stays" =>
  (["closes", "moves", "consent", "stays"] as const)[Math.floor((borough - 1) / 6)] ?? "stays";
const boroughs = (which: ReturnType<typeof group>): number[] =>
  Array.from({ length: 24 }, (_, at) => at + 1).filter((one) => group(one) === which);

/** A provider's new address, which is another receiver in the books. */
const moved = (borough: number): string => `${adviserOf(borough)}-moved`;

const make = (place: Place): Case => {
  const borough = 1 + (place.ledger.cases.length % 24);
  const kind = group(borough);
  if (kind === "consent") return draw(place.ledger, 24, { borough, door: "jobcentre", offers: [], news: undefined });
  const offers = kind === "closes" ? [RESERVE] : [kind === "moves" ? moved(borough) : adviserOf(borough)];
  return draw(place.ledger, 24, { borough, offers, news: undefined });
};

const withdraw = async (place: Place, one: Case): Promise<void> => {
  const { jobcentre } = place.senders;
  const reply = await fetch(`${place.origin}/jobcentre/v1/handoffs/${[...one.references][0]}/amendments`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${await jobcentre.token()}`,
      "Content-Type": "application/json",
      correlationId: one.key,
      "gov-uk-originator-id": "SAMPLE-JCP-01",
    },
    body: JSON.stringify({
      amendmentId: randomUUID(),
      correlationId: one.key,
      consent: [
        { kind: "share", decision: "withdrawn", purpose: "referral", at: new Date().toISOString(), how: "spoken" },
      ],
    }),
  });
  if (!reply.ok)
    place.ledger.wrong(`a consent could not be taken back: ${reply.status} ${(await reply.text()).slice(0, 200)}`);
};

const BY = "faults";
const scope = (borough: number) => `destination:provider:${adviserOf(borough)}` as const;
const ALL = Array.from({ length: 24 }, (_, at) => at + 1);

const OFFERED = "SELECT count(*)::integer AS made FROM waymark.offer";

const swap = (place: Place): Promise<void> =>
  place.operate(async ({ store }) => {
    for (const borough of boroughs("moves")) {
      const identity = place.receivers.identities.get(adviserOf(borough));
      if (identity === undefined) throw new Error("no such adviser");
      await store.register.move(
        identity.clientId,
        BY,
        `http://127.0.0.1:${place.receivers.port}/offers/${moved(borough)}`,
      );
      place.receivers.identities.set(moved(borough), identity);
    }
  });

export const f14: Fault = {
  id: "F14",
  words: "after the decision and before the send a provider closes, another moves, and people take their consent back",
  stores: ["servers"],
  async run(place, cases) {
    await place.startAll();
    await place.operate(async ({ store }) => {
      for (const borough of ALL)
        await store.pauses.pause({ scope: scope(borough), by: BY, reason: "between route and send" });
    });
    await rest(1_500);
    await traffic(place, cases, { make: () => make(place) }).done;
    await place.sql(async (query) => {
      for (let at = 0; at < 600 && Number((await query(OFFERED))[0]?.["made"]) < cases; at += 1) await rest(100);
    });
    const early = place.ledger.cases.filter(({ references }) => place.ledger.wasAsked(references)).length;
    if (early > 0) place.ledger.wrong(`${early} offers went out although their destination was paused`);

    const withdrawn = place.ledger.cases.filter(({ borough }) => group(borough) === "consent");
    const queue = [...withdrawn];
    await many(4, () => {
      const one = queue.shift();
      return one === undefined ? undefined : withdraw(place, one);
    });
    await swap(place);
    await place.stopAll();
    await writePacks(place.settings["WAYMARK_PACKS"] ?? "", { boroughs: 24, closed: boroughs("closes") });
    await place.startAll();
    await place.operate(async ({ store }) => {
      for (const borough of ALL) await store.pauses.resume(scope(borough), BY);
    });
    const of = (which: ReturnType<typeof group>): number =>
      place.ledger.cases.filter(({ borough }) => group(borough) === which).length;
    return [
      `${of("closes")} went to another provider, ${of("moves")} to the new address, ${of("stays")} as decided`,
      `${withdrawn.length} whose consent was taken back went nowhere`,
    ];
  },
};
