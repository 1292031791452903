// Decisions made again long after: the packs and the directory have changed since, and every receipt still comes out to the byte.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLog } from "../../adapters/log.ts";
import { SEALED } from "../../adapters/postgres/case-seal.ts";
import { openBroker, type Broker } from "../../src/broker.ts";
import { runVerb, type Printed } from "../../src/cli/run.ts";
import { toolsOf } from "../../src/operate.ts";
import type { ReplayReport } from "../../src/ports/desk.ts";
import { scenarios } from "../world/scenarios.ts";
import { type House, setups } from "./house.ts";

const LONDON = join(import.meta.dirname, "../../packs/london");

type Row = { id: string; referral: string; case_id: string; sealed_receipt: Uint8Array };

describe.each(setups())("replay on $name", (setup) => {
  let house: House;
  let broker: Broker;
  let packs: string;
  let before: Row[];

  beforeAll(async () => {
    packs = await mkdtemp(join(tmpdir(), "waymark-packs-"));
    await cp(LONDON, packs, { recursive: true });
    house = await setup.open({ WAYMARK_PACKS: packs });
    for (const { from, send } of scenarios()) await send(house.sender(from));
    await house.quiet();
    before = await house.sql<Row>("SELECT id, referral, case_id, sealed_receipt FROM waymark.receipt ORDER BY id");

    await house.broker.close();
    await rewrite(packs);
    broker = await openBroker(house.config, createLog({ level: "silent" }));
  }, 120_000);

  afterAll(async () => {
    await broker.close();
    await house.close();
    await rm(packs, { recursive: true, force: true });
  });

  const run = (...argv: string[]): Promise<Printed> =>
    runVerb(
      argv,
      toolsOf(house.config, () => Promise.resolve(broker.ground)),
      { cwd: packs },
    );
  const report = async (...argv: string[]): Promise<ReplayReport & { status: number }> => {
    const { status, out } = await run("case", "replay", ...argv, "--json");
    return { ...(JSON.parse(out) as ReplayReport), status };
  };
  const sql: House["sql"] = (text, values) => broker.ground.engine.transaction("owner", (query) => query(text, values));

  it("makes every decision again to the byte, though packs and directory have changed", async () => {
    expect(before.length).toBeGreaterThan(40);
    const { packs: now, directory } = broker.ground.rulebook.bodies();
    const kept = await sql("SELECT digest FROM waymark.pack_body");
    const changed = now.filter(({ programme }) => programme.name === "Changed");
    expect(changed.length).toBeGreaterThan(10);
    expect(kept.length).toBe(2 * changed.length);
    expect(directory.directory.version).toBe("changed");

    expect(await report("--all")).toEqual({
      decisions: before.length,
      same: before.length,
      different: 0,
      cannot: 0,
      named: [],
      status: 0,
    });
    expect((await run("case", "replay", "--all")).out).toContain(
      `${before.length} decisions: ${before.length} the same, 0 different, 0 cannot`,
    );
  });

  it("writes nothing", async () => {
    const tables = ["event", "receipt", "offer", "callback", "work", "place", "allocation", "attempt"];
    const count = async () =>
      Promise.all(tables.map((table) => sql(`SELECT count(*) AS n, max(xmin::text::bigint) FROM waymark.${table}`)));
    const standing = await count();
    await report("--all");
    expect(await count()).toEqual(standing);
  });

  it("goes page by page from where it stopped, and keeps to its days", async () => {
    const seen: number[] = [];
    let next: string | undefined;
    do {
      const page = await report("--all", "--limit", "17", ...(next === undefined ? [] : ["--after", next]));
      seen.push(page.decisions);
      next = page.next;
    } while (next !== undefined);
    expect(seen.reduce((sum, one) => sum + one, 0)).toBe(before.length);
    expect(seen[0]).toBe(17);
    const [{ day } = { day: "" }] = await sql<{ day: string }>(
      "SELECT to_char(max(decided_at) AT TIME ZONE 'UTC' + interval '1 day', 'YYYY-MM-DD') AS day FROM waymark.receipt",
    );
    expect((await report("--all", "--until", day)).decisions).toBe(before.length);
    expect((await report("--all", "--since", day)).decisions).toBe(0);
  });

  it("makes one referral's decisions again, by reference or id", async () => {
    const [{ reference, id } = { reference: "", id: "" }] = await sql<{ reference: string; id: string }>(
      "SELECT r.reference, r.id FROM waymark.referral r JOIN waymark.receipt t ON t.referral = r.id ORDER BY t.id LIMIT 1",
    );
    const one = await report(reference);
    expect(one).toMatchObject({ different: 0, cannot: 0, status: 0 });
    expect(one.same).toBeGreaterThan(0);
    expect(await report(id)).toEqual(one);
    expect((await run("case", "replay", "WM-2222-2222")).status).toBe(1);
    for (const wrong of [[], [reference, "--all"], ["--all", "--since", "yesterday"], ["--all", "--limit", "0"]])
      expect((await run("case", "replay", ...wrong)).status).toBe(2);
  });

  it("names a receipt that was written over, and says what cannot be made again", async () => {
    const [forged, broken, erased, old] = before;
    if (!forged || !broken || !erased || !old) throw new Error("too few decisions");
    const { vault, store } = broker.ground;
    const [row] = await sql<{ wrapped_key: Uint8Array; ring_key: string }>(
      "SELECT wrapped_key, ring_key FROM waymark.case_file WHERE id = $1",
      [forged.case_id],
    );
    if (row === undefined) throw new Error("no such case");
    // By somebody who holds the keys too.
    const key = vault.open(row.wrapped_key, row.ring_key, forged.case_id);
    const where = SEALED.receipt(forged.id);
    const text = vault.unseal(key, where, forged.sealed_receipt).toString("utf8");
    const sealed = vault.seal(key, where, Buffer.from(text.replace(/"outcome":"[a-z]+"/, '"outcome":"seeking"')));
    await sql("UPDATE waymark.receipt SET sealed_receipt = $2 WHERE id = $1", [forged.id, sealed]);
    await sql("UPDATE waymark.receipt SET sealed_receipt = sealed_input WHERE id = $1", [broken.id]);
    await store.ledger.forget(erased.case_id);
    await sql("UPDATE waymark.receipt SET sealed_input = NULL WHERE id = $1", [old.id]);

    const all = await report("--all");
    expect(all).toMatchObject({ different: 2, status: 1 });
    const named = (id: string) => all.named.find((one) => one.id === id);
    expect(named(forged.id)).toMatchObject({ result: "different", path: "outcome", was: '"seeking"' });
    expect(named(broken.id)).toMatchObject({ result: "different", was: "altered where it is stored" });
    expect(named(erased.id)).toMatchObject({ result: "cannot", because: "erased" });
    expect(named(old.id)).toMatchObject({ result: "cannot", because: "no-input" });
    expect((await run("case", "replay", "--all")).out).toContain("differs at outcome");

    await sql("UPDATE waymark.directory_body SET body = replace(body, 'sample', 'simple')");
    const without = await report("--all");
    expect(without.same).toBe(0);
    expect(without.named).toContainEqual(expect.objectContaining({ because: "no-directory" }));
  });
});

/** Another version of every pack, which takes nobody, and of the directory. */
const rewrite = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const text = await readFile(file, "utf8");
    const changed =
      name === "directory.yaml"
        ? text.replace(/^version: .*$/m, "version: changed")
        : text
            .replace(/^version: 1$/m, "version: 2")
            .replace(/^name: (.*)$/m, "name: Changed")
            .replace(/^precedence: .*$/m, "precedence: 999");
    await writeFile(file, changed);
  }
};
