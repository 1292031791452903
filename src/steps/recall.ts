// Asks a holder to delete what it has of a person, and asks again every few working days until it answers. Nothing goes there
// before what was still on its way, for then it would be deleted and come again.
import { answerBy, askAgain, isSettled, telling, toldAgain, WAITING } from "../core/recalls.ts";
import { receiverOf } from "../core/follow.ts";
import { routeTo } from "../core/route.ts";
import { account, attemptOf, passedOver, settleThrough, triedOf } from "../core/settle.ts";
import { programmeOf } from "../core/under.ts";
import type { Holidays } from "../../schemas/holidays.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Recall } from "../../schemas/recall.ts";
import type { Settlement, Tried, Work } from "../../schemas/work.ts";
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
type Asked = { journey: Journey; offer: Offer; recall: Recall };

/** Commits that may come between ours and the row before we leave the rest to the next lease. */
const TRIES = 5;
/** A send that is under way has ended by then, or is looked at again. */
const SOON_MS = 2_000;

export const createRecall =
  (ports: Ports): Steps["recall"] =>
  async (work) => {
    const asked = await askedOf(ports, work);
    const now = ports.clock.now();
    if (asked === undefined || isSettled(asked.recall, now))
      return finish(ports, work, passedOver("skipped", "recall-answered"));
    if (work.destination === WAITING) return wake(ports, work, asked.offer);
    const sent = asked.recall.told > 0 ? "maybe" : await ports.ledger.sent(asked.offer);
    if (sent === "under-way") {
      const due = new Date(now.getTime() + SOON_MS);
      return finish(ports, work, { kind: "again", due, attempted: false, cause: "send-under-way" });
    }
    return sent === "never" ? neverSent(ports, work) : tell(ports, work, asked);
  };

const askedOf = async ({ ledger }: Ports, work: Work): Promise<Asked | undefined> => {
  const journey = await ledger.open(work.referral);
  const offer = journey?.offers.find((one) => one.id === work.subject);
  const recall = journey?.recalls.find((one) => one.offer === work.subject);
  return journey === undefined || offer === undefined || recall === undefined ? undefined : { journey, offer, recall };
};

/** The wait is over: it is told again, in the line before its receiver. */
const wake = (ports: Ports, work: Work, offer: Offer): Promise<Worked> =>
  commit(ports, work, { outcome: "skipped", cause: "watching" }, () => ({
    events: [],
    work: [telling(offer, ports.ids.uuid(), ports.clock.now())],
  }));

const neverSent = (ports: Ports, work: Work): Promise<Worked> =>
  commit(ports, work, { outcome: "skipped", cause: "never-sent" }, ({ recall }) => ({
    events: [],
    recalls: [{ ...recall, answer: "never-held", answeredAt: ports.clock.now() }],
  }));

const tell = async (ports: Ports, work: Work, { journey, offer, recall }: Asked): Promise<Worked> => {
  const { clients, transports, clock, ids, breakers } = ports;
  const provider = await clients.byOrganisation("provider", recall.provider, offer.test);
  const facts = attemptOf(work, clock.now(), ids.chance());
  const route = routeTo(provider, transports.to, facts);
  // It finds the recall beside its queue.
  if (route.kind === "pull") return told(ports, work, { outcome: "skipped", cause: "provider-pulls" });
  if (route.kind !== "dial") return finish(ports, work, route);

  const { reference } = journey;
  const notice = { id: work.id, at: recall.toldAt ?? recall.askedAt, offer, reference, kind: "recalled" } as const;
  const by = { time: recall.told + 1, answerBy: nextBy(ports, offer, recall, work) };
  const outcome = await breakers.through(receiverOf(work.destination), () =>
    route.transport.tell({ ...notice, ...by }, route.provider),
  );
  if (outcome === undefined) return "nothing";
  const { name: way } = route.transport;
  if (outcome.kind === "accepted") return told(ports, work, triedOf(outcome, way));
  return finish(ports, work, settleThrough(outcome, { ...facts, idempotent: true, receiver: route.provider.id, way }));
};

/** The first time it is the day that was set when it was asked; then it is counted from when it was woken, so that a retry says the same, and one by hand too. */
const nextBy = ({ rulebook, holidays }: Ports, offer: Offer, { told, answerBy: first }: Recall, work: Work): string =>
  told === 0 ? first : answerBy(programmeOf(rulebook, offer, work.madeAt), holidays, work.madeAt);

const told = (ports: Ports, work: Work, tried: Tried): Promise<Worked> =>
  commit(ports, work, tried, ({ journey, offer, recall }) => {
    const now = ports.clock.now();
    const { recall: after, next } = toldAgain(recall, nextBy(ports, offer, recall, work), now);
    return {
      events: [
        {
          id: ports.ids.uuid(),
          referral: journey.id,
          sequence: journey.sequence + 1,
          at: now,
          actor: "waymark",
          body: { type: "recall-told", offer: offer.id, time: after.told },
        },
      ],
      recalls: [after],
      work: [askAgain(offer, ports.ids.uuid(), next)],
    };
  });

/** The holder may answer while we write that it was told: then its answer stands, and nothing is left to ask. */
const commit = async (
  ports: Ports,
  work: Work,
  tried: Tried,
  change: (asked: Asked) => Pick<Change, "events" | "recalls" | "work">,
): Promise<Worked> => {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const asked = await askedOf(ports, work);
    if (asked === undefined || isSettled(asked.recall, ports.clock.now()))
      return finish(ports, work, { kind: "done", tried });
    const { id, version, status } = asked.journey;
    // commits: what the change says (the event, the recall as it now stands, when it is asked again); the work's own row goes
    const result = await ports.ledger.commit({
      referral: id,
      version,
      status,
      ...change(asked),
      done: { work: work.id, token: work.token, tried },
    });
    if (result === "committed") {
      ports.bell.nudge();
      return { ended: "done", ...tried };
    }
  }
  // Told again under the same id, it is known there; not written down, it would never be asked again.
  const due = new Date(ports.clock.now().getTime() + SOON_MS);
  return finish(ports, work, { kind: "again", due, attempted: false, cause: "watching" });
};

const finish = async ({ agenda }: Ports, work: Work, settlement: Settlement): Promise<Worked> =>
  account(settlement, await agenda.settle(work, settlement));
