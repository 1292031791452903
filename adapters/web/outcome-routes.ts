// The pages about a job: whoever has no system says here that one began, whether it lasts, and that it is over.
import type { Request, RequestHandler, Response, Router } from "express";
import type { Read } from "../../schemas/faults.ts";
import type { OutcomeReport } from "../../schemas/outcome-report.ts";
import { dayOf as today } from "../../src/core/calendar.ts";
import type { Steps } from "../../src/ports/steps.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { OfferView } from "../../src/ports/views.ts";
import { annotate } from "../http/speak.ts";
import type { Visit, Visited } from "./answer-visit.ts";
import { type AskPage, showAsk } from "./ask.ts";
import { formOf } from "./form.ts";
import type { Frame } from "./frame.ts";
import {
  JOB_OVER_PAGE,
  JOB_PAGE,
  jobOf,
  jobOverOf,
  lastsOf,
  lastsPage,
  mayReportJob,
  mayReportJobOver,
} from "./outcome.ts";

type Parts = {
  frame: Frame;
  steps: Pick<Steps, "reportOutcome">;
  clock: Clock;
  visited: (handle: Visited) => RequestHandler;
};
type Form = { page: AskPage; read: (typed: Record<string, string>) => Read<OutcomeReport> };

const PATHS = ["job", "lasts", "job-over"] as const;
type Path = (typeof PATHS)[number];

export const outcomeRoutes = (router: Router, { frame, steps, clock, visited }: Parts): void => {
  const now = (): string => today(clock.now());
  const forms: Record<Path, (offer: OfferView) => Form | undefined> = {
    job: (offer) => (mayReportJob(offer) ? { page: JOB_PAGE, read: jobOf } : undefined),
    lasts: ({ outcomes }) => {
      const week = outcomes?.asks?.week;
      return week === undefined ? undefined : { page: lastsPage(week), read: (typed) => lastsOf(typed, week, now()) };
    },
    "job-over": (offer) =>
      mayReportJobOver(offer) ? { page: JOB_OVER_PAGE, read: (typed) => jobOverOf(typed, now()) } : undefined,
  };

  const show =
    (path: Path): Visited =>
    (visit, _req, res) => {
      const form = forms[path](visit.offer);
      if (form === undefined) return res.redirect(303, "/answer");
      showAsk(frame, res, visit, form.page);
    };
  const send =
    (path: Path): Visited =>
    async (visit: Visit, req: Request, res: Response) => {
      const form = forms[path](visit.offer);
      // Answered meanwhile: the page of the offer says what is left.
      if (form === undefined) return res.redirect(303, "/answer");
      const typed = formOf(req);
      const report = form.read(typed);
      annotate(res, { verb: "outcome" });
      if (!report.ok) return showAsk(frame, res.status(422), visit, form.page, typed, report.reasons);
      const result = await steps.reportOutcome(visit.client, visit.offer.id, report.value);
      annotate(res, { what: report.value.what, outcome: result.outcome });
      if (result.outcome === "refused") return showAsk(frame, res.status(422), visit, form.page, typed, result.reasons);
      res.redirect(303, "/answer");
    };

  for (const path of PATHS) {
    router.get(`/${path}`, visited(show(path)));
    router.post(`/${path}`, visited(send(path)));
  }
};
