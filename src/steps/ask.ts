// Writes to the person: a link to the question, by the contact that they said is safe, read again right before it leaves.
import { ASKING, askStanding, safeWays } from "../core/asking.ts";
import { outcomeOfFate } from "../core/fate.ts";
import { account, attemptOf, passedOver, settle } from "../core/settle.ts";
import type { ConsentRequest } from "../../schemas/asking.ts";
import type { LetterTo } from "../../schemas/letter.ts";
import type { AttemptOutcome, Settlement, Work } from "../../schemas/work.ts";
import type { Agenda } from "../ports/agenda.ts";
import type { ConsentRequests } from "../ports/asking.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Letters } from "../ports/outward.ts";
import type { Steps } from "../ports/steps.ts";
import type { Clock, Digest, Ids } from "../ports/system.ts";

type Ports = {
  ledger: Pick<Ledger, "open">;
  agenda: Pick<Agenda, "intend" | "settle">;
  requests: ConsentRequests;
  letters: Letters;
  clock: Clock;
  ids: Ids;
  digest: Digest;
  publicUrl: string;
};

/** What was safe when it was asked for is taken to be safe for so long. */
const SAFE_MS = 30 * 60_000;

export const createAsk =
  (ports: Ports): Steps["ask"] =>
  async (work) => {
    const settlement = await ends(ports, work);
    if (settlement === undefined) return "nothing";
    return account(settlement, await ports.agenda.settle(work, settlement));
  };

const ends = async (ports: Ports, work: Work): Promise<Settlement | undefined> => {
  const { ledger, requests, clock, ids, letters } = ports;
  const now = clock.now();
  const [journey, request] = [await ledger.open(work.referral), await requests.find(work.subject)];
  if (journey?.content === undefined) return passedOver("skipped", "erased");
  if (request === undefined || askStanding(request, journey, false, now) !== "open")
    return passedOver("skipped", "nothing-to-ask");
  const to = safeWays(journey.content.person).find(({ by }) => by === request.by);
  if (to === undefined) return passedOver("skipped", "no-safe-contact");
  if (request.once && now.getTime() - request.madeAt.getTime() > SAFE_MS)
    return { kind: "dead", cause: "not-a-safe-time" };

  const earlier = await outcomeBefore(ports, work, request);
  const outcome = earlier ?? (await sends(ports, work, request, to));
  if (outcome === undefined) return undefined;
  if (outcome.kind === "accepted") await requests.sent(request.id);
  const idempotent = letters.idempotent(to.by) && work.intent === undefined;
  const facts = { ...attemptOf(work, now, ids.chance()), way: to.by };
  return settle(outcome, { ...facts, idempotent, receiver: "" });
};

/** Of an attempt that came before: whether its letter left. Undefined where this one may go. */
const outcomeBefore = async (
  { letters }: Ports,
  { attempt, intent }: Work,
  { id, by, sentAt }: ConsentRequest,
): Promise<AttemptOutcome | undefined> => {
  if (sentAt !== undefined) return { kind: "accepted", status: 200 };
  if (!letters.idempotent(by)) return intent === undefined ? undefined : { kind: "unknown", cause: "interrupted" };
  return attempt === 0 && intent === undefined ? undefined : outcomeOfFate(await letters.fate(id, by));
};

/** Undefined where the lease was lost: then somebody else sends. */
const sends = async (
  { agenda, requests, letters, ids, digest, publicUrl }: Ports,
  work: Work,
  { id, by }: ConsentRequest,
  to: LetterTo,
): Promise<AttemptOutcome | undefined> => {
  // Whoever finds this intent open knows that a letter may have left.
  if (!(await agenda.intend(work, by))) return undefined;
  const token = ids.bytes(32).toString("base64url");
  await requests.letter(id, digest("ask", token));
  const values = { link: `${publicUrl}/consent/${token}`, days: ASKING.days };
  return letters.send({ id, template: "consent-link", values }, to);
};
