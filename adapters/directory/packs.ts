// What is made of a folder of packs: the rulebook of a broker, or the report of a check. All of it holds, or none.
import { WageRates } from "../../schemas/rates.ts";
import { Holidays } from "../../schemas/holidays.ts";
import type { Rulebook } from "../../src/ports/rulebook.ts";
import { provenOf } from "./check/proof.ts";
import { type Folder, pinned, readFolder } from "./folder.ts";
import { createRulebook, type OpenRulebook } from "./rulebook.ts";
import { type PackFault, readYaml } from "./yaml.ts";

export type { PackFault } from "./yaml.ts";

type Loaded = { ok: true; rulebook: Rulebook } | { ok: false; faults: PackFault[] };

/** What `packs check` reports: counts where all holds, else every fault of every file. `notes` refuse nothing. */
export type PackReport = {
  ok: boolean;
  programmes: number;
  services: number;
  tests: number;
  faults: PackFault[];
  notes: PackFault[];
};

/** A folder without fault. */
export type WholeFolder = Folder & { directory: NonNullable<Folder["directory"]> };

/** Reads a folder once, at start: a fault in any file stops the whole, for half a rulebook decides wrongly. */
export const readWhole = (path: string): { ok: true; folder: WholeFolder } | { ok: false; faults: PackFault[] } => {
  const folder = readFolder(path);
  const { directory, faults } = folder;
  return directory === undefined || faults.length > 0
    ? { ok: false, faults }
    : { ok: true, folder: { ...folder, directory } };
};

/** The folder's packs, each in force for its own days. */
export const rulebookOf = ({ directory, packs }: WholeFolder): OpenRulebook =>
  createRulebook(
    directory,
    packs.map(({ programme, digest }) => ({ programme, digest, from: programme.validFrom })),
  );

/** A rulebook of a folder alone, beside no store. */
export const loadRulebook = (path: string): Loaded => {
  const read = readWhole(path);
  return read.ok ? { ok: true, rulebook: rulebookOf(read.folder) } : read;
};

/** `today` is the day in London: that a service is shut today does not speak against a programme that has ended. */
export const checkPacks = (folder: string, today: string): PackReport => {
  const { directory, packs, faults } = readFolder(folder);
  const proven = packs.map(({ programme, pin }) => {
    if (directory === undefined) return { faults: [], notes: [] };
    const found = provenOf(programme, directory.directory, today);
    return { faults: pinned(found.faults, pin), notes: pinned(found.notes, pin) };
  });
  const all = [...faults, ...proven.flatMap((one) => one.faults)].sort(inOrder);
  return {
    ok: all.length === 0,
    programmes: packs.length,
    services: directory?.directory.services.length ?? 0,
    tests: packs.reduce((sum, { programme }) => sum + programme.tests.length, 0),
    faults: all,
    notes: proven.flatMap((one) => one.notes),
  };
};

/** As somebody reads: file by file, from the top. */
const inOrder = (a: PackFault, b: PackFault): number =>
  a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;

/** Hourly rates by day, from `packs/wage-rates.yaml`. */
export const loadRates = (file: string): { ok: true; rates: WageRates } | { ok: false; faults: PackFault[] } => {
  const read = readYaml(file, WageRates);
  return read.ok ? { ok: true, rates: read.value } : read;
};

/** Bank holidays, from `packs/bank-holidays.yaml`. */
export const loadHolidays = (file: string): { ok: true; holidays: Holidays } | { ok: false; faults: PackFault[] } => {
  const read = readYaml(file, Holidays);
  return read.ok ? { ok: true, holidays: read.value } : read;
};
