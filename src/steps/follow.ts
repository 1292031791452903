// Looks at one offer where its provider keeps it, until it ends: takes in its answers, and takes it back once recalled.
import { nextLook, receiverOf } from "../core/follow.ts";
import { holderOf } from "../core/holder.ts";
import { isTakenBack } from "../core/lifecycle.ts";
import { account, attemptOf, passedOver, settleThrough } from "../core/settle.ts";
import type { Client } from "../../schemas/client.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { AttemptOutcome, Settlement, Work } from "../../schemas/work.ts";
import type { Agenda } from "../ports/agenda.ts";
import type { Breakers } from "../ports/breakers.ts";
import type { Clients } from "../ports/clients.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Transport, Transports } from "../ports/outward.ts";
import type { Steps, Worked } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = {
  ledger: Ledger;
  agenda: Agenda;
  clients: Clients;
  transports: Transports;
  breakers: Breakers;
  clock: Clock;
  ids: Ids;
};

const OPEN: ReadonlySet<Offer["status"]> = new Set(["sent", "acknowledged", "accepted", "started"]);

export const createFollow =
  (ports: Ports): Steps["follow"] =>
  async (work) => {
    const offer = await offerOf(ports, work);
    // A no or an end came from the provider: it knows. What we took back it must hear of, also after an erasure.
    if (offer === undefined || !(OPEN.has(offer.status) || isTakenBack(offer.status)))
      return finish(ports, work, passedOver("skipped", "offer-closed"));
    const provider = await ports.clients.byOrganisation("provider", holderOf(offer), offer.test);
    if (provider === undefined) return finish(ports, work, passedOver("unmatched", "no-client"));
    if (provider.silencedAt !== undefined) return finish(ports, work, passedOver("disabled", "silenced"));
    const transport = ports.transports.to(provider);
    // It comes to us with its answers, and finds there what became of its offer.
    if (typeof transport !== "object" || transport.follow === undefined)
      return finish(ports, work, passedOver("skipped", "provider-comes"));
    return look(ports, work, offer, { transport, provider });
  };

const offerOf = async ({ ledger }: Ports, work: Work): Promise<Offer | undefined> =>
  (await ledger.open(work.referral))?.offers.find((one) => one.id === work.subject);

const look = async (
  ports: Ports,
  work: Work,
  offer: Offer,
  { transport, provider }: { transport: Transport; provider: Client },
): Promise<Worked> => {
  const outcome = await ports.breakers.through(receiverOf(work.destination), async () =>
    transport.follow?.(offer, provider),
  );
  if (outcome === undefined) return "nothing";
  const facts = {
    ...attemptOf(work, ports.clock.now(), ports.ids.chance()),
    idempotent: true,
    receiver: provider.id,
    way: transport.name,
  };
  if (outcome.kind !== "accepted") return finish(ports, work, settleThrough(outcome, facts));
  return finish(ports, work, await afterLook(ports, work, offer, provider, outcome));
};

/** What was taken back is done with. What still runs is looked at again, the more rarely the longer it stays as it is. */
const afterLook = async (
  ports: Ports,
  work: Work,
  before: Offer,
  provider: Client,
  outcome: Extract<AttemptOutcome, { kind: "accepted" }>,
): Promise<Settlement> => {
  const offer = await offerOf(ports, work);
  // Recalled while we looked: its provider is told at once.
  const justRecalled = offer !== undefined && isTakenBack(offer.status) && !isTakenBack(before.status);
  if (offer === undefined || !(OPEN.has(offer.status) || justRecalled))
    return { kind: "done", tried: { outcome: "accepted", status: outcome.status } };
  const now = ports.clock.now();
  const answers = provider.reach?.by === "fhir" ? provider.reach.answers : "poll";
  const due = justRecalled ? now : nextLook({ changedAt: offer.changedAt, now, answers, chance: ports.ids.chance() });
  return { kind: "again", due, attempted: false, cause: "watching", afresh: true };
};

const finish = async ({ agenda }: Ports, work: Work, settlement: Settlement): Promise<Worked> =>
  account(settlement, await agenda.settle(work, settlement));
