// A provider reports what became of the help: a job, a checkpoint, earnings. What it comes to by the programme's own definition is
// found at once; the same report again changes nothing.
import { openBranches } from "../core/branch.ts";
import { referenceFrom } from "../core/reference.ts";
import { againstReport, sameReport } from "../core/outcomes/against.ts";
import { mayAnswer } from "../core/partner.ts";
import { belated, planned } from "../core/outcomes/checkpoints.ts";
import { reachedOn } from "../core/outcomes/reached.ts";
import { tell } from "../core/tell.ts";
import { programmeOf } from "../core/under.ts";
import type { Client } from "../../schemas/client.ts";
import type { Event, EventBody } from "../../schemas/event.ts";
import type { Offer } from "../../schemas/offer.ts";
import type { KeptReport, OutcomeReport } from "../../schemas/outcome-report.ts";
import type { Programme } from "../../schemas/programme.ts";
import type { WageRates } from "../../schemas/rates.ts";
import { reason } from "../../schemas/reason.ts";
import type { NewWork } from "../../schemas/work.ts";
import type { Bell } from "../ports/agenda.ts";
import type { Change, Journey, Ledger } from "../ports/ledger.ts";
import type { Rulebook } from "../ports/rulebook.ts";
import type { Steps } from "../ports/steps.ts";
import type { Clock, Ids } from "../ports/system.ts";

type Ports = { ledger: Ledger; rulebook: Rulebook; rates: WageRates; clock: Clock; ids: Ids; bell: Bell };

/** Other commits may come between reading and writing; each time the offer is read again. */
const TRIES = 12;

export const createReportOutcome =
  (ports: Ports): Steps["reportOutcome"] =>
  async (client, offerId, report) => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const journey = await ports.ledger.openByOffer(offerId);
      const offer = journey?.offers.find((one) => one.id === offerId);
      const owns = client.kind === "provider" && offer?.test === client.test && mayAnswer(offer, client.organisation);
      if (journey?.content === undefined || offer === undefined || !owns) return { outcome: "not-found" };
      const now = ports.clock.now();
      const programme = programmeOf(ports.rulebook, offer, now);
      const reports = journey.reports.filter((one) => one.offer === offerId);
      if (sameReport(reports, report)) return { outcome: "repeated", offer };
      const startedOn = startOf(journey, offer);
      const faults = againstReport({ offer, recalls: journey.recalls, startedOn, reports, programme }, report, now);
      if (faults.length > 0 || startedOn === undefined) return { outcome: "refused", reasons: faults };
      const kept: KeptReport = { id: ports.ids.uuid(), offer: offerId, provider: offer.provider, at: now, report };
      const told = { reports: [...reports, kept], startedOn };
      // commits: the report sealed, its event, outcomes that it completes, checkpoints of its job, a referral of its own
      // for who wants help again, and the news of it
      const result = await ports.ledger.commit(changeOf(ports, journey, offer, client, kept, told, programme));
      if (result === "committed") {
        ports.bell.nudge();
        return { outcome: "changed", offer };
      }
    }
    return { outcome: "refused", reasons: [reason("conflict")] };
  };

const startOf = ({ marks }: Journey, { id }: Offer): string | undefined => {
  const started = marks.findLast((mark) => mark.type === "started" && mark.offer === id);
  return started?.type === "started" ? started.on : undefined;
};

const changeOf = (
  { ids, rates }: Ports,
  journey: Journey,
  offer: Offer,
  client: Client,
  kept: KeptReport,
  told: { reports: KeptReport[]; startedOn: string },
  programme: Programme | undefined,
): Change => {
  const { report, at } = kept;
  const bodies: EventBody[] = [bodyOf(offer, report), ...reachedBy(journey, offer, programme, { ...told, rates })];
  const events = bodies.map((body, place): Event => ({
    id: ids.uuid(),
    referral: journey.id,
    sequence: journey.sequence + place + 1,
    at,
    actor: place === 0 ? client.id : "waymark",
    body,
  }));
  const again = returning(journey, report, journey.sequence + events.length, ids, at);
  const all = [...events, ...again.events];
  const news = tell(journey, all, () => ids.uuid(), programme?.tells);
  return {
    referral: journey.id,
    version: journey.version,
    status: journey.status,
    events: all,
    reports: [kept],
    branches: again.branches,
    callbacks: news.callbacks,
    work: [...news.work, ...(isJob(kept) ? asksOf(journey, offer, kept, told.reports, () => ids.uuid()) : [])],
  };
};

const asksOf = (
  { marks }: Journey,
  offer: Offer,
  kept: KeptReport,
  reports: KeptReport[],
  nextId: () => string,
): NewWork[] => {
  const from = kept.report.on;
  const first = !reports.some((one) => one !== kept && isJob(one));
  return first ? planned(offer, from, nextId) : belated(offer, reports, marks, { from, now: kept.at, nextId });
};

const isJob = ({ report }: KeptReport): boolean => report.what === "job-started";

const bodyOf = ({ id: offer }: Offer, report: OutcomeReport): EventBody => ({
  type: "outcome-reported",
  offer,
  what: report.what,
  on: report.on,
  ...(report.what === "checkpoint" ? { week: report.week, answer: report.answer } : {}),
});

/** Each once: what was reached stays reached. */
const reachedBy = (
  { marks }: Journey,
  offer: Offer,
  programme: Programme | undefined,
  told: Parameters<typeof reachedOn>[2],
): EventBody[] => {
  if (programme === undefined) return [];
  const had = new Set(
    marks.flatMap((mark) => (mark.type === "outcome-reached" && mark.offer === offer.id ? [mark.outcome] : [])),
  );
  return programme.outcomes.flatMap((rule): EventBody[] => {
    const on = had.has(rule.id) ? undefined : reachedOn(programme, rule, told);
    const body = { type: "outcome-reached", offer: offer.id, programme: offer.programme, outcome: rule.id } as const;
    return on === undefined ? [] : [{ ...body, on }];
  });
};

/** A job ended and the person wants help again: the same case, a new referral, decided as any other. */
const returning = (
  { id, content, siblings }: Journey,
  report: OutcomeReport,
  sequence: number,
  ids: Ids,
  now: Date,
): Required<Pick<Change, "events" | "branches">> => {
  if (report.what !== "job-ended" || !report.returns || content?.need === undefined)
    return { events: [], branches: [] };
  const facts = {
    ...content.facts,
    employment: "out-of-work" as const,
    unemployedSince: report.on,
    inWorkSince: undefined,
  };
  return openBranches(
    { referral: id, content: { ...content, facts }, siblings, sequence },
    [{ need: content.need, why: "returns" }],
    { uuid: () => ids.uuid(), reference: () => referenceFrom(ids.bytes(16)), now },
  );
};
