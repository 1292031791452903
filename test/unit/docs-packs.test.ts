// docs/packs.md for whoever writes a pack: its first pack is checked and shown as it comes out, its examples stand in samples.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkPacks, loadRulebook } from "../../adapters/directory/packs.ts";
import { AuthorityType } from "../../schemas/duty.ts";
import { Programme } from "../../schemas/programme.ts";
import type { Receipt } from "../../schemas/receipt.ts";
import type { Directory } from "../../schemas/provider.ts";
import { runVerb } from "../../src/cli/run.ts";
import type { Tools } from "../../src/cli/verb.ts";
import { dutyOf } from "../../src/core/duty.ts";
import { decisionOn } from "../../src/core/packtest.ts";
import { project } from "../../src/core/project.ts";
import { only } from "../builders/ports.ts";
import { TODAY } from "../builders/packs.ts";
import { type Block, blocksIn, ROOT, textOf } from "./docs/markdown.ts";

const DOCUMENT = "docs/packs.md";
const WRITE = process.env["WRITE_DOCS"] === "true";
const blocks = blocksIn(DOCUMENT);
const inLanguage = (language: string): Block[] => blocks.filter((one) => one.language === language);
/** The file that the first line of a block names. */
const fileOf = ({ text }: Block): string => /^# (\S+\.yaml)$/.exec(text.split("\n")[0] ?? "")?.[1] ?? "";

const folder = mkdtempSync(join(tmpdir(), "my-packs-"));
afterAll(() => rmSync(folder, { recursive: true }));
const FIRST = "hackney-debt-advice.yaml";
const first = inLanguage("yaml").filter((one) => fileOf(one).startsWith("my-packs/"));
/** As it stands in the document, without the line that names the file. */
const lay = (): void => {
  for (const one of first) writeFileSync(join(folder, basename(fileOf(one))), one.text.split("\n").slice(1).join("\n"));
};
beforeAll(lay);

const check = async (): Promise<{ status: number; out: string }> => {
  const tools = only<Tools>({ checkPacks: (path) => checkPacks(path, TODAY), packsFolder: folder });
  return runVerb(["packs", "check", folder], tools, { cwd: ROOT });
};

/** What the document shows; with `WRITE_DOCS` what came out is written there first. */
const shown = (block: Block | undefined, out: string): string => {
  if (block === undefined) throw new Error("the document lacks a block");
  if (!WRITE) return block.text.trim();
  const file = join(ROOT, DOCUMENT);
  const lines = readFileSync(file, "utf8").split("\n");
  const end = lines.indexOf("```", block.line);
  lines.splice(block.line, end - block.line, out.trim());
  writeFileSync(file, lines.join("\n"));
  return out.trim();
};
const shownJson = (block: Block | undefined, value: unknown): unknown =>
  JSON.parse(shown(block, JSON.stringify(value, undefined, 2)));

// What stands last in the document is written first, so that the lines above keep their numbers.
describe("the first pack of packs.md", () => {
  const receipts = (): Receipt[] => {
    const loaded = loadRulebook(folder);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
    const { programme } = loaded.rulebook.inForce(new Date(`${TODAY}T12:00:00Z`))[0] ?? {};
    if (programme === undefined) throw new Error("no pack in force");
    const directory: Directory = loaded.rulebook.directory();
    return programme.tests.map((one) =>
      project(decisionOn(programme, directory, one).receipt, { kind: "gp", organisation: "" }),
    );
  };
  const part = ({ outcome, words, reasons, candidates, tieBreak, alternatives }: Receipt) => ({
    outcome,
    words,
    ...(tieBreak === undefined ? {} : { tieBreak }),
    ...(reasons.length === 0 ? {} : { reasons: reasons.map(({ code }) => code) }),
    candidates: candidates.map(({ kept, clause, words: why }) => ({ kept, clause, words: why })),
    ...(alternatives === undefined
      ? {}
      : { alternatives: alternatives.map(({ kind, words: way, day }) => ({ kind, words: way, day })) }),
  });

  it("shows in receipts what the document says", () => {
    const [one, other] = receipts().map(part);
    const [, before, after] = inLanguage("json");
    expect(shownJson(after, other)).toEqual(JSON.parse(JSON.stringify(other)));
    expect(shownJson(before, one)).toEqual(JSON.parse(JSON.stringify(one)));
  });

  it("is said to be under the duty to refer, as the document shows", () => {
    const asks: Programme["consents"] = [{ kind: "duty-to-refer", purpose: "duty-to-refer" }];
    const chose = { need: "homelessness", consents: [], choice: { authority: "E09000012" } } as const;
    const duty = dutyOf([{ consents: asks }], { ...chose, consents: [] }, "emergency-department");
    expect(shownJson(inLanguage("json")[0], duty)).toEqual(duty);
  });

  it("with two mistakes is refused with the words of the document", async () => {
    const file = join(folder, FIRST);
    const text = readFileSync(file, "utf8");
    const broken = text
      .replace(/ {4}agreement:.*\n/, "")
      .replace("test: { livesIn: [E09000012]", "test: { livesIn: [E09000025]");
    expect(broken).not.toContain("ISA-2026-014");
    writeFileSync(file, broken);
    const { status, out } = await check();
    lay();
    expect(status).toBe(1);
    expect(shown(inLanguage("text")[1], out)).toBe(out.trim());
  });

  it("holds, in thirty lines or so", async () => {
    const { status, out } = await check();
    expect(status).toBe(0);
    expect(shown(inLanguage("text")[0], out)).toBe(out.trim());
    const lines = (first.find((one) => fileOf(one).endsWith(FIRST))?.text ?? "").trim().split("\n");
    expect(lines.length).toBeLessThan(36);
  });
});

/** Whether all that an example says stands in the sample: groups may say less, lists may show some. */
const stands = (said: unknown, sample: unknown): boolean => {
  if (Array.isArray(said)) return Array.isArray(sample) && said.every((one) => sample.some((all) => stands(one, all)));
  if (typeof said !== "object" || said === null) return said === sample;
  if (typeof sample !== "object" || sample === null) return false;
  return Object.entries(said).every(([key, value]) => stands(value, (sample as Record<string, unknown>)[key]));
};

describe("the examples of packs.md", () => {
  const examples = inLanguage("yaml")
    .filter((one) => !first.includes(one))
    .map((one) => ({ file: fileOf(one), line: one.line, said: parse(one.text) as Record<string, unknown> }));

  it.each(examples)("line $line stands in $file", ({ file, said }) => {
    expect(file).toMatch(/^packs\/london\//);
    expect(stands(said, parse(textOf(file)))).toBe(true);
  });

  it("show each part of a pack, each way to allocate, and each listed body", () => {
    const keys = new Set(
      [...examples.map(({ said }) => said), ...first.map(({ text }) => parse(text) as object)].flatMap(Object.keys),
    );
    expect(Object.keys(Programme.shape).filter((key) => !keys.has(key))).toEqual([]);
    const text = textOf(DOCUMENT);
    const named = (list: readonly string[]) => list.filter((one) => !text.includes(`\`${one}\``));
    expect(named(Programme.shape.allocation.options)).toEqual([]);
    expect(named(AuthorityType.options)).toEqual([]);
  });

  it("differ from a sample where one word does", () => {
    expect(stands({ a: [{ b: 1 }] }, { a: [{ b: 1, c: 2 }, { b: 2 }] })).toBe(true);
    expect(stands({ a: [{ b: 3 }] }, { a: [{ b: 1 }] })).toBe(false);
    expect(stands({ a: 1 }, "a")).toBe(false);
  });
});
