// Sends one offer to its provider. Consent, status and eligibility are read again first: cancel beats retry.
import { placeOf } from "../core/area.ts";
import { previewOf } from "../core/disclose.ts";
import { stillHolds } from "../core/recheck.ts";
import { settle } from "../core/settle.ts";
import { recallOf } from "../core/recall.ts";
import type { Client } from "../../schemas/client.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Work } from "../../schemas/work.ts";
import type {
  Admission,
  Agenda,
  Bell,
  Breakers,
  Clients,
  Clock,
  Ids,
  Journey,
  Ledger,
  Rulebook,
  Settlement,
  Steps,
  Transport,
  Transports,
  Worked,
} from "../ports.ts";

type Ports = {
  ledger: Ledger;
  agenda: Agenda;
  clients: Clients;
  rulebook: Rulebook;
  transports: Transports;
  breakers: Breakers;
  clock: Clock;
  ids: Ids;
  bell: Bell;
};

/** How long a provider without a client may stay without one before we look again. */
const NO_CLIENT_SECONDS = 600;
/** Commits that may come between ours and the row before we leave the rest to the next lease. */
const TRIES = 5;

export const createDeliver =
  (ports: Ports): Steps["deliver"] =>
  async (work) => {
    const journey = await ports.ledger.open(work.referral);
    const offer = journey?.offers.find((one) => one.id === work.subject);
    if (journey?.content === undefined || offer?.status !== "sent") return finish(ports, work, { kind: "done" });

    const now = ports.clock.now();
    const directory = ports.rulebook.directory();
    const area = placeOf(journey.content.person, directory);
    const check = stillHolds({
      content: journey.content,
      area,
      offer,
      packs: ports.rulebook.inForce(now),
      directory,
      now,
    });
    if (!check.holds) {
      const recalled = await ports.ledger.commit(recallOf(journey, offer, check.reasons, work, ports.ids.uuid, now));
      if (recalled === "committed") ports.bell.nudge();
      return recalled === "committed" ? "done" : "nothing";
    }

    const provider = await providerOf(ports, offer);
    if (provider === undefined) return finish(ports, work, wait(now, NO_CLIENT_SECONDS, "provider-has-no-client"));
    const transport = ports.transports.to(provider);
    // A provider that pulls finds the offer in its queue: there is nothing to dial.
    if (transport === "pull") return finish(ports, work, { kind: "done" });

    const admission = await ports.breakers.admit(work.destination);
    if (admission.kind === "open")
      return finish(ports, work, { kind: "again", due: admission.until, attempted: false, cause: "breaker-open" });
    const message = { offer, reference: journey.reference, preview: previewOf(journey.content, area, now) };
    return send(ports, work, journey, { transport, provider, admission }, message);
  };

/** Test cases reach only test providers, and real cases only real ones: an organisation may have both. */
const providerOf = ({ clients }: Ports, offer: Offer): Promise<Client | undefined> =>
  clients.byOrganisation("provider", offer.provider, offer.test);

const send = async (
  ports: Ports,
  work: Work,
  journey: Journey,
  route: { transport: Transport; provider: Client; admission: Admission },
  message: Parameters<Transport["send"]>[0],
): Promise<Worked> => {
  const { transport, provider, admission } = route;
  const outcome = await transport.send(message, provider);
  const reachable = outcome.kind === "accepted" || outcome.kind === "refused";
  await ports.breakers.report(work.destination, admission, reachable);
  if (outcome.kind === "accepted") return delivered(ports, work, journey);
  if (outcome.kind === "refused" && outcome.gone === true) await ports.clients.silence(provider.id);
  const facts = { attempt: work.attempt + 1, now: ports.clock.now(), chance: ports.ids.chance() };
  return finish(ports, work, settle(outcome, { ...facts, idempotent: transport.idempotent }));
};

/** The provider may answer before we have written that it heard: then its answer stands and ours is left out. */
const delivered = async (ports: Ports, work: Work, first: Journey): Promise<Worked> => {
  let journey: Journey | undefined = first;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const offer: Offer | undefined = journey?.offers.find((one) => one.id === work.subject);
    if (journey === undefined || offer?.status !== "sent") break;
    const result = await ports.ledger.commit({
      referral: journey.id,
      version: journey.version,
      status: journey.status,
      events: [
        {
          id: ports.ids.uuid(),
          referral: journey.id,
          sequence: journey.sequence + 1,
          at: ports.clock.now(),
          actor: "waymark",
          body: { type: "delivered", offer: offer.id },
        },
      ],
      done: { work: work.id, token: work.token },
    });
    if (result === "committed") return "done";
    journey = await ports.ledger.open(work.referral);
  }
  return finish(ports, work, { kind: "done" });
};

const wait = (now: Date, seconds: number, cause: string): Settlement => ({
  kind: "again",
  due: new Date(now.getTime() + seconds * 1000),
  attempted: false,
  cause,
});

const finish = async ({ agenda }: Ports, work: Work, settlement: Settlement): Promise<Worked> =>
  (await agenda.settle(work, settlement)) ? settlement.kind : "nothing";
