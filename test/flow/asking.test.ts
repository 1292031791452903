// The person's own yes, end to end on every set-up: a referral waits for it, a letter goes to a safe contact, the person shows
// who they are and answers, and the referrer hears. The whole house, real mail.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PRIVATE_WORDS } from "../../src/core/firewall.ts";
import type { GpOptions, Loose } from "../fixtures/gp/index.ts";
import type { ReferrerKey } from "../world/cast.ts";
import { openDesk, saying, type Desk, type Page } from "../world/desk.ts";
import { type Mail, type PostOffice, startPostOffice } from "../world/post-office.ts";
import { type House, PATIENCE_MS, setups, until } from "./house.ts";
import { get, handOffLetter, message, post, requestLetter, type Letter, type Reply } from "./letters.ts";
import { found, inMessage } from "./secrets.ts";

const SURGERY: ReferrerKey = "islington-surgery";
const BORN = { "born-day": "9", "born-month": "4", "born-year": "1984" };
const OTHER_DAY = { ...BORN, "born-day": "10" };
let people = 0;

describe.each(setups())("the person's own yes on $name", (setup) => {
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
  });
  afterAll(async () => {
    await house.close();
    await office.close();
  });
  beforeEach(() => {
    desk = openDesk(house.broker.origin);
    office.refuses({});
  });

  type Person = { address: string; letter: Letter };
  /** A patient whose practice may care for them, and who has not yet said that anybody else may hear of them. */
  const patient = (more: GpOptions["person"] = {}): Person => {
    people += 1;
    const address = `perpetua${people}@example.org`;
    const letter = message(house.sender(SURGERY), {
      need: "employment",
      facts: { employment: "out-of-work", longTermCondition: true },
      detail: "Wants to work in a garden, away from the ex-husband.",
      person: {
        given: "Perpetua-Zenobia",
        family: "Quillfeather-Oddington",
        postcode: "N1 2UD",
        birthDate: "1984-04-09",
        phone: `07700 900${String(people).padStart(3, "0")}`,
        email: address,
        safeContact: { email: true },
        ...more,
      },
      consents: [{ directCare: true }],
    });
    return { address, letter };
  };
  const json = (path: string, body: object): Letter => ({
    path,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const bodyOf = (reply: Reply): Loose => JSON.parse(reply.text) as Loose;
  const codesOf = (reply: Reply): string[] => bodyOf(reply)["errors"].map((one: Loose) => one.code);
  const asks = (key: ReferrerKey, reference: string, body: object = {}): Promise<Reply> =>
    post(house.sender(key), json(`/referrals/${reference}/consent-request`, body));
  const view = async (key: ReferrerKey, reference: string): Promise<Loose> =>
    bodyOf(await get(house.sender(key), `/referrals/${reference}`));
  const stands = async (key: ReferrerKey, reference: string, status: string): Promise<void> => {
    const seen = async () => (await view(key, reference))["status"] as string;
    await expect.poll(seen, { timeout: PATIENCE_MS, interval: 20 }).toBe(status);
  };
  const held = async (key: ReferrerKey, letter: Letter): Promise<string> => {
    const reply = await post(house.sender(key), letter);
    if (reply.reference === undefined) throw new Error(`not taken: ${reply.text}`);
    await stands(key, reply.reference, "held");
    return reply.reference;
  };
  const typesOf = async (reference: string): Promise<string[]> =>
    (
      await house.sql<{ type: string }>(
        `SELECT e.type FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral
         WHERE r.reference = $1 AND e.type <> 'delivered' ORDER BY e.sequence`,
        [reference],
      )
    ).map(({ type }) => type);
  const requestsOf = (reference: string) =>
    house.sql<Loose>(
      `SELECT q.* FROM waymark.consent_request q JOIN waymark.referral r ON r.id = q.referral
       WHERE r.reference = $1 ORDER BY q.made_at`,
      [reference],
    );
  const linkIn = (mail: Mail | undefined): string => /\/consent\/[\w-]{43}/.exec(mail?.mail.text ?? "")?.[0] ?? "";
  const letterTo = (address: string, beside: readonly Mail[] = []): Promise<Mail> =>
    office.waits((one) => one.to === address && !beside.includes(one));
  const asked = async (person: Person, body: object = {}): Promise<{ reference: string; mail: Mail; link: string }> => {
    const reference = await held(SURGERY, person.letter);
    const reply = await asks(SURGERY, reference, body);
    expect([reply.status, reply.text]).toEqual([202, expect.stringContaining('"asked"')]);
    const mail = await letterTo(person.address);
    return { reference, mail, link: linkIn(mail) };
  };
  const enters = async (link: string, born: Record<string, string> = BORN): Promise<Page> =>
    desk.presses(await desk.opens(link), /\/consent\//, born);
  const boxesOf = (page: Page): string[] => [
    ...new Set([...page.html.matchAll(/type="radio" value="yes"|name="(ask-\d+)"/g)].flatMap(([, name]) => name ?? [])),
  ];
  const answers = (page: Page, said: "yes" | "no"): Promise<Page> =>
    desk.presses(page, /\/answer$/, Object.fromEntries(boxesOf(page).map((name) => [name, said])));

  it("leads from the letter to a yes, which lifts the hold; the service is asked, and the referrer hears", async () => {
    const person = patient();
    const secrets = inMessage(JSON.parse(person.letter.body) as Loose);
    const { reference, mail, link } = await asked(person);
    // The letter goes to the person's own address, which its envelope must name; it says nothing else about anyone.
    const aboutOthers = secrets.filter(({ value }) => value !== person.address);
    expect(found(mail.raw, aboutOthers)).toEqual([]);
    expect(mail.raw).not.toMatch(/employment|find work|islington|coaching|surgery|WM-/i);

    const who = await desk.opens(link);
    expect(who.status).toBe(200);
    expect(found(who.html, secrets)).toEqual([]);
    expect(who.html).not.toContain(reference);
    const page = await desk.presses(who, /\/consent\//, BORN);
    expect(page.status).toBe(200);
    expect(saying(page)).toMatch(/sent you to us for help to find work/);
    expect(saying(page)).toMatch(
      /is a charity.*They would see: your name when you were born .*May we share what you told us with/,
    );
    expect(saying(page)).toContain("Do you want to take part?");
    // What the person knows of themselves is not read back to whoever holds their telephone.
    expect(
      found(
        page.html,
        secrets.filter(({ what }) => what !== "given name"),
      ),
    ).toEqual([]);
    expect(page.path).not.toContain(link.slice(-43));

    const unsaid = await desk.presses(page, /\/answer$/, { "ask-0": "yes" });
    expect(unsaid.status).toBe(422);
    expect(saying(unsaid)).toContain("Choose yes or no");
    expect(await typesOf(reference)).toEqual(["received", "held"]);
    const done = await answers(unsaid, "yes");
    expect([done.path, saying(done)]).toEqual(["/consent/done", expect.stringContaining("Thank you")]);
    expect(desk.cookies.size).toBe(0);

    await stands(SURGERY, reference, "offered");
    expect(await typesOf(reference)).toEqual(["received", "held", "amended", "offered"]);
    const [event] = await house.sql<{ actor: string; body: Loose }>(
      `SELECT e.actor, e.body FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral
       WHERE r.reference = $1 AND e.type = 'amended'`,
      [reference],
    );
    expect(event).toEqual({ actor: "person", body: { type: "amended", by: "person", fields: ["consents"] } });
    await until(
      () => house.provider("sample-islington-coaching").received.some((one) => one.reference === reference),
      "the service was not asked",
    );
    const { body } = (await house.hears(SURGERY, reference, 2)).at(-1) ?? { body: "" };
    expect(body).toContain(reference);
    const consents = (
      await house.broker.ground.store.reader.consents(
        house.sender(SURGERY).identity.organisation,
        await idOf(reference),
      )
    ).filter(({ wording }) => wording === "consent-page-1");
    expect(consents.map(({ kind, decision, how }) => [kind, decision, how])).toContainEqual([
      "take-part",
      "given",
      "electronic",
    ]);
    const shares = consents.filter(({ kind }) => kind === "share");
    expect(shares.map(({ recipients }) => recipients?.length)).toContain(1);
    // A yes is to what was read.
    for (const { data } of shares) expect(data).toEqual(["identity", "contact", "health"]);
  }, 60_000);

  const idOf = async (reference: string): Promise<string> =>
    (await house.sql<{ id: string }>("SELECT id FROM waymark.referral WHERE reference = $1", [reference]))[0]?.id ?? "";

  it("keeps the hold when the person says no, asks nobody a second time, and the referrer hears", async () => {
    const { reference, link } = await asked(patient());
    await answers(await enters(link), "no");
    await expect
      .poll(() => typesOf(reference), { timeout: PATIENCE_MS })
      .toEqual(["received", "held", "amended", "held"]);
    const reasons = (await view(SURGERY, reference))["reasons"].map((one: Loose) => one.code) as string[];
    expect(reasons).toContain("consent-refused");
    expect((await house.hears(SURGERY, reference, 2)).at(-1)?.body).toContain("consent-refused");
    await house.sql("UPDATE waymark.consent_request SET made_at = made_at - interval '1 hour'");
    const again = await asks(SURGERY, reference);
    expect([again.status, codesOf(again)]).toEqual([422, expect.arrayContaining(["consent-refused"])]);
    expect(await requestsOf(reference)).toHaveLength(1);
  });

  it("changes nothing however often it is opened, for scanners of mail open every link", async () => {
    const { reference, link } = await asked(patient());
    await house.quiet();
    const before = await requestsOf(reference);
    for (const path of [link, link, "/consent/answer", "/consent/done"])
      for (const method of ["GET", "HEAD"]) await fetch(`${house.broker.origin}${path}`, { method });
    expect(await requestsOf(reference)).toEqual(before);
    expect(await typesOf(reference)).toEqual(["received", "held"]);
    expect(saying(await enters(link))).toContain("Your choice");
  });

  it("stops after three wrong days of birth, and answers a stranger's link, a used-up one and a wrong day alike", async () => {
    const { reference, link } = await asked(patient());
    const said: string[] = [];
    const tries = async (to: string, born: Record<string, string>): Promise<void> => {
      const page = await desk.posts(to, born);
      expect(page.status).toBe(422);
      said.push(page.html.replaceAll(to, "LINK"));
    };
    for (let count = 0; count < 3; count += 1) await tries(link, OTHER_DAY);
    // Now the right one comes too late.
    await tries(link, BORN);
    await tries(`/consent/${"x".repeat(43)}`, BORN);
    expect(new Set(said).size).toBe(1);
    const unknown = await desk.opens(`/consent/${"x".repeat(43)}`);
    expect(unknown.html.replaceAll("x".repeat(43), "")).toBe(
      (await desk.opens(link)).html.replaceAll(link.slice(-43), ""),
    );
    expect(desk.cookies.size).toBe(0);
    expect(await typesOf(reference)).toEqual(["received", "held"]);
    // A day that is none is no guess, and a word that is no token of ours is nowhere.
    expect(saying(await desk.posts(link, { ...BORN, "born-day": "31" }))).toContain("Write a day that can be");
    expect((await desk.opens("/consent/short")).status).toBe(404);
  });

  it("begins the tries anew for whoever shows that it is them", async () => {
    const { link } = await asked(patient());
    for (let count = 0; count < 2; count += 1) {
      await enters(link, OTHER_DAY);
      await enters(link, OTHER_DAY);
      expect(saying(await enters(link))).toContain("Your choice");
    }
  });

  it("takes one answer for one link: who comes back is told so, and another answer changes nothing", async () => {
    const { reference, link } = await asked(patient());
    const page = await enters(link);
    const cookies = new Map(desk.cookies);
    await answers(page, "yes");
    await stands(SURGERY, reference, "offered");
    for (const [name, value] of cookies) desk.cookies.set(name, value);
    expect((await answers(page, "no")).status).toBe(401);
    const back = await enters(link);
    expect([back.status, saying(back)]).toEqual([410, expect.stringContaining("You gave your answer")]);
    expect((await typesOf(reference)).filter((type) => type === "amended")).toHaveLength(1);
  });

  it("counts once what two windows say at one time", async () => {
    const { reference, link } = await asked(patient());
    const page = await enters(link);
    const said = Object.fromEntries(boxesOf(page).map((name) => [name, "yes"]));
    const pages = await Promise.all([1, 2].map(() => desk.presses(page, /\/answer$/, said)));
    expect(pages.map(({ status }) => status).every((status) => [200, 401, 410].includes(status))).toBe(true);
    await stands(SURGERY, reference, "offered");
    expect((await typesOf(reference)).filter((type) => type === "amended")).toHaveLength(1);
  });

  it("ends after seven days, and with a newer link", async () => {
    const person = patient();
    const { reference, link, mail } = await asked(person);
    await house.sql("UPDATE waymark.consent_request SET made_at = made_at - interval '1 hour' WHERE referral = $1", [
      await idOf(reference),
    ]);
    expect((await asks(SURGERY, reference)).status).toBe(202);
    const newer = linkIn(await letterTo(person.address, [mail]));
    expect(newer).not.toBe(link);
    expect(saying(await enters(link))).toContain("There is a newer link");
    await house.sql("UPDATE waymark.consent_request SET ends_at = now() - interval '1 second' WHERE referral = $1", [
      await idOf(reference),
    ]);
    const late = await enters(newer);
    expect([late.status, saying(late)]).toEqual([410, expect.stringContaining("This link is too old")]);
    expect(desk.cookies.size).toBe(0);
  });

  it("asks nothing more of a referral that waits no longer, also where the page stands open", async () => {
    const { reference, link } = await asked(patient());
    const page = await enters(link);
    const YES = [
      { kind: "share", decision: "given", purpose: "referral", recipientClasses: ["charity", "council"] },
      { kind: "take-part", decision: "given" },
    ];
    await post(house.sender(SURGERY), json(`/referrals/${reference}/consents`, { consents: YES }));
    await stands(SURGERY, reference, "offered");
    const late = await answers(page, "no");
    expect([late.status, saying(late)]).toEqual([410, expect.stringContaining("There is no more to do")]);
    expect((await typesOf(reference)).filter((type) => type === "amended")).toHaveLength(1);
    const reply = await asks(SURGERY, reference);
    expect([reply.status, codesOf(reply)]).toEqual([409, ["nothing-to-ask"]]);
  });

  it("ends with the referral", async () => {
    const { reference, link } = await asked(patient());
    await house.sql(`UPDATE waymark.work SET due = made_at WHERE kind = 'expire' AND referral = $1`, [
      await idOf(reference),
    ]);
    await stands(SURGERY, reference, "expired");
    expect(saying(await enters(link))).toContain("There is no more to do");
    const other = await asked(patient());
    const page = await enters(other.link);
    const back = json(`/referrals/${other.reference}/withdrawal`, { reason: "person-declined", by: "person" });
    expect((await post(house.sender(SURGERY), back)).status).toBe(200);
    await stands(SURGERY, other.reference, "withdrawn");
    expect(saying(await answers(page, "yes"))).toContain("There is no more to do");
    expect(await typesOf(other.reference)).not.toContain("amended");
    expect((await asks(SURGERY, other.reference)).status).toBe(409);
  });

  it("knows nobody any more once the person is erased", async () => {
    const { reference, link } = await asked(patient());
    const page = await enters(link);
    const dossier = await house.broker.ground.store.desk.dossier(reference);
    await house.broker.ground.store.ledger.forget(dossier?.journey.caseId ?? "");
    expect((await answers(page, "yes")).status).toBe(401);
    const back = await enters(link);
    expect([back.status, saying(back)]).toEqual([422, expect.stringContaining("This did not work")]);
    expect(await typesOf(reference)).not.toContain("amended");
    expect((await asks(SURGERY, reference)).status).toBe(404);
  });

  it("writes only to a contact that the person said is safe, by a way that was asked for", async () => {
    const unsaid = await held(SURGERY, patient({ safeContact: {} }).letter);
    expect(codesOf(await asks(SURGERY, unsaid))).toEqual(["no-safe-contact"]);
    const never = await held(SURGERY, patient({ safeContact: { email: false, text: false, phone: true } }).letter);
    expect(codesOf(await asks(SURGERY, never))).toEqual(["no-safe-contact"]);
    const mails = await held(SURGERY, patient({ safeContact: { email: true } }).letter);
    expect(codesOf(await asks(SURGERY, mails, { by: "text" }))).toEqual(["no-safe-contact"]);
    expect(codesOf(await asks(SURGERY, mails, { by: "pigeon", shoeSize: 9 }))).toEqual(["not-one-of", "unknown"]);

    const person = patient({ phone: "07700 900941", safeContact: { text: true, email: false } });
    const texts = await held(SURGERY, person.letter);
    expect(bodyOf(await asks(SURGERY, texts))).toMatchObject({ outcome: "asked", by: "text" });
    const text = await letterTo("447700900941@sms.example");
    expect(saying(await enters(linkIn(text)))).toContain("Your choice");
    expect(office.mails.filter(({ to }) => to === person.address)).toEqual([]);
  });

  it("heeds words on when it is safe: whoever asks must have read them, and a letter that is late does not go", async () => {
    const person = patient({ safeContact: { email: true, notes: "Only while the children are at school" } });
    const reference = await held(SURGERY, person.letter);
    expect(codesOf(await asks(SURGERY, reference))).toEqual(["notes-unread"]);
    office.refuses({ connect: 421 });
    expect((await asks(SURGERY, reference, { notesRead: true })).status).toBe(202);
    const work = async () =>
      (
        await house.sql<{ attempt: number; dead: boolean; cause: string | null }>(
          "SELECT attempt, dead_at IS NOT NULL AS dead, cause FROM waymark.work WHERE kind = 'ask' AND referral = $1",
          [await idOf(reference)],
        )
      )[0];
    await expect.poll(async () => (await work())?.cause, { timeout: PATIENCE_MS }).toBe("smtp-421");
    office.refuses({});
    await house.sql("UPDATE waymark.consent_request SET made_at = made_at - interval '1 hour' WHERE referral = $1", [
      await idOf(reference),
    ]);
    await house.sql("UPDATE waymark.work SET due = now() WHERE kind = 'ask' AND referral = $1", [
      await idOf(reference),
    ]);
    await expect.poll(work, { timeout: PATIENCE_MS }).toMatchObject({ dead: true, cause: "not-a-safe-time" });
    expect(office.mails.filter(({ to }) => to === person.address)).toEqual([]);
  });

  it("reads again before it writes: a contact that is safe no longer gets nothing", async () => {
    const person = patient();
    const reference = await held(SURGERY, person.letter);
    office.refuses({ connect: 421 });
    await asks(SURGERY, reference);
    const work = async () =>
      house.sql<{ cause: string }>("SELECT cause FROM waymark.work WHERE kind = 'ask' AND referral = $1", [
        await idOf(reference),
      ]);
    await expect.poll(async () => (await work())[0]?.cause, { timeout: PATIENCE_MS }).toBe("smtp-421");
    office.refuses({});
    await post(
      house.sender(SURGERY),
      json(`/referrals/${reference}/facts`, { person: { safeContact: { email: false } } }),
    );
    await house.sql("UPDATE waymark.work SET due = now() WHERE kind = 'ask' AND referral = $1", [
      await idOf(reference),
    ]);
    await expect.poll(async () => (await work()).length, { timeout: PATIENCE_MS }).toBe(0);
    expect(office.mails.filter(({ to }) => to === person.address)).toEqual([]);
  });

  it("sends one letter for a request that comes twice, and no more than three in a day", async () => {
    const person = patient();
    const { reference, mail } = await asked(person);
    expect(bodyOf(await asks(SURGERY, reference))).toMatchObject({ outcome: "repeated", by: "email" });
    const seen = [mail];
    const referral = await idOf(reference);
    for (let count = 2; count <= 3; count += 1) {
      await house.sql("UPDATE waymark.consent_request SET made_at = made_at - interval '1 hour' WHERE referral = $1", [
        referral,
      ]);
      expect((await asks(SURGERY, reference)).status).toBe(202);
      seen.push(await letterTo(person.address, seen));
    }
    await house.sql("UPDATE waymark.consent_request SET made_at = made_at - interval '1 hour' WHERE referral = $1", [
      referral,
    ]);
    const fourth = await asks(SURGERY, reference);
    expect([fourth.status, codesOf(fourth)]).toEqual([429, ["too-many-requests"]]);
    expect(office.mails.filter(({ to }) => to === person.address)).toHaveLength(3);
  });

  it("is asked for by whoever sent the referral, and for nobody else", async () => {
    const reference = await held(SURGERY, patient().letter);
    expect((await asks("camden-surgery", reference)).status).toBe(404);
    expect((await asks(SURGERY, "9990000018")).status).toBe(404);
    expect((await asks(SURGERY, randomUUID())).status).toBe(404);
    const nobody = await fetch(`${house.broker.origin}/referrals/${reference}/consent-request`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(nobody.status).toBe(401);
    expect(await requestsOf(reference)).toEqual([]);
  });

  it("lifts a council's hold too", async () => {
    const letter = requestLetter(house.sender("camden"), {
      seed: 72,
      service: "debt-advice",
      parameters: { address_string: "9 Invented Mews, WC1H 9JE", email: "ambrose@example.org" },
      attributes: { consent_share: undefined, safe_email: "yes", birth_date: "1984-04-09" },
    });
    const reference = await held("camden", letter);
    expect((await asks("camden", reference)).status).toBe(202);
    await answers(await enters(linkIn(await letterTo("ambrose@example.org"))), "yes");
    await expect
      .poll(async () => (await view("camden", reference))["status"] as string, { timeout: PATIENCE_MS })
      .not.toBe("held");
    expect(await typesOf(reference)).toContain("offered");
  });

  it("tells a Jobcentre nothing of permission, also not whether the person said no", async () => {
    const handOff = (seed: number): Letter =>
      handOffLetter({
        seed,
        changes: {
          "person.postcode": "E6 2RP",
          "person.dob": "1984-04-09",
          "person.safeContact": { emailOk: true },
          "claim.unemployedSince": "2024-03-01",
          "programme.earlier": [],
          consent: [],
        },
      });
    const reference = await held("jobcentre", handOff(171));
    const first = await asks("jobcentre", reference);
    expect([first.status, Object.keys(bodyOf(first)).toSorted()]).toEqual([
      202,
      ["by", "outcome", "reference", "until"],
    ]);
    await answers(await enters(linkIn(await letterTo("person171@example.org"))), "no");
    await expect
      .poll(() => typesOf(reference), { timeout: PATIENCE_MS })
      .toEqual(["received", "held", "amended", "held"]);
    await house.sql("UPDATE waymark.consent_request SET made_at = made_at - interval '1 hour'");
    const second = await asks("jobcentre", reference);
    const shape = (reply: Reply) => ({ ...bodyOf(reply), until: undefined });
    expect([second.status, shape(second)]).toEqual([first.status, shape(first)]);
    await house.quiet();
    expect(office.mails.filter(({ to }) => to === "person171@example.org")).toHaveLength(1);
    for (const reply of [first, second, await get(house.sender("jobcentre"), `/referrals/${reference}`)])
      expect(reply.text).not.toMatch(PRIVATE_WORDS);

    const willing = await held("jobcentre", handOff(172));
    await asks("jobcentre", willing);
    await answers(await enters(linkIn(await letterTo("person172@example.org"))), "yes");
    await stands("jobcentre", willing, "offered");
  });

  it("takes no form from elsewhere, and none without the visit's own mark", async () => {
    const { reference, link } = await asked(patient());
    const page = await enters(link);
    const said = Object.fromEntries(boxesOf(page).map((name) => [name, "yes"]));
    expect((await desk.posts("/consent/answer", said)).status).toBe(403);
    const mark = /name="form" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
    const cross = await desk.posts("/consent/answer", { ...said, form: mark }, { "sec-fetch-site": "cross-site" });
    expect(cross.status).toBe(403);
    expect((await openDesk(house.broker.origin).posts("/consent/answer", { ...said, form: mark })).status).toBe(401);
    expect(await typesOf(reference)).toEqual(["received", "held"]);
  });

  it("keeps tokens, visits, days of birth and addresses out of the log and the open columns", async () => {
    const person = patient();
    const { reference, link } = await asked(person);
    await enters(link, OTHER_DAY);
    const page = await enters(link);
    const [visit = ""] = desk.cookies.values();
    await answers(page, "yes");
    await stands(SURGERY, reference, "offered");
    const secrets = [
      ...inMessage(JSON.parse(person.letter.body) as Loose),
      { what: "token", value: link.slice(-43) },
      { what: "visit", value: visit },
    ];
    const rows = JSON.stringify([
      await house.sql("SELECT * FROM waymark.consent_request"),
      await house.sql("SELECT * FROM waymark.work"),
      await house.sql("SELECT * FROM waymark.attempt"),
      await house.sql("SELECT to_jsonb(a) - 'sealed_body' AS row FROM waymark.amendment a"),
      await house.sql("SELECT actor, body FROM waymark.event"),
    ]);
    expect(visit).toHaveLength(43);
    expect(found(rows, secrets)).toEqual([]);
    expect(found(house.log.join("\n"), secrets)).toEqual([]);
    expect(house.log.some((line) => line.includes('"route":"/consent/:token"'))).toBe(true);
  });
});
