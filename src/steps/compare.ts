// Asks the services of a restored store how its offers stand there, and takes in what they did after the backup. Asking only
// reads: in quarantine nothing leaves but the question.
import { offerOf } from "../core/reconcile.ts";
import { type Compared, type Seen, standsDifferently } from "../core/compare.ts";
import type { Client } from "../../schemas/client.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Destination, Difference, Doubted, Sighting, ToldSteps } from "../../schemas/reconcile.ts";
import type { AttemptOutcome } from "../../schemas/work.ts";
import type { Breakers } from "../ports/breakers.ts";
import type { Clients } from "../ports/clients.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Transport } from "../ports/outward.ts";
import type { Steps } from "../ports/steps.ts";
import type { Clock } from "../ports/system.ts";

/** `tells`: how an offer stands there, or only whether it arrived. `instead`: what holds where nobody can be asked. */
export type Way = { way?: string } & (
  | { stands: NonNullable<Transport["stands"]>; tells: "standing" | "arrival" }
  | { instead: "same-id" | "letter" | "pulled" | "nobody" }
);

type Ports = {
  clients: Pick<Clients, "byOrganisation">;
  ledger: Pick<Ledger, "open">;
  breakers: Breakers;
  wayTo(provider: Client | undefined): Way;
  answer: Steps["answer"];
  clock: Clock;
};

export const createCompare = (ports: Ports) => ({
  ask: async (offers: readonly Doubted[]): Promise<Compared> => {
    const all = await Promise.all(byDestination(offers).map((group) => askOf(ports, group)));
    return {
      destinations: all.map(({ destination }) => destination),
      seen: all.flatMap(({ seen }) => seen),
      differences: all.flatMap(({ destination: { asked, provider, cause } }) =>
        asked === "silent" ? [{ what: "destination-silent" as const, provider, cause }] : [],
      ),
    };
  },

  /** By the same step as any look at a service's server. What was not taken is a person's to see to. */
  take: async (steps: readonly ToldSteps[]): Promise<Difference[]> => {
    const left: Difference[] = [];
    for (const { id: offer, reference, provider, test, answers } of steps) {
      const client = await ports.clients.byOrganisation("provider", provider, test);
      for (const answer of client === undefined ? [] : answers) {
        const { outcome } = await ports.answer(client as Client, offer, answer);
        if (outcome === "changed" || outcome === "repeated") continue;
        left.push({ what: "step-refused", offer, reference, provider });
        break;
      }
    }
    return left;
  },
});

/** An organisation may have a real system and one on trial. */
const byDestination = (offers: readonly Doubted[]): Doubted[][] => {
  const groups = new Map<string, Doubted[]>();
  for (const one of offers) {
    const name = JSON.stringify([one.provider, one.test]);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [one]);
    else group.push(one);
  }
  return [...groups.values()];
};

/** One after the other, so that nobody is asked more than a server bears; once it is silent it is left alone. */
const askOf = async (ports: Ports, group: readonly Doubted[]): Promise<{ destination: Destination; seen: Seen[] }> => {
  const [{ provider, test } = { provider: "", test: true }] = group;
  const client = await ports.clients.byOrganisation("provider", provider, test);
  const way = ports.wayTo(client);
  const none = { provider, test, way: way.way, offers: group.length, compared: 0, differ: 0 };
  if (client === undefined || "instead" in way)
    return { destination: { ...none, asked: "instead" in way ? way.instead : "nobody" }, seen: [] };
  const open = way.tells === "standing" ? group : group.filter(({ unsent, lost }) => unsent || lost !== undefined);
  if (open.length === 0) return { destination: { ...none, asked: "taken" }, seen: [] };
  const seen: Seen[] = [];
  for (const one of open) {
    const offer = await offerNow(ports, one);
    if (offer === undefined) continue;
    const sighting = await look(ports, way.stands, offer, client);
    if (sighting.kind === "open")
      return { destination: { ...countOf(none, seen), asked: "silent", cause: "breaker-open" }, seen };
    if (sighting.kind === "away")
      return { destination: { ...countOf(none, seen), asked: "silent", ...causeOf(sighting.outcome) }, seen };
    seen.push({ ...one, sighting });
  }
  return { destination: { ...countOf(none, seen), asked: "answered" }, seen };
};

const causeOf = (outcome: AttemptOutcome) => (outcome.kind === "accepted" ? {} : { cause: outcome.cause });

const countOf = (none: Omit<Destination, "asked">, seen: readonly Seen[]): Omit<Destination, "asked"> => ({
  ...none,
  compared: seen.length,
  differ: seen.filter(standsDifferently).length,
});

const offerNow = async ({ ledger, clock }: Ports, { id, referral, lost }: Doubted): Promise<Offer | undefined> =>
  lost === undefined
    ? (await ledger.open(referral))?.offers.find((one) => one.id === id)
    : offerOf(lost, lost.status, clock.now());

const look = async (
  { breakers }: Ports,
  stands: NonNullable<Transport["stands"]>,
  offer: Offer,
  client: Client,
): Promise<Sighting | { kind: "open" }> => {
  const seen: Sighting[] = [];
  await breakers.through(`provider:${client.organisation}`, async () => {
    const sighting = await stands(offer, client);
    seen.push(sighting);
    return sighting.kind === "away" ? sighting.outcome : { kind: "accepted", status: 200 };
  });
  return seen[0] ?? { kind: "open" };
};
