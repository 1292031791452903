// Tells a provider that has the person's data what of it reads differently now: only of fields that it was given.
import { holderOf } from "../core/holder.ts";
import { disclose } from "../core/disclose.ts";
import { routeTo } from "../core/route.ts";
import { account, attemptOf, passedOver, settleThrough } from "../core/settle.ts";
import { openTo } from "../core/rectify.ts";
import { programmeOf } from "../core/under.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Settlement, Work } from "../../schemas/work.ts";
import type { Agenda } from "../ports/agenda.ts";
import type { Breakers } from "../ports/breakers.ts";
import type { Clients } from "../ports/clients.ts";
import type { Journey, Ledger } from "../ports/ledger.ts";
import type { Transports } from "../ports/outward.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Steps, Worked } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = {
  ledger: Ledger;
  agenda: Agenda;
  clients: Clients;
  rulebook: Rulebook;
  transports: Transports;
  breakers: Breakers;
  clock: Clock;
  ids: Ids;
};

const HAS: ReadonlySet<Offer["status"]> = new Set(["accepted", "started"]);

export const createRectify =
  (ports: Ports): Steps["rectify"] =>
  async (work) => {
    const journey = await ports.ledger.open(work.referral);
    const offer = journey?.offers.find((one) => one.id === work.subject);
    if (journey?.content === undefined) return finish(ports, work, passedOver("skipped", "erased"));
    // Recalled meanwhile: after that it hears of nothing else.
    if (offer === undefined || !HAS.has(offer.status))
      return finish(ports, work, passedOver("skipped", "offer-closed"));
    return tell(ports, work, { ...journey, content: journey.content }, offer);
  };

type Open = Journey & { content: NonNullable<Journey["content"]> };

const tell = async (ports: Ports, work: Work, journey: Open, offer: Offer): Promise<Worked> => {
  const { clients, transports, clock, ids, breakers, rulebook } = ports;
  const now = clock.now();
  const facts = attemptOf(work, now, ids.chance());
  const provider = await clients.byOrganisation("provider", holderOf(offer), offer.test);
  const route = routeTo(provider, transports.to, facts);
  // Its queue always shows the offer as it reads now.
  if (route.kind === "pull") return finish(ports, work, passedOver("skipped", "provider-pulls"));
  if (route.kind !== "dial") return finish(ports, work, route);

  const { content, reference } = journey;
  const open = openTo(programmeOf(rulebook, offer, now), rulebook.directory(), offer, content, now);
  const said = {
    id: work.id,
    at: work.firstDue,
    offer,
    reference,
    kind: "changed",
    fields: fieldsBy(journey, offer, work.madeAt),
    detail: disclose(content, open).detail,
  } as const;
  const outcome = await breakers.through(work.destination, () => route.transport.tell(said, route.provider));
  if (outcome === undefined) return "nothing";
  const { name: way } = route.transport;
  return finish(ports, work, settleThrough(outcome, { ...facts, idempotent: true, receiver: route.provider.id, way }));
};

/**
 * All that changed since it was given: of several changes at once none may hide the other. What changed after this work was
 * made is told by work of its own, so that a retry says the same.
 */
const fieldsBy = ({ story }: Journey, { id }: Offer, madeAt: Date): string[] => [
  ...new Set(
    story.flatMap(({ at, body }) =>
      body.type === "rectified" && body.offer === id && at <= madeAt ? body.fields : [],
    ),
  ),
];

const finish = async ({ agenda }: Ports, work: Work, settlement: Settlement): Promise<Worked> =>
  account(settlement, await agenda.settle(work, settlement));
