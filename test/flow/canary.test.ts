// The canary goes through the whole path, and is left out of everything that counts, lists or decides for real people.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type House, setups, until } from "./house.ts";
import { operate } from "./operator.ts";
import { handOffLetter, post } from "./letters.ts";

const CANARY = "waymark-canary";
const OURS = "referral >= 'ffffffff-0000-0000-0000-000000000000'";

describe.each(setups())("the canary on $name", (setup) => {
  let house: House;
  beforeAll(async () => void (house = await setup.open({ CANARY_SECONDS: "1", ALERT_LOOK_SECONDS: "1" })));
  afterAll(() => house.close());

  const run = (...argv: string[]) => operate(house, argv);
  const json = async (...argv: string[]): Promise<unknown> => JSON.parse((await run(...argv, "--json")).out);
  const through = () =>
    house.sql<{ referral: string }>("SELECT referral FROM waymark.canary WHERE ended_at IS NOT NULL ORDER BY begun_at");
  const flown = (count: number) => until(async () => (await through()).length >= count, "no canary came through");
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${house.broker.metricsOrigin}/metrics`)).text();
    return Number(new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, "m").exec(text)?.[1]);
  };
  const counted = async (name: string): Promise<string[]> => {
    const text = await (await fetch(`${house.broker.metricsOrigin}/metrics`)).text();
    return text.split("\n").filter((line) => line.startsWith(name));
  };

  it("goes from the door to the news, by way of decision, offer and answer", async () => {
    await flown(2);
    const [first] = await through();
    const events = await house.sql<{ type: string }>(
      "SELECT type FROM waymark.event WHERE referral = $1 ORDER BY sequence",
      [first?.referral],
    );
    // Its provider answers before we have written that it heard: then the answer stands for that.
    expect(events.map(({ type }) => type)).toEqual(["received", "offered", "accepted", "ended"]);
    expect(
      await house.sql("SELECT status, canary, test, organisation, door FROM waymark.referral WHERE id = $1", [
        first?.referral,
      ]),
    ).toEqual([{ status: "ended", canary: true, test: true, organisation: CANARY, door: "jobcentre" }]);
    const attempts = await house.sql<{ kind: string; outcome: string; way: string }>(
      "SELECT DISTINCT kind, outcome, way FROM waymark.attempt WHERE referral = $1 AND outcome IS NOT NULL ORDER BY kind",
      [first?.referral],
    );
    expect(attempts).toEqual([
      { kind: "deliver", outcome: "accepted", way: "webhook" },
      { kind: "notify", outcome: "accepted", way: "jobcentre" },
    ]);
    expect(
      (
        await house.sql<{ open: number }>(
          `SELECT count(*)::integer AS open FROM waymark.work WHERE ${OURS} AND dead_at IS NOT NULL`,
        )
      )[0]?.open,
    ).toBe(0);
  });

  it("shows how it does in figures of its own, in `status` and in `why`", async () => {
    await flown(1);
    expect(await metric("waymark_canary_age_seconds")).toBeLessThan(30);
    expect(await metric("waymark_canary_seconds")).toBeGreaterThan(0);
    expect((await run("status")).out).toMatch(/^Canary: came through \d+ s ago, in \d+\.\d s\.$/m);
    const [row] = await house.sql<{ reference: string }>("SELECT reference FROM waymark.referral WHERE canary LIMIT 1");
    expect((await run("why", String(row?.reference))).status).toBe(0);
  });

  it("is in no figure of real referrals", async () => {
    await flown(1);
    const { agenda } = house.broker.ground.store;
    await house.sql(
      "INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at, dead_at, cause) SELECT gen_random_uuid(), 'notify', referral, referral, 'client:x', now(), now(), now(), 'gone' FROM waymark.canary LIMIT 1",
    );
    await house.sql(
      "INSERT INTO waymark.work (id, kind, subject, referral, destination, due, made_at) SELECT gen_random_uuid(), 'notify', referral, referral, 'client:y', now() + interval '1 day', now() FROM waymark.canary LIMIT 1",
    );
    expect(await agenda.backlog()).toMatchObject({ dead: 0, waiting: 0 });
    expect(await metric("waymark_work_dead")).toBe(0);
    expect(await json("dead-letters", "list")).toEqual([]);
    expect(await json("status")).toMatchObject({ dead: [], failing: [], breakers: [] });
    await house.sql("DELETE FROM waymark.work WHERE destination IN ('client:x', 'client:y')");
    // Neither as jobs nor as requests.
    expect(await counted("waymark_jobs_total{")).toEqual([]);
    expect(
      (await counted("waymark_http_request_duration_seconds_count")).filter((line) => /handoffs|offers/.test(line)),
    ).toEqual([]);
  });

  it("is simulated and decided again by nobody, and counted in no report", async () => {
    await flown(1);
    expect(await house.broker.ground.store.desk.decisions({ limit: 10 })).toEqual([]);
    expect(await json("case", "replay", "--all")).toMatchObject({ decisions: 0 });
    for (const type of ["placed", "overridden"])
      await house.sql(
        `INSERT INTO waymark.event (referral, sequence, id, organisation, at, actor, type, body)
         SELECT referral, 90, gen_random_uuid(), $1, now(), 'waymark', $2::text,
           jsonb_build_object('type', $2::text, 'programme', 'p', 'employer', 'e', 'clause', 'c', 'stage', 'offered')
         FROM waymark.canary LIMIT 1 ON CONFLICT DO NOTHING`,
        [CANARY, type],
      );
    expect(await house.broker.ground.store.desk.pledges()).toEqual([]);
    expect(await house.broker.ground.store.desk.overrides()).toEqual([]);
    const { reader } = house.broker.ground.store;
    expect(await reader.commissioned(CANARY, true, { limit: 10 } as never)).toEqual([]);
  });

  it("takes no place and no turn from anybody, and gives its own back", async () => {
    await flown(1);
    const before = await house.sql("SELECT * FROM waymark.place WHERE programme <> $1", [CANARY]);
    await flown((await through()).length + 1);
    expect(await house.sql("SELECT * FROM waymark.place WHERE programme <> $1", [CANARY])).toEqual(before);
    expect(await house.sql("SELECT programme FROM waymark.allocation")).toEqual([{ programme: CANARY }]);
    await until(async () => {
      const [place] = await house.sql<{ taken: number }>("SELECT taken FROM waymark.place WHERE programme = $1", [
        CANARY,
      ]);
      return place?.taken === 0;
    }, "its place is kept");
  });

  it("is linked with nobody, and nobody's decision reads its rules", async () => {
    await flown(1);
    expect(
      await house.sql(`SELECT k.* FROM waymark.person_key k JOIN waymark.referral r USING (case_id) WHERE r.canary`),
    ).toEqual([]);
    const { reference } = await post(house.sender("jobcentre"), handOffLetter({ need: "debt-advice" }));
    await house.hears("jobcentre", String(reference), 1);
    const [receipt] = (await house.broker.ground.store.desk.dossier(String(reference)))?.receipts ?? [];
    expect(receipt?.packs.filter((pack) => pack.includes(CANARY))).toEqual([]);
    expect(JSON.stringify(receipt)).not.toContain(CANARY);
  });

  it("is no client and no pack of anybody's, and nobody can be registered under its name", async () => {
    expect(JSON.stringify(await json("clients", "list"))).not.toContain(CANARY);
    expect(JSON.stringify(await json("packs", "list"))).not.toContain(CANARY);
    const named = ["--kind", "jobcentre", "--organisation", CANARY, "--name", "A thief", "--test"];
    expect((await run("clients", "add", ...named)).status).toBe(2);
    const grant = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: "ffffffff-0000-7000-8000-000000000001",
    });
    expect(
      (await fetch(`${house.broker.origin}/oauth2/token`, { method: "POST", body: grant })).status,
    ).toBeGreaterThanOrEqual(400);
  });

  it("waits while its door is paused, without an alert, and is cleared after its time", async () => {
    await run("pause", "door:jobcentre", "--by", "Ada", "--reason", "a trial");
    const { canaries, alerts } = house.broker.ground.store;
    await until(async () => {
      const [row] = await house.sql<{ open: number }>(
        "SELECT count(*)::integer AS open FROM waymark.canary c WHERE NOT EXISTS (SELECT FROM waymark.referral r WHERE r.id = c.referral)",
      );
      return (row?.open ?? 0) > 0;
    }, "the door took it");
    expect(await alerts.list()).toEqual([]);
    await house.quiet();
    const tables = ["event", "offer", "receipt", "callback", "attempt", "work", "submission", "canary"];
    const left = async () =>
      (await Promise.all(tables.map((table) => house.sql(`SELECT 1 FROM waymark.${table} WHERE ${OURS}`)))).flat()
        .length;
    expect(await left()).toBeGreaterThan(0);
    const real = (await house.rows())["event"];
    await canaries.clear(new Date(Date.now() + 60_000));
    expect(await left()).toBe(0);
    expect(await house.sql("SELECT FROM waymark.referral WHERE canary")).toEqual([]);
    const [files] = await house.sql<{ count: number }>(
      "SELECT count(*)::integer AS count FROM waymark.case_file WHERE organisation = $1",
      [CANARY],
    );
    expect(files?.count).toBe(0);
    expect((await house.rows())["event"]).toBeGreaterThan(0);
    expect((await house.rows())["event"]).toBeLessThan(Number(real));
    await run("resume", "door:jobcentre", "--by", "Ada");
    await flown(1);
  });
});
