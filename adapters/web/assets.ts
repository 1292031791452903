// What pages load: one style sheet, from here and nowhere else. GOV.UK's typeface and crest are for gov.uk alone, so they stay out.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Router } from "express";

const A_YEAR = "public, max-age=31536000, immutable";

const withoutTypeface = (css: string): string =>
  css
    .replaceAll(/@font-face\{[^}]*\}/g, "")
    .replaceAll("GDS Transport,", "")
    .replaceAll(/\/\*# sourceMappingURL=[^*]*\*\//g, "");

/** Mounted at `/assets`. A new style sheet has a new address, so that a browser may keep the old one for ever. */
export const createAssets = (root: string): { router: Router; styles: string } => {
  const parts = createRequire(import.meta.url).resolve("govuk-frontend/dist/govuk/govuk-frontend.min.css");
  const own = readFileSync(join(root, "adapters", "web", "views", "waymark.css"), "utf8");
  const css = `${withoutTypeface(readFileSync(parts, "utf8"))}\n${own}`;
  const name = `/styles-${createHash("sha256").update(css).digest("hex").slice(0, 16)}.css`;
  const router = Router();
  router.get(name, (_req, res) => {
    res.set("Cache-Control", A_YEAR).type("css").send(css);
  });
  return { router, styles: `/assets${name}` };
};
