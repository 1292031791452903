// A referrer asks us to ask the person: what is asked follows from the hold, and the contact from what the person said is safe.
import { placeOf } from "../core/area.ts";
import { askedJustNow, askEnds, asksFor, mayAskOnceMore, safeWays, waitsForConsent } from "../core/asking.ts";
import { sentIt } from "../core/ownership.ts";
import type { AskRequest, ConsentAsk, ConsentRequest } from "../../schemas/asking.ts";
import type { LetterTo } from "../../schemas/letter.ts";
import { reason, type Reason } from "../../schemas/reason.ts";
import type { Content } from "../../schemas/referral.ts";
import type { NewWork } from "../../schemas/work.ts";
import type { Bell } from "../ports/agenda.ts";
import type { ConsentRequests } from "../ports/asking.ts";
import type { Clients } from "../ports/clients.ts";
import type { Journey, Ledger } from "../ports/ledger.ts";
import type { Letters } from "../ports/outward.ts";
import type { Reader } from "../ports/reading.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { AskResult, Steps } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = {
  ledger: Ledger;
  reader: Pick<Reader, "referral">;
  requests: ConsentRequests;
  clients: Pick<Clients, "organisations">;
  rulebook: Rulebook;
  letters: Pick<Letters, "carries">;
  clock: Clock;
  ids: Ids;
  bell: Bell;
};
type Open = Journey & { content: Content };

export const createAskPerson =
  (ports: Ports): Steps["askPerson"] =>
  async (client, id, request) => {
    const row = await ports.reader.referral(client.organisation, id);
    if (row === undefined || !sentIt(client, row)) return { outcome: "not-found" };
    const journey = await ports.ledger.open(row.id);
    if (journey?.content === undefined) return { outcome: "not-found" };
    return asks(ports, { ...journey, content: journey.content }, request);
  };

const refused = (...reasons: Reason[]): AskResult => ({ outcome: "refused", reasons });

const asks = async (ports: Ports, journey: Open, { by, notesRead }: AskRequest): Promise<AskResult> => {
  const now = ports.clock.now();
  const { person } = journey.content;
  if (!waitsForConsent(journey)) return refused(reason("nothing-to-ask"));
  // Without it nobody could show that it is them.
  if (person.birthDate === undefined) return refused(reason("fact-unknown", "person.birthDate"));
  const to = safeWays(person).find((one) => (by === undefined || one.by === by) && ports.letters.carries(one.by));
  if (to === undefined) return refused(reason("no-safe-contact", "person.safeContact"));
  const notes = person.safeContact.notes !== undefined;
  if (notes && notesRead !== true) return refused(reason("notes-unread", "notesRead"));

  const before = await ports.requests.ofReferral(journey.id);
  const again = askedJustNow(before, to.by, now);
  if (again !== undefined) return answer(journey, again, "repeated");
  if (!mayAskOnceMore(before, now)) return refused(reason("too-many-requests"));

  const wanted = await wantedBy(ports, journey, now);
  // Whether a person said no is nothing that a Jobcentre may find out by asking: it hears the same, and nobody is written to.
  if (wanted.length === 0 && journey.door !== "jobcentre") return refused(...(journey.hold?.asks ?? []));
  const made = requestOf(ports, journey, { to, wanted, once: notes }, now);
  // commits: the request, the end of those before it, and the work that writes the letter
  await ports.requests.make(made, wanted.length === 0 ? undefined : letterOf(made, ports.ids.uuid()));
  ports.bell.nudge();
  return answer(journey, made, "asked");
};

const wantedBy = async ({ rulebook, clients }: Ports, journey: Open, now: Date): Promise<ConsentAsk[]> => {
  const { content, door, test, offers, siblings, overrides } = journey;
  const directory = rulebook.directory();
  return asksFor({
    referral: { door },
    content,
    area: placeOf(content.person, directory),
    packs: rulebook.inForce(now),
    directory,
    reachable: await clients.organisations("provider", test),
    // Whether a place is free is decided when the answer comes.
    capacity: new Map(),
    declined: offers.filter((offer) => offer.status === "declined").map((offer) => offer.service),
    siblings,
    overrides,
    now,
  });
};

type Made = { to: LetterTo; wanted: ConsentAsk[]; once: boolean };

const requestOf = ({ ids }: Ports, journey: Open, { to, wanted, once }: Made, now: Date): ConsentRequest => ({
  id: ids.uuid(),
  referral: journey.id,
  organisation: journey.organisation,
  by: to.by,
  asks: wanted,
  once,
  madeAt: now,
  endsAt: askEnds(now),
});

const letterOf = ({ id, referral, madeAt }: ConsentRequest, work: string): NewWork => ({
  id: work,
  kind: "ask",
  subject: id,
  referral,
  destination: "letters",
  due: madeAt,
});

const answer = ({ reference, door }: Open, request: ConsentRequest, outcome: "asked" | "repeated"): AskResult => ({
  outcome,
  reference,
  by: request.by,
  until: request.endsAt,
  asks: door === "jobcentre" ? [] : request.asks,
});
