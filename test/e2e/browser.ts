// A real browser, driven by the keyboard alone, with a look for faults that shut people out on every page.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";
import { expect } from "vitest";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
export const browserPath = (): string | undefined => PLACES.find((one) => existsSync(one));

export const openBrowser = async (): Promise<Browser> => {
  const executablePath = browserPath();
  if (executablePath === undefined) throw new Error("no Chromium is installed");
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  return chromium.launch({ executablePath, headless: true, args });
};

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** WCAG 2.2 AA as far as a program can tell, nothing wider than the window, one heading, a language, and a title. */
export const isClean = async (page: Page, name: string): Promise<void> => {
  // Scripts are barred by the page's own policy: this one comes in beside it, over the debugger.
  const results = (await page.evaluate(
    `(() => { ${axe}; return axe.run({ runOnly: ${JSON.stringify(TAGS)} }); })()`,
  )) as AxeResults;
  const faults = results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
  const width = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
  const found = { faults, wider: await page.evaluate(width), headings: await page.locator("h1").count() };
  expect({ page: name, ...found }).toEqual({ page: name, faults: [], wider: 0, headings: 1 });
  expect(await page.title()).toMatch(/ – Waymark$/);
  await photograph(page, name);
};

/** Kept where SCREENSHOTS says, for people to look at. */
const photograph = async (page: Page, name: string): Promise<void> => {
  const folder = process.env["SCREENSHOTS"];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
};

const MOST_TABS = 60;

/** Goes on with the Tab key until this is in focus, and sees that the focus can be seen. */
export const tabTo = async (page: Page, selector: string): Promise<void> => {
  for (let count = 0; count < MOST_TABS; count += 1) {
    await page.keyboard.press("Tab");
    const there = await page.evaluate(
      `(() => { const at = document.activeElement; return at !== null && at.matches(${JSON.stringify(selector)}); })()`,
    );
    if (there !== true) continue;
    const seen = await page.evaluate(
      "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; })()",
    );
    if (seen !== true) throw new Error(`${selector} does not show that it is in focus`);
    return;
  }
  throw new Error(`the Tab key never comes to ${selector}`);
};

/** Presses a button or a link, and waits for the page that follows. */
export const press = async (page: Page, selector: string): Promise<void> => {
  await tabTo(page, selector);
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
};
