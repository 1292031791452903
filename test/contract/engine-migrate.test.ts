// Migrations: applied once even when several start together, and never against a store that does not fit.
import { cp, mkdtemp, readFile, rm, writeFile, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MIGRATIONS, migrate, StoreMismatch } from "../../adapters/postgres/migrate.ts";
import { openServer } from "../../adapters/postgres/server.ts";
import { emptyDatabase, engines, type Opened } from "../engines.ts";

describe.each(engines())("migrations on $name", ({ open }) => {
  let opened: Opened;
  let folder: string;
  beforeAll(async () => void (opened = await open()));
  afterAll(() => opened.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "waymark-migrations-"));
    await cp(MIGRATIONS, folder, { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const exists = async (table: string): Promise<boolean> =>
    opened.engine.transaction("owner", async (query) => {
      const [row] = await query<{ found: string | null }>("SELECT to_regclass($1)::text AS found", [table]);
      return row?.found !== null;
    });

  it("find nothing to do in a store that is up to date", async () => {
    expect(await migrate(opened.engine)).toEqual([]);
  });

  it("leave nothing behind when one fails: neither its tables nor its row", async () => {
    await writeFile(join(folder, "9001_good.sql"), "CREATE TABLE waymark.good (id integer);");
    await writeFile(join(folder, "9002_bad.sql"), "CREATE TABLE waymark.bad (id integer); SELECT 1 / 0;");
    await expect(migrate(opened.engine, folder)).rejects.toMatchObject({ code: "22012" });
    expect(await exists("waymark.good")).toBe(false);
    expect(await exists("waymark.bad")).toBe(false);
    expect(await migrate(opened.engine)).toEqual([]);
  });

  it("refuse one that was changed after it was applied, in plain words", async () => {
    const [first = ""] = (await readdir(folder)).toSorted();
    await writeFile(join(folder, first), `${await readFile(join(folder, first), "utf8")}\n-- one more word`);
    const error = await migrate(opened.engine, folder).catch((caught: Error) => caught);
    expect(error).toBeInstanceOf(StoreMismatch);
    expect(String(error)).toContain("was changed after it was applied");
  });

  it("do not mind that a checkout turned the line ends", async () => {
    for (const file of await readdir(folder)) {
      const text = await readFile(join(folder, file), "utf8");
      await writeFile(join(folder, file), text.replaceAll("\n", "\r\n"));
    }
    expect(await migrate(opened.engine, folder)).toEqual([]);
  });

  it("apply a new one once, after which an older program refuses the store", async () => {
    await writeFile(join(folder, "9003_new.sql"), "CREATE TABLE waymark.newer (id integer);");
    expect(await migrate(opened.engine, folder)).toEqual(["9003_new"]);
    expect(await migrate(opened.engine, folder)).toEqual([]);
    const error = await migrate(opened.engine).catch((caught: Error) => caught);
    expect(error).toBeInstanceOf(StoreMismatch);
    expect(String(error)).toContain("newer than this program");
  });
});

const databases = [await emptyDatabase(), await emptyDatabase()];
afterAll(() => Promise.all(databases.map((database) => database?.drop())));

describe.skipIf(databases[0] === undefined)("migrations on a fresh server database", () => {
  it("are applied once by processes that start together, also in two databases of one cluster", async () => {
    const all = databases.flatMap((database) => Array.from({ length: 4 }, () => database?.url ?? ""));
    const open = await Promise.all(all.map((url) => openServer({ url, max: 1 })));
    const applied = await Promise.all(open.map((engine) => migrate(engine)));
    await Promise.all(open.map((engine) => engine.close()));
    const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith(".sql")).length;
    expect(applied.slice(0, 4).flat()).toHaveLength(files);
    expect(applied.slice(4).flat()).toHaveLength(files);
  });

  it("are applied by a login role that is no superuser, which then works under the roles", async () => {
    const name = `waymark_login_${process.pid}`;
    const fresh = await emptyDatabase();
    const admin = new Client({ connectionString: fresh?.url });
    await admin.connect();
    await admin.query(`CREATE ROLE ${name} LOGIN CREATEROLE`);
    await admin.query(`ALTER DATABASE ${new URL(fresh?.url ?? "").pathname.slice(1)} OWNER TO ${name}`);
    // On a shared cluster the roles are there already and belong to someone else, who hands them over.
    await admin.query(`GRANT waymark_intake, waymark_worker, waymark_reader, waymark_reports TO ${name}`);
    const url = new URL(fresh?.url ?? "");
    url.username = name;
    const engine = await openServer({ url: url.href, max: 2 });
    expect(await migrate(engine)).not.toEqual([]);
    expect(await engine.transaction("worker", (query) => query("SELECT current_user AS who"))).toEqual([
      { who: "waymark_worker" },
    ]);
    await engine.close();
    await admin.end();
    await fresh?.drop();
    const cleaner = new Client({ connectionString: databases[0]?.url });
    await cleaner.connect();
    await cleaner.query(`DROP ROLE ${name}`);
    await cleaner.end();
  });
});
