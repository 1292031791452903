// Sends one offer to its provider. Consent, status and eligibility are read again first: cancel beats retry.
import { placeOf } from "../core/area.ts";
import { previewOf } from "../core/disclose.ts";
import { holderOf } from "../core/holder.ts";
import { isClosed } from "../core/lifecycle.ts";
import { following } from "../core/follow.ts";
import { stillHolds } from "../core/recheck.ts";
import { programmeOf } from "../core/under.ts";
import { recallOf } from "../core/recall.ts";
import { answerBy } from "../core/recalls.ts";
import { type Route, routeTo } from "../core/route.ts";
import { account, attemptOf, passedOver, settleThrough, triedOf, tryAgain } from "../core/settle.ts";
import type { Client } from "../../schemas/client.ts";
import type { Holidays } from "../../schemas/holidays.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { AttemptOutcome, Settlement, Tried, Work } from "../../schemas/work.ts";
import type { Agenda, Bell } from "../ports/agenda.ts";
import type { Breakers } from "../ports/breakers.ts";
import type { Clients } from "../ports/clients.ts";
import type { Journey, Ledger } from "../ports/ledger.ts";
import type { OfferMessage, Transport, Transports } from "../ports/outward.ts";
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

/** Commits that may come between ours and the row before we leave the rest to the next lease. */
const TRIES = 5;

export const createDeliver =
  (ports: Ports): Steps["deliver"] =>
  async (work) => {
    const journey = await ports.ledger.open(work.referral);
    const offer = journey?.offers.find((one) => one.id === work.subject);
    if (journey?.content === undefined) return finish(ports, work, passedOver("skipped", "erased"));
    if (offer === undefined || !waitsForSend(offer, work, journey.story))
      return finish(ports, work, passedOver("skipped", "offer-closed"));

    const now = ports.clock.now();
    const directory = ports.rulebook.directory();
    const area = placeOf(journey.content.person, directory);
    const check = stillHolds({
      content: journey.content,
      area,
      offer,
      packs: ports.rulebook.inForce(now),
      directory,
      siblings: journey.siblings,
      overrides: journey.overrides,
      now,
    });
    // Help under way is not ended by a send: consent was read when it was given into other hands.
    if (!check.holds && offer.status === "sent") {
      const recall = recallOf(journey, offer, check.reasons, work, ports.ids.uuid, now, underOf(ports, offer, now));
      const recalled = await ports.ledger.commit(recall);
      if (recalled === "committed") ports.bell.nudge();
      return { ended: recalled === "committed" ? "done" : "nothing", ...recall.done.tried };
    }

    const route = await routeOf(ports, work, offer);
    if (route.kind !== "dial") return finish(ports, work, route);
    const message = { offer, reference: journey.reference, preview: previewOf(journey.content, area, now) };
    return send(ports, work, journey, route, message);
  };

const underOf = ({ rulebook, holidays }: Ports, offer: Offer, now: Date) => {
  const programme = programmeOf(rulebook, offer, now);
  return { tells: programme?.tells, answerBy: answerBy(programme, holidays, now) };
};

/** Asked and not answered; or given, or moved, to somebody who does not know it yet, however far it has got. */
const waitsForSend = (offer: Offer, { destination }: Work, story: Journey["story"]): boolean => {
  if (destination !== `provider:${holderOf(offer)}`) return false;
  return (
    offer.status === "sent" || (!isClosed(offer.status) && (offer.assignedTo !== undefined || isMoved(offer, story)))
  );
};

const isMoved = ({ id }: Offer, story: Journey["story"]): boolean =>
  story.some(({ body }) => body.type === "moved" && body.offer === id);

/** Whom it goes to and how; or, where it goes nowhere, what that leaves behind. */
const routeOf = async (ports: Ports, work: Work, offer: Offer): Promise<Route<Transport> | Settlement> => {
  // Test cases reach only test providers, and real cases only real ones: an organisation may have both.
  const provider = await ports.clients.byOrganisation("provider", holderOf(offer), offer.test);
  const facts = attemptOf(work, ports.clock.now(), ports.ids.chance());
  const route = routeTo(provider, ports.transports.to, facts);
  if (route.kind === "pull") return passedOver("skipped", "provider-pulls");
  const lacking = route.kind === "dial" ? route.transport.lacks?.(route.provider) : undefined;
  return lacking === undefined ? route : tryAgain({ outcome: "unmatched", cause: lacking }, facts);
};

const send = async (
  ports: Ports,
  work: Work,
  journey: Journey,
  { transport, provider }: Route<Transport>,
  message: OfferMessage,
): Promise<Worked> => {
  const { name: way, idempotent } = transport;
  const earlier = await cutOff(work, message, transport, provider);
  const outcome =
    earlier ??
    (await ports.breakers.through(work.destination, async () => {
      // Whoever finds this intent open knows that we may have sent it, and sends it no second time.
      if (!idempotent && !(await ports.agenda.intend(work, way))) return undefined;
      return transport.send(message, provider);
    }));
  if (outcome === undefined) return "nothing";
  const facts = {
    ...attemptOf(work, ports.clock.now(), ports.ids.chance()),
    idempotent: idempotent && earlier === undefined,
    receiver: provider.id,
    way,
  };
  if (outcome.kind === "accepted") return delivered(ports, work, journey, transport, triedOf(outcome, way));
  return finish(ports, work, settleThrough(outcome, facts));
};

/** What became of a send that was begun and never settled; undefined where it may go (again). */
const cutOff = async (
  { intent }: Work,
  message: OfferMessage,
  transport: Transport,
  provider: Client,
): Promise<AttemptOutcome | undefined> => {
  if (intent === undefined) return undefined;
  const arrived = intent.way === transport.name ? await transport.arrived?.(message, provider) : undefined;
  if (arrived === undefined) return { kind: "unknown", cause: "interrupted" };
  return arrived ? { kind: "accepted", status: 200 } : undefined;
};

/** The provider may answer before we have written that it heard: then its answer stands and ours is left out. */
const delivered = async (
  ports: Ports,
  work: Work,
  first: Journey,
  { follow }: Transport,
  tried: Tried,
): Promise<Worked> => {
  let journey: Journey | undefined = first;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const offer: Offer | undefined = journey?.offers.find((one) => one.id === work.subject);
    if (journey === undefined || offer === undefined || !waitsForSend(offer, work, journey.story)) break;
    const now = ports.clock.now();
    const result = await ports.ledger.commit({
      referral: journey.id,
      version: journey.version,
      status: journey.status,
      events: [
        {
          id: ports.ids.uuid(),
          referral: journey.id,
          sequence: journey.sequence + 1,
          at: now,
          actor: "waymark",
          body: { type: "delivered", offer: offer.id },
        },
      ],
      work: follow === undefined ? [] : [following(offer, ports.ids.uuid(), now)],
      done: { work: work.id, token: work.token, tried },
    });
    if (result === "committed") return { ended: "done", ...tried };
    journey = await ports.ledger.open(work.referral);
  }
  return finish(ports, work, { kind: "done", tried });
};

const finish = async ({ agenda }: Ports, work: Work, settlement: Settlement): Promise<Worked> =>
  account(settlement, await agenda.settle(work, settlement));
