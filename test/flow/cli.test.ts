// The operators' verbs, run as a program runs them and through the socket of a broker that holds the store.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askHolder } from "../../adapters/postgres/lock.ts";
import { KeyRing } from "../../schemas/config.ts";
import { SCOPES } from "../../schemas/client.ts";
import { dayOf } from "../../src/core/calendar.ts";
import { runVerb, type Printed } from "../../src/cli/run.ts";
import { readConfig } from "../../src/config.ts";
import { toolsOf } from "../../src/operate.ts";
import type { Loose } from "../fixtures/gp/index.ts";
import { tokens } from "../world/system.ts";
import { type House, setups, until } from "./house.ts";
import { get, message, post } from "./letters.ts";
import { found, inMessage } from "./secrets.ts";

const PACKS = join(import.meta.dirname, "../../packs");

describe.each(setups())("the command line on $name", (setup) => {
  let house: House;
  let cwd: string;
  beforeAll(async () => {
    house = await setup.open();
    cwd = await mkdtemp(join(tmpdir(), "waymark-cli-"));
  });
  afterAll(async () => {
    await house.close();
    await rm(cwd, { recursive: true, force: true });
  });

  const here = (argv: string[]): Promise<Printed> =>
    runVerb(
      argv,
      toolsOf(house.config, () => Promise.resolve(house.broker.ground)),
      { cwd },
    );
  /** In embedded mode the broker that holds the folder answers; beside a server a second program opens the same store. */
  const run = async (...argv: string[]): Promise<Printed> =>
    setup.embedded ? ((await askHolder(house.config.WAYMARK_DATA, { argv, cwd })) as Printed) : here(argv);
  const json = async (...argv: string[]): Promise<Loose> => {
    const printed = await run(...argv, "--json");
    expect(printed).toMatchObject({ status: 0, err: "" });
    return JSON.parse(printed.out) as Loose;
  };

  const newClient = async (kind: string, organisation: string, ...more: string[]) => {
    const keys = await json("keys", "client");
    await writeFile(join(cwd, `${organisation}.jwks.json`), JSON.stringify(keys.public));
    const named = ["--organisation", organisation, "--name", "A sample system", "--jwks", `${organisation}.jwks.json`];
    const added = await json("clients", "add", "--kind", kind, "--test", ...named, ...more);
    const identity = {
      ...added,
      name: "A sample system",
      kind,
      organisation,
      port: 9,
      privateKey: keys.private,
      publicKey: keys.public.keys[0],
    };
    return { added, sender: { identity, broker: house.broker.origin, token: tokens(identity, house.broker.origin) } };
  };
  const practice = async () => (await newClient("gp", `F${Math.trunc(10_000 + Math.random() * 80_000)}`)).sender;

  it("brings a version of a pack into force in the broker that serves, and says who did", async () => {
    const text = await readFile(join(PACKS, "london/law-centre.yaml"), "utf8");
    await writeFile(join(cwd, "law-2.yaml"), text.replace("version: 1", "version: 2"));
    const today = dayOf(house.broker.ground.clock.now());
    expect(await run("packs", "activate", "law-2.yaml", "--from", "2026-01-01", "--by", "A. Sample")).toMatchObject({
      status: 1,
      out: expect.stringContaining("today or later"),
    });
    expect(await run("packs", "activate", "law-2.yaml", "--from", "soon", "--by", "A. Sample")).toMatchObject({
      status: 2,
    });
    const activated = await json("packs", "activate", "law-2.yaml", "--from", today, "--by", "A. Sample");
    expect(activated).toMatchObject({ outcome: "activated", line: { programme: "law-centre", version: 2 } });
    const { rulebook, clock } = house.broker.ground;
    expect(rulebook.inForce(clock.now()).find(({ programme }) => programme.programme === "law-centre")).toMatchObject({
      programme: { version: 2 },
    });
    const lines = (await json("packs", "list")) as unknown as { programme: string; version: number }[];
    expect(lines.filter(({ programme }) => programme === "law-centre")).toMatchObject([
      { version: 1, stand: "superseded", activatedBy: "folder" },
      { version: 2, stand: "in force", activatedBy: "A. Sample" },
    ]);
    expect(await run("packs", "test")).toMatchObject({ status: 0, out: expect.stringContaining("tests hold") });
    expect((await json("packs", "test", "--as-of", "2024-01-01")).packs).toEqual([]);
  });

  it("adds a client as INTERFACES says, which then comes in with its key", async () => {
    const { added, sender } = await newClient("gp", "F83123");
    expect(Object.keys(added).toSorted()).toEqual(["clientId", "organisation", "scopes", "webhookSecret"]);
    expect(added).toMatchObject({ organisation: "F83123", scopes: SCOPES.gp });
    expect(added.webhookSecret).toMatch(/^whsec_/);
    expect((await post(sender, message(sender, {}))).status).toBe(200);
  });

  it("gives a council an apiKey, and only a council", async () => {
    const { added } = await newClient("council", "E09000019");
    expect(added.apiKey).toMatch(/^wmk_/);
    const reply = await fetch(`${house.broker.origin}/open311/v2/requests.json?api_key=${added.apiKey as string}`);
    expect(reply.status).toBe(200);
    const alone = await json(
      "clients",
      "add",
      "--kind",
      "council",
      "--organisation",
      "E09000020",
      "--name",
      "No keys",
      "--test",
    );
    expect(alone.apiKey).toMatch(/^wmk_/);
    const none = await run("clients", "add", "--kind", "gp", "--organisation", "F83124", "--name", "No keys", "--test");
    expect(none.status).toBe(2);
    expect(none.out).toContain("--jwks is needed");
  });

  it("takes other than test clients only where there is a server underneath", async () => {
    const argv = ["clients", "add", "--kind", "council", "--organisation", "E09000021", "--name", "Real"];
    const printed = await run(...argv);
    expect(printed.status).toBe(setup.embedded ? 2 : 0);
    expect(/only clients added with --test/.test(printed.out)).toBe(setup.embedded);
    const listed = (await json("clients", "list")) as { organisation: string; test: boolean }[];
    expect(listed.filter((one) => !one.test).map((one) => one.organisation)).toEqual(
      setup.embedded ? [] : ["E09000021"],
    );
  });

  it("names every fault of a new client, and keeps none", async () => {
    const before = ((await json("clients", "list")) as unknown[]).length;
    await writeFile(join(cwd, "not-keys.json"), "{}");
    await writeFile(join(cwd, "private.json"), JSON.stringify({ keys: [(await json("keys", "client")).private] }));
    const base = ["clients", "add", "--kind", "gp", "--organisation", "F83125", "--name", "Wrong", "--test", "--jwks"];
    for (const file of ["missing.json", "not-keys.json", "private.json"]) {
      const printed = await run(...base, file);
      expect([file, printed.status]).toEqual([file, 2]);
      expect(printed.out).toContain(file);
    }
    const wrong = await run(
      "clients",
      "add",
      "--kind",
      "baker",
      "--organisation",
      "no spaces",
      "--name",
      "x",
      "--test",
      "--callback",
      "ftp://x",
    );
    expect(wrong.status).toBe(2);
    for (const path of ["kind", "organisation", "callbackUrl"]) expect(wrong.out).toContain(path);
    expect(((await json("clients", "list")) as unknown[]).length).toBe(before);
  });

  it("lists clients without a secret", async () => {
    const { added } = await newClient(
      "jobcentre",
      "sample-jobcentre-777",
      "--callback",
      "http://127.0.0.1:9/news",
      "--scopes",
      "handoff.read",
    );
    const { out } = await run("clients", "list", "--json");
    const one = (JSON.parse(out) as Loose[]).find(({ clientId }) => clientId === added.clientId);
    expect(one).toMatchObject({
      kind: "jobcentre",
      scopes: ["handoff.read"],
      callback: "http://127.0.0.1:9/news",
      test: true,
      state: "in force",
    });
    expect(out).not.toMatch(/whsec_|wmk_/);
    expect((await run("clients", "list")).out).toContain("sample-jobcentre-777");
  });

  it("revokes a client, whose token ends within five seconds and which gets no other", async () => {
    const sender = await practice();
    const address = "/referrals/WM-2222-2222";
    expect((await get(sender, address)).status).toBe(404);
    expect(await json("clients", "revoke", sender.identity["clientId"] as string)).toMatchObject({ revoked: true });
    const revoked = performance.now();
    await until(async () => (await get(sender, address)).status === 401, "its token still lets it in");
    expect(performance.now() - revoked).toBeLessThan(7_000);
    await expect(tokens(sender.identity, house.broker.origin)()).rejects.toThrow(/401/);
    expect((await run("clients", "revoke", sender.identity["clientId"] as string)).status).toBe(1);
    expect((await run("clients", "revoke", "nobody")).status).toBe(1);
  });

  it("shows a case without the person, and erases the person when it is meant", async () => {
    const sender = house.sender("islington-surgery");
    const letter = message(sender, { facts: { employment: "out-of-work", longTermCondition: true } });
    const { reference = "" } = await post(sender, letter);
    await house.quiet();
    const secrets = inMessage(JSON.parse(letter.body) as Loose);
    const shown = await run("case", "show", reference);
    expect(shown).toMatchObject({ status: 0, err: "" });
    for (const words of [reference, "offered  through the gp door", "2. offered", "told: referral.offered (delivered)"])
      expect(shown.out).toContain(words);
    const full = await run("case", "show", reference, "--json");
    expect(JSON.parse(full.out)).toMatchObject({
      journey: { reference, status: "offered" },
      receipts: [{ outcome: "offered" }],
    });
    expect(found(shown.out + full.out, secrets)).toEqual([]);

    expect((await run("person", "erase", reference)).status).toBe(2);
    const { journey } = JSON.parse(full.out) as { journey: { id: string } };
    expect((await house.broker.ground.store.ledger.open(journey.id))?.content).toBeDefined();
    expect(await json("person", "erase", reference, "--yes")).toEqual({ reference, erased: true });
    expect((await house.broker.ground.store.ledger.open(journey.id))?.content).toBeUndefined();
    expect((await run("case", "show", reference)).status).toBe(0);
    for (const verb of [
      ["case", "show", "WM-2222-2222"],
      ["person", "erase", "WM-2222-2222", "--yes"],
    ])
      expect((await run(...verb)).status).toBe(1);
  });

  it("finds nothing to migrate in a store that is open", async () => {
    expect(await json("migrate")).toEqual({ applied: [] });
  });

  it("makes keys that hold", async () => {
    const ring = await run("keys", "ring");
    expect(KeyRing.safeParse(JSON.parse(ring.out)).success).toBe(true);
    expect((await run("keys", "ring")).out).not.toBe(ring.out);
  });
});

describe("verbs that need no store", () => {
  let cwd: string;
  beforeAll(async () => void (cwd = await mkdtemp(join(tmpdir(), "waymark-cli-"))));
  afterAll(() => rm(cwd, { recursive: true, force: true }));
  const settings = readConfig({});
  const noStore = () => Promise.reject(new Error("no store is needed here"));
  const run = (...argv: string[]): Promise<Printed> =>
    settings.ok ? runVerb(argv, toolsOf(settings.config, noStore), { cwd }) : Promise.reject(new Error("settings"));

  it("packs check holds on the sample packs, and names file, line and column of a fault", async () => {
    expect((await run("packs", "check")).out).toMatch(/^\d+ programmes, \d+ services: all \d+ tests hold/);
    await cp(PACKS, join(cwd, "packs"), { recursive: true });
    expect(await run("packs", "check", "packs/london")).toMatchObject({ status: 0 });

    const file = join(cwd, "packs/london/islington-gp-coaching.yaml");
    const text = await readFile(file, "utf8");
    const line = text.split("\n").findIndex((one) => one.startsWith("precedence:")) + 1;
    await writeFile(file, text.replace(/^precedence: \d+$/m, "precedence: ten"));
    const broken = await run("packs", "check", "packs/london");
    expect(broken.status).toBe(1);
    expect(broken.out).toMatch(new RegExp(`islington-gp-coaching\\.yaml:${line}:\\d+ .*precedence`));
    const told = JSON.parse((await run("packs", "check", "packs/london", "--json")).out) as Loose;
    expect(told).toMatchObject({ ok: false, faults: [{ line, column: expect.any(Number) as number }] });

    await writeFile(file, text.replace("expect: eligible", "expect: not-eligible"));
    expect((await run("packs", "check", "packs/london")).status).toBe(1);
    expect((await run("packs", "check", "nowhere")).status).toBe(1);
  });

  it("each verb explains itself", async () => {
    for (const verb of [
      "",
      "clients",
      "clients add",
      "clients list",
      "clients revoke",
      "packs",
      "packs check",
      "case",
      "case show",
      "case replay",
      "person erase",
      "migrate",
      "keys",
      "keys ring",
      "keys client",
      "token",
    ]) {
      const printed = await run(...verb.split(" ").filter(Boolean), "--help");
      expect([verb, printed.status]).toEqual([verb, 0]);
      expect(printed.out).toContain("Usage: waymark");
    }
  });

  it("wrong use ends with 2 and says what is wrong", async () => {
    for (const argv of [
      ["bake"],
      ["clients"],
      ["clients", "bake"],
      ["clients", "add"],
      ["clients", "revoke"],
      ["case", "show"],
      ["migrate", "--bake"],
      ["keys", "ring", "extra"],
    ]) {
      const printed = await run(...argv);
      expect([argv.join(" "), printed.status]).toEqual([argv.join(" "), 2]);
      expect(printed.err).not.toBe("");
    }
  });
});
