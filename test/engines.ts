// A fresh, migrated store for each test that asks: PGlite in a temporary folder, and a database on a real PostgreSQL server.
// A database is copied from a template; a PGlite folder from one that is made once for each set of migrations.
import { createHash, randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { inject } from "vitest";
import { openEmbedded } from "../adapters/postgres/embedded.ts";
import type { Engine } from "../adapters/postgres/engine.ts";
import { MIGRATIONS, migrate, readMigrations } from "../adapters/postgres/migrate.ts";
import { openServer } from "../adapters/postgres/server.ts";
import "./engines-setup.ts";
import { refusingNested } from "./inside.ts";

export type Opened = { engine: Engine; close(): Promise<void> };
export type TestEngine = { name: "PGlite" | "PostgreSQL"; open(): Promise<Opened> };

/** The engines of this run, for `describe.each(engines())("… on $name", …)`. */
export const engines = (): TestEngine[] =>
  inject("servers").postgres === null ? [pglite] : [pglite, { name: "PostgreSQL", open: openPostgres }];

const pglite: TestEngine = { name: "PGlite", open: async () => openPglite(await pgliteFolder()) };

/** Undefined when this run has no Redis; the reason was printed at its start. Every worker has a database of its own. */
export const redisUrl = (): string | undefined => {
  const url = inject("servers").redis;
  return url === null
    ? undefined
    : `${url.replace(/\/\d*$/, "")}/${1 + (Number(process.env["VITEST_POOL_ID"] ?? 1) % 15)}`;
};

/** The url of a fresh database without tables. Undefined when this run has no PostgreSQL. */
export const emptyDatabase = async (): Promise<{ url: string; drop(): Promise<void> } | undefined> => {
  const url = inject("servers").postgres;
  return url === null ? undefined : createDatabase(url, `x${randomBytes(4).toString("hex")}`);
};

/** A folder as the embedded engine leaves it after migrating. */
export const pgliteFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "waymark-pglite-"));
  await cp(join(await pgliteTemplate(), "store"), join(folder, "store"), { recursive: true });
  return folder;
};

const openPglite = async (folder: string): Promise<Opened> => {
  const engine = await openEmbedded({ folder, floor: 0 });
  return {
    engine: refusingNested(engine),
    close: async () => {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const shape = async (): Promise<string> => {
  const program = JSON.parse(
    await readFile(join(MIGRATIONS, "../../../node_modules/@electric-sql/pglite/package.json"), "utf8"),
  ) as {
    version: string;
  };
  const migrations = (await readMigrations(MIGRATIONS)).map((migration) => migration.digest);
  return createHash("sha256")
    .update([program.version, "wal-segsize=1", ...migrations].join())
    .digest("hex")
    .slice(0, 16);
};

/** Made beside its place and moved there, so that two runs at once do no harm. */
const pgliteTemplate = async (): Promise<string> => {
  const place = join(tmpdir(), `waymark-pglite-template-${process.getuid?.() ?? 0}-${await shape()}`);
  if (await stat(join(place, "store")).catch(() => undefined)) return place;
  const draft = `${place}-${randomBytes(4).toString("hex")}`;
  await mkdir(draft, { mode: 0o700 });
  const engine = await openEmbedded({ folder: draft, floor: 0 });
  await migrate(engine);
  await engine.close();
  await rename(draft, place).catch(() => rm(draft, { recursive: true, force: true }));
  return place;
};

const openPostgres = async (): Promise<Opened> => {
  const admin = inject("servers").postgres ?? "";
  const template = await postgresTemplate(admin);
  const database = await createDatabase(admin, randomBytes(4).toString("hex"), template);
  const engine = await openServer({ url: database.url, max: 6 });
  return {
    engine: refusingNested(engine),
    close: async () => {
      await engine.close();
      await database.drop();
    },
  };
};

let madeTemplate: Promise<string> | undefined;
const postgresTemplate = (admin: string): Promise<string> => {
  madeTemplate ??= makeTemplate(admin);
  return madeTemplate;
};

const makeTemplate = async (admin: string): Promise<string> => {
  const name = `waymark_test_${inject("servers").run}_template`;
  const client = await adminClient(admin);
  try {
    // One worker makes it, the others wait here until it is whole.
    await client.query("SELECT pg_advisory_lock(hashtext($1))", [name]);
    const { rows } = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (rows.length > 0) return name;
    await client.query(`CREATE DATABASE ${name}_draft`);
    const engine = await openServer({ url: database(admin, `${name}_draft`), max: 2 });
    await migrate(engine).finally(() => engine.close());
    await client.query(`ALTER DATABASE ${name}_draft RENAME TO ${name}`);
    return name;
  } finally {
    await client.end();
  }
};

const createDatabase = async (admin: string, suffix: string, template = "template1") => {
  const name = `waymark_test_${inject("servers").run}_${suffix}`;
  const once = async (sql: string): Promise<void> => {
    const client = await adminClient(admin);
    await client.query(sql).finally(() => client.end());
  };
  await once(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  return { url: database(admin, name), drop: () => once(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
};

const database = (admin: string, name: string): string => {
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return url.href;
};

const adminClient = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
};
