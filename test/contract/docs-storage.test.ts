// docs/storage.md against the store itself: every table, what in it is sealed or digested, and which roles may read it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { engines, type Opened } from "../engines.ts";
import { tableIn } from "../unit/docs/markdown.ts";

const ROLES = ["intake", "reader", "reports", "worker"];

let opened: Opened;
beforeAll(async () => {
  const [first] = engines();
  if (first === undefined) throw new Error("no engine");
  opened = await first.open();
});
afterAll(() => opened.close());

const TABLES = `
SELECT c.relname AS name,
  ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
  ARRAY(SELECT r::text FROM unnest($1::text[]) r WHERE has_any_column_privilege('waymark_' || r, c.oid, 'SELECT')) AS readers
FROM pg_class c WHERE c.relnamespace = 'waymark'::regnamespace AND c.relkind = 'r' ORDER BY c.relname`;

/** Everything that is personal, secret, or made from it. */
const PROTECTED = /^sealed_|digest$|^wrapped_|_hash$/;

const codesOf = (cell: string | undefined): string[] =>
  [...(cell ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "").toSorted();

test("storage.md lists every table with its sealed columns and its readers", async () => {
  const rows = await opened.engine.transaction("owner", (query) =>
    query<{ name: string; columns: string[]; readers: string[] }>(TABLES, [ROLES]),
  );
  const held = rows.map(({ name, columns, readers }) => ({
    name,
    guarded: columns.filter((column) => PROTECTED.test(column)).toSorted(),
    readers: readers.toSorted(),
  }));
  const written = tableIn("docs/storage.md", "storage").map(([name, holds, lives, guarded, readers]) => {
    expect([holds, lives]).not.toContain("");
    return { name: codesOf(name)[0], guarded: codesOf(guarded), readers: codesOf(readers) };
  });
  expect(written).toEqual(held);
});
