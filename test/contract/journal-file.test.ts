// The journal as a file: what is appended is read back from its place, a torn line harms nothing, two that write lose nothing.
import { appendFile, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createFileJournal } from "../../adapters/journal/file.ts";

let folder: string;
let path: string;
let files = 0;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "waymark-journal-"))));
beforeEach(() => void (path = join(folder, `journal-${(files += 1)}`)));
afterAll(() => rm(folder, { recursive: true, force: true }));

const line = (number: number, text = `line ${number} é`) => ({ number, text });
const all = async (place = 0) => {
  const found: { text: string; place: number }[] = [];
  for await (const one of createFileJournal(path).read({ place })) found.push(one);
  return found;
};

it("is nothing where nothing was written, and is its owner's alone once something was", async () => {
  expect(await all()).toEqual([]);
  await createFileJournal(path).append([line(1)]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it("finds each line again at the place that it said, also past a piece of the file", async () => {
  const journal = createFileJournal(path);
  const texts = Array.from({ length: 2_000 }, (_, at) => line(at + 1, `${at} ${"é".repeat(at % 90)}`));
  const places = await journal.append(texts);
  expect((await all()).map(({ text }) => text)).toEqual(texts.map(({ text }) => text));
  expect((await all(places[1_500])).map(({ text }) => text)).toEqual(texts.slice(1_500).map(({ text }) => text));
  expect(await all((await stat(path)).size + 10)).toEqual([]);
});

it("begins a new line behind one that was torn", async () => {
  const journal = createFileJournal(path);
  await journal.append([line(1)]);
  await appendFile(path, '{"number":2,"ha');
  expect((await all()).map(({ text }) => text)).toEqual(["line 1 é", '{"number":2,"ha']);
  const [place] = await journal.append([line(2)]);
  expect((await all(place)).map(({ text }) => text)).toEqual(["line 2 é"]);
  expect((await all()).length).toBe(3);
});

it("keeps every line whole when two write at one time", async () => {
  const two = [createFileJournal(path), createFileJournal(path)];
  await Promise.all(
    Array.from({ length: 100 }, (_, at) => two[at % 2]?.append([line(at, `${at} ${"x".repeat(500)}`)])),
  );
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  expect(new Set(lines.map((text) => Number(text.split(" ")[0])))).toEqual(
    new Set(Array.from({ length: 100 }, (_, at) => at)),
  );
  expect(lines.every((text) => text.endsWith(` ${"x".repeat(500)}`))).toBe(true);
});
