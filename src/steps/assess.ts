// Decides where a referral goes: one offer, a hold that says what is missing, or an unmet need on record.
import { placeOf } from "../core/area.ts";
import type { Decision } from "../core/decision.ts";
import { commissionersOf } from "../core/commissioners.ts";
import { drawsFor } from "../core/draws.ts";
import { listedAs } from "../core/duty.ts";
import { judge, type Question } from "../core/judge.ts";
import { holdClock } from "../core/hold.ts";
import { next } from "../core/lifecycle.ts";
import { HELD_SECONDS, pauseOn } from "../core/pause.ts";
import { delivery } from "../core/partner.ts";
import { placesOf } from "../core/places.ts";
import { openBranches } from "../core/branch.ts";
import { proposalsFor } from "../core/propose.ts";
import { referenceFrom } from "../core/reference.ts";
import { findable } from "../core/people.ts";
import { tell } from "../core/tell.ts";
import type { AuthorityType } from "../../schemas/duty.ts";
import type { TermsOf } from "../core/terms.ts";
import { wound } from "../core/wind.ts";
import type { Event, EventBody } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Work } from "../../schemas/work.ts";
import type { Content } from "../../schemas/referral.ts";
import type { Agenda, Bell } from "../ports/agenda.ts";
import type { Clients } from "../ports/clients.ts";
import type { Change, Journey, Ledger } from "../ports/ledger.ts";
import type { Pauses } from "../ports/pauses.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Steps, Worked } from "../ports/steps.ts";
import type { Clock, Digest, Ids } from "../ports/system.ts";

type Ports = {
  ledger: Ledger;
  agenda: Agenda;
  clients: Clients;
  rulebook: Rulebook;
  clock: Clock;
  ids: Ids;
  digest: Digest;
  bell: Bell;
  terms: TermsOf;
  pauses: Pick<Pauses, "inForce">;
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
    const yesterday = ports.rulebook.inForce(new Date(input.now.getTime() - DAY));
    const draws = drawsFor(journey.content.need, [...input.packs, ...yesterday]);
    const pauses = await ports.pauses.inForce();
    const result = await ports.ledger.decide(draws, (capacity) => {
      const judged = judge({ ...input, capacity }, ports.digest);
      const programme = judged.decision.kind === "offer" ? judged.decision.programme : undefined;
      if (programme !== undefined && pauseOn(pauses, { programme }) !== undefined) return undefined;
      return changeOf(ports, { ...journey, content: input.content }, work, judged, input);
    });
    if (result === "left") return waits(ports, work, input.now);
    if (result === "stale") return looksAgain(ports, work, input.now);
    ports.bell.nudge();
    return "done";
  };

/** Another commit came first, and what it wrote may leave the question as it was: nobody waits until the lease runs out. */
const looksAgain = async ({ agenda }: Ports, work: Work, now: Date): Promise<Worked> => {
  const held = await agenda.settle(work, { kind: "again", due: now, attempted: false, cause: "overtaken" });
  return { ended: held ? "again" : "nothing", cause: "overtaken" };
};

/** The programme that would make the offer is paused: the case waits for that one, and is decided anew when it goes on. */
const waits = async ({ agenda }: Ports, work: Work, now: Date): Promise<Worked> => {
  const due = new Date(now.getTime() + HELD_SECONDS * 1_000);
  const held = await agenda.settle(work, { kind: "again", due, attempted: false, cause: "programme-paused" });
  return { ended: held ? "again" : "nothing", cause: "programme-paused" };
};

const DAY = 24 * 60 * 60 * 1000;

const waitsForDecision = (journey: Journey): boolean =>
  next(journey.status, "offered") !== undefined && !journey.offers.some((offer) => OPEN.has(offer.status));

const OPEN: ReadonlySet<Offer["status"]> = new Set(["sent", "acknowledged", "accepted", "started"]);

type Input = Omit<Question, "capacity">;

const read = async ({ rulebook, clients, clock, ids }: Ports, journey: Open): Promise<Input> => {
  const now = clock.now();
  const directory = rulebook.directory();
  return {
    referral: {
      id: journey.id,
      reference: journey.reference,
      door: journey.door,
      test: journey.test,
      ...(await senderOf(clients, journey)),
    },
    content: journey.content,
    area: placeOf(journey.content.person, directory),
    packs: rulebook.inForce(now),
    directory,
    directoryDigest: rulebook.directoryDigest(),
    reachable: await clients.organisations("provider", journey.test),
    // What we took back may be offered again: whatever made us take it back is judged anew.
    declined: journey.offers
      .filter(({ status }) => status === "declined" || status === "lapsed")
      .map((offer) => offer.service),
    siblings: journey.siblings,
    overrides: journey.overrides,
    receiptId: ids.uuid(),
    now,
  };
};

/** Only a homelessness referral asks which listed body sent it. */
const senderOf = async (
  clients: Ports["clients"],
  { client, content }: Open,
): Promise<{ authority?: AuthorityType }> => {
  const sender = content.need === "homelessness" ? await clients.byId(client) : undefined;
  const authority = sender && listedAs(sender);
  return authority === undefined ? {} : { authority };
};

type Judged = { decision: Decision; written: string };

const changeOf = (ports: Ports, journey: Open, work: Work, { decision, written }: Judged, input: Input): Change => {
  const { now } = input;
  const offer = decision.kind === "offer" ? offerOf(decision, journey, ports.ids.uuid(), now) : undefined;
  const event: Event = {
    id: ports.ids.uuid(),
    referral: journey.id,
    sequence: journey.sequence + 1,
    at: now,
    actor: "waymark",
    body: bodyOf(decision, offer),
  };
  const terms = offer && ports.terms(offer, journey.content, now);
  const clock = offer && terms && wound(offer, [], terms, true, ports.ids.uuid());
  const beside = besideOf(ports, journey, input);
  const events = [event, ...beside.events];
  const under = input.packs.find((one) => one.programme.programme === offer?.programme);
  const told = tell(journey, events, ports.ids.uuid, under?.programme.tells);
  return {
    referral: journey.id,
    version: journey.version,
    status: next(journey.status, event.body.type) ?? journey.status,
    events,
    branches: beside.branches,
    receipt: decision.receipt,
    consent: decision.receipt.consent,
    receiptInput: written,
    commissioners: commissionersOf(decision.receipt, input.packs),
    offers: clock === undefined ? [] : [clock.offer],
    callbacks: told.callbacks,
    work: [
      ...told.work,
      ...(offer === undefined ? [] : [delivery(offer, offer.provider, ports.ids.uuid(), now)]),
      ...(clock?.work ?? []),
      ...(decision.kind === "hold" && decision.days !== undefined
        ? holdClock(event, decision.days, () => ports.ids.uuid())
        : []),
    ],
    places: offer === undefined ? [] : placesOf(offer, { taken: 1, drawn: 1 }),
    people: findable(journey.content.person).map(({ kind, value }) => ({ kind, digest: ports.digest(kind, value) })),
    done: { work: work.id, token: work.token },
  };
};

/** What else this person needs is opened or proposed once, with the first decision. */
const besideOf = (
  { ids }: Ports,
  journey: Open,
  { packs, directory, area, now }: Input,
): Pick<Change, "events" | "branches"> => {
  if (journey.status !== "received") return { events: [], branches: [] };
  const { content, siblings, overrides, door } = journey;
  const from = { referral: journey.id, content, siblings, sequence: journey.sequence + 1 };
  const draw = { uuid: ids.uuid, reference: () => referenceFrom(ids.bytes(16)), now };
  const wanted = (content.alsoNeeds ?? []).map((need) => ({ need, why: "also-needed" as const }));
  const opened = openBranches(from, wanted, draw);
  const proposals = proposalsFor(packs, door, { content, area, directory, siblings, overrides, now });
  const proposed = proposals.map((proposal, at): Event => ({
    id: ids.uuid(),
    referral: journey.id,
    sequence: from.sequence + opened.events.length + at + 1,
    at: now,
    actor: "waymark",
    body: { type: "proposed", ...proposal },
  }));
  return { events: [...opened.events, ...proposed], branches: opened.branches };
};

const offerOf = (decision: Extract<Decision, { kind: "offer" }>, journey: Journey, id: string, now: Date): Offer => ({
  id,
  referral: journey.id,
  programme: decision.programme,
  contract: decision.contract,
  service: decision.service,
  places: decision.places,
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
