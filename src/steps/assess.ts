// Decides where a referral goes: one offer, a hold that says what is missing, or an unmet need on record.
import { placeOf } from "../core/area.ts";
import { canonical } from "../core/canonical.ts";
import { consentVersion } from "../core/consent.ts";
import { decide, type DecideInput, type Decision, programmesFor } from "../core/decide.ts";
import { next } from "../core/lifecycle.ts";
import { findable } from "../core/people.ts";
import { tell } from "../core/tell.ts";
import type { Event, EventBody } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { NewWork, Work } from "../../schemas/work.ts";
import type { Content } from "../../schemas/referral.ts";
import type {
  Agenda,
  Bell,
  Capacity,
  Change,
  Clients,
  Clock,
  Digest,
  Ids,
  Journey,
  Ledger,
  Rulebook,
  Steps,
} from "../ports.ts";

type Ports = {
  ledger: Ledger;
  agenda: Agenda;
  clients: Clients;
  rulebook: Rulebook;
  clock: Clock;
  ids: Ids;
  digest: Digest;
  bell: Bell;
};
type Open = Journey & { content: Content };

export const createAssess =
  (ports: Ports): Steps["assess"] =>
  async (work) => {
    const journey = await ports.ledger.open(work.referral);
    if (journey?.content === undefined || !waitsForDecision(journey)) {
      await ports.agenda.settle(work, { kind: "done" });
      return "nothing";
    }
    const input = await read(ports, { ...journey, content: journey.content });
    // A stale answer means that another commit came first: whatever it wrote also wrote the work that follows from it.
    const result = await ports.ledger.decide(programmesFor(journey.content.need, input.packs), (capacity) =>
      changeOf(ports, { ...journey, content: input.content }, work, judge(ports, input, capacity), input),
    );
    if (result === "committed") ports.bell.nudge();
    return result === "committed" ? "done" : "nothing";
  };

const waitsForDecision = (journey: Journey): boolean =>
  next(journey.status, "offered") !== undefined && !journey.offers.some((offer) => OPEN.has(offer.status));

const OPEN: ReadonlySet<Offer["status"]> = new Set(["sent", "acknowledged", "accepted", "started"]);

type Input = Omit<DecideInput, "capacity" | "inputHash">;

const read = async ({ rulebook, clients, clock, ids, digest }: Ports, journey: Open): Promise<Input> => {
  const now = clock.now();
  const directory = rulebook.directory();
  return {
    referral: { id: journey.id, reference: journey.reference, door: journey.door, test: journey.test },
    content: journey.content,
    area: placeOf(journey.content.person, directory),
    packs: rulebook.inForce(now),
    directory,
    reachable: await clients.organisations("provider", journey.test),
    // What we took back may be offered again: whatever made us take it back is judged anew.
    declined: journey.offers.filter((offer) => offer.status === "declined").map((offer) => offer.service),
    consentHash: digest("consent", consentVersion(journey.content.consents)),
    receiptId: ids.uuid(),
    now,
  };
};

/** The hash covers all that the decision reads, so that a replay can show that nothing else was read. */
const judge = ({ digest }: Ports, input: Input, capacity: Capacity): Decision => {
  const seen = {
    referral: input.referral,
    content: input.content,
    area: input.area,
    packs: input.packs.map((pack) => pack.digest),
    directory: input.directory.version,
    reachable: input.reachable.toSorted(),
    declined: input.declined,
    capacity: [...capacity].toSorted(([a], [b]) => a.localeCompare(b)),
    now: input.now.toISOString(),
  };
  return decide({ ...input, capacity, inputHash: digest("input", canonical(seen)) });
};

const changeOf = (ports: Ports, journey: Open, work: Work, decision: Decision, { now }: Input): Change => {
  const offer = decision.kind === "offer" ? offerOf(decision, journey, ports.ids.uuid(), now) : undefined;
  const event: Event = {
    id: ports.ids.uuid(),
    referral: journey.id,
    sequence: journey.sequence + 1,
    at: now,
    actor: "waymark",
    body: bodyOf(decision, offer),
  };
  const told = tell(journey, [event], ports.ids.uuid);
  return {
    referral: journey.id,
    version: journey.version,
    status: next(journey.status, event.body.type) ?? journey.status,
    events: [event],
    receipt: decision.receipt,
    offers: offer === undefined ? [] : [offer],
    callbacks: told.callbacks,
    work: [...told.work, ...(offer === undefined ? [] : [delivery(offer, ports.ids.uuid(), now)])],
    places: offer === undefined ? [] : [{ programme: offer.programme, service: offer.service, taken: 1, drawn: 1 }],
    people: findable(journey.content.person).map(({ kind, value }) => ({ kind, digest: ports.digest(kind, value) })),
    done: { work: work.id, token: work.token },
  };
};

const offerOf = (decision: Extract<Decision, { kind: "offer" }>, journey: Journey, id: string, now: Date): Offer => ({
  id,
  referral: journey.id,
  programme: decision.programme,
  service: decision.service,
  provider: decision.provider,
  status: "sent",
  test: journey.test,
  madeAt: now,
  changedAt: now,
});

const bodyOf = (decision: Decision, offer: Offer | undefined): EventBody => {
  const receipt = decision.receipt.id;
  if (decision.kind === "hold") return { type: "held", receipt, why: decision.why, asks: decision.asks };
  if (decision.kind === "unmet" || offer === undefined)
    return { type: "unmet", receipt, reasons: decision.kind === "unmet" ? decision.reasons : [] };
  const { programme, service, provider } = decision;
  return { type: "offered", receipt, offer: offer.id, programme, service, provider };
};

const delivery = (offer: Offer, id: string, due: Date): NewWork => ({
  id,
  kind: "deliver",
  subject: offer.id,
  referral: offer.referral,
  destination: `provider:${offer.provider}`,
  due,
});
