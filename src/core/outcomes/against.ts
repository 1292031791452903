// What stands against a report of an outcome, all of it at once.
import type { Offer } from "../../../schemas/offer.ts";
import type { KeptReport, OutcomeReport } from "../../../schemas/outcome-report.ts";
import type { Programme } from "../../../schemas/programme.ts";
import { reason, type Reason } from "../../../schemas/reason.ts";
import type { Recall } from "../../../schemas/recall.ts";
import type { PlainDate } from "../../../schemas/text.ts";
import { dayOf, daysAfter } from "../calendar.ts";
import { canonical } from "../canonical.ts";
import { spellsOf } from "./spells.ts";

export type Standing = {
  offer: Pick<Offer, "id" | "status">;
  recalls: readonly Pick<Recall, "offer">[];
  /** The day on which help began, if it has. */
  startedOn: PlainDate | undefined;
  reports: readonly Pick<KeptReport, "report">[];
  programme: Pick<Programme, "outcomes"> | undefined;
};

export const sameReport = (reports: Standing["reports"], report: OutcomeReport): boolean =>
  reports.some((one) => canonical(one.report) === canonical(report));

export const againstReport = (standing: Standing, report: OutcomeReport, now: Date): Reason[] => {
  const { offer, recalls, startedOn } = standing;
  if (offer.status === "recalled" || recalls.some((one) => one.offer === offer.id))
    return [reason("outcome-after-withdrawal")];
  if (startedOn === undefined) return [reason("help-not-begun")];
  return [
    ...(report.on > dayOf(now) ? [reason("not-yet", "on")] : []),
    ...(report.on < startedOn ? [reason("before-start", "on")] : []),
    ...ofItsKind(standing, report),
  ];
};

const ofItsKind = ({ reports, programme }: Standing, report: OutcomeReport): Reason[] => {
  const spells = spellsOf(reports);
  switch (report.what) {
    case "job-started":
      return [];
    case "earnings":
      return shrinks(reports, report) ? [reason("earnings-shrink", "total")] : [];
    case "job-ended":
      return spells.some((spell) => spell.open && spell.from <= report.on) ? [] : [reason("no-job", "on")];
    case "milestone": {
      const known = programme?.outcomes.some((one) => one.id === report.outcome && one.kind === "milestone") ?? false;
      return known ? [] : [reason("no-outcome", "outcome")];
    }
    case "checkpoint": {
      const first = spells[0];
      if (first === undefined) return [reason("no-job", "week")];
      const before = reports.filter((one) => one.report.what === "checkpoint" && one.report.week === report.week);
      const stands = before.some(
        (one) => one.report.what === "checkpoint" && one.report.answer !== "could-not-contact",
      );
      return [
        // A few days early is a call that was made when it could be.
        ...(report.on < daysAfter(first.from, report.week * 7 - EARLY_DAYS) ? [reason("not-yet", "week")] : []),
        ...(stands ? [reason("checkpoint-answered", "week")] : []),
      ];
    }
  }
};

const EARLY_DAYS = 7;

type Earnings = Extract<OutcomeReport, { what: "earnings" }>;

/** Later days never have less, earlier ones never more, and one day has one sum unless it grew. */
const shrinks = (reports: Standing["reports"], { on, total }: Earnings): boolean =>
  reports.some(
    ({ report }) =>
      report.what === "earnings" &&
      ((report.on <= on && report.total > total) || (report.on > on && report.total < total)),
  );
