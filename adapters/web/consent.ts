// `/consent/{token}`: behind the link in a letter to the person. Looking changes nothing and tells nothing; a date of birth
// opens the question; an answer is a consent of the person's own.
import type { RequestHandler, Response } from "express";
import { PlainDate } from "../../schemas/text.ts";
import { NEEDS } from "../../schemas/need.ts";
import { reason } from "../../schemas/reason.ts";
import { ASKING, consentsFrom } from "../../src/core/asking.ts";
import { canonical } from "../../src/core/canonical.ts";
import { sameDigest } from "../../src/core/link.ts";
import { kindsOf } from "../../src/core/withhold.ts";
import * as words from "../../src/core/words/asking.ts";
import type { AskDesk, AskPage, AskShown } from "../../src/ports/asking.ts";
import type { Steps } from "../../src/ports/steps.ts";
import type { Clock } from "../../src/ports/system.ts";
import { annotate, refuse } from "../http/speak.ts";
import { dayOf, formOf } from "./form.ts";
import type { Frame } from "./frame.ts";
import { pageLimits, type PageLimits } from "./limit.ts";
import { visitCookie } from "./visit-cookie.ts";

export type ConsentParts = {
  frame: Frame;
  desk: AskDesk;
  steps: Pick<Steps, "amend">;
  clock: Clock;
  limits: PageLimits;
};

const cookie = visitCookie("waymark-consent", "/consent", ASKING.visitMinutes);
/** The token in an address is ours or nobody's: another form of it is not even looked up. */
const TOKEN = /^[\w-]{43}$/;

const box = (at: number): string => `ask-${at}`;

const question = ({ kind, programme, recipient, fields }: AskShown) =>
  kind === "share" && recipient !== undefined
    ? {
        about: recipient.name,
        says: words.whoIsIt(recipient.name, recipient.class, programme),
        sees: [...fields.map((field) => words.FIELD[field]), words.QUESTION.always],
        asks: words.mayWeShare(recipient.name),
      }
    : { about: words.QUESTION.part, says: words.partOf(programme), asks: words.QUESTION.takePart };

/** In the summary each box that was left out has its name. */
const unsaidOf = (one: AskShown | undefined): string =>
  `${words.QUESTION.unsaid}: ${one?.recipient?.name ?? words.QUESTION.part}`;

export const consentRoutes = ({ frame, desk, steps, clock, limits }: ConsentParts) => {
  const router = frame.router();
  router.use(...pageLimits(limits));

  const who = (res: Response, token: string, fault?: string, typed: Record<string, string> = {}): void =>
    frame.page(res, "consent-who", {
      ...words.WHO_ARE_YOU,
      token,
      typed,
      ...(fault === undefined ? {} : { faults: [{ text: fault, href: "#born-day" }] }),
    });
  const notice = (res: Response, status: number, { title, words: said }: { title: string; words: string }): void =>
    frame.page(res.status(status), "notice", { title, words: [said] });
  const ask = (
    res: Response,
    page: AskPage,
    typed: Record<string, string> = {},
    unsaid: readonly number[] = [],
  ): void =>
    frame.page(res, "consent-ask", {
      title: words.QUESTION.title,
      words: words.QUESTION,
      why: words.whoRefers(page.referrer, page.need && NEEDS[page.need].words),
      reference: page.reference,
      form: page.form,
      minutes: ASKING.visitMinutes,
      questions: page.asks.map((one, at) => ({
        ...question(one),
        box: box(at),
        said: typed[box(at)],
        ...(unsaid.includes(at) ? { wrong: { text: words.QUESTION.unsaid } } : {}),
      })),
      ...(unsaid.length === 0
        ? {}
        : { faults: unsaid.map((at) => ({ text: unsaidOf(page.asks[at]), href: `#${box(at)}` })) }),
    });

  const show: RequestHandler<{ token: string }> = (req, res) => {
    if (!TOKEN.test(req.params.token)) return refuse(res, [reason("not-found")]);
    who(res, req.params.token);
  };

  const prove: RequestHandler<{ token: string }> = async (req, res) => {
    const { token } = req.params;
    if (!TOKEN.test(token)) return refuse(res, [reason("not-found")]);
    const typed = formOf(req);
    const born = PlainDate.safeParse(dayOf(typed, "born"));
    if (!born.success) return who(res.status(422), token, words.WHO_ARE_YOU.noDay, typed);
    const result = await desk.prove(token, born.data);
    annotate(res, { entry: result.outcome });
    if (result.outcome === "no") return who(res.status(422), token, words.WHO_ARE_YOU.no);
    if (result.outcome === "over") return notice(res, 410, words.OVER[result.standing]);
    cookie.keep(res, result.session);
    res.redirect(303, "/consent/answer");
  };

  /** Only with a visit that goes on, and only while there is something to answer. */
  const pageOf = async (res: Response, session: string | undefined): Promise<AskPage | undefined> => {
    const page = session === undefined ? undefined : await desk.page(session);
    if (page !== undefined && page.standing === "open") return page;
    cookie.end(res);
    if (page === undefined) notice(res, 401, words.OVER.gone);
    else if (page.standing !== "open") notice(res, 410, words.OVER[page.standing]);
    return undefined;
  };

  const open: RequestHandler = async (req, res) => {
    const page = await pageOf(res, cookie.visitOf(req));
    if (page !== undefined) ask(res, page);
  };

  const answer: RequestHandler = async (req, res) => {
    const session = cookie.visitOf(req);
    const page = await pageOf(res, session);
    if (page === undefined || session === undefined) return;
    annotate(res, { referral: page.request.referral });
    const typed = formOf(req);
    // A form that is not from this visit's own page changes nothing.
    if (!sameDigest(typed["form"] ?? "", page.form)) return refuse(res, [reason("forbidden")]);
    const said = page.asks.map((_, at) => typed[box(at)]);
    const unsaid = said.flatMap((one, at) => (one === "yes" || one === "no" ? [] : [at]));
    if (unsaid.length > 0) return ask(res.status(422), page, typed, unsaid);

    const { id, referral, organisation, asks } = page.request;
    const yes = said.map((one) => one === "yes");
    const read = asks.map((one, at) => ({ ...one, data: kindsOf(page.asks[at]?.fields ?? []) }));
    const result = await steps.amend({ person: true, organisation }, referral, {
      amendment: { consents: consentsFrom(read, yes, clock.now()) },
      // One answer for one link: what is said a second time under this key is not taken.
      key: id,
      body: Buffer.from(canonical({ asks: read, yes }), "utf8"),
      contentType: "application/json",
    });
    annotate(res, { outcome: result.outcome });
    await desk.leave(session);
    cookie.end(res);
    if (result.outcome === "amended" || result.outcome === "repeated" || result.outcome === "unchanged")
      return res.redirect(303, "/consent/done");
    const used = result.outcome === "refused" && result.reasons.some(({ code }) => code === "key-reused");
    notice(res, 410, words.OVER[used ? "answered" : "closed"]);
  };

  router.get("/answer", open);
  router.post("/answer", answer);
  router.get("/done", (_req, res) => {
    const { title, yes, close } = words.DONE;
    frame.page(res, "notice", { title, words: [yes, close] });
  });
  router.get("/:token", show);
  router.post("/:token", prove);
  return router;
};
