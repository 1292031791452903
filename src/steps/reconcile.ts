// Ends a quarantine: what the journal holds and the store has lost is done again by the steps that did it first, what cannot be
// known is named, and only when nothing is left undecided, or somebody answers for it, may anything leave.
import { mismatchOf } from "../core/anchor.ts";
import { createReading, entryOf, type Mark, type Read } from "../core/journal.ts";
import { answerBy, beginRecall } from "../core/recalls.ts";
import { besideTold, type Compared, differencesSeen, settledBy, stepsTold, takenBackByUs } from "../core/compare.ts";
import { namedIn, offerOf, planOf } from "../core/reconcile.ts";
import { programmeOf } from "../core/under.ts";
import { next } from "../core/lifecycle.ts";
import type { Holidays } from "../../schemas/holidays.ts";
import type { JournalHead } from "../../schemas/journal.ts";
import type {
  Difference,
  Doubted,
  LostOffer,
  ReconcileAsked,
  ReconcilePlan,
  ReconcileReport,
  ToldSteps,
  Unsent,
  UnsentHow,
} from "../../schemas/reconcile.ts";
import { reason, type ReasonCode, REASONS } from "../../schemas/reason.ts";
import type { Journal, JournalBook, Writing } from "../ports/journal.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Restoring } from "../ports/restoring.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Steps } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = {
  book: JournalBook;
  restoring: Restoring;
  /** Absent where none is set up: then nothing can be compared. */
  journal?: Journal | undefined;
  mark: Mark;
  ledger: Ledger;
  rulebook: Rulebook;
  holidays: Holidays;
  clock: Clock;
  ids: Ids;
  withdraw: Steps["withdraw"];
  amend: Steps["amend"];
  /** Asks each destination how these stand there. */
  ask(offers: readonly Doubted[]): Promise<Compared>;
  /** Takes in what they did after the backup; names what was not taken. */
  take(steps: readonly ToldSteps[]): Promise<Difference[]>;
  /** How a second copy of an unsent offer is kept from being made; `way` where its sends are not idempotent. */
  unsentBy(offer: Unsent): Promise<{ how: UnsentHow; way?: string }>;
};

/** `none`: there is no quarantine. `busy`: another process writes to the journal just now. */
export type Reconcile = (asked: ReconcileAsked) => Promise<ReconcileReport | "none" | "busy">;

export const createReconcile =
  (ports: Ports): Reconcile =>
  async (asked) => {
    const first = await withBook(ports, (writing) => survey(ports, writing));
    if (typeof first === "string") return first;
    // Asking may take minutes: meanwhile nobody is kept from the journal.
    const compared = await ports.ask([...first.open, ...[...first.plan.recall, ...first.plan.gone].map(lostOne)]);
    // Another's journal is not ours to write to, whoever answers for it.
    if (asked.dryRun || first.others) return reportOf(first, compared);
    return withBook(ports, async (writing) => reconcile(ports, await survey(ports, writing), compared, asked));
  };

const withBook = async <T>({ book }: Ports, use: (writing: Held) => Promise<T>): Promise<T | "none" | "busy"> => {
  const writing = await book.begin();
  if (writing === undefined) return "busy";
  try {
    return writing.quarantine === undefined ? "none" : await use({ ...writing, quarantine: writing.quarantine });
  } finally {
    await book.end(writing.token);
  }
};
type Held = Writing & Required<Pick<Writing, "quarantine">>;

/** What store and journal say, and how each unsent offer would go. */
const survey = async (ports: Ports, { head, identity, quarantine }: Held) => {
  const { restoring } = ports;
  const read = await readAfter(ports, head);
  const waiting = await ports.book.waiting(read.lines.map(({ id }) => id));
  const lost = read.lines.filter(({ id, store }) => store === identity.store && !waiting.has(id));
  const entries = lost.flatMap((line) => entryOf(line) ?? []);
  const journal = ports.journal === undefined ? "no-journal" : mismatchOf(identity, head, read, waiting);
  const planNow = async (applied = false) => planOf(entries, await restoring.facts(namedIn(entries)), journal, applied);
  const unsent = await restoring.unsent();
  return {
    ...quarantine,
    head: read.head,
    others: read.lines.some(({ store }) => store !== identity.store),
    plan: await planNow(),
    planNow,
    open: await restoring.open(),
    ways: await Promise.all(unsent.map(async (one) => ({ one, ...(await ports.unsentBy(one)) }))),
  };
};
type Survey = Awaited<ReturnType<typeof survey>>;

const lostOne = (lost: LostOffer): Doubted => {
  const { offer: id, referral, reference, provider, test } = lost;
  return { id, referral, reference, provider, test, unsent: false, lost };
};

/** What the services say, beside what store and journal do. */
const toldIn = ({ plan }: Survey, { seen }: Compared) => {
  const endsAnyhow = new Set([...plan.withdraw, ...plan.refuse].map(({ reference }) => reference));
  const steps = stepsTold(seen, endsAnyhow, takenBackByUs(plan.differences));
  return { steps, differences: differencesSeen(seen, endsAnyhow), settled: settledBy(plan.differences, steps) };
};

const reportOf = (surveyed: Survey, compared: Compared): ReconcileReport => {
  const { why, since, plan, ways } = surveyed;
  const told = toldIn(surveyed, compared);
  return {
    ...plan,
    why,
    since,
    unsent: ways.map(({ one: { reference, provider }, how }) => ({ reference, provider, how })),
    destinations: compared.destinations,
    steps: told.steps.map(({ reference, provider, answers }) => ({
      reference,
      provider,
      verbs: answers.map(({ verb }) => verb),
    })),
    differences: [
      ...besideTold(plan.differences, compared.seen, told.settled),
      ...told.differences,
      ...compared.differences,
    ],
    applied: false,
    ended: false,
  };
};

const reconcile = async (
  ports: Ports,
  surveyed: Survey,
  compared: Compared,
  { by, accept }: ReconcileAsked,
): Promise<ReconcileReport> => {
  const { restoring } = ports;
  const { plan, ways, head, planNow } = surveyed;
  const told = toldIn(surveyed, compared);
  const intents = ways.flatMap(({ one: { work }, way }) => (way === undefined ? [] : [{ work, way }]));
  const maybe = plan.recall.map(({ offer }) => offer);
  await restoring.doubt(intents, maybe);
  await restoring.keepLost(plan.lost);
  const failed = [...(await apply(ports, plan)), ...(await ports.take(told.steps))];
  const after = besideTold((await planNow(true)).differences, compared.seen, told.settled);
  const differences = [...after, ...failed, ...told.differences, ...compared.differences];
  const ended = differences.length === 0 || accept !== undefined;
  if (ended) {
    const done = { by, reason: accept?.reason, accepted: differences.length > 0, differences: differences.length };
    await restoring.end(done, head);
  }
  return { ...reportOf(surveyed, compared), differences, applied: true, ended };
};

/** From the last line that this copy knows; all of the journal where that line is gone. */
const readAfter = async ({ journal, mark }: Ports, head: JournalHead): Promise<Read> => {
  const from = async (whole: boolean): Promise<Read> => {
    const reading = createReading(head, mark, whole);
    if (journal !== undefined)
      for await (const { text, place } of journal.read(whole ? { place: 0 } : head)) reading.take(text, place);
    return reading.end();
  };
  const read = await from(head.number === 0);
  return head.number === 0 || read.first !== undefined || journal === undefined ? read : from(true);
};

/** What a person must see to after all. */
const apply = async (ports: Ports, { withdraw, refuse, erase, recall }: ReconcilePlan): Promise<Difference[]> => {
  const left: Difference[] = [];
  for (const { referral, reference, reasons, by } of withdraw) {
    const [code] = reasons.filter((one) => Object.hasOwn(REASONS, one)) as ReasonCode[];
    const why = { reason: code ?? "person-declined", by: by ?? "operator" } as Parameters<Steps["withdraw"]>[2];
    const { outcome } = await ports.withdraw({ operator: true }, referral, why);
    if (outcome === "refused") left.push({ what: "withdrawal-refused", reference });
  }
  for (const { id, referral, organisation, no } of refuse) {
    const body = Buffer.from(JSON.stringify(no), "utf8");
    const telling = { amendment: { consents: no }, key: `journal:${id}`, body, contentType: "application/json" };
    // Refused where it has closed since: then nothing goes out for it.
    await ports.amend({ person: true, organisation }, referral, telling);
  }
  for (const offer of recall) left.push(...(await recallAgain(ports, offer)));
  // Last, for nothing more can be done for who is erased.
  for (const caseId of erase) await ports.ledger.forget(caseId);
  return left;
};

const recallAgain = async (ports: Ports, lost: LostOffer): Promise<Difference[]> => {
  const { ledger, rulebook, holidays, clock, ids } = ports;
  const { offer: id, referral, reference, provider } = lost;
  const journey = await ledger.open(referral);
  const now = clock.now();
  const gone: Difference = { what: "recall-refused", offer: id, reference, provider };
  const status = journey && next(journey.status, "recall-asked");
  if (journey === undefined || status === undefined) return [gone];
  if (journey.recalls.some(({ offer }) => offer === id)) return [];
  const offer = offerOf(lost, "recalled", now);
  const { recall, work } = beginRecall(
    offer,
    answerBy(programmeOf(rulebook, offer, now), holidays, now),
    ids.uuid(),
    now,
  );
  // commits: the offer as one that was taken back, the event that says why, its recall, and the work that tells its holder
  const result = await ledger.commit({
    referral,
    version: journey.version,
    status,
    events: [
      {
        id: ids.uuid(),
        referral,
        sequence: journey.sequence + 1,
        at: now,
        actor: "operator",
        body: { type: "recall-asked", offer: id, reasons: [reason("lost-in-restore")], by: "operator" },
      },
    ],
    offers: [offer],
    recalls: [recall],
    work: [work],
  });
  return result === "committed" ? [] : [gone];
};
