// `/answer/job` and `/answer/lasts`: whoever has no system says here that a job began, and whether it lasts.
import type { Request, RequestHandler, Response, Router } from "express";
import type { Read } from "../../schemas/faults.ts";
import type { OutcomeReport } from "../../schemas/outcome-report.ts";
import { dayOf as today } from "../../src/core/calendar.ts";
import type { Steps } from "../../src/ports/steps.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { OfferView } from "../../src/ports/views.ts";
import { annotate } from "../http/speak.ts";
import type { Visit, Visited } from "./answer-visit.ts";
import { formOf } from "./form.ts";
import type { Frame } from "./frame.ts";
import { JOB_PAGE, jobOf, lastsOf, lastsPage, mayReportJob, outcomeFaults, type OutcomePage } from "./outcome.ts";

type Parts = {
  frame: Frame;
  steps: Pick<Steps, "reportOutcome">;
  clock: Clock;
  visited: (handle: Visited) => RequestHandler;
};
type Form = { page: OutcomePage; read: (typed: Record<string, string>) => Read<OutcomeReport> };

export const outcomeRoutes = (router: Router, { frame, steps, clock, visited }: Parts): void => {
  const forms: Record<OutcomePage["path"], (offer: OfferView) => Form | undefined> = {
    job: (offer) => (mayReportJob(offer) ? { page: JOB_PAGE, read: jobOf } : undefined),
    lasts: ({ outcomes }) => {
      const week = outcomes?.asks?.week;
      if (week === undefined) return undefined;
      return { page: lastsPage(week), read: (typed) => lastsOf(typed, week, today(clock.now())) };
    },
  };
  const ask = (
    res: Response,
    { offer, form }: Visit,
    page: OutcomePage,
    typed: Record<string, string> = {},
    faults: ReturnType<typeof outcomeFaults> = [],
  ): void =>
    frame.page(res, "outcome", {
      ...page,
      form,
      typed,
      reference: offer.reference,
      wrong: Object.fromEntries(faults.map(({ at, text }) => [at, { text }])),
      ...(faults.length > 0 ? { faults } : {}),
    });

  const show =
    (path: OutcomePage["path"]): Visited =>
    (visit, _req, res) => {
      const form = forms[path](visit.offer);
      if (form === undefined) return res.redirect(303, "/answer");
      ask(res, visit, form.page);
    };
  const send =
    (path: OutcomePage["path"]): Visited =>
    async (visit: Visit, req: Request, res: Response) => {
      const form = forms[path](visit.offer);
      // Answered meanwhile: the page of the offer says what is left.
      if (form === undefined) return res.redirect(303, "/answer");
      const typed = formOf(req);
      const report = form.read(typed);
      const wrong = (reasons: Parameters<typeof outcomeFaults>[1]): void =>
        ask(res.status(422), visit, form.page, typed, outcomeFaults(form.page, reasons));
      if (!report.ok) return wrong(report.reasons);
      const result = await steps.reportOutcome(visit.client, visit.offer.id, report.value);
      annotate(res, { verb: "outcome", what: report.value.what, outcome: result.outcome });
      if (result.outcome === "refused") return wrong(result.reasons);
      res.redirect(303, "/answer");
    };

  for (const path of ["job", "lasts"] as const) {
    router.get(`/${path}`, visited(show(path)));
    router.post(`/${path}`, visited(send(path)));
  }
};
