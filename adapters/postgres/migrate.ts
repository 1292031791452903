// Brings the store to this program's shape. Two processes may start at once: one waits for the other and finds nothing to do.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Engine, Query } from "./engine.ts";

/** The store and the program do not fit together; the message says so in plain words. */
export class StoreMismatch extends Error {
  override name = "StoreMismatch";
}

type Migration = { id: number; name: string; sql: string; digest: string };

/** Where package.json lies, from the sources as from `dist/`. */
export const packageRoot = (from = dirname(fileURLToPath(import.meta.url))): string =>
  existsSync(join(from, "package.json")) || dirname(from) === from ? from : packageRoot(dirname(from));

/** From the package root, because `dist/` holds no SQL. */
export const MIGRATIONS = join(packageRoot(), "adapters", "postgres", "migrations");

const LOCK = 0x57_41_59; // "WAY"
const TUPLE_CONCURRENTLY_UPDATED = "XX000";

/** Returns the names of the migrations that it applied. */
export const migrate = async (engine: Engine, folder = MIGRATIONS): Promise<string[]> => {
  const known = await readMigrations(folder);
  await createRoles(engine);
  const at = await engine.now();
  return engine.transaction("owner", async (query) => {
    // The other process may be at work for longer than a lock wait is otherwise allowed.
    await query("SET LOCAL lock_timeout = '120s'; SET LOCAL statement_timeout = '600s'");
    await query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    await query(`CREATE SCHEMA IF NOT EXISTS waymark;
      CREATE TABLE IF NOT EXISTS waymark.migration (
        id integer PRIMARY KEY, name text NOT NULL, digest text NOT NULL, at timestamptz NOT NULL)`);
    const applied = await query<Omit<Migration, "sql">>("SELECT id, name, digest FROM waymark.migration ORDER BY id");
    const missing = compare(known, applied);
    for (const migration of missing) await apply(query, migration, at);
    // commits: the tables of each missing migration, and its row in the ledger
    return missing.map((migration) => migration.name);
  });
};

const apply = async (query: Query, { id, name, sql, digest }: Migration, at: Date): Promise<void> => {
  await query(sql);
  await query("INSERT INTO waymark.migration (id, name, digest, at) VALUES ($1, $2, $3, $4)", [id, name, digest, at]);
};

const compare = (known: Migration[], applied: Omit<Migration, "sql">[]): Migration[] => {
  for (const row of applied) {
    const ours = known.find((migration) => migration.id === row.id);
    if (ours === undefined) {
      throw new StoreMismatch(
        `the store is newer than this program: it has migration ${row.name}, unknown here. Start the newer program.`,
      );
    }
    if (ours.digest !== row.digest) {
      throw new StoreMismatch(
        `migration ${ours.name} was changed after it was applied to this store. Put it back, and write a new migration.`,
      );
    }
  }
  return known.filter((migration) => !applied.some((row) => row.id === migration.id));
};

export const readMigrations = async (folder: string): Promise<Migration[]> => {
  const files = (await readdir(folder)).filter((file) => /^\d{4}_.+\.sql$/.test(file)).toSorted();
  return Promise.all(
    files.map(async (file) => {
      // A checkout may have turned the line ends; the migration is still the same.
      const sql = (await readFile(join(folder, file), "utf8")).replaceAll("\r\n", "\n");
      const digest = createHash("sha256").update(sql).digest("hex");
      return { id: Number(file.slice(0, 4)), name: file.replace(/\.sql$/, ""), sql, digest };
    }),
  );
};

/** Roles belong to the whole cluster: another database beside this one may be creating them at the same moment. */
export const createRoles = async (engine: Engine, attempts = 5): Promise<void> => {
  try {
    await engine.transaction("owner", (query) => query(ROLES));
  } catch (error) {
    if (attempts <= 1 || (error as { code?: unknown }).code !== TUPLE_CONCURRENTLY_UPDATED) throw error;
    await createRoles(engine, attempts - 1);
  }
};

const ROLES = `DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['waymark_intake', 'waymark_worker', 'waymark_reader', 'waymark_reports'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND rolsuper)
       AND NOT pg_has_role(current_user, wanted, 'USAGE') THEN
      EXECUTE format('GRANT %I TO current_user', wanted);
    END IF;
  END LOOP;
END $$`;
