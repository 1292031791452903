// A folder of packs as a rulebook: `directory.yaml` and one file for each version of a programme. All of it holds, or none.
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Holidays } from "../../schemas/holidays.ts";
import { Programme } from "../../schemas/programme.ts";
import { Directory } from "../../schemas/provider.ts";
import { canonical } from "../../src/core/canonical.ts";
import { dayOf } from "../../src/core/calendar.ts";
import type { Rulebook } from "../../src/ports.ts";
import { directoryFaults, programmeFaults } from "./checks.ts";
import { readYaml, type PackFault, type ReadFile } from "./yaml.ts";

export type { PackFault } from "./yaml.ts";

const DIRECTORY = "directory.yaml";

type Loaded = { ok: true; rulebook: Rulebook } | { ok: false; faults: PackFault[] };

/** What `packs check` reports: counts where all holds, else every fault of every file. */
export type PackReport = { ok: boolean; programmes: number; services: number; tests: number; faults: PackFault[] };

type Pack = { programme: Programme; digest: string };
type Folder = { directory?: Directory; packs: Pack[]; faults: PackFault[] };

const digestOf = (value: unknown): string => createHash("sha256").update(canonical(value)).digest("hex");

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort();
  } catch {
    return [];
  }
};

const faultsOf = (read: ReadFile<unknown>): PackFault[] => (read.ok ? [] : read.faults);

const readFolder = (folder: string): Folder => {
  const names = namesIn(folder);
  const found = readYaml(join(folder, DIRECTORY), Directory);
  const directory = found.ok ? found.value : undefined;
  const faults = found.ok ? directoryFaults(found.value, found.pin) : faultsOf(found);
  const packs: Pack[] = [];
  const seen = new Map<string, string>();
  for (const name of names.filter((one) => one !== DIRECTORY)) {
    const read = readYaml(join(folder, name), Programme);
    if (!read.ok) {
      faults.push(...read.faults);
      continue;
    }
    const { value: programme, pin } = read;
    faults.push(...programmeFaults(programme, directory, pin));
    const version = `${programme.programme}@${programme.version}`;
    const other = seen.get(version);
    if (other !== undefined) faults.push(pin(["version"], `${other} holds this version of the programme too.`));
    seen.set(version, name);
    packs.push({ programme, digest: digestOf(programme) });
  }
  return { ...(directory === undefined ? {} : { directory }), packs, faults };
};

const runs = ({ programme }: Pack, day: string): boolean =>
  programme.validFrom <= day && (programme.validTo === undefined || day <= programme.validTo);

/** Of several versions in force the highest, in the order of their names. */
const inForce = (packs: readonly Pack[], day: string): Pack[] => {
  const newest = new Map<string, Pack>();
  for (const pack of packs.filter((one) => runs(one, day))) {
    const known = newest.get(pack.programme.programme);
    if (known === undefined || known.programme.version < pack.programme.version)
      newest.set(pack.programme.programme, pack);
  }
  return [...newest.values()].sort((a, b) => (a.programme.programme < b.programme.programme ? -1 : 1));
};

/** Reads a folder once, at start: a fault in any file stops the whole, for half a rulebook decides wrongly. */
export const loadRulebook = (folder: string): Loaded => {
  const { directory, packs, faults } = readFolder(folder);
  if (directory === undefined || faults.length > 0) return { ok: false, faults };
  let last: { day: string; packs: Pack[] } | undefined;
  const on = (now: Date): Pack[] => {
    const day = dayOf(now);
    if (last?.day !== day) last = { day, packs: inForce(packs, day) };
    return last.packs;
  };
  return { ok: true, rulebook: { inForce: on, directory: () => directory } };
};

export const checkPacks = (folder: string): PackReport => {
  const { directory, packs, faults } = readFolder(folder);
  return {
    ok: faults.length === 0,
    programmes: packs.length,
    services: directory?.services.length ?? 0,
    tests: packs.reduce((sum, { programme }) => sum + programme.tests.length, 0),
    faults,
  };
};

/** Bank holidays, from `packs/bank-holidays.yaml`. */
export const loadHolidays = (file: string): { ok: true; holidays: Holidays } | { ok: false; faults: PackFault[] } => {
  const read = readYaml(file, Holidays);
  return read.ok ? { ok: true, holidays: read.value } : read;
};
