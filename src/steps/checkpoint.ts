// A job has lasted 4, 13, 26 or 52 weeks, as far as we know: its provider is asked, a few times, and then left to a person.
import { dayOf, noonOf } from "../core/calendar.ts";
import { addWorkingDays } from "../core/clock.ts";
import { receiverOf } from "../core/follow.ts";
import { holderOf } from "../core/holder.ts";
import { ASK, type Checkpoint, checkpointWork, LANE, toAsk, toTell } from "../core/outcomes/checkpoints.ts";
import { routeTo } from "../core/route.ts";
import { account, attemptOf, passedOver, settleThrough } from "../core/settle.ts";
import { programmeOf } from "../core/under.ts";
import type { Holidays } from "../../schemas/holidays.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { PlainDate } from "../../schemas/text.ts";
import type { Settlement, Work } from "../../schemas/work.ts";
import type { Agenda, Bell } from "../ports/agenda.ts";
import type { Breakers } from "../ports/breakers.ts";
import type { Clients } from "../ports/clients.ts";
import type { Change, Journey, Ledger } from "../ports/ledger.ts";
import type { Transports } from "../ports/outward.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Steps, Worked } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = {
  ledger: Ledger;
  agenda: Agenda;
  clients: Clients;
  rulebook: Rulebook;
  holidays: Holidays;
  transports: Transports;
  breakers: Breakers;
  clock: Clock;
  ids: Ids;
  bell: Bell;
};
/** Something else was written in the same moment. */
const SOON_MS = 500;

type Asked = { journey: Journey; offer: Offer; ask: Checkpoint };

export const createCheckpoint =
  (ports: Ports): Steps["checkpoint"] =>
  async (work) => {
    const asked = await askedOf(ports, work);
    if (asked === undefined) return finish(ports, work, passedOver("skipped", "no-question"));
    return work.destination === LANE ? wake(ports, work, asked) : tell(ports, work, asked);
  };

/** Recalled or erased meanwhile, answered, or over: there is nothing to ask. */
const askedOf = async ({ ledger, clock }: Ports, work: Work): Promise<Asked | undefined> => {
  const journey = await ledger.open(work.referral);
  const offer = journey?.offers.find((one) => one.id === work.subject);
  if (journey?.content === undefined || offer === undefined || offer.status === "recalled") return undefined;
  if (journey.recalls.some((one) => one.offer === offer.id)) return undefined;
  const { reports, marks } = journey;
  const today = dayOf(clock.now());
  const ask = work.destination === LANE ? toAsk(offer, reports, marks, today) : sameAs(offer, journey, work, today);
  return ask === undefined ? undefined : { journey, offer, ask };
};

/** As it was asked when this work was made, so that each try says the same; a later week is told by work of its own. */
const sameAs = (offer: Offer, { reports, marks }: Journey, { madeAt }: Work, today: PlainDate) => {
  const then = toTell(
    offer,
    reports.filter(({ at }) => at <= madeAt),
    marks,
    dayOf(madeAt),
  );
  return toTell(offer, reports, marks, today)?.week === then?.week ? then : undefined;
};

const wake = (ports: Ports, work: Work, { journey, offer, ask }: Asked): Promise<Worked> => {
  const { rulebook, holidays, clock, ids } = ports;
  const now = clock.now();
  const time = ask.asked + 1;
  const nation = programmeOf(rulebook, offer, now)?.nations[0] ?? "england";
  const again = addWorkingDays(dayOf(now), ASK.days, nation, holidays);
  const body = { type: "checkpoint-asked", offer: offer.id, week: ask.week, time, again } as const;
  const sequence = journey.sequence + 1;
  return commit(ports, work, journey, {
    events: [{ id: ids.uuid(), referral: journey.id, sequence, at: now, actor: "waymark", body }],
    work: [
      checkpointWork(offer, ids.uuid(), now, `provider:${holderOf(offer)}`),
      ...(time < ASK.most ? [checkpointWork(offer, ids.uuid(), noonOf(again))] : []),
    ],
  });
};

const tell = async (ports: Ports, work: Work, asked: Asked): Promise<Worked> => {
  const { clients, transports, clock, ids, breakers } = ports;
  const { journey, offer, ask } = asked;
  const facts = attemptOf(work, clock.now(), ids.chance());
  const provider = await clients.byOrganisation("provider", holderOf(offer), offer.test);
  const route = routeTo(provider, transports.to, facts);
  // It finds the question beside the offer in its queue.
  if (route.kind === "pull") return finish(ports, work, passedOver("skipped", "provider-pulls"));
  if (route.kind !== "dial") return finish(ports, work, route);
  const { week, due } = ask;
  const notice = {
    id: work.id,
    at: noonOf(due),
    offer,
    reference: journey.reference,
    kind: "checkpoint",
    week,
    due,
  } as const;
  const outcome = await breakers.through(receiverOf(work.destination), () =>
    route.transport.tell(notice, route.provider),
  );
  if (outcome === undefined) return "nothing";
  const { name: way } = route.transport;
  return finish(ports, work, settleThrough(outcome, { ...facts, idempotent: true, receiver: route.provider.id, way }));
};

/** Where something else was written meanwhile the work comes again, and looks anew at what is left to ask. */
const commit = async (
  ports: Ports,
  work: Work,
  { id: referral, version, status }: Journey,
  change: Pick<Change, "events" | "work">,
): Promise<Worked> => {
  const tried = { outcome: "skipped", cause: "watching" } as const;
  // commits: that it is asked, its telling, and when it is asked again; the work's own row goes
  const done = { work: work.id, token: work.token, tried };
  if ((await ports.ledger.commit({ referral, version, status, ...change, done })) === "committed") {
    ports.bell.nudge();
    return { ended: "done", ...tried };
  }
  const due = new Date(ports.clock.now().getTime() + SOON_MS);
  return finish(ports, work, { kind: "again", due, attempted: false, cause: "watching" });
};

const finish = async ({ agenda }: Ports, work: Work, settlement: Settlement): Promise<Worked> =>
  account(settlement, await agenda.settle(work, settlement));
