// `/open/{token}`: behind the link of a letter. Looking changes nothing; a button sends a code; the code opens a visit.
import { type RequestHandler, type Response, Router } from "express";
import { reason } from "../../schemas/reason.ts";
import { CODE } from "../../src/core/link.ts";
import type { Doorkeeper } from "../../src/ports/links.ts";
import { annotate, refuse } from "../http/speak.ts";
import { formOf } from "./form.ts";
import type { Frame } from "./frame.ts";
import { pageLimits, type PageLimits } from "./limit.ts";
import { answerVisit } from "./answer-visit.ts";

type Handler = RequestHandler<{ token: string }>;
type Look = Awaited<ReturnType<Doorkeeper["look"]>>;

/** For the line in the log: which offer the link is for, and how it stands. */
const seen = ({ standing, offer }: Look) => ({ link: standing, ...(offer === undefined ? {} : { offer }) });

const OVER: Record<Exclude<Look["standing"], "open" | "unknown">, { title: string; words: string; again: boolean }> = {
  used: {
    title: "This link was used",
    words: "Each link lets you in once. You can ask for a new one: it goes to the same e-mail address.",
    again: true,
  },
  replaced: {
    title: "There is a newer link",
    words: "We sent a newer link to the same e-mail address. Use that one, or ask for another.",
    again: true,
  },
  ended: {
    title: "This link has run out",
    words: "You can ask for a new one: it goes to the same e-mail address.",
    again: true,
  },
  closed: { title: "This referral is closed", words: "There is nothing left to do.", again: false },
};

export const openRoutes = (frame: Frame, doorkeeper: Doorkeeper, limits: PageLimits): Router => {
  const router = frame.router();
  router.use(...pageLimits(limits));

  /** What is shown instead, where the link is not open. */
  const over = (res: Response, token: string, look: Look): void => {
    const { standing } = look;
    annotate(res, seen(look));
    if (standing === "unknown" || standing === "open") return refuse(res, [reason("not-found")]);
    frame.page(res.status(410), "over", { ...OVER[standing], token });
  };
  const askCode = (res: Response, token: string, { phone }: Look, fault?: string): void =>
    frame.page(res, "code", {
      title: "Enter the code",
      token,
      phone,
      minutes: CODE.minutes,
      ...(fault === undefined ? {} : { faults: [{ text: fault, href: "#code" }] }),
    });
  const notice = (res: Response, title: string, words: string, token?: string): void =>
    frame.page(res, "notice", { title, words: [words], token });

  const show: Handler = async (req, res) => {
    const { token } = req.params;
    const look = await doorkeeper.look(token);
    annotate(res, seen(look));
    if (look.standing !== "open") return over(res, token, look);
    frame.page(res, "open", { title: "A referral waits for your answer", token, phone: look.phone });
  };

  const sendCode: Handler = async (req, res) => {
    const { token } = req.params;
    const sent = await doorkeeper.sendCode(token);
    annotate(res, { code: sent });
    if (sent === "sent") return res.redirect(303, `/open/${encodeURIComponent(token)}/code`);
    if (sent === "gone") return over(res, token, await doorkeeper.look(token));
    if (sent === "too-many")
      return notice(
        res.status(429),
        "Too many codes",
        "We sent all the codes that one link may have. Ask for a new link.",
        token,
      );
    notice(res.status(503), "The code could not be sent", "Please go back and try again in a few minutes.");
  };

  const codePage: Handler = async (req, res) => {
    const { token } = req.params;
    const look = await doorkeeper.look(token);
    if (look.standing === "open") askCode(res, token, look);
    else over(res, token, look);
  };

  const enter: Handler = async (req, res) => {
    const { token } = req.params;
    const typed = formOf(req)["code"] ?? "";
    const look = await doorkeeper.look(token);
    if (look.standing !== "open") return over(res, token, look);
    annotate(res, seen(look));
    if (typed === "") return askCode(res.status(422), token, look, "Enter the six digits that we sent to your phone");
    const result = await doorkeeper.redeem(token, typed);
    annotate(res, { entry: result.outcome });
    switch (result.outcome) {
      case "in":
        answerVisit.keep(res, result.session);
        return res.redirect(303, "/answer");
      case "wrong":
        return askCode(res.status(422), token, look, wrongWords(result.left));
      case "no-code":
        return askCode(res.status(422), token, look, "That code no longer works. Ask for a new code");
      case "gone":
        return over(res, token, await doorkeeper.look(token));
    }
  };

  const again: Handler = async (req, res) => {
    const { token } = req.params;
    const sent = await doorkeeper.relink(token);
    annotate(res, { relink: sent });
    if (sent === "gone") return over(res, token, await doorkeeper.look(token));
    if (sent === "too-many")
      return notice(
        res.status(429),
        "Too many links for today",
        "Please try again tomorrow, or ring whoever runs this service.",
      );
    if (sent === "not-sent")
      return notice(res.status(503), "The link could not be sent", "Please go back and try again in a few minutes.");
    notice(
      res,
      "A new link is on its way",
      "We sent it to the e-mail address where the first one came. It can take a few minutes.",
    );
  };

  router.get("/:token", show);
  router.post("/:token/code", sendCode);
  router.get("/:token/code", codePage);
  router.post("/:token/enter", enter);
  router.post("/:token/again", again);
  return router;
};

const wrongWords = (left: number): string => {
  if (left === 0) return "That is not the code, and it was the last try. Ask for a new code";
  return `That is not the code. You can try ${left === 1 ? "once" : `${left} times`} more`;
};
