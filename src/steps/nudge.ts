// Tells people what an offer's clock found: its provider, the prime that answers for it, or the contact of its contract.
import { CONTACTS } from "../core/lapse.ts";
import { account, attemptOf, passedOver, settleThrough } from "../core/settle.ts";
import { isClosed } from "../core/lifecycle.ts";
import { programmeOf } from "../core/under.ts";
import { WANTED, wordOf } from "../core/word.ts";
import { receiverOf } from "../core/follow.ts";
import type { Client } from "../../schemas/client.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { Word } from "../../schemas/progress.ts";
import type { AttemptOutcome, Settlement, Work } from "../../schemas/work.ts";
import type { Agenda } from "../ports/agenda.ts";
import type { Breakers } from "../ports/breakers.ts";
import type { Clients } from "../ports/clients.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Letters, Transports } from "../ports/outward.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Steps, Worked } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = {
  ledger: Ledger;
  agenda: Agenda;
  clients: Clients;
  rulebook: Rulebook;
  transports: Transports;
  letters: Letters;
  breakers: Breakers;
  clock: Clock;
  ids: Ids;
};
type Said = { offer: Offer; reference: string; word: Word };

export const createNudge =
  (ports: Ports): Steps["nudge"] =>
  async (work) => {
    const journey = await ports.ledger.open(work.referral);
    const offer = journey?.offers.find((one) => one.id === work.subject);
    if (journey?.content === undefined || offer === undefined)
      return finish(ports, work, passedOver("skipped", "erased"));
    // A withdrawal closes every offer of its referral and names none in its story. After its recall a holder hears of nothing else.
    if (isClosed(offer.status)) return finish(ports, work, passedOver("skipped", "offer-closed"));
    const word = wordOf(offer, journey.story, work.madeAt);
    if (word === undefined) return finish(ports, work, passedOver("skipped", "answered-since"));
    const said = { offer, reference: journey.reference, word };
    return work.destination === CONTACTS ? toContact(ports, work, said) : toProvider(ports, work, said);
  };

/** By letter, where the contract or the commissioner names somebody; else an operator's task. */
const toContact = async (ports: Ports, work: Work, { offer, reference, word }: Said): Promise<Worked> => {
  const programme = programmeOf(ports.rulebook, offer, ports.clock.now());
  const contract = programme?.contracts.find((one) => one.contract === offer.contract);
  const address = contract?.contact ?? programme?.commissioner.contact;
  if (address === undefined || !ports.letters.carries("email"))
    return finish(ports, work, { kind: "dead", cause: "clock-ran-out" });
  const values = { reference, wanted: WANTED[word.clock] };
  const outcome = await ports.breakers.through(work.destination, () =>
    ports.letters.send({ id: work.id, template: "offer-overdue", values }, { by: "email", address }),
  );
  return told(ports, work, outcome, { receiver: offer.provider, way: "email" });
};

const toProvider = async (ports: Ports, work: Work, { offer, reference, word }: Said): Promise<Worked> => {
  const organisation = receiverOf(work.destination).replace("provider:", "");
  const provider = await ports.clients.byOrganisation("provider", organisation, offer.test);
  if (provider === undefined) return finish(ports, work, passedOver("unmatched", "no-client"));
  if (provider.silencedAt !== undefined) return finish(ports, work, passedOver("disabled", "silenced"));
  const transport = ports.transports.to(provider);
  if (transport === undefined) return finish(ports, work, passedOver("unmatched", "no-transport"));
  if (transport === "pull") return finish(ports, work, passedOver("skipped", "provider-pulls"));
  const { say, name: way } = transport;
  if (say === undefined) return finish(ports, work, passedOver("skipped", "no-words-there"));
  const message = { id: work.id, offer, reference, word };
  const outcome = await ports.breakers.through(receiverOf(work.destination), () => say(message, provider));
  return told(ports, work, outcome, { receiver: provider.id, way });
};

type Outcome = Awaited<ReturnType<Breakers["through"]>> | AttemptOutcome;

/** Said twice does no harm: better than not at all. */
const told = async (
  ports: Ports,
  work: Work,
  outcome: Outcome,
  to: { receiver: Client["id"]; way: string },
): Promise<Worked> => {
  if (outcome === undefined) return "nothing";
  const { clock, ids } = ports;
  const facts = attemptOf(work, clock.now(), ids.chance());
  return finish(ports, work, settleThrough(outcome, { ...facts, ...to, idempotent: true }));
};

const finish = async ({ agenda }: Ports, work: Work, settlement: Settlement): Promise<Worked> =>
  account(settlement, await agenda.settle(work, settlement));
