// A provider with no system: a letter with a link, a code on its telephone, a page to answer on. The whole house, real mail.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Client } from "../../schemas/client.ts";
import type { GpOptions } from "../fixtures/gp/index.ts";
import type { Loose } from "../fixtures/gp/index.ts";
import { openDesk, saying, type Desk, type Page } from "../world/desk.ts";
import { type Mail, type PostOffice, startPostOffice } from "../world/post-office.ts";
import { type House, PATIENCE_MS, logged, setups, until } from "./house.ts";
import { get, message, post } from "./letters.ts";
import { found, inMessage } from "./secrets.ts";

const COACHING = "sample-islington-coaching";
const ADDRESS = "desk@coaching.example";
const MOBILE = "+447700900123";
const PHONE = "447700900123@sms.example";
const PATIENT: GpOptions = {
  need: "employment",
  facts: { employment: "out-of-work", longTermCondition: true },
  detail: "Would like to work in a garden again.",
  person: {
    given: "Perpetua",
    family: "Quillfeather<b>",
    postcode: "N1 2UD",
    lines: ["7 Invented Passage"],
    phone: "07700 900777",
    birthDate: "1984-04-09",
  },
};

const register = async (house: House, checked: boolean): Promise<Client> => {
  const { clients } = house.broker.ground.store;
  const reach = { by: "email", address: ADDRESS, mobile: MOBILE } as const;
  const draft = { kind: "provider", organisation: COACHING, name: "Coaching", test: true, reach } as const;
  const { client } = await clients.add(draft);
  if (checked) await clients.reachChecked(client.id);
  return client;
};

/** One referral by the practice, and what in it says who it is about. */
const refers = async (house: House): Promise<{ reference: string; secrets: ReturnType<typeof inMessage> }> => {
  const letter = message(house.sender("islington-surgery"), PATIENT);
  const reply = await post(house.sender("islington-surgery"), letter);
  expect(reply.status).toBe(200);
  return { reference: reply.reference ?? "", secrets: inMessage(JSON.parse(letter.body) as Loose) };
};
const statusOf = async (house: House, reference: string): Promise<string> =>
  (JSON.parse((await get(house.sender("islington-surgery"), `/referrals/${reference}`)).text) as { status: string })
    .status;
const workOf = (house: House, reference: string) =>
  house.sql<{ id: string; kind: string; subject: string; dead: boolean; cause: string | null }>(
    `SELECT w.id, w.kind, w.subject, w.dead_at IS NOT NULL AS dead, w.cause FROM waymark.work w
     JOIN waymark.referral r ON r.id = w.referral WHERE r.reference = $1 AND w.kind IN ('deliver', 'knock')`,
    [reference],
  );
/** What was told of the help while it is under way. */
const toldOf = async (house: House, reference: string) =>
  (
    await house.sql<{ type: string; body: object }>(
      `SELECT e.type, e.body FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral
       WHERE r.reference = $1 AND e.type IN ('contacted', 'milestone') ORDER BY e.sequence`,
      [reference],
    )
  ).map(({ type, body }) => ({ ...body, type }));
const markIn = ({ html }: Page): string => /name="form" value="([^"]+)"/.exec(html)?.[1] ?? "";
const linkIn = (mail: Mail | undefined): string => /\/open\/[\w-]{43}/.exec(mail?.mail.text ?? "")?.[0] ?? "";
const codeIn = (mail: Mail | undefined): string => /\b\d{6}\b/.exec(mail?.mail.text ?? "")?.[0] ?? "";

describe.each(setups())("a link on $name", (setup) => {
  let house: House;
  let office: PostOffice;
  let desk: Desk;
  beforeAll(async () => {
    office = await startPostOffice();
    house = await setup.open({
      SMTP_URL: `smtp://127.0.0.1:${office.port}`,
      SMTP_TEXT_DOMAIN: "sms.example",
      LETTERS_FROM: "Waymark <no-reply@waymark.example>",
    });
    await register(house, true);
  });
  afterAll(async () => {
    await house.close();
    await office.close();
  });
  beforeEach(() => {
    desk = openDesk(house.broker.origin);
    office.mails.length = 0;
    office.refuses({});
  });

  /** The newest letter about one referral. */
  const letterOf = (reference: string, beside: string[] = []): Promise<Mail> =>
    office.waits(
      ({ to, mail, raw }) => to === ADDRESS && mail.text?.includes(reference) === true && !beside.includes(raw),
    );
  const texts = (): Mail[] => office.mails.filter(({ to }) => to === PHONE);
  const asksCode = async (link: string): Promise<{ page: Page; code: string }> => {
    const before = texts().length;
    const page = await desk.presses(await desk.opens(link), /\/code$/);
    expect(texts()).toHaveLength(before + 1);
    return { page, code: codeIn(texts().at(-1)) };
  };
  const enters = async (link: string): Promise<Page> => {
    const { page, code } = await asksCode(link);
    return desk.presses(page, /\/enter$/, { code });
  };
  const offerOf = async (reference: string): Promise<string> => {
    const of = "SELECT o.id FROM waymark.offer o JOIN waymark.referral r ON r.id = o.referral WHERE r.reference = $1";
    return (await house.sql<{ id: string }>(of, [reference]))[0]?.id ?? "";
  };
  /** As if so much time had passed. */
  const knockNow = async (reference: string): Promise<void> => {
    await house.sql(
      `UPDATE waymark.work SET due = now() WHERE kind = 'knock' AND dead_at IS NULL
       AND referral = (SELECT id FROM waymark.referral WHERE reference = $1)`,
      [reference],
    );
  };

  it("takes a provider from the letter to the end of the help, with the steps that everyone has", async () => {
    const { reference, secrets } = await refers(house);
    const letter = await letterOf(reference);
    expect(found(letter.raw, secrets)).toEqual([]);
    expect(letter.raw).not.toMatch(/employment|coaching at|find work|E09000019/i);
    expect(letter.mail.subject).toContain(reference);

    const before = await enters(linkIn(letter));
    expect(before.status).toBe(200);
    expect(saying(before)).toMatch(/A new referral for you.*help to find work.*25 to 49/);
    expect(found(before.html, secrets)).toEqual([]);
    expect(texts().map(({ raw }) => found(raw, secrets))).toEqual([[]]);

    const seen = await desk.presses(before, /\/acknowledge$/);
    expect(saying(seen)).toContain("A referral that you have seen");
    expect(found(seen.html, secrets)).toEqual([]);
    const accepted = await desk.presses(seen, /\/accept$/);
    expect(saying(accepted)).toMatch(/You accepted this referral.*Perpetua/);
    // What a name holds is shown as it is, and is no part of the page.
    expect(accepted.html).toContain("Quillfeather&lt;b&gt;");
    expect(accepted.html).not.toContain("Quillfeather<b>");
    expect(await statusOf(house, reference)).toBe("accepted");

    const tried = await desk.presses(accepted, /\/no-answer$/);
    expect(saying(tried)).toContain("What you told us last: We tried, and nobody answered (");
    const reached = await desk.presses(tried, /\/contact$/);
    expect(saying(reached)).toContain("What you told us last: We have reached the person (");
    const planForm = await desk.opens("/answer/plan");
    const unplanned = await desk.presses(planForm, /\/plan$/);
    expect([unplanned.status, saying(unplanned)]).toEqual([422, expect.stringContaining("Choose a step of the plan")]);
    const planned = await desk.presses(planForm, /\/plan$/, { milestone: "plan-agreed" });
    expect(saying(planned)).toContain("What you told us last: We agreed a plan with the person (");
    expect(await toldOf(house, reference)).toMatchObject([
      { type: "contacted", outcome: "no-answer" },
      { type: "contacted", outcome: "reached" },
      { type: "milestone", milestone: "plan-agreed" },
    ]);
    const resting = await desk.presses(planned, /\/hold$/);
    expect(saying(resting)).toContain("The help goes on");
    expect(saying(resting)).not.toContain("The help rests");
    expect(saying(await desk.presses(resting, /\/resume$/))).toContain("The help rests for a while");

    const startForm = await desk.opens("/answer/start");
    const impossible = await desk.presses(startForm, /\/start$/, {
      "on-day": "31",
      "on-month": "2",
      "on-year": "2026",
    });
    expect(impossible.status).toBe(422);
    expect(saying(impossible)).toContain("Enter a day that exists");
    const lately = { verb: "start", offer: await offerOf(reference), status: 422 };
    await logged(house, { route: "/answer/start", ...lately, reasons: ["date-impossible"] });
    expect(impossible.html).toContain('value="31"');
    await desk.presses(startForm, /\/start$/);
    expect(await statusOf(house, reference)).toBe("started");

    const endForm = await desk.opens("/answer/end");
    const unsaid = await desk.presses(endForm, /\/end$/);
    expect(unsaid.status).toBe(422);
    expect(saying(unsaid)).toContain("Choose one of the reasons");
    const ended = await desk.presses(endForm, /\/end$/, { reason: "other", text: "Moved on.\r\nTwice." });
    expect(saying(ended)).toContain("This referral has ended");
    expect(found(ended.html, secrets)).toEqual([]);
    expect(await statusOf(house, reference)).toBe("ended");

    const left = await desk.presses(ended, /\/leave$/);
    expect(saying(left)).toContain("You are signed out");
    expect(desk.cookies.size).toBe(0);
  }, 60_000);

  it("asks by letter for what was given, when it is taken back, and takes the answer on a page", async () => {
    const { reference, secrets } = await refers(house);
    const first = await letterOf(reference);
    const page = await enters(linkIn(first));
    await desk.presses(page, /\/accept$/);
    const withdrawal = { path: `/referrals/${reference}/withdrawal`, headers: { "Content-Type": "application/json" } };
    const body = JSON.stringify({ reason: "person-declined", by: "person" });
    expect((await post(house.sender("islington-surgery"), { ...withdrawal, body })).status).toBe(200);
    // Who was on the page sees nobody any more.
    expect(found((await desk.opens("/answer")).html, secrets)).toEqual([]);

    const letter = await letterOf(reference, [first.raw]);
    expect(letter.mail.subject).toContain("taken back");
    expect(found(letter.raw, secrets)).toEqual([]);
    desk = openDesk(house.broker.origin);
    const back = await enters(linkIn(letter));
    expect(saying(back)).toMatch(/This referral was taken back.*Tell us what you did/);
    const asked = await desk.opens("/answer/recall");
    const unsaid = await desk.presses(asked, /\/recall$/);
    expect([unsaid.status, saying(unsaid)]).toEqual([422, expect.stringContaining("Choose what you did")]);
    const undated = await desk.presses(asked, /\/recall$/, { answer: "legal-obligation" });
    expect([undated.status, saying(undated)]).toEqual([422, expect.stringContaining("Enter the day until which")]);
    const until = { "until-day": "31", "until-month": "3", "until-year": "2033" };
    await desk.presses(asked, /\/recall$/, { answer: "legal-obligation", ...until });
    const { recalls } = JSON.parse(
      (await get(house.sender("islington-surgery"), `/referrals/${reference}/recalls`)).text,
    ) as { recalls: Loose[] };
    expect(recalls).toMatchObject([{ state: "kept", basis: "legal-obligation", until: "2033-03-31" }]);
    expect(saying(await desk.opens("/answer"))).not.toContain("Tell us what you did");
  }, 60_000);

  it("changes nothing however often it is opened, for scanners of mail open every link", async () => {
    const { reference } = await refers(house);
    const link = linkIn(await letterOf(reference));
    await until(
      async () => (await workOf(house, reference)).every(({ kind }) => kind === "knock"),
      "not yet delivered",
    );
    const before = await house.sql("SELECT * FROM waymark.link ORDER BY id");
    for (const path of [link, `${link}/code`, link, `${link}/enter`, `${link}/again`])
      for (const method of ["GET", "HEAD"]) await fetch(`${house.broker.origin}${path}`, { method });
    expect(await house.sql("SELECT * FROM waymark.link ORDER BY id")).toEqual(before);
    expect(texts()).toEqual([]);
    expect(await statusOf(house, reference)).toBe("offered");
    expect(saying(await enters(link))).toContain("A new referral for you");
  });

  it("needs the code that was sent, and stops a guesser after five tries", async () => {
    const { reference } = await refers(house);
    const link = linkIn(await letterOf(reference));
    const early = await desk.posts(`${link}/enter`, { code: "123456" });
    expect(saying(early)).toContain("That code no longer works");
    const { page, code } = await asksCode(link);
    const wrong = code === "000000" ? "000001" : "000000";
    for (const left of ["4 times", "3 times", "2 times", "once", "it was the last try"]) {
      const refused = await desk.presses(page, /\/enter$/, { code: wrong });
      expect(refused.status).toBe(422);
      expect(saying(refused)).toContain(left);
    }
    await logged(house, { route: "/open/:token/enter", entry: "wrong", offer: await offerOf(reference), status: 422 });
    // Also the right one comes too late now.
    expect(saying(await desk.presses(page, /\/enter$/, { code }))).toContain("That code no longer works");
    expect(desk.cookies.size).toBe(0);
    const again = await asksCode(link);
    expect(saying(await desk.presses(again.page, /\/enter$/, { code }))).not.toContain("A new referral for you");
    const spaced = `${again.code.slice(0, 3)} ${again.code.slice(3)}`;
    expect(saying(await desk.presses(again.page, /\/enter$/, { code: spaced }))).toContain("A new referral for you");
  });

  it("sends no more than five codes for one link", async () => {
    const { reference } = await refers(house);
    const link = linkIn(await letterOf(reference));
    for (let count = 0; count < 5; count += 1) await asksCode(link);
    const sixth = await desk.posts(`${link}/code`, {});
    expect(sixth.status).toBe(429);
    expect(texts()).toHaveLength(5);
  });

  it("lets in once; whoever comes back asks for a new one, which goes to the same address", async () => {
    const { reference } = await refers(house);
    const first = await letterOf(reference);
    await enters(linkIn(first));
    const other = openDesk(house.broker.origin);
    const used = await other.opens(linkIn(first));
    expect(used.status).toBe(410);
    expect(saying(used)).toContain("This link was used");
    // A form from before sends nothing either.
    const sent = texts().length;
    expect((await other.posts(`${linkIn(first)}/code`, {})).status).toBe(410);
    expect((await other.posts(`${linkIn(first)}/enter`, { code: codeIn(texts().at(-1)) })).status).toBe(410);
    const offer = await offerOf(reference);
    for (const route of ["/open/:token", "/open/:token/code", "/open/:token/enter"])
      await logged(house, { route, status: 410, link: "used", offer });
    expect(texts()).toHaveLength(sent);
    expect(saying(await other.presses(used, /\/again$/))).toContain("A new link is on its way");
    const second = await letterOf(reference, [first.raw]);
    expect(linkIn(second)).not.toBe(linkIn(first));
    // Whoever is inside stays inside.
    expect(saying(await desk.opens("/answer"))).toContain("A new referral for you");
    desk = other;
    expect(saying(await enters(linkIn(second)))).toContain("A new referral for you");
  });

  it("is sent no more than five times in a day, however often it is asked for", async () => {
    const { reference } = await refers(house);
    const link = linkIn(await letterOf(reference));
    // The letter comes before it is on record that it went.
    await until(
      async () => (await workOf(house, reference)).every(({ kind }) => kind === "knock"),
      "not yet delivered",
    );
    for (let count = 2; count <= 5; count += 1) expect((await desk.posts(`${link}/again`, {})).status).toBe(200);
    const sixth = await desk.posts(`${link}/again`, {});
    expect(sixth.status).toBe(429);
    expect(saying(sixth)).toContain("Too many links for today");
    expect(office.mails.filter(({ to }) => to === ADDRESS)).toHaveLength(5);
  });

  it("is sent again when nobody opens it, the old one ends, and after three letters it is a person's task", async () => {
    const { reference } = await refers(house);
    const letters = [await letterOf(reference)];
    for (let round = 2; round <= 3; round += 1) {
      await until(
        async () => (await workOf(house, reference)).every(({ kind }) => kind === "knock"),
        "not yet delivered",
      );
      await knockNow(reference);
      letters.push(
        await letterOf(
          reference,
          letters.map(({ raw }) => raw),
        ),
      );
    }
    expect(new Set(letters.map(linkIn)).size).toBe(3);
    for (const old of letters.slice(0, 2))
      expect(saying(await desk.opens(linkIn(old)))).toContain("There is a newer link");
    await logged(house, { route: "/open/:token", status: 410, link: "replaced", offer: await offerOf(reference) });
    await until(
      async () => (await workOf(house, reference)).every(({ kind }) => kind === "knock"),
      "not yet delivered",
    );
    await knockNow(reference);
    const task = async () => (await workOf(house, reference)).find(({ dead }) => dead);
    await expect
      .poll(task, { timeout: PATIENCE_MS, interval: 20 })
      .toMatchObject({ kind: "knock", cause: "link-not-opened" });
    expect(office.mails.filter(({ mail }) => mail.text?.includes(reference))).toHaveLength(3);
    // The last link still opens: the task is for a person who rings up, not an end.
    expect(saying(await enters(linkIn(letters.at(-1))))).toContain("A new referral for you");
  });

  it("is not sent again once somebody was in", async () => {
    const { reference } = await refers(house);
    const letter = await letterOf(reference);
    await enters(linkIn(letter));
    await until(
      async () => (await workOf(house, reference)).every(({ kind }) => kind === "knock"),
      "not yet delivered",
    );
    await knockNow(reference);
    await until(async () => (await workOf(house, reference)).length === 0, "the reminder is still there");
    expect(office.mails.filter(({ to }) => to === ADDRESS)).toEqual([letter]);
  });

  it("says no with a reason, and then shows nothing more", async () => {
    const { reference, secrets } = await refers(house);
    const inside = await enters(linkIn(await letterOf(reference)));
    const declined = await desk.presses(await desk.opens("/answer/decline"), /\/decline$/, { reason: "full" });
    expect(saying(declined)).toContain("You said no to this referral");
    expect(found(declined.html, secrets)).toEqual([]);
    expect(saying(declined)).not.toContain("help to find work");
    // The page from before still has its button: it says how things stand.
    const late = await desk.presses(inside, /\/accept$/);
    expect(late.status).toBe(409);
    expect(saying(late)).toContain("the referral has moved on");
    const offer = await offerOf(reference);
    const refused = { status: 409, outcome: "refused", reasons: ["offer-closed"] };
    await logged(house, { route: "/answer/accept", offer, verb: "accept", ...refused });
    // And so does the form that was sent before, which says nothing new.
    const again = await desk.posts("/answer/decline", { form: markIn(inside), reason: "full" });
    expect(saying(again)).toContain("You said no to this referral");
    await logged(house, { route: "/answer/decline", offer, verb: "decline", status: 303, outcome: "repeated" });
  });

  it("takes no form from elsewhere, and none without the visit's own mark", async () => {
    const { reference } = await refers(house);
    await enters(linkIn(await letterOf(reference)));
    expect((await desk.posts("/answer/accept", {})).status).toBe(403);
    expect((await desk.posts("/answer/accept", { form: "x".repeat(43) })).status).toBe(403);
    const mark = markIn(await desk.opens("/answer"));
    await logged(house, { offer: await offerOf(reference), status: 403, reasons: ["forbidden"] });
    expect((await desk.posts("/answer/accept", { form: mark }, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect(await statusOf(house, reference)).toBe("offered");
    // Another visit's mark is none of ours.
    const other = await refers(house);
    const stranger = openDesk(house.broker.origin);
    desk = stranger;
    await enters(linkIn(await letterOf(other.reference)));
    expect((await stranger.posts("/answer/accept", { form: mark })).status).toBe(403);
    await logged(house, { offer: await offerOf(other.reference), status: 403, reasons: ["forbidden"] });
  });

  it("opens nothing for strangers, and ends with the provider's registration", async () => {
    expect((await desk.opens(`/open/${"x".repeat(43)}`)).status).toBe(404);
    expect((await desk.opens("/open/%00")).status).toBe(404);
    expect((await desk.opens("/answer")).status).toBe(401);
    await logged(house, { route: "/answer", status: 401, visit: "over" });
    desk.cookies.set("waymark-visit", "x".repeat(43));
    expect((await desk.opens("/answer")).status).toBe(401);
    const { reference } = await refers(house);
    const letter = await letterOf(reference);
    await enters(linkIn(letter));
    const { clients } = house.broker.ground.store;
    const client = await clients.byOrganisation("provider", COACHING, true);
    await clients.revoke(client?.id ?? "");
    expect((await desk.opens("/answer")).status).toBe(401);
    expect((await desk.opens(linkIn(letter))).status).toBe(404);
    await register(house, true);
  });

  it("keeps its cookie from scripts, from other sites and from the open", async () => {
    const { reference } = await refers(house);
    const { page, code } = await asksCode(linkIn(await letterOf(reference)));
    const reply = await fetch(`${house.broker.origin}${page.path.replace(/code$/, "enter")}`, {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" },
      body: `code=${code}`,
      redirect: "manual",
    });
    expect(reply.headers.get("set-cookie")).toMatch(
      /^waymark-visit=[\w-]{43}; Max-Age=28800; Path=\/answer; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it("keeps tokens, codes and addresses out of the log and out of the open columns", async () => {
    const { reference, secrets } = await refers(house);
    const letter = await letterOf(reference);
    const link = linkIn(letter);
    await enters(link);
    const [visit = ""] = desk.cookies.values();
    const code = codeIn(texts().at(-1));
    const rows = JSON.stringify([
      await house.sql("SELECT * FROM waymark.link"),
      await house.sql("SELECT * FROM waymark.code"),
      await house.sql("SELECT to_jsonb(c) - 'sealed_reach' AS row FROM waymark.client c"),
      await house.sql("SELECT * FROM waymark.attempt"),
    ]);
    for (const hidden of [link.replace("/open/", ""), visit, ADDRESS, MOBILE]) {
      expect(rows).not.toContain(hidden);
      expect(house.log.join("")).not.toContain(hidden);
    }
    expect(rows).not.toContain(`"${code}"`);
    expect(found(house.log.join(""), secrets)).toEqual([]);
  });

  it("goes again after a passing fault, under one id, and is a person's task after a lost answer", async () => {
    office.refuses({ data: 451 });
    const { reference } = await refers(house);
    const due = async () => (await workOf(house, reference)).find(({ kind }) => kind === "deliver");
    await expect.poll(due, { timeout: PATIENCE_MS, interval: 20 }).toMatchObject({ cause: "smtp-451", dead: false });
    office.refuses({});
    const letter = await letterOf(reference);
    expect(letter.mail.messageId).toContain(
      (
        await house.sql<{ id: string }>(
          "SELECT l.id FROM waymark.link l JOIN waymark.referral r ON r.id = l.referral WHERE r.reference = $1",
          [reference],
        )
      )[0]?.id,
    );
    office.breaks({ at: "data", by: "drop" });
    const lost = await refers(house);
    const task = async () => (await workOf(house, lost.reference)).find(({ dead }) => dead);
    await expect
      .poll(task, { timeout: PATIENCE_MS, interval: 20 })
      .toMatchObject({ kind: "deliver", cause: "unknown: connection-lost" });
    office.breaks();
    expect(office.mails.filter(({ mail }) => mail.text?.includes(lost.reference))).toHaveLength(1);
  });
});

describe("a provider reached by e-mail", () => {
  const [setup] = setups();
  if (setup === undefined) throw new Error("no set-up");

  it.each([
    ["no letters are set up", {}, true, "no-channel-for-email"],
    [
      "no texts are set up",
      { SMTP_URL: "smtp://127.0.0.1:1", LETTERS_FROM: "a@b.example" },
      true,
      "no-channel-for-text",
    ],
    [
      "its number was not checked",
      { SMTP_URL: "smtp://127.0.0.1:1", LETTERS_FROM: "a@b.example", SMTP_TEXT_DOMAIN: "sms.example" },
      false,
      "number-not-checked",
    ],
  ])(
    "is unmatched with the reason where %s, and is not taken for one that pulls",
    async (_why, settings, checked, cause) => {
      const house = await setup.open(settings);
      await register(house, checked);
      const { reference } = await refers(house);
      const tried = () =>
        house.sql(
          `SELECT a.outcome, a.cause, a.way FROM waymark.attempt a JOIN waymark.referral r ON r.id = a.referral
         WHERE r.reference = $1 AND a.kind = 'deliver'`,
          [reference],
        );
      await expect
        .poll(tried, { timeout: PATIENCE_MS, interval: 20 })
        .toEqual([{ outcome: "unmatched", cause, way: null }]);
      expect(await statusOf(house, reference)).toBe("offered");
      await house.close();
    },
  );
});
