// A store whose journal tells of another past: doors accept, decisions are made, and nothing at all leaves, on every set-up.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeKeyRing } from "../../adapters/postgres/keyring.ts";
import { createVault } from "../../adapters/postgres/vault.ts";
import { createIds } from "../../adapters/system.ts";
import { anErasure, textsOf } from "../builders/journal.ts";
import { uuid } from "../builders/store.ts";
import type { GpOptions, Loose } from "../fixtures/gp/index.ts";
import { type House, setups, until } from "./house.ts";
import { operate } from "./operator.ts";
import { get, handOffLetter, message, post, requestLetter } from "./letters.ts";

const COACHING = "sample-islington-coaching";
const PATIENT: GpOptions = {
  need: "employment",
  facts: { employment: "out-of-work", longTermCondition: true },
  person: { postcode: "N1 2UD", birthDate: "1984-04-09" },
};

const ring = makeKeyRing(createIds());
const mark = (text: string): string => createVault(ring, createIds()).digest("journal", text);

describe.each(setups())("quarantine on $name", (setup) => {
  let house: House;
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "waymark-journal-"));
    path = join(folder, "journal");
    // Another store has written here: under our keys, so that nothing else is wrong.
    await writeFile(path, `${textsOf([anErasure()], { store: uuid(), epoch: 1 }, mark).join("\n")}\n`);
    const settings = {
      WAYMARK_JOURNAL: path,
      WAYMARK_KEYS: JSON.stringify(ring),
      CANARY_SECONDS: "1",
      ALERT_LOOK_SECONDS: "1",
    };
    house = await setup.open(settings);
  });
  afterAll(async () => {
    await house.close();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (...argv: string[]) => operate(house, argv);
  const surgery = () => house.sender("islington-surgery");
  const held = (reference: string | undefined, kind: string) =>
    until(
      async () =>
        (
          await house.sql(
            `SELECT FROM waymark.work w JOIN waymark.referral r ON r.id = w.referral
             WHERE reference = $1 AND kind = $2 AND cause = 'quarantine' AND attempt = 0`,
            [reference, kind],
          )
        ).length > 0,
      `no ${kind} is held`,
    );

  it("takes referrals at every door and decides them, and neither provider nor referrer hears anything", async () => {
    const gp = await post(surgery(), message(surgery(), PATIENT));
    const jobcentre = await post(house.sender("jobcentre"), handOffLetter({ need: "debt-advice" }));
    const council = await post(house.sender("hackney"), requestLetter(house.sender("hackney"), {}));
    expect([gp.status, jobcentre.status, council.status]).toEqual([200, 202, 200]);
    await held(gp.reference, "deliver");
    await held(jobcentre.reference, "notify");
    expect((await get(surgery(), `/referrals/${gp.reference}`)).text).toContain('"status":"offered"');
    for (const provider of house.stage.providers.values()) expect(provider.received).toEqual([]);
    for (const referrer of house.stage.referrers.values()) expect(referrer.heard ?? []).toEqual([]);
    expect(
      await house.sql(
        "SELECT FROM waymark.attempt a JOIN waymark.referral r ON r.id = a.referral WHERE NOT canary AND a.outcome IS NOT NULL AND a.kind IN ('deliver', 'notify')",
      ),
    ).toEqual([]);
  });

  it("shows a provider nothing and takes nothing from it, with a code and a time to come again", async () => {
    const coach = house.provider(COACHING);
    for (const reply of [await coach.asks("/offers"), await coach.asks(`/offers/${uuid()}/accept`, {})]) {
      expect([reply.status, reply.headers.get("retry-after")]).toEqual([503, "5"]);
      expect(await reply.text()).toContain('"quarantined"');
    }
  });

  it("shows nothing behind a link, in words for people", async () => {
    const reply = await fetch(`${house.broker.origin}/open/${"x".repeat(43)}`);
    expect(reply.status).toBe(503);
    expect(await reply.text()).toContain("Your link stays good.");
  });

  it("says so in health, status, why and one alert; the canary goes its way and alarms nobody", async () => {
    const ready = await fetch(`${house.broker.origin}/health/ready`);
    const { parts } = (await ready.json()) as Loose;
    expect([ready.status, parts.quarantine.detail]).toEqual([
      200,
      expect.stringMatching(/^since .*: other-store\. Nothing leaves before waymark reconcile$/),
    ]);
    const status = await run("status");
    expect(status).toMatchObject({ status: 1 });
    expect(status.out).toMatch(/^Quarantine for .*: nothing leaves\. The journal belongs to another store\.$/m);
    const { reference } = await post(surgery(), message(surgery(), PATIENT));
    await held(reference, "deliver");
    expect((await run("why", String(reference))).out).toContain("An operator must run `waymark reconcile`.");
    await until(
      async () => (await house.sql("SELECT FROM waymark.canary WHERE ended_at IS NOT NULL")).length > 0,
      "no canary came through",
    );
    await until(async () => (await house.sql("SELECT FROM waymark.alert")).length > 0, "no alert stands");
    expect(await house.sql("SELECT codes ->> 'code' AS code, codes ->> 'cause' AS cause FROM waymark.alert")).toEqual([
      { code: "quarantine", cause: "other-store" },
    ]);
  });

  it("writes nothing into the journal of the other", async () => {
    expect((await readFile(path, "utf8")).trimEnd().split("\n").length).toBe(1);
  });
});
