// Folders of packs for tests: copied, edited in one place, and read back with where each fault stands.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { checkPacks, loadRulebook, type PackFault } from "../../adapters/directory/packs.ts";

type Told = { file: string; at: string; path: string; says: string };

export type PackFolder = {
  path: string;
  text(file: string): string;
  write(file: string, text: string): void;
  /** Replaces what stands there once or more, first place only. */
  edit(file: string, from: string, to: string): void;
  /** Where a text first stands in a file, or where `¦` stands in it: `line:column`, both from 1. */
  placeOf(file: string, text: string): string;
  /** What stops a start: file, place, path and words of each fault. */
  faults(): Told[];
  /** What `packs check` says besides: what is proven of a pack, which takes longer. */
  proven(): Told[];
  /** What it could not prove. */
  unproven(): Told[];
  remove(): void;
};

/** The day on which the folders are read. */
export const TODAY = "2026-11-16";

export const FIXTURE = join(import.meta.dirname, "../fixtures/packs");
export const LONDON = join(import.meta.dirname, "../../packs/london");

export const copyOfPacks = (from: string): PackFolder => {
  const path = mkdtempSync(join(tmpdir(), "packs-"));
  cpSync(from, path, { recursive: true });
  const text = (file: string): string => readFileSync(join(path, file), "utf8");
  const write = (file: string, value: string): void => writeFileSync(join(path, file), value);
  return {
    path,
    text,
    write,
    edit: (file, old, value) => {
      expect(text(file)).toContain(old);
      // A function, so that a `$` in the text stays one.
      write(
        file,
        text(file).replace(old, () => value),
      );
    },
    placeOf: (file, wanted) => {
      const start = text(file).indexOf(wanted.replace("¦", ""));
      expect(start, `${file} holds no ${wanted}`).toBeGreaterThanOrEqual(0);
      const lines = text(file)
        .slice(0, start + Math.max(0, wanted.indexOf("¦")))
        .split("\n");
      return `${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
    },
    faults: () => {
      const loaded = loadRulebook(path);
      return loaded.ok ? [] : loaded.faults.map(told);
    },
    proven: () => checkPacks(path, TODAY).faults.map(told),
    unproven: () => checkPacks(path, TODAY).notes.map(told),
    remove: () => rmSync(path, { recursive: true }),
  };
};

const told = ({ file, line, column, path, reason }: PackFault): Told => ({
  file,
  at: `${line}:${column}`,
  path,
  says: reason,
});
