// The pages for a provider without a system and for the person referred, in a real browser, by keyboard alone, on a narrow telephone and on a desk.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dayOf } from "../../src/core/calendar.ts";
import { message, post } from "../flow/letters.ts";
import { type House, setups } from "../flow/house.ts";
import { type PostOffice, startPostOffice } from "../world/post-office.ts";
import { browserPath, isClean, openBrowser, press, tabTo } from "./browser.ts";

const COACHING = "sample-islington-coaching";
const reach = { by: "email", address: "desk@coaching.example", mobile: "+447700900123" } as const;
const WIDTHS = [
  { name: "telephone", width: 320, height: 640 },
  { name: "desk", width: 1280, height: 900 },
];

const lacking = browserPath() === undefined;
if (lacking) console.warn("the pages are not tried in a browser: no Chromium is installed");

it.runIf(process.env["CI"] === "true")("the pipeline has a browser", () => expect(lacking).toBe(false));

describe.skipIf(lacking)("pages in a browser", () => {
  let house: House;
  let office: PostOffice;
  let browser: Browser;
  beforeAll(async () => {
    const [setup] = setups();
    if (setup === undefined) throw new Error("no set-up");
    office = await startPostOffice();
    house = await setup.open({
      SMTP_URL: `smtp://127.0.0.1:${office.port}`,
      SMTP_TEXT_DOMAIN: "sms.example",
      LETTERS_FROM: "Waymark <no-reply@waymark.example>",
    });
    const { clients } = house.broker.ground.store;
    const draft = { kind: "provider", organisation: COACHING, name: "Coaching", test: true, reach } as const;
    await clients.reachChecked((await clients.add(draft)).client.id);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await house?.close();
    await office?.close();
  });

  const refers = async (): Promise<string> => {
    const sender = house.sender("islington-surgery");
    const person = { given: "Perpetua", family: "Quillfeather-Invented", postcode: "N1 2UD", birthDate: "1984-04-09" };
    const letter = message(sender, {
      need: "employment",
      facts: { employment: "out-of-work", longTermCondition: true },
      detail: "Would like to work in a garden again.",
      person,
    });
    const { reference = "" } = await post(sender, letter);
    const mail = await office.waits((one) => one.mail.text?.includes(reference) === true);
    return /http:\S+\/open\/[\w-]{43}/.exec(mail.mail.text ?? "")?.[0] ?? "";
  };
  const newestCode = async (before: number): Promise<string> => {
    const texts = () => office.mails.filter(({ to }) => to.endsWith("@sms.example"));
    await expect.poll(() => texts().length).toBeGreaterThan(before);
    return /\b\d{6}\b/.exec(texts().at(-1)?.mail.text ?? "")?.[0] ?? "";
  };
  const textCount = (): number => office.mails.filter(({ to }) => to.endsWith("@sms.example")).length;

  /** Fetches and scripts that a page begins beside its style sheet, and what its policy refused. */
  const watched = async (context: BrowserContext): Promise<{ page: Page; strange: string[] }> => {
    const page = await context.newPage();
    const strange: string[] = [];
    page.on("request", (request) => {
      const { origin, pathname } = new URL(request.url());
      const ours = request.isNavigationRequest() || pathname.startsWith("/assets/styles-");
      if (origin !== house.broker.origin || !ours) strange.push(request.url());
    });
    // A page that says what is wrong has a status that says so, and the console repeats it.
    page.on("console", (message) => {
      if (!/status of 4(01|10|22)/.test(message.text())) strange.push(message.text());
    });
    return { page, strange };
  };

  it.each(WIDTHS)(
    "lead from the letter to the end of the help: $name",
    async ({ name, width, height }) => {
      const context = await browser.newContext({ viewport: { width, height }, javaScriptEnabled: true });
      const { page, strange } = await watched(context);
      const step = (what: string): Promise<void> => isClean(page, `${name}-${what}`);

      await page.goto(await refers());
      await step("1-open");
      // The first stop of the Tab key is the way past what every page repeats.
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.textContent")).toContain("Skip to main content");
      const before = textCount();
      await press(page, "form[action$='/code'] button");
      await step("2-code");

      await tabTo(page, "#code");
      await page.keyboard.type("12");
      await press(page, "form[action$='/enter'] button");
      await step("3-wrong-code");
      // Who cannot see the page is told first what is wrong.
      expect(await page.evaluate("document.activeElement.className")).toContain("govuk-error-summary");
      expect(await page.title()).toMatch(/^Error: /);
      await tabTo(page, ".govuk-error-summary a");
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.id")).toBe("code");
      await page.keyboard.type(await newestCode(before));
      await page.keyboard.press("Tab");
      await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);

      expect(new URL(page.url()).pathname).toBe("/answer");
      await step("4-offer");
      expect(await page.locator("body").innerText()).not.toContain("Perpetua");
      await press(page, "form[action='/answer/acknowledge'] button");
      await step("5-acknowledged");
      await press(page, "a[href='/answer/decline']");
      await press(page, "form[action='/answer/decline'] button");
      await step("6-decline-without-reason");
      await press(page, ".govuk-back-link");
      await press(page, "form[action='/answer/accept'] button");
      await step("7-accepted");
      expect(await page.locator("body").innerText()).toContain("Perpetua Quillfeather-Invented");
      await press(page, "form[action='/answer/no-answer'] button");
      await step("7-nobody-answered");
      expect(await page.locator("body").innerText()).toContain("What you told us last: We tried, and nobody answered");
      await press(page, "a[href='/answer/plan']");
      await step("7-plan");
      await tabTo(page, "input[name='milestone']");
      await page.keyboard.press("Space");
      await press(page, "form[action='/answer/plan'] button");
      expect(await page.locator("body").innerText()).toContain("What you told us last: We agreed a plan");

      await press(page, "a[href='/answer/start']");
      await step("8-start");
      const [year = "", month = "", today = ""] = dayOf(new Date()).split("-");
      await tabTo(page, "#on-day");
      await page.keyboard.type("32");
      await tabTo(page, "#on-month");
      await page.keyboard.type(month);
      await tabTo(page, "#on-year");
      await page.keyboard.type(year);
      await press(page, "form[action='/answer/start'] button");
      await step("9-no-such-day");
      await tabTo(page, ".govuk-error-summary a");
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.id")).toBe("on-day");
      // A day that exists, and lies before anybody asked.
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type(today);
      await tabTo(page, "#on-year");
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type("2020");
      await press(page, "form[action='/answer/start'] button");
      await step("9-before-it-was-asked");
      expect(await page.locator(".govuk-error-summary").innerText()).toContain("before you were asked");
      await tabTo(page, "#on-year");
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type(year);
      await press(page, "form[action='/answer/start'] button");
      await step("10-started");

      await press(page, "a[href='/answer/end']");
      await step("11-end");
      await tabTo(page, "input[name='reason']");
      await page.keyboard.press("Space");
      await press(page, "form[action='/answer/end'] button");
      await step("12-ended");
      expect(await page.locator("body").innerText()).not.toContain("Perpetua");
      await press(page, "form[action='/answer/leave'] button");
      await step("13-signed-out");
      await page.goto(`${house.broker.origin}/answer`);
      await step("14-nobody");
      expect(strange).toEqual([]);
      await context.close();
    },
    120_000,
  );

  it.each(WIDTHS)(
    "lead from help that began to a job, and from the letter that asks whether it lasts to the answer: $name",
    async ({ name, width, height }) => {
      const context = await browser.newContext({ viewport: { width, height } });
      const { page, strange } = await watched(context);
      const step = (what: string): Promise<void> => isClean(page, `job-${name}-${what}`);
      const comesIn = async (link: string): Promise<void> => {
        const before = textCount();
        await page.goto(link);
        await press(page, "form[action$='/code'] button");
        await tabTo(page, "#code");
        await page.keyboard.type(await newestCode(before));
        await press(page, "form[action$='/enter'] button");
      };
      const types = async (id: string, typed: string): Promise<void> => {
        await tabTo(page, `#${id}`);
        await page.keyboard.press("ControlOrMeta+A");
        await page.keyboard.type(typed);
      };
      const chooses = async (field: string, value: string): Promise<void> => {
        await tabTo(page, `input[name='${field}']`);
        await page.keyboard.press("Space");
        while ((await page.evaluate("document.activeElement.value")) !== value) await page.keyboard.press("ArrowDown");
      };
      const day = async (d: string, m: string, y: string): Promise<void> => {
        for (const [part, typed] of [
          ["day", d],
          ["month", m],
          ["year", y],
        ] as const)
          await types(`on-${part}`, typed);
      };

      const link = await refers();
      await comesIn(link);
      await press(page, "form[action='/answer/accept'] button");
      expect(await page.locator("a[href='/answer/job']").count()).toBe(0);
      await press(page, "a[href='/answer/start']");
      await press(page, "form[action='/answer/start'] button");
      const reference = /WM-\w{4}-\w{4}/.exec(await page.locator("body").innerText())?.[0] ?? "";
      // Help that began in January.
      await house.sql(
        `UPDATE waymark.event e SET body = jsonb_set(e.body, '{on}', '"2026-01-05"') FROM waymark.referral r
         WHERE r.id = e.referral AND r.reference = $1 AND e.type = 'started'`,
        [reference],
      );
      await press(page, "a[href='/answer/job']");
      await step("1-asked");
      expect(await page.title()).toBe("They have started a job – Waymark");
      expect(await page.locator(".govuk-error-summary").count()).toBe(0);
      await press(page, "form[action='/answer/job'] button");
      await step("2-nothing-said");
      expect(await page.locator(".govuk-error-summary__list li").count()).toBe(4);
      await tabTo(page, ".govuk-error-summary a");
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.id")).toBe("on-day");
      await page.goto(`${house.broker.origin}/answer/job`);
      await day("12", "1", "2026");
      await chooses("employment", "paid");
      await types("hours", "20");
      await types("hourlyRate", "£14.80");
      await chooses("evidence", "payslip");
      await press(page, "form[action='/answer/job'] button");
      await step("3-known");
      expect(await page.locator("a[href='/answer/job']").count()).toBe(0);

      const asks = (one: { mail: { subject?: string; text?: string } }): boolean =>
        one.mail.subject?.includes("One question") === true && one.mail.text?.includes(reference) === true;
      const letter = (await office.waits(asks)).mail.text ?? "";
      expect(letter.replace(/http:\S+/, "")).not.toMatch(/\bjob|in work|employ/i);
      await comesIn(/http:\S+\/open\/[\w-]{43}/.exec(letter)?.[0] ?? "");
      await step("4-one-question");
      await press(page, "a[href='/answer/lasts']");
      await step("5-does-it-last");
      expect(await page.locator(".govuk-error-summary").count()).toBe(0);
      expect(await page.locator("h1").innerText()).toBe("Are they in work, half a year after the job began?");
      await press(page, "form[action='/answer/lasts'] button");
      await step("6-no-answer");
      await chooses("answer", "in-work");
      await chooses("evidence", "self-report");
      await day("14", "7", "2026");
      await press(page, "form[action='/answer/lasts'] button");
      await step("7-answered");
      expect(await page.locator("a[href='/answer/lasts']").count()).toBe(0);
      await press(page, "a[href='/answer/job-over']");
      await step("8-job-over");
      await day("20", "11", "2026");
      await press(page, "form[action='/answer/job-over'] button");
      await step("9-left-unsaid");
      expect(await page.locator(".govuk-error-summary__list li").allInnerTexts()).toEqual([
        "Choose whether they want help again",
        "Choose how you know",
      ]);
      await chooses("returns", "yes");
      await chooses("evidence", "self-report");
      await press(page, "form[action='/answer/job-over'] button");
      await step("10-over");
      expect(await page.locator("a[href='/answer/job-over']").count()).toBe(0);
      expect(await page.locator("a[href='/answer/job']").count()).toBe(1);
      const told = await house.sql<{ body: object }>(
        "SELECT e.body FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral WHERE r.reference = $1 AND e.type = 'outcome-reported' ORDER BY e.sequence",
        [reference],
      );
      expect(told.map(({ body }) => body)).toMatchObject([
        { what: "job-started", on: "2026-01-12" },
        { what: "checkpoint", week: 26, answer: "in-work", on: "2026-07-14" },
        { what: "job-ended", on: "2026-11-20" },
      ]);
      // Help again, in the case that is there.
      const again = await house.sql(
        `SELECT FROM waymark.referral back JOIN waymark.referral r ON r.case_id = back.case_id
         WHERE r.reference = $1 AND back.id <> r.id`,
        [reference],
      );
      expect(again).toHaveLength(1);
      expect(strange).toEqual([]);
      await context.close();
    },
    120_000,
  );

  it("work without any script, and say so when a link was used, is old or is nobody's", async () => {
    const context = await browser.newContext({ viewport: { width: 320, height: 640 }, javaScriptEnabled: false });
    const page = await context.newPage();
    const link = await refers();
    const before = textCount();
    await page.goto(link);
    await page.locator("form[action$='/code'] button").click();
    await page.locator("#code").fill(await newestCode(before));
    await page.locator("form[action$='/enter'] button").click();
    expect(await page.locator("h1").innerText()).toBe("A new referral for you");
    await page.goto(link);
    expect(await page.locator("h1").innerText()).toBe("This link was used");
    await page.locator("form[action$='/again'] button").click();
    expect(await page.locator("h1").innerText()).toBe("A new link is on its way");
    await page.goto(`${house.broker.origin}/open/${"x".repeat(43)}`);
    expect(await page.locator("h1").innerText()).toBe("This cannot be done");
    await context.close();

    const scripted = await browser.newContext({ viewport: { width: 320, height: 640 } });
    const other = await scripted.newPage();
    await other.goto(link);
    await isClean(other, "used");
    await other.goto(`${house.broker.origin}/open/${"x".repeat(43)}`);
    await isClean(other, "nobodys");
    await scripted.close();
  }, 60_000);

  /** A referral that waits for the person's own yes, and the link in the letter to them. */
  const waitsForPerson = async (address: string): Promise<string> => {
    const sender = house.sender("islington-surgery");
    const letter = message(sender, {
      need: "employment",
      facts: { employment: "out-of-work", longTermCondition: true },
      person: { postcode: "N1 2UD", birthDate: "1984-04-09", email: address, safeContact: { email: true } },
      consents: [{ directCare: true }],
    });
    const { reference = "" } = await post(sender, letter);
    const asks = { path: `/referrals/${reference}/consent-request`, headers: JSON_BODY, body: "{}" };
    await expect.poll(async () => (await post(sender, asks)).status, { timeout: 45_000 }).toBe(202);
    const mail = await office.waits(({ to }) => to === address);
    return /http:\S+\/consent\/[\w-]{43}/.exec(mail.mail.text ?? "")?.[0] ?? "";
  };
  const JSON_BODY = { "Content-Type": "application/json" };
  const bornOn = async (page: Page, day: string): Promise<void> => {
    for (const [part, typed] of [
      ["day", day],
      ["month", "4"],
      ["year", "1984"],
    ]) {
      await tabTo(page, `#born-${part}`);
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type(typed ?? "");
    }
    await press(page, "form[action^='/consent/'] button");
  };

  it.each(WIDTHS)(
    "lead the person from the letter to their own yes or no: $name",
    async ({ name, width, height }) => {
      const context = await browser.newContext({ viewport: { width, height }, javaScriptEnabled: true });
      const { page, strange } = await watched(context);
      const step = (what: string): Promise<void> => isClean(page, `consent-${name}-${what}`);

      const link = await waitsForPerson(`${name}@example.org`);
      await page.goto(link);
      await step("1-who");
      await bornOn(page, "31");
      await step("2-no-such-day");
      await tabTo(page, ".govuk-error-summary a");
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.id")).toBe("born-day");
      await bornOn(page, "10");
      await step("3-not-them");
      await bornOn(page, "9");

      expect(new URL(page.url()).pathname).toBe("/consent/answer");
      await step("4-question");
      await press(page, "form[action='/consent/answer'] button");
      await step("5-unsaid");
      expect(await page.evaluate("document.activeElement.className")).toContain("govuk-error-summary");
      await tabTo(page, ".govuk-error-summary a");
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.id")).toBe("ask-0");
      await page.keyboard.press("Space");
      for (let at = 1; at < (await page.locator("fieldset").count()); at += 1) {
        await tabTo(page, `input[name='ask-${at}']`);
        await page.keyboard.press("ArrowDown");
      }
      await press(page, "form[action='/consent/answer'] button");
      expect(new URL(page.url()).pathname).toBe("/consent/done");
      await step("6-done");
      await page.goto(link);
      await bornOn(page, "9");
      await step("7-answered-before");
      expect(await page.locator("h1").innerText()).toBe("You gave your answer");
      await page.goto(`${house.broker.origin}/consent/answer`);
      await step("8-nobody");
      expect(strange).toEqual([]);
      await context.close();
    },
    120_000,
  );

  it("take the person's answer without any script", async () => {
    const context = await browser.newContext({ viewport: { width: 320, height: 640 }, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(await waitsForPerson("noscript@example.org"));
    for (const [part, typed] of Object.entries({ day: "9", month: "4", year: "1984" }))
      await page.locator(`#born-${part}`).fill(typed);
    await page.locator("form button").click();
    for (const box of await page.locator("input[value='no']").all()) await box.check();
    await page.locator("form button").click();
    expect(await page.locator("h1").innerText()).toBe("Thank you");
    await context.close();
  }, 60_000);
});
