// The documents say what the program does: their tables are compared with it, their links and examples followed.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { Jwk } from "../../schemas/client.ts";
import { MAX_RESOURCES } from "../../schemas/foreign/fhir/bundle.ts";
import * as systems from "../../schemas/foreign/fhir/systems.ts";
import { HandOff } from "../../schemas/foreign/jobcentre.ts";
import { MAX_DESCRIPTION, MAX_PARAMETERS } from "../../schemas/foreign/open311.ts";
import type { Status } from "../../schemas/referral.ts";
import { NEED_SYSTEM } from "../../schemas/need.ts";
import { nhsNumberChecks } from "../../schemas/numbers.ts";
import { MAX_BODY } from "../../adapters/http/body.ts";
import { MAX_DEPTH } from "../../adapters/http/json.ts";
import { NEWS_STATUS } from "../../adapters/gp/news-task.ts";
import { FHIR_STATUS } from "../../adapters/gp/status.ts";
import { blocksIn, linksIn, ROOT, tableIn, textOf, writeTable } from "./docs/markdown.ts";
import * as tables from "./docs/tables.ts";

const DOCUMENTS = [
  ...readdirSync(ROOT).filter((name) => name.endsWith(".md")),
  ...readdirSync(join(ROOT, "docs")).flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : [])),
];

const TABLES: [file: string, name: string, rows: () => string[][]][] = [
  ["docs/gp.md", "needs", tables.needs],
  ["docs/gp.md", "facts", tables.facts],
  ["docs/gp.md", "reasons", tables.reasons],
  ["docs/jobcentre.md", "hand-off", tables.handOff],
  ["docs/jobcentre.md", "amendment", tables.amendment],
  ["docs/council.md", "attributes", tables.attributes],
  ["docs/council.md", "statuses", tables.statuses],
  ["docs/provider.md", "scopes", tables.scopes],
  ["docs/provider.md", "preview", tables.preview],
  ["docs/provider.md", "answers", tables.answers],
  ["docs/provider.md", "declines", tables.declines],
  ["docs/provider.md", "ends", tables.ends],
  ["docs/callbacks.md", "policy", tables.policy],
  ["docs/callbacks.md", "waits", tables.waits],
  ["docs/callbacks.md", "causes", tables.causes],
  ["docs/packs.md", "programme", tables.programme],
  ["docs/packs.md", "clause", tables.clause],
  ["docs/packs.md", "predicates", tables.predicates],
  ["docs/packs.md", "consent-rule", tables.consentRule],
  ["docs/packs.md", "pack-test", tables.packTest],
  ["docs/packs.md", "directory", tables.directory],
  ["docs/packs.md", "organisation", tables.organisation],
  ["docs/packs.md", "service", tables.service],
  ["docs/packs.md", "place", tables.place],
  ["docs/packs.md", "partnership", tables.partnership],
  ["docs/packs.md", "deprivation-index", tables.deprivationIndex],
  ["docs/packs.md", "named-area", tables.namedArea],
  ["docs/receipts.md", "receipt", tables.receipt],
  ["docs/operations.md", "settings", tables.settings],
];

/** `WRITE_DOCS=true` writes what the program has into the tables; a new row's meaning is then left for a person to say. */
const WRITE = process.env["WRITE_DOCS"] === "true";

const rewrite = (file: string, name: string, rows: string[][], width: number): void => {
  const before = tableIn(file, name);
  const cells = before[0]?.length ?? width;
  const meaning = new Map(before.map((row) => [row[0], row.slice(width)]));
  const nothing = Array.from({ length: cells - width }, () => "");
  writeTable(
    file,
    name,
    rows.map((row) => [...row, ...(meaning.get(row[0]) ?? nothing)]),
  );
};

describe("tables", () => {
  test.each(TABLES)("%s: %s is as the program has it, and every row says what it means", (file, name, made) => {
    const rows = made();
    const width = rows[0]?.length ?? 0;
    if (WRITE) rewrite(file, name, rows, width);
    const written = tableIn(file, name);
    expect(written.map((cells) => cells.slice(0, width))).toEqual(rows);
    expect(written.filter((cells) => cells.includes("")).map(([first]) => first)).toEqual([]);
  });

  test("operations.md lists each metric of ours, and none that is not there", () => {
    const source = ["src/gauges.ts", "src/broker.ts", "adapters/http/metrics.ts"].map(textOf).join("\n");
    const named = [...source.matchAll(/"(waymark_[a-z_]+)"/g)].map((match) => match[1] ?? "");
    const written = tableIn("docs/operations.md", "metrics").map(([name]) => name?.replaceAll("`", ""));
    expect(written.toSorted()).toEqual([...new Set(named)].toSorted());
  });

  test("operations.md lists each verb of the command line", () => {
    const folder = join(ROOT, "src/cli");
    const source = readdirSync(folder).map((name) => textOf(`src/cli/${name}`));
    const verbs = source.flatMap((text) => [...text.matchAll(/\.command\("([a-z-]+)"\)/g)].map((match) => match[1]));
    const table = textOf("docs/operations.md").split("## Verbs")[1]?.split("\n## ")[0] ?? "";
    expect(verbs.length).toBeGreaterThan(8);
    expect(verbs.filter((verb) => !table.includes(String(verb)))).toEqual([]);
  });

  test("gp.md tells the status of each of ours as the door sends it", () => {
    const rows = textOf("docs/gp.md").split("## Callbacks")[1]?.split("\n## ")[0]?.split("\n") ?? [];
    for (const [status, { request, encounter }] of Object.entries(FHIR_STATUS).filter(
      ([name]) => name !== "received",
    )) {
      const row = rows.find((line) => line.startsWith("|") && line.split("|")[1]?.includes(status));
      expect(row).toContain(`\`${request}\``);
      expect(row).toContain(`\`${encounter}\``);
      expect(row).toContain(`\`${NEWS_STATUS[status as Status]}\``);
    }
  });
});

test.each(DOCUMENTS)("%s: each row of a table has as many cells as its head", (file) => {
  const lines = textOf(file).split("\n");
  const cells = (line: string): number => line.split(/(?<!\\)\|/).length;
  let head = 0;
  const ragged = lines.filter((line, at) => {
    if (!line.startsWith("|")) return false;
    if (lines[at - 1]?.startsWith("|") !== true) head = cells(line);
    return cells(line) !== head;
  });
  expect(ragged).toEqual([]);
});

describe("limits and addresses", () => {
  test("every extension and code system of ours that the FHIR door reads stands in gp.md", () => {
    const ours = [...Object.values(systems), NEED_SYSTEM].filter((one) => one.startsWith("https://waymark.example"));
    expect(ours.length).toBeGreaterThan(10);
    expect(ours.filter((one) => !textOf("docs/gp.md").includes(one))).toEqual([]);
  });

  test("the limits that are written are those that hold", () => {
    expect([MAX_BODY, MAX_DEPTH, MAX_RESOURCES, MAX_PARAMETERS, MAX_DESCRIPTION]).toEqual([
      1_048_576, 64, 200, 200, 4_000,
    ]);
    for (const file of ["docs/gp.md", "docs/jobcentre.md"]) expect(textOf(file)).toContain("1 MiB, 64 levels");
    expect(textOf("docs/gp.md")).toContain("200 resources");
    expect(textOf("docs/council.md")).toContain("1 MiB, 200 parameters");
  });
});

describe("links", () => {
  test.each(DOCUMENTS)("%s leads to files that are there", (file) => {
    const missing = linksIn(file).filter((link) => {
      const target = join(dirname(file), link);
      return !existsSync(join(ROOT, target));
    });
    expect(missing).toEqual([]);
  });

  test("every document is reached from the README", () => {
    const reached = new Set(linksIn("README.md"));
    const docs = DOCUMENTS.filter((file) => file.startsWith("docs/"));
    expect(docs.filter((file) => !reached.has(file))).toEqual([]);
  });
});

describe("examples", () => {
  const example = (name: string): unknown => JSON.parse(textOf(`docs/examples/${name}`));

  test("the hand-off is one that the schema takes", () => {
    expect(HandOff.safeParse(example("hand-off.json")).success).toBe(true);
  });

  test("NHS numbers are of the range that is never issued, and check", () => {
    const all = readdirSync(join(ROOT, "docs/examples"))
      .map((name) => textOf(`docs/examples/${name}`))
      .join("\n");
    const numbers = [...all.matchAll(/"(\d{10})"/g)].map((match) => match[1] ?? "");
    expect(numbers.length).toBeGreaterThan(1);
    for (const number of numbers) {
      expect(number).toMatch(/^999/);
      expect(nhsNumberChecks(number)).toBe(true);
    }
  });

  test("no document shows a private key", () => {
    const shown = DOCUMENTS.flatMap((file) =>
      blocksIn(file).map(({ text, line }) => ({ text, where: `${file}:${line}` })),
    );
    expect(shown.filter(({ text }) => /"d": ?"|PRIVATE KEY/.test(text)).map(({ where }) => where)).toEqual([]);
    expect(Jwk.safeParse({ kty: "EC", kid: "k", d: "x" }).success).toBe(false);
  });
});
