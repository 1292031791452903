// `/answer`: a visit. What may be known of the offer, and the steps that follow from where it stands.
import { type RequestHandler, type Response } from "express";
import { Answer } from "../../schemas/offer.ts";
import { read } from "../../schemas/faults.ts";
import { reason, REASONS, type Reason } from "../../schemas/reason.ts";
import { isClosed, nextOffer } from "../../src/core/lifecycle.ts";
import { sameDigest, VISIT } from "../../src/core/link.ts";
import type { Doorkeeper } from "../../src/ports/links.ts";
import type { Steps } from "../../src/ports/steps.ts";
import type { Clock } from "../../src/ports/system.ts";
import type { OfferView, Views } from "../../src/ports/views.ts";
import { annotate, noteReasons, refuse } from "../http/speak.ts";
import { type AskPage, type Choice, showAsk, typedInto } from "./ask.ts";
import { formOf } from "./form.ts";
import type { Frame } from "./frame.ts";
import { pageLimits, type PageLimits } from "./limit.ts";
import { detailRows, previewRows, type Names } from "./offer-rows.ts";
import { lastsPage, mayReportJob, mayReportJobOver } from "./outcome.ts";
import { outcomeRoutes } from "./outcome-routes.ts";
import { RECALL_PAGE, recallAnswerOf, waits } from "./recall.ts";
import { answerVisit, type Visit, type Visited } from "./answer-visit.ts";
import { ONE_QUESTION, STANDS, STEPS, type Step, toldLast } from "./words.ts";

export type AnswerParts = {
  frame: Frame;
  doorkeeper: Doorkeeper;
  views: Pick<Views, "offer">;
  steps: Pick<Steps, "answer" | "reportOutcome">;
  clock: Clock;
  names: Names;
  limits: PageLimits;
};

export const answerRoutes = ({ frame, doorkeeper, views, steps, clock, names, limits }: AnswerParts) => {
  const router = frame.router();
  router.use(...pageLimits(limits));

  const signedOut = (res: Response): void => {
    answerVisit.end(res);
    annotate(res, { visit: "over" });
    frame.page(res.status(401), "notice", {
      title: "You are signed out",
      words: ["Open the link in your e-mail again. If it was used, you can ask there for a new one."],
    });
  };

  /** Only with a visit that goes on, and only for the one offer that its link was for. */
  const visited =
    (handle: Visited): RequestHandler =>
    async (req, res) => {
      const session = answerVisit.visitOf(req);
      const visitor = session === undefined ? undefined : await doorkeeper.visitor(session);
      const offer = visitor && (await views.offer(visitor.client, visitor.offer));
      if (visitor === undefined || offer === undefined) return signedOut(res);
      annotate(res, { client: visitor.client.id, offer: offer.id });
      // A form that is not from this visit's own page changes nothing.
      const mark = formOf(req)["form"] ?? "";
      if (req.method === "POST" && !sameDigest(mark, visitor.form)) return refuse(res, [reason("forbidden")]);
      await handle({ client: visitor.client, offer, form: visitor.form }, req, res);
    };

  const show = (res: Response, { offer, form }: Visit, faults: { text: string }[] = []): void => {
    const stands = offer.onHold === undefined ? "going-on" : "resting";
    const open = STEPS.filter(
      (step) => nextOffer(offer.status, step.verb) !== undefined && (step.while ?? stands) === stands,
    );
    const closed = isClosed(offer.status);
    const asks = offer.outcomes?.asks;
    frame.page(res, "answer", {
      title: STANDS[offer.status].title,
      words: closed && asks !== undefined ? ONE_QUESTION : STANDS[offer.status].words,
      ...(faults.length > 0 ? { faults } : {}),
      form,
      minutes: VISIT.minutes,
      reference: offer.reference,
      preview: closed || offer.preview === undefined ? [] : previewRows({ ...offer, preview: offer.preview }, names),
      detail: closed || offer.detail === undefined ? [] : detailRows(offer.detail),
      steps: open,
      recall: waits(offer),
      ...(asks === undefined ? {} : { question: lastsPage(asks.week).title }),
      job: mayReportJob(offer),
      jobOver: mayReportJobOver(offer),
      ...(closed || offer.progress === undefined ? {} : { told: toldLast(offer.progress) }),
    });
  };

  const ask = (res: Response, visit: Visit, step: Step, typed?: Record<string, string>, reasons: Reason[] = []) => {
    const { asks } = step;
    // A step that asks nothing has no page: its button stands beside the offer.
    if (asks === undefined) return refuse(res, reasons);
    showAsk(frame, res, visit, step.verb === "decline" ? allowed(asks, visit.offer.declines) : asks, typed, reasons);
  };

  router.get(
    "/",
    visited((visit, _req, res) => show(res, visit)),
  );
  for (const step of STEPS) {
    if (step.asks !== undefined)
      router.get(
        `/${step.path}`,
        visited((visit, _req, res) => {
          if (nextOffer(visit.offer.status, step.verb) === undefined) return res.redirect(303, "/answer");
          ask(res, visit, step);
        }),
      );
    router.post(
      `/${step.path}`,
      visited(async (visit, req, res) => {
        const typed = formOf(req);
        const answer = read(Answer, answerOf(step, typed));
        annotate(res, { verb: step.verb });
        if (!answer.ok) return ask(res.status(422), visit, step, typed, answer.reasons);
        const result = await steps.answer(visit.client, visit.offer.id, answer.value);
        annotate(res, { outcome: result.outcome });
        if (result.outcome !== "refused") return res.redirect(303, "/answer");
        const now = (await views.offer(visit.client, visit.offer.id)) ?? visit.offer;
        // What is wrong with the answer is said beside it; where the referral has moved on meanwhile, its page says how it stands.
        if (step.asks !== undefined && nextOffer(now.status, step.verb) !== undefined)
          return ask(res.status(422), { ...visit, offer: now }, step, typed, result.reasons);
        noteReasons(res, result.reasons);
        show(res.status(409), { ...visit, offer: now }, result.reasons.map(refusedWords));
      }),
    );
  }
  const askRecall = (res: Response, visit: Visit, typed?: Record<string, string>, reasons: Reason[] = []): void =>
    showAsk(frame, res, visit, RECALL_PAGE, typed, reasons);
  router.get(
    "/recall",
    visited((visit, _req, res) => (waits(visit.offer) ? askRecall(res, visit) : res.redirect(303, "/answer"))),
  );
  router.post(
    "/recall",
    visited(async (visit, req, res) => {
      const typed = formOf(req);
      const answer = recallAnswerOf(typed);
      annotate(res, { verb: "recall" });
      if (!answer.ok) return askRecall(res.status(422), visit, typed, answer.reasons);
      const result = await steps.answer(visit.client, visit.offer.id, answer.value);
      annotate(res, { outcome: result.outcome });
      if (result.outcome === "refused") return askRecall(res.status(422), visit, typed, result.reasons);
      res.redirect(303, "/answer");
    }),
  );
  outcomeRoutes(router, { frame, steps, clock, visited });
  router.post(
    "/leave",
    visited(async (_visit, req, res) => {
      await doorkeeper.leave(answerVisit.visitOf(req) ?? "");
      answerVisit.end(res);
      frame.page(res, "notice", { title: "You are signed out", words: ["You can close this page."] });
    }),
  );
  return router;
};

/** Only the reasons for a no that its contract has. */
const allowed = (page: AskPage, declines: OfferView["declines"]): AskPage => {
  if (declines === undefined) return page;
  const may = ({ value }: Choice): boolean => declines.some((one) => one === value);
  const fields = page.fields.map((one) =>
    one.choices === undefined ? one : { ...one, choices: one.choices.filter(may) },
  );
  return { ...page, fields };
};

/** What was typed as the schema has it; what is not asked for here is left out. */
const answerOf = ({ verb, asks, says }: Step, typed: Record<string, string>): Record<string, unknown> => ({
  verb,
  ...says,
  ...(asks === undefined ? {} : typedInto(asks, typed)),
});

const MOVED_ON = "That could not be done: the referral has moved on. This is how it stands now";
const refusedWords = ({ code }: Reason): { text: string } => ({
  text: code === "not-your-turn" || code === "offer-closed" ? MOVED_ON : REASONS[code].words,
});
