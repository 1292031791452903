// A folder of packs as it is read: `directory.yaml`, `programmes.yaml` and one file for each version of a programme.
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { OtherProgrammes } from "../../schemas/others.ts";
import { Programme } from "../../schemas/programme.ts";
import { Directory } from "../../schemas/provider.ts";
import { canonical } from "../../src/core/canonical.ts";
import { directoryFindings } from "./check/directory.ts";
import { type Finding, found, type Neighbours, twice } from "./check/finding.ts";
import { packFindings } from "./check/programme.ts";
import { type PackFault, type Pin, readYaml } from "./yaml.ts";

const DIRECTORY = "directory.yaml";
const OTHERS = "programmes.yaml";

export type PackFile = { programme: Programme; digest: string; file: string; pin: Pin };
export type Folder = {
  directory?: { directory: Directory; digest: string };
  packs: PackFile[];
  others?: OtherProgrammes;
  faults: PackFault[];
};

export const readPack = (file: string) => readYaml(file, Programme);

export const digestOf = (value: unknown): string => createHash("sha256").update(canonical(value)).digest("hex");

export const pinned = (findings: readonly Finding[], pin: Pin): PackFault[] =>
  findings.map(({ at, says }) => pin(at, says));

export const readFolder = (folder: string): Folder => {
  const names = namesIn(folder);
  const faults: PackFault[] = [];
  const take = <S extends z.ZodType>(name: string, schema: S): { value: z.output<S>; pin: Pin } | undefined => {
    const read = readYaml(join(folder, name), schema);
    if (read.ok) return read;
    faults.push(...read.faults);
    return undefined;
  };

  const directory = take(DIRECTORY, Directory);
  if (directory !== undefined) faults.push(...pinned(directoryFindings(directory.value), directory.pin));
  const others = existsSync(join(folder, OTHERS)) ? take(OTHERS, OtherProgrammes) : undefined;
  if (others !== undefined) faults.push(...pinned(othersFindings(others.value), others.pin));

  const packs: PackFile[] = [];
  let whole = others !== undefined || !existsSync(join(folder, OTHERS));
  for (const file of names.filter((name) => name !== DIRECTORY && name !== OTHERS)) {
    const read = take(file, Programme);
    if (read === undefined) whole = false;
    else packs.push({ programme: read.value, digest: digestOf(read.value), file, pin: read.pin });
  }
  const neighbours = neighboursOf(packs, others?.value, whole);
  for (const pack of packs) {
    faults.push(...pinned(packFindings(pack.programme, directory?.value, neighbours), pack.pin));
    faults.push(...doubleOf(pack, packs));
  }
  return {
    ...(directory === undefined
      ? {}
      : { directory: { directory: directory.value, digest: digestOf(directory.value) } }),
    packs,
    ...(others === undefined ? {} : { others: others.value }),
    faults,
  };
};

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort();
  } catch {
    return [];
  }
};

const othersFindings = ({ programmes }: OtherProgrammes): Finding[] => [
  ...twice(programmes, (one) => one.code).map((at) =>
    found(["programmes", at, "code"], "This code stands here twice."),
  ),
  ...programmes.flatMap(({ from, to }, at) =>
    from !== undefined && to !== undefined && to < from
      ? [found(["programmes", at, "to"], "This ends before it starts.")]
      : [],
  ),
];

const doubleOf = (pack: PackFile, packs: readonly PackFile[]): PackFault[] => {
  const { programme, version } = pack.programme;
  const other = packs
    .slice(0, packs.indexOf(pack))
    .find((one) => one.programme.programme === programme && one.programme.version === version);
  return other === undefined ? [] : [pack.pin(["version"], `${other.file} holds this version of the programme too.`)];
};

/** Where a file could not be read, nobody knows what it would have named: then nothing is called unknown. */
export const neighboursOf = (
  packs: readonly Pick<PackFile, "programme">[],
  others: OtherProgrammes | undefined,
  whole: boolean,
): Neighbours => {
  const ids = new Set([
    ...packs.map(({ programme }) => programme.programme),
    ...(others?.programmes ?? []).map(({ code }) => code),
  ]);
  const needs = new Set(packs.flatMap(({ programme }) => programme.needs));
  const requires = new Map<string, string[]>();
  for (const { programme } of packs)
    requires.set(programme.programme, [
      ...(requires.get(programme.programme) ?? []),
      ...programme.requires.map((one) => one.programme),
    ]);
  return {
    knows: (programme) => !whole || ids.has(programme),
    helpsWith: (need) => !whole || needs.has(need),
    requires,
  };
};
