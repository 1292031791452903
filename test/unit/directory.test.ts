// Packs as their authors meet them: every fault with file, line and column; half a rulebook is none.
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packSchemas } from "../../adapters/directory/json-schema.ts";
import { checkPacks, loadHolidays, loadRulebook } from "../../adapters/directory/packs.ts";
import { copyOfPacks, LONDON, type PackFolder, TODAY } from "../builders/packs.ts";

const PACKS = join(import.meta.dirname, "../../packs");
const LAW = "law-centre.yaml";

let copy: PackFolder;
let folder: string;
beforeEach(() => {
  copy = copyOfPacks(LONDON);
  folder = copy.path;
});
afterEach(() => copy.remove());

const edit = (file: string, from: string, to: string): void => copy.edit(file, from, to);
const placeOf = (file: string, text: string): string => copy.placeOf(file, text);
const faults = () =>
  checkPacks(folder, TODAY).faults.map((one) => [one.file, `${one.line}:${one.column}`, one.path, one.reason]);

const rulebookOf = () => {
  const loaded = loadRulebook(folder);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.rulebook;
};

describe("the London packs", () => {
  it("hold, with all their cases", () => {
    const report = checkPacks(folder, TODAY);
    expect(report).toMatchObject({ ok: true, faults: [] });
    expect(report.programmes).toBeGreaterThanOrEqual(12);
    expect(report.tests).toBeGreaterThan(report.programmes * 2);
  });

  it("tell editors by which schema they are written", () => {
    // `WRITE_DOCS=true` writes them anew.
    if (process.env["WRITE_DOCS"] === "true")
      for (const [name, text] of Object.entries(packSchemas())) writeFileSync(join(PACKS, name), text);
    for (const [name, text] of Object.entries(packSchemas()))
      expect(readFileSync(join(PACKS, name), "utf8"), `${name} is out of date`).toBe(text);
    for (const { programme } of rulebookOf().inForce(new Date("2026-11-16T12:00:00Z")))
      expect(readFileSync(join(folder, `${programme.programme}.yaml`), "utf8")).toMatch(
        /^# yaml-language-server: \$schema=\.\.\/programme\.schema\.json\n/,
      );
  });

  it("say of everything that it is a sample", () => {
    const directory = rulebookOf().directory();
    for (const { name } of [...directory.organisations, ...directory.services]) expect(name).toContain("(sample)");
  });
});

describe("a pack with a fault", () => {
  it.each([
    ["an unknown field", "precedence: 50", "precedenc: 50", "precedenc", 'There is no "precedenc" here.'],
    ["an unknown test", "{ age: { atLeast: 18 } }", "{ aged: 18 }", "eligibility.0.test", "none of the tests"],
    [
      "a test with a wrong value",
      "{ atLeast: 18 }",
      "{ atLeast: old }",
      "eligibility.0.test.age.atLeast",
      "expected number",
    ],
    [
      "an unknown service",
      "service: sample-law-centre-hackney",
      "service: nobody",
      "contracts.0.services.0.service",
      'no service "nobody"',
    ],
    [
      "a service that does not offer the help",
      "service: sample-law-centre-hackney",
      "service: sample-connect-west",
      "contracts.0.services.0.service",
      "offers none of: legal-advice",
    ],
    [
      "a service named twice",
      "sample-law-centre-islington",
      "sample-law-centre-hackney",
      "contracts.0.services.1.service",
      "twice",
    ],
    ["two clauses of one name", "id: resident", "id: adult", "eligibility.1.id", "Two clauses"],
    [
      "a reason that is no clause",
      "because: resident",
      "because: reseident",
      "tests.1.because",
      'no clause "reseident"',
    ],
    [
      "a case that comes out otherwise",
      "expect: eligible",
      "expect: unknown",
      "tests.0",
      "expected unknown, found eligible",
    ],
    [
      "an end before its start",
      "validFrom: 2026-01-01",
      "validFrom: 2026-01-01\nvalidTo: 2025-01-01",
      "validTo",
      "before it starts",
    ],
    ["a date that does not exist", "validFrom: 2026-01-01", "validFrom: 2026-02-30", "validFrom", "Invalid"],
  ])("%s", (_name, from, to, path, words) => {
    edit(LAW, from, to);
    const found = faults();
    expect(found.map((one) => one[2])).toContain(path);
    const fault = found.find((one) => one[2] === path);
    expect(fault?.[0]).toBe(LAW);
    expect(fault?.[3]).toContain(words);
    expect(loadRulebook(folder).ok).toBe(false);
  });

  it("says line and column of the key that is wrong", () => {
    edit(LAW, "precedence: 50", "precedence: 50\nwhatever: 1");
    expect(faults()).toEqual([[LAW, placeOf(LAW, "whatever"), "whatever", 'There is no "whatever" here.']]);
  });

  it("says line and column of YAML that cannot be read", () => {
    edit(LAW, "needs: [legal-advice]", "needs: [legal-advice");
    const [first] = faults();
    expect(first?.[0]).toBe(LAW);
    expect(Number(first?.[1]?.split(":")[0])).toBeGreaterThan(5);
  });

  it("is told of together with every other fault of every other file", () => {
    edit(LAW, "precedence: 50", "precedence: 5000");
    edit("skills-bootcamp.yaml", "precedence: 50", "precedence: none");
    edit("directory.yaml", "class: nhs", "class: elf");
    expect(new Set(faults().map((one) => one[0]))).toEqual(new Set([LAW, "skills-bootcamp.yaml", "directory.yaml"]));
  });

  it("is one when it states a version that another file states", () => {
    cpSync(join(folder, LAW), join(folder, "copy.yaml"));
    expect(faults().some((one) => one[3]?.includes("copy.yaml holds this version"))).toBe(true);
  });
});

describe("a folder", () => {
  it("without a directory, or that is not there, is a fault and not a crash", () => {
    rmSync(join(folder, "directory.yaml"));
    expect(faults()).toEqual([["directory.yaml", "1:1", "", "The file cannot be read as UTF-8 text."]]);
    expect(loadRulebook(join(folder, "nowhere"))).toMatchObject({ ok: false });
  });

  it("gives the programmes in force on a day in London, the newest version of each", () => {
    const text = readFileSync(join(folder, LAW), "utf8");
    writeFileSync(
      join(folder, "law-centre-2.yaml"),
      text.replace("version: 1", "version: 2").replace("validFrom: 2026-01-01", "validFrom: 2026-07-01"),
    );
    const rulebook = rulebookOf();
    const law = (now: string) =>
      rulebook.inForce(new Date(now)).filter((one) => one.programme.programme === "law-centre");
    expect(law("2026-06-30T22:30:00Z").map((one) => one.programme.version)).toEqual([1]);
    expect(law("2026-06-30T23:30:00Z").map((one) => one.programme.version)).toEqual([2]);
    expect(law("2025-12-31T12:00:00Z")).toEqual([]);
    expect(law("2026-06-30T22:30:00Z")[0]?.digest).not.toBe(law("2026-07-30T22:30:00Z")[0]?.digest);
    expect(law("2026-07-30T22:30:00Z")[0]?.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it("of holidays names the fault too", () => {
    const file = join(folder, "holidays.yaml");
    writeFileSync(
      file,
      "source: x\nengland-and-wales:\n  - { date: 2026-13-01, name: x }\nscotland: []\nnorthern-ireland: []\n",
    );
    const loaded = loadHolidays(file);
    expect(loaded).toMatchObject({ ok: false, faults: [{ line: 3, path: "england-and-wales.0.date" }] });
  });
});
