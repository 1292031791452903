// A store as one file, and a store made from such a file: of PGlite as it packs its own folder, of a server by PostgreSQL's tools.
// What is sealed in it stays sealed, and the keys are not in it. A store made so starts in quarantine.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PGlite } from "@electric-sql/pglite";
import { openEmbedded } from "./embedded.ts";
import type { Engine } from "./engine.ts";
import { noteIn } from "./journal-book.ts";
import { lockFolder } from "./lock.ts";
import { createRoles, migrate } from "./migrate.ts";
import { openServer } from "./server.ts";

/** It was not done; the message says why, in words for the operator. */
export class BackupFault extends Error {
  override name = "BackupFault";
}

const run = promisify(execFile);
const OWNER_ALONE = 0o600;

/** Never over a file that is there, and never half. */
export const keepFile = async (out: string, bytes: Uint8Array): Promise<void> => {
  if (await exists(out)) throw new BackupFault(`${out} is there already`);
  const draft = `${out}.part`;
  await writeFile(draft, bytes, { mode: OWNER_ALONE, flush: true });
  await rename(draft, out);
};

export const backUpServer = async (url: string, out: string): Promise<void> => {
  if (await exists(out)) throw new BackupFault(`${out} is there already`);
  const draft = `${out}.part`;
  await tool("pg_dump", url, (to) => ["--format=custom", "--no-owner", `--file=${draft}`, `--dbname=${to}`]);
  await rename(draft, out);
};

type Restoring = { from: string; force: boolean; by: string };

/** What was there goes aside, and is not taken away. */
export const restoreEmbedded = async (data: string, { from, force, by }: Restoring): Promise<void> => {
  const bytes = await readFile(from).catch(() => unreadable(from));
  const lock = await lockFolder(data);
  const store = join(data, "store");
  try {
    if (await exists(store)) {
      if (!force) throw new BackupFault(`there is a store in ${data}: with --force it is put aside`);
      await rename(store, `${store}.before-${(await stat(store)).mtimeMs.toFixed(0)}`);
    }
    const draft = `${store}.restored`;
    await rm(draft, { recursive: true, force: true });
    const db = await PGlite.create({ dataDir: draft, loadDataDir: new Blob([new Uint8Array(bytes)]) }).catch(() =>
      unreadable(from),
    );
    await db.close();
    await rename(draft, store);
  } catch (error) {
    await lock.release();
    throw error;
  }
  await marked(await openEmbedded({ folder: data, lock }), by);
};

export const restoreServer = async (url: string, { from, force, by }: Restoring): Promise<void> => {
  if (!(await exists(from))) unreadable(from);
  const engine = await openServer({ url, max: 2 });
  const empty = await engine.transaction("owner", async (query) => {
    const [row] = await query<{ empty: boolean }>("SELECT to_regnamespace('waymark') IS NULL AS empty");
    if (row?.empty !== true && force) await query("DROP SCHEMA waymark CASCADE; DROP SCHEMA IF EXISTS bullmq CASCADE");
    return row?.empty === true || force;
  });
  try {
    if (!empty) throw new BackupFault("there is a store in this database: with --force it is dropped");
    await createRoles(engine);
  } finally {
    await engine.close();
  }
  await tool("pg_restore", url, (to) => [
    "--no-owner",
    "--exit-on-error",
    "--single-transaction",
    `--dbname=${to}`,
    from,
  ]);
  await marked(await openServer({ url, max: 2 }), by);
};

/** It says of itself that it is a copy, whatever its journal knows; and an older program's backup is brought up to date. */
const marked = async (engine: Engine, by: string): Promise<void> => {
  try {
    await migrate(engine);
    const now = await engine.now();
    // commits: a further epoch, the quarantine, and both for the journal
    await engine.transaction("owner", async (query) => {
      await query(
        `UPDATE waymark.identity SET epoch = epoch + 1, quarantined_since = $1, quarantined_for = 'restored', writer = NULL`,
        [now],
      );
      await noteIn(query, now, { kind: "restored", body: { by } });
    });
  } finally {
    await engine.close();
  }
};

/** The password stands in a file of its own, for whoever lists processes reads their arguments. */
const tool = async (name: string, url: string, argv: (to: string) => string[]): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "waymark-pass-"));
  try {
    const to = new URL(url);
    if (to.password !== "") {
      const passfile = join(folder, "pass");
      const password = decodeURIComponent(to.password).replace(/[\\:]/g, "\\$&");
      await writeFile(passfile, `*:*:*:*:${password}\n`, { mode: OWNER_ALONE });
      to.password = "";
      to.searchParams.set("passfile", passfile);
    }
    await run(name, argv(to.href), { maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT")
      throw new BackupFault(
        `${name} is not installed here: install PostgreSQL's client programs of the server's version`,
      );
    const { stderr = "" } = error as { stderr?: string };
    throw new BackupFault(`${name} failed: ${stderr.trim().split("\n")[0] ?? ""}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;

const unreadable = (from: string): never => {
  throw new BackupFault(`${from} cannot be read as a backup of a store of this kind`);
};
