// A store restored from yesterday, on both homes: it starts in quarantine, doors accept, nothing leaves; what the journal holds is
// done again, what is lost is named, and then everything flows. Who was erased stays erased, who withdrew is not sent out again.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createLog } from "../../adapters/log.ts";
import { makeKeyRing } from "../../adapters/postgres/keyring.ts";
import { createIds } from "../../adapters/system.ts";
import type { Config } from "../../schemas/config.ts";
import { openBroker, type Broker } from "../../src/broker.ts";
import { runVerb } from "../../src/cli/run.ts";
import { readConfig } from "../../src/config.ts";
import { toolsOf } from "../../src/operate.ts";
import { emptyDatabase, pgliteFolder } from "../engines.ts";
import type { GpOptions, Loose } from "../fixtures/gp/index.ts";
import { openStage, type Stage } from "../world/stage.ts";
import { until } from "./house.ts";
import { get, handOffLetter, message, post, requestLetter, type Letter } from "./letters.ts";

const COACHING = "sample-islington-coaching";
const SURGERY = "islington-surgery";
const PATIENT: GpOptions = {
  need: "employment",
  facts: { employment: "out-of-work", longTermCondition: true },
  person: { postcode: "N1 2UD", birthDate: "1984-04-09" },
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const homes: [string, () => Promise<{ settings: Record<string, string>; clear(): Promise<void> } | undefined>][] = [
  [
    "embedded engines",
    async () => {
      const folder = await pgliteFolder();
      return { settings: { WAYMARK_DATA: folder }, clear: () => rm(folder, { recursive: true, force: true }) };
    },
  ],
  [
    "PostgreSQL",
    async () => {
      const database = await emptyDatabase();
      return (
        database && {
          settings: { DATABASE_URL: database.url, DATABASE_POOL: "6", WAYMARK_ALLOW_OUTBOUND: "127.0.0.0/8" },
          clear: database.drop,
        }
      );
    },
  ],
];

describe.each(homes.filter(([name]) => name !== "PostgreSQL" || inject("servers").postgres !== null))(
  "a restored store on %s",
  (_, makeHome) => {
    let home: NonNullable<Awaited<ReturnType<typeof makeHome>>>;
    let folder: string;
    let config: Config;
    let broker: Broker;
    let stage: Stage;
    const sent: Record<string, string> = {};
    let later: { withdrawn: string; erased: string; refused: string; lost: string };

    const start = async (): Promise<void> => void (broker = await openBroker(config, createLog({ level: "silent" })));
    const run = (...argv: string[]) =>
      runVerb(
        argv,
        toolsOf(config, () => Promise.resolve(broker.ground)),
        { cwd: folder },
      );
    const sql = <Row extends object>(text: string, values?: unknown[]) =>
      broker.ground.engine.transaction("owner", (query) => query<Row>(text, values));
    const surgery = () => {
      const found = stage.senders.get(SURGERY);
      if (found === undefined) throw new Error("nobody plays the surgery");
      return found;
    };
    const coach = () => {
      const found = stage.providers.get(COACHING);
      if (found === undefined) throw new Error("nobody plays the coach");
      return found;
    };
    let letter: Letter;
    const send = async (): Promise<string> => {
      letter = message(surgery(), PATIENT);
      const reply = await post(surgery(), letter);
      expect(reply.status).toBe(200);
      return String(reply.reference);
    };
    const offered = async (): Promise<string> => {
      const reference = await send();
      await until(() => coach().received.some((one) => one.reference === reference), "no offer came");
      await until(
        async () =>
          (
            await sql(
              "SELECT FROM waymark.event e JOIN waymark.referral r ON r.id = e.referral WHERE reference = $1 AND type = 'delivered'",
              [reference],
            )
          ).length > 0,
        "it was not delivered",
      );
      return reference;
    };
    const json = (path: string, body: object) =>
      post(surgery(), { path, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const recalled = (reference: string) =>
      coach().notices.filter((one) => one.reference === reference && one.type === "offer.recalled").length;
    const statusOf = async (reference: string): Promise<string> =>
      (JSON.parse((await get(surgery(), `/referrals/${reference}`)).text) as Loose)["status"];

    beforeAll(async () => {
      const made = await makeHome();
      if (made === undefined) throw new Error("this run has no server for this home");
      home = made;
      folder = await mkdtemp(join(tmpdir(), "waymark-restore-"));
      const read = readConfig({
        PORT: String(await freePort()),
        METRICS_PORT: "0",
        CANARY_SECONDS: "0",
        WAYMARK_KEYS: JSON.stringify(makeKeyRing(createIds())),
        WAYMARK_JOURNAL: join(folder, "journal"),
        ...home.settings,
      });
      if (!read.ok) throw new Error(read.faults.join("\n"));
      config = read.config;
      await start();
      const { store, rulebook } = broker.ground;
      stage = await openStage({
        origin: broker.origin,
        clients: store.clients,
        directory: rulebook.directory(),
        file: join(folder, "world.json"),
      });
      for (const one of stage.providers.values()) one.manner = "waits";
      for (const name of ["withdrawn", "erased", "refused"]) sent[name] = await offered();
    });
    afterAll(async () => {
      await broker.close();
      await stage.close();
      await home.clear();
      await rm(folder, { recursive: true, force: true });
    });

    it("is backed up while it serves, into a file that is not there yet", async () => {
      expect(await run("backup", "--out", "yesterday")).toMatchObject({ status: 0 });
      expect(await run("backup", "--out", "yesterday")).toMatchObject({ status: 1 });
      expect((await readFile(join(folder, "yesterday"))).length).toBeGreaterThan(10_000);
    });

    let lostLetter: Letter;
    const elsewhere: Record<"jobcentre" | "hackney", string> = { jobcentre: "", hackney: "" };
    const by = (key: "jobcentre" | "hackney") => {
      const found = stage.senders.get(key);
      if (found === undefined) throw new Error(`nobody plays ${key}`);
      return found;
    };
    it("goes on after the backup: one withdraws, one is erased, one takes consent back, and a new one comes", async () => {
      later = { ...(sent as Record<"withdrawn" | "erased" | "refused", string>), lost: await offered() };
      lostLetter = letter;
      elsewhere.jobcentre = String((await post(by("jobcentre"), handOffLetter({ need: "debt-advice" }))).reference);
      elsewhere.hackney = String((await post(by("hackney"), requestLetter(by("hackney"), {}))).reference);
      expect(
        (await json(`/referrals/${later.withdrawn}/withdrawal`, { reason: "person-declined", by: "person" })).status,
      ).toBe(200);
      const no = { consents: [{ kind: "share", decision: "withdrawn" }] };
      expect((await json(`/referrals/${later.refused}/consents`, no)).status).toBe(200);
      expect(await run("person", "erase", later.erased, "--yes")).toMatchObject({ status: 0 });
      await until(() => recalled(later.withdrawn) === 1 && recalled(later.refused) === 1, "no recall came");
      await broker.close();
    });

    it("is restored over a store only by force, and starts in quarantine", async () => {
      expect(await run("restore", "--from", "yesterday", "--by", "Ada")).toMatchObject({ status: 1 });
      const forced = await run("restore", "--from", "yesterday", "--by", "Ada", "--force");
      expect(forced).toMatchObject({ status: 0 });
      await start();
      expect(await broker.ground.store.quarantine.inForce()).toMatchObject({ why: "restored" });
      expect(await statusOf(later.withdrawn)).toBe("offered");
    });

    it("takes referrals, and sends nothing to anybody", async () => {
      const before = { offers: coach().received.length, notices: coach().notices.length };
      sent["new"] = await send();
      await until(
        async () => (await sql("SELECT FROM waymark.work WHERE kind = 'deliver' AND cause = 'quarantine'")).length > 0,
        "no offer is held",
      );
      expect({ offers: coach().received.length, notices: coach().notices.length }).toEqual(before);
      expect((await coach().asks("/offers")).status).toBe(503);
    });

    it("sends nothing for an operator either, and says why with a code", async () => {
      const tried = await run("letters", "try", "--email", "me@here.example", "--json");
      expect(tried.status).toBe(1);
      expect(JSON.parse(tried.out)).toMatchObject({ code: "quarantined" });
    });

    it("says what it has lost, and changes nothing by saying it", async () => {
      const plan = await run("reconcile", "--dry-run", "--json");
      expect(JSON.parse(plan.out)).toMatchObject({
        applied: false,
        ended: false,
        withdraw: [{ reference: later.withdrawn }, { reference: later.erased }],
        refuse: expect.arrayContaining([expect.objectContaining({ reference: later.refused })]),
        erase: [expect.any(String)],
        lost: [
          { reference: later.lost },
          { reference: elsewhere.jobcentre, door: "jobcentre" },
          { reference: elsewhere.hackney, door: "council" },
        ],
        differences: expect.arrayContaining([
          expect.objectContaining({ what: "offer-lost", reference: later.lost, provider: COACHING }),
        ]),
        // Whoever is reached by webhook cannot be asked, and is named all the same.
        destinations: expect.arrayContaining([
          expect.objectContaining({ provider: COACHING, way: "webhook", asked: "same-id", compared: 0 }),
        ]),
      });
      expect(await statusOf(later.withdrawn)).toBe("offered");
    });

    it("does again what the journal holds, and stays shut while something is left to decide", async () => {
      const done = await run("reconcile", "--by", "Ada");
      expect(done.status).toBe(1);
      expect(done.out).toContain("Still in quarantine.");
      expect(await statusOf(later.withdrawn)).toBe("withdrawn");
      expect((await sql("SELECT FROM waymark.case_file WHERE wrapped_key IS NULL")).length).toBe(1);
      expect(recalled(later.withdrawn)).toBe(1);
    });

    it("ends when somebody answers for the rest; then recalls go again, and what waited arrives", async () => {
      expect(await run("reconcile", "--accept-differences", "--by", "Ada")).toMatchObject({ status: 2 });
      const done = await run("reconcile", "--accept-differences", "--reason", "the coach was rung", "--by", "Ada");
      expect(done).toMatchObject({ status: 0, out: expect.stringContaining("The quarantine is over") });
      await until(() => recalled(later.withdrawn) === 2, "the recall did not go again");
      await until(() => recalled(later.refused) === 2, "nor did that of the refused");
      await until(() => coach().received.some((one) => one.reference === sent["new"]), "the new offer did not come");
      // Under the ids that it had: nobody was asked twice.
      const ids = (reference: string) =>
        new Set(
          coach()
            .received.filter((one) => one.reference === reference)
            .map(({ webhookId }) => webhookId),
        ).size;
      expect([ids(later.withdrawn), ids(later.refused), ids(later.erased)]).toEqual([1, 1, 1]);
      expect((await coach().asks("/offers")).status).toBe(200);
      expect(await run("reconcile", "--dry-run")).toMatchObject({ status: 0, out: "There is no quarantine.\n" });
    });

    it("goes on behind its journal, and starts again as a store like any other", async () => {
      await broker.close();
      await start();
      expect(await broker.ground.store.quarantine.inForce()).toBeUndefined();
      const lines = (await readFile(join(folder, "journal"), "utf8"))
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Loose);
      expect(lines.map(({ number }) => number)).toEqual(lines.map((_line, at) => at + 1));
      expect(lines.find(({ kind }) => kind === "restored")).toMatchObject({ epoch: 2, body: { by: "Ada" } });
      expect(lines.filter(({ kind }) => kind === "reconciled")).toMatchObject([
        { body: { by: "Ada", accepted: true } },
      ]);
    });

    it("says of a lost reference that it was lost, and gives it again to whoever sends the same again", async () => {
      const reply = await get(surgery(), `/referrals/${later.lost}`);
      expect([reply.status, reply.text]).toEqual([410, expect.stringContaining("lost-in-restore")]);
      expect((await get(surgery(), "/referrals/WM-2222-2222")).status).toBe(404);
      // In each door's own form, under the id as well; to others it was never there.
      const [{ referral } = { referral: "" }] = await sql<{ referral: string }>(
        "SELECT referral FROM waymark.lost_referral WHERE reference = $1",
        [later.lost],
      );
      const request = await get(surgery(), `/fhir/R4/ServiceRequest/${referral}`);
      expect([request.status, JSON.parse(request.text)]).toMatchObject([
        410,
        { resourceType: "OperationOutcome", issue: [{ details: { coding: [{ code: "lost-in-restore" }] } }] },
      ]);
      const handOff = await get(by("jobcentre"), `/jobcentre/v1/handoffs/${elsewhere.jobcentre}`);
      expect([handOff.status, JSON.parse(handOff.text).errors]).toMatchObject([410, [{ code: "lost-in-restore" }]]);
      const report = await get(by("hackney"), `/open311/v2/requests/${elsewhere.hackney}.json`);
      expect([report.status, report.text]).toEqual([410, expect.stringContaining("lost-in-restore")]);
      expect((await get(by("jobcentre"), `/jobcentre/v1/handoffs/${later.lost}`)).status).toBe(404);
      const again = await post(surgery(), lostLetter);
      expect([again.status, again.reference]).toEqual([200, later.lost]);
      expect((await get(surgery(), `/referrals/${later.lost}`)).status).toBe(200);
    });
  },
);
