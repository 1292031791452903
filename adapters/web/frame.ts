// The frame of every page: our layout around GOV.UK Frontend's parts, rendered here, complete without a script.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Response, Router, urlencoded } from "express";
import nunjucks from "nunjucks";
import { statusOf } from "../../schemas/problem.ts";
import { REASONS, type Reason, type ReasonCode } from "../../schemas/reason.ts";
import { speaks } from "../http/speak.ts";
import { createAssets } from "./assets.ts";
import { pagePolicy, sameSite, unlessClosed } from "./guard.ts";

/** `lang` is the language of the page's words (BCP 47), English unless said. */
export type Shown = { title: string; lang?: string; [value: string]: unknown };

export type Frame = {
  /** A page from `views/<view>.njk`. What is not said with `res.status` is 200. */
  page(res: Response, view: string, shown: Shown): void;
  /** A router for pages: safe headers, forms read, no change that another site started, every fault a page. */
  router(): Router;
  /** Mounted at `/assets`. */
  assets: Router;
};

/** Where the table speaks to systems, people hear other words. */
const FOR_PEOPLE: Partial<Record<ReasonCode, string>> = {
  "not-found": "This page is not here, or it is no longer open to you.",
  forbidden: "This form did not come from our own page. Open the page again and try from there.",
  "method-not-allowed": "This page does not work like that. Open it again.",
  quarantined: "We are checking our records after a fault. Please try again in a few hours. Your link stays good.",
  "too-many-requests": "There were too many tries. Wait a few minutes, then try again.",
  "we-broke": "Something went wrong on our side. It has been recorded. Please try again in a few minutes.",
};

/** `root` is the package's: `dist/` holds no views. */
export const createFrame = (root: string, closed: () => Promise<boolean> = async () => false): Frame => {
  const parts = dirname(createRequire(import.meta.url).resolve("govuk-frontend/package.json"));
  const folders = [join(root, "adapters", "web", "views"), join(parts, "dist")];
  const loader = new nunjucks.FileSystemLoader(folders);
  const views = new nunjucks.Environment(loader, { autoescape: true, trimBlocks: true, lstripBlocks: true });
  const assets = createAssets(root);

  const page: Frame["page"] = (res, view, shown) => {
    const { lang = "en" } = shown;
    const html = views.render(`${view}.njk`, { ...shown, lang, styles: assets.styles });
    res.set("Content-Language", lang).type("html").send(html);
  };
  const renderFault = (res: Response, reasons: readonly Reason[]): void => {
    const status = statusOf(reasons);
    page(res.status(status), "fault", {
      title: status >= 500 ? "Something went wrong" : "This cannot be done",
      words: [...new Set(reasons.map(({ code }) => FOR_PEOPLE[code] ?? REASONS[code].words))],
    });
  };
  const router = (): Router => {
    const made = Router();
    made.use(pagePolicy, speaks(renderFault), sameSite, unlessClosed(closed));
    made.use(urlencoded({ extended: false, limit: "32kb", parameterLimit: 100 }));
    return made;
  };
  return { page, router, assets: assets.router };
};
