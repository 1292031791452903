// One case of several referrals, on every set-up: further needs, proposals, what a start waits for, what follows, advisers.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runVerb } from "../../src/cli/run.ts";
import { toolsOf } from "../../src/operate.ts";
import { type House, PATIENCE_MS, setups } from "./house.ts";
import { get, handOffLetter, post } from "./letters.ts";

const NEWHAM = "sample-newham-council";
const JOBCENTRE = "jobcentre";

/** What an employer may be told: wishes for work, and nothing of who it is. */
const TO_EMPLOYERS = `  - to: [employer]
    purpose: referral
    fields: [work, right-to-work]
    controllers: { from: E09000025, to: provider }
    basis: 6(1)(e)
    condition: 9(2)(h)
    gateway: "Localism Act 2011, section 1 (sample)"
    agreement: ISA-SAMPLE-EMPLOYERS
`;

/** The sample packs, with a pathway written into the one of Newham. */
const packs = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "waymark-packs-"));
  cpSync(join(import.meta.dirname, "../../packs/london"), folder, { recursive: true });
  const file = join(folder, "newham-workplace.yaml");
  const pack = readFileSync(file, "utf8")
    .replace("version: 1", "version: 90")
    .replace("id: long-out-of-work\n", "id: long-out-of-work\n    override: true\n")
    .replace("disclosures:\n", `disclosures:\n${TO_EMPLOYERS}`)
    .replace(
      "\nallocation: ",
      `
startWaits:
  - { id: care, need: childcare, when: { childcareNeeded: true }, words: Childcare comes before the job. }
leadsTo:
  - { id: pay, on: completed, need: benefits-advice, words: Advice on pay and benefits follows. }
triggers:
  - { id: skills, when: { basicSkills: [literacy] }, need: basic-skills, words: A Skills Health Check would help. }
employers:
  - id: sample-shop
    name: A shop (sample)
    pledged: 5
    vacancies:
      - { id: till, title: Sales assistant, places: 3, closes: 2099-12-31, starts: 2100-01-01 }
allocation: `,
    );
  writeFileSync(file, pack);
  return folder;
};

describe.each(setups())("one case of several referrals on $name", (setup) => {
  let house: House;
  const folder = packs();
  beforeAll(async () => void (house = await setup.open({ WAYMARK_PACKS: folder })));
  afterAll(async () => {
    await house.close();
    rmSync(folder, { recursive: true });
  });

  type Row = { reference: string; status: string; need: string };
  /** The referrals of the case, oldest first. */
  const caseOf = (reference: string): Promise<Row[]> =>
    house.sql<Row>(
      `SELECT r.reference, r.status, e.body ->> 'need' AS need
       FROM waymark.referral r JOIN waymark.event e ON e.referral = r.id AND e.sequence = 1
       WHERE r.case_id = (SELECT case_id FROM waymark.referral WHERE reference = $1) ORDER BY r.id`,
      [reference],
    );
  const sends = async (changes: Record<string, unknown>): Promise<string> => {
    const reply = await post(house.sender(JOBCENTRE), handOffLetter({ seed: 7, changes }));
    expect({ status: reply.status, text: reply.text }).toMatchObject({ status: 202 });
    return reply.reference ?? "";
  };
  const offered = async (organisation: string, reference: string): Promise<string> => {
    const sent = () => house.provider(organisation).received.find((one) => one.reference === reference);
    await expect.poll(sent, { timeout: PATIENCE_MS, interval: 20 }).toBeDefined();
    return sent()?.offer ?? "";
  };
  const answers = async (offer: string, verb: string, body: object = {}) => {
    const reply = await house.provider(NEWHAM).asks(`/offers/${offer}/${verb}`, body);
    return { status: reply.status, text: await reply.text() };
  };
  const advises = (reference: string, path: string, body: object) =>
    post(house.sender(JOBCENTRE), {
      path: `/referrals/${reference}/${path}`,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  const verb = async (...argv: string[]) => {
    const tools = toolsOf(house.config, () => Promise.resolve(house.broker.ground));
    return runVerb([...argv, "--json"], tools, { cwd: folder });
  };

  it("opens a referral for each further need, tells its reference, and holds the start back until childcare is there", async () => {
    const reference = await sends({ alsoNeeds: ["childcare"], "work.childcareNeeded": true });
    await expect.poll(() => caseOf(reference), { timeout: PATIENCE_MS }).toHaveLength(2);
    const care = (await caseOf(reference)).find(({ need }) => need === "childcare")?.reference ?? "";
    const heard = await house.hears(JOBCENTRE, reference, 2);
    const branched = heard.map((one) => JSON.parse(one.body)).find((one) => one.type === "referral.branched");
    expect(branched).toMatchObject({ reference, reasons: [{ code: "branched", path: care }] });

    const job = await offered(NEWHAM, reference);
    await answers(job, "accept");
    expect(await answers(job, "start")).toMatchObject({ status: 422, text: expect.stringContaining("start-waits") });
    const place = await offered(NEWHAM, care);
    await answers(place, "accept");
    expect(await answers(place, "start")).toMatchObject({ status: 200 });
    expect(await answers(job, "start")).toMatchObject({ status: 200 });

    expect(await answers(job, "end", { reason: "completed" })).toMatchObject({ status: 200 });
    expect((await caseOf(reference)).map(({ need }) => need)).toEqual(["employment", "childcare", "benefits-advice"]);
  });

  it("proposes what a fact suggests, and opens it only when the person says yes", async () => {
    const reference = await sends({ "circumstances.basicSkills": ["literacy"] });
    await expect
      .poll(async () => (await get(house.sender(JOBCENTRE), `/referrals/${reference}`)).text, { timeout: PATIENCE_MS })
      .toContain("referral.proposed");
    expect(await caseOf(reference)).toHaveLength(1);
    const yes = { programme: "newham-workplace", trigger: "skills", wanted: true };
    expect(await advises(reference, "proposals", { ...yes, trigger: "other" })).toMatchObject({ status: 409 });
    const taken = await advises(reference, "proposals", yes);
    expect(taken).toMatchObject({ status: 201 });
    expect(await advises(reference, "proposals", yes)).toMatchObject({ status: 200 });
    expect(await advises(reference, "proposals", { ...yes, wanted: false })).toMatchObject({ status: 409 });
    expect((await caseOf(reference)).map(({ need }) => need)).toEqual(["employment", "basic-skills"]);
  });

  it("lets an adviser set aside what the pack opens, with name and reason sealed, and never more", async () => {
    const reference = await sends({ "claim.unemployedSince": "2026-10-01" });
    const status = async () => (await caseOf(reference))[0]?.status;
    await expect.poll(status, { timeout: PATIENCE_MS }).toBe("held");
    const request = {
      programme: "newham-workplace",
      clause: "long-out-of-work",
      adviser: { name: "Ottilie Marchbanks", role: "work coach" },
      reason: "Was out of work for years before one week in a shop.",
    };
    expect(await advises(reference, "overrides", { ...request, clause: "resident" })).toMatchObject({ status: 422 });
    expect(await advises(reference, "overrides", { ...request, clause: "recommended" })).toMatchObject({ status: 422 });
    expect(await advises(reference, "overrides", { clause: "LOUD" })).toMatchObject({ status: 400 });
    expect(await advises(reference, "overrides", request)).toMatchObject({ status: 201 });
    expect(await advises(reference, "overrides", request)).toMatchObject({ status: 200 });
    await offered(NEWHAM, reference);
    expect(JSON.parse((await verb("overrides")).out)).toContainEqual({
      programme: "newham-workplace",
      clause: "long-out-of-work",
      count: 1,
    });
    const stored = JSON.stringify(await house.sql("SELECT body, actor FROM waymark.event WHERE type = 'overridden'"));
    expect(stored).not.toContain("Marchbanks");
  });

  it("counts what employers' pledges came to, and shows them a minimised profile of whom the person let them see", async () => {
    const shares = {
      kind: "share",
      decision: "given",
      purpose: "referral",
      recipientClasses: ["council", "employer"],
      at: "2026-10-30T09:10:00+00:00",
    };
    const takesPart = { kind: "take-part", decision: "given", at: "2026-10-30T09:10:00+00:00" };
    const reference = await sends({ consent: [shares, takesPart], "work.jobPreferences": ["Shop work"] });
    const offer = await offered(NEWHAM, reference);
    const role = { employer: "sample-shop", vacancy: "till" };
    expect(await answers(offer, "place", { ...role, stage: "offered" })).toMatchObject({ status: 409 });
    await answers(offer, "accept");
    const asked = await house.provider(NEWHAM).asks(`/offers/${offer}/profile?employer=sample-shop&vacancy=till`);
    const profile = await asked.text();
    expect(JSON.parse(profile)).toMatchObject({ title: "Sales assistant", profile: { jobPreferences: ["Shop work"] } });
    expect(profile).not.toMatch(/Example Street|07700|AB0|person7/);
    expect(await answers(offer, "place", { ...role, stage: "offered" })).toMatchObject({ status: 200 });
    expect(await answers(offer, "place", { ...role, stage: "offered" })).toMatchObject({ status: 200 });
    expect(await answers(offer, "place", { ...role, stage: "filled" })).toMatchObject({ status: 200 });
    expect(await answers(offer, "place", { ...role, stage: "interviewed" })).toMatchObject({ status: 409 });
    expect(await answers(offer, "place", { ...role, vacancy: "none", stage: "filled" })).toMatchObject({ status: 422 });
    const pledges = JSON.parse((await verb("pledges")).out) as { employer: string }[];
    expect(pledges.find((one) => one.employer === "sample-shop")).toMatchObject({
      pledged: 5,
      offered: 1,
      interviewed: 0,
      filled: 1,
    });
  });
});
