// The first start of an embedded store. Making a database takes seconds of work, so it is done when the package is installed
// and copied here; without that copy it is made now. Either way the folder appears whole: a kill in the middle leaves nothing.
import { cp, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { packageRoot } from "./migrate.ts";

/** WAL in pieces of 1 MB: sixteen times less to write and to keep for a small store. */
const SMALL = ["--wal-segsize=1"];

/** Beside the installed packages, so that another version of PGlite never finds it. */
const PREPARED = join(packageRoot(), "node_modules", "@electric-sql", "pglite", ".waymark-first-folder");

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;

/** Makes `data` a database that was never used, unless it is one already. */
export const firstFolder = async (data: string, prepared = PREPARED): Promise<void> => {
  if (await exists(join(data, "PG_VERSION"))) return;
  const draft = `${data}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(data), { recursive: true, mode: 0o700 });
  if (await exists(join(prepared, "PG_VERSION"))) await cp(prepared, draft, { recursive: true });
  else await make(draft);
  // An empty folder may stand there already; rename replaces it.
  await rename(draft, data);
};

const make = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const db = await PGlite.create({ dataDir: folder, initDbStartParams: SMALL });
  await db.close();
};

/** Run once when the package is installed. */
export const prepareFirstFolder = (): Promise<void> => firstFolder(PREPARED, "");
