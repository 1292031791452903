// Answers for equality monitoring, end to end on every set-up: sealed and apart, read by counts alone, gone with the person,
// and nowhere in what the house logs, queues, shows or sends.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MONITORING } from "../../schemas/foreign/fhir/systems.ts";
import { runVerb } from "../../src/cli/run.ts";
import { toolsOf } from "../../src/operate.ts";
import type { Loose } from "../fixtures/gp/index.ts";
import type { ReferrerKey } from "../world/cast.ts";
import { type House, setups, until } from "./house.ts";
import { get, handOffLetter, message, post, requestLetter, type Letter } from "./letters.ts";

const ANSWERS = {
  ethnicity: "black-african",
  religion: "sikh",
  sexualOrientation: "bisexual",
  impairments: ["stamina"],
};
/** Nothing else in the house says any of these. */
const TELLS = /black-african|sikh|bisexual|stamina|monitored-by-hand/i;

const withAnswers: Record<string, (house: House) => [ReferrerKey, Letter]> = {
  gp: (house) => {
    const letter = message(house.sender("islington-surgery"), {
      need: "employment",
      facts: { employment: "out-of-work", longTermCondition: true },
      person: { postcode: "N1 2UD", birthDate: "1984-04-09" },
    });
    const bundle = JSON.parse(letter.body) as Loose;
    const patient = bundle["entry"].find((one: Loose) => one["resource"].resourceType === "Patient").resource;
    const parts = Object.entries(ANSWERS).flatMap(([url, said]) =>
      [said].flat().map((valueCode) => ({ url, valueCode })),
    );
    patient.extension = [...patient.extension, { url: MONITORING, extension: parts }];
    return ["islington-surgery", { ...letter, body: JSON.stringify(bundle) }];
  },
  jobcentre: () => ["jobcentre", handOffLetter({ seed: 81, changes: { monitoring: ANSWERS } })],
  council: (house) => [
    "camden",
    requestLetter(house.sender("camden"), {
      seed: 82,
      attributes: {
        monitoring_ethnicity: ANSWERS.ethnicity,
        monitoring_religion: ANSWERS.religion,
        monitoring_sexual_orientation: ANSWERS.sexualOrientation,
        monitoring_impairments: ANSWERS.impairments,
      },
    }),
  ],
};

describe.each(setups())("answers for monitoring on $name", (setup) => {
  let house: House;
  beforeAll(async () => void (house = await setup.open()));
  afterAll(() => house.close());

  const sends = async (key: ReferrerKey, letter: Letter): Promise<string> => {
    const reply = await post(house.sender(key), letter);
    expect(reply.text).not.toMatch(TELLS);
    if (reply.reference === undefined) throw new Error(`not taken: ${reply.status} ${reply.text}`);
    return reply.reference;
  };
  const caseOf = async (reference: string): Promise<string> =>
    (await house.sql<{ case_id: string }>("SELECT case_id FROM waymark.referral WHERE reference = $1", [reference]))[0]
      ?.case_id ?? "";
  const kept = async (reference: string) => {
    const [id, page] = [await caseOf(reference), house.broker.ground.store.monitoring];
    return (await page.page({ test: true, limit: 1_000 })).find((one) => one.case === id)?.answers;
  };
  const settled = (): Promise<void> => house.quiet();

  it.each(Object.keys(withAnswers))("are kept sealed, and are nowhere else, through the door %s", async (door) => {
    const [key, letter] = (withAnswers[door] as (house: House) => [ReferrerKey, Letter])(house);
    const reference = await sends(key, letter);
    await settled();
    expect(await kept(reference)).toEqual(ANSWERS);
    const [row] = await house.sql<{ sealed_answers: Uint8Array }>(
      "SELECT sealed_answers FROM waymark.monitoring WHERE case_id = $1",
      [await caseOf(reference)],
    );
    expect(Buffer.from(row?.sealed_answers ?? []).toString("latin1")).not.toMatch(TELLS);

    // What was decided on, and what anybody is shown.
    const { desk, ledger } = house.broker.ground.store;
    const dossier = await desk.dossier(reference);
    const journey = await ledger.open(dossier?.journey.id ?? "");
    expect(journey?.content).toBeDefined();
    const decisions = await desk.decisions({ referral: reference });
    expect(decisions.length).toBeGreaterThan(0);
    expect(JSON.stringify([dossier, journey, decisions])).not.toMatch(TELLS);
    for (const path of [`/referrals/${reference}`, `/referrals/${reference}/receipt`])
      expect((await get(house.sender(key), path)).text).not.toMatch(TELLS);
    for (const { body } of await house.hears(key, reference, 1)) expect(body).not.toMatch(TELLS);
  });

  it("are in nothing that a provider gets, before it accepts and after", async () => {
    const [key, letter] = (withAnswers["gp"] as (house: House) => [ReferrerKey, Letter])(house);
    const reference = await sends(key, letter);
    const provider = house.provider("sample-islington-coaching");
    await until(() => provider.received.some((one) => one.reference === reference), "the offer has not come");
    const sent = provider.received.find((one) => one.reference === reference);
    expect(sent?.body).not.toMatch(TELLS);
    await provider.asks(`/offers/${sent?.offer}/accept`, {});
    const opened = await (await provider.asks(`/offers/${sent?.offer}`)).text();
    expect(opened).toContain('"detail"');
    expect(opened).not.toMatch(TELLS);
  });

  it("may come later, from whoever sent the referral; the newest count", async () => {
    const [key, letter] = (withAnswers["gp"] as (house: House) => [ReferrerKey, Letter])(house);
    const reference = await sends(key, letter);
    await settled();
    const later = (by: ReferrerKey, named: string, body: object) =>
      post(house.sender(by), {
        path: `/referrals/${named}/monitoring`,
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
    const before = await house.rows();
    const reply = await later(key, reference, { religion: "none", disabled: "yes" });
    expect([reply.status, reply.text]).toEqual([204, ""]);
    expect(await kept(reference)).toEqual({ religion: "none", disabled: "yes" });
    // No event, no decision, no news.
    expect(await house.rows()).toEqual(before);

    expect((await later("camden-surgery", reference, ANSWERS)).status).toBe(404);
    expect((await later(key, "9990000018", ANSWERS)).status).toBe(404);
    const wrong = await later(key, reference, { religion: "monitored-by-hand", shoeSize: 9 });
    expect(wrong.status).toBe(400);
    expect(wrong.text).not.toMatch(TELLS);
    expect(JSON.parse(wrong.text)["errors"].map((one: Loose) => [one["code"], one["path"]])).toEqual([
      ["not-one-of", "religion"],
      ["unknown", "shoeSize"],
    ]);
    expect((await later(key, reference, {})).status).toBe(400);
    expect(await kept(reference)).toEqual({ religion: "none", disabled: "yes" });
  });

  it("are closed to every role but that of reports, which reads nothing else of a case", async () => {
    const { engine } = house.broker.ground;
    for (const role of ["intake", "worker", "reader"] as const)
      await expect(
        engine.transaction(role, (query) => query("SELECT * FROM waymark.monitoring"), { organisation: "F83999" }),
      ).rejects.toThrow(/permission denied/);
    const asReports = (sql: string) => engine.transaction("reports", (query) => query(sql));
    expect((await asReports("SELECT id FROM waymark.monitoring")).length).toBeGreaterThan(0);
    for (const table of ["referral", "submission", "event", "receipt", "person_key", "offer"])
      await expect(asReports(`SELECT * FROM waymark.${table}`)).rejects.toThrow(/permission denied/);
    await expect(asReports("DELETE FROM waymark.monitoring")).rejects.toThrow(/permission denied|read-only/);
  });

  it("end with the person", async () => {
    const [key, letter] = (withAnswers["jobcentre"] as (house: House) => [ReferrerKey, Letter])(house);
    const reference = await sends(key, letter);
    await settled();
    expect(await kept(reference)).toBeDefined();
    await house.broker.ground.store.ledger.forget(await caseOf(reference));
    expect(await kept(reference)).toBeUndefined();
    const again = await post(house.sender(key), {
      path: `/referrals/${reference}/monitoring`,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(ANSWERS),
    });
    expect(again.status).toBe(404);
    expect(await kept(reference)).toBeUndefined();
  });

  it("are counted for an operator, and nobody is counted out who is one of few", async () => {
    const tools = toolsOf(house.config, () => Promise.resolve(house.broker.ground));
    const printed = await runVerb(["monitoring", "--test", "--json"], tools, { cwd: "." });
    expect(printed).toMatchObject({ status: 0, err: "" });
    const counts = JSON.parse(printed.out) as Loose[];
    expect(counts).toContainEqual({ question: "religion", answer: "none" });
    const others = await runVerb(["monitoring"], tools, { cwd: "." });
    expect(others.out).toBe("Nobody has answered yet.\n");
  });

  it("are in no line of the log", () => {
    expect(house.log.length).toBeGreaterThan(10);
    expect(house.log.filter((line) => TELLS.test(line))).toEqual([]);
  });
});
