// The rules of the house. Each takes what was read and answers with its complaints: `file: what is wrong`.
import { isBuiltin } from "node:module";
import { covers, grantOf, KEPT, roomOf } from "./house.ts";
import type { Import, Seen } from "./read.ts";

export type Rule = (files: readonly Seen[]) => string[];

const each =
  (check: (file: Seen) => string[]): Rule =>
  (files) =>
    files.flatMap((file) => check(file).map((complaint) => `${file.path}: ${complaint}`));

const packageOf = ({ from }: Import): string =>
  isBuiltin(from) ? from : from.split("/", from.startsWith("@") ? 2 : 1).join("/");

/** Who may import whom. */
export const table: Rule = each((file) => {
  const room = roomOf(file.path);
  const grant = grantOf(room);
  return file.imports.flatMap((one) => {
    if (one.path !== undefined) {
      const target = roomOf(one.path);
      if (target === "ports" && !one.typeOnly) return [`takes more than types from ${one.path}`];
      // The log and the clock stand beside the folders: an adapter is given them, and knows their types only.
      if (target === "adapters/" && room.startsWith("adapters/") && one.typeOnly) return [];
      const fine = (target === room && grant.own) || covers(grant.rooms, target);
      return fine ? [] : [`${room} may not import ${target} (${one.path})`];
    }
    const name = packageOf(one);
    if (room === "test" || room === "demo" || room === "composition") return [];
    if (grant.packages !== "any") return grant.packages.includes(name) ? [] : [`${room} may not import ${name}`];
    const keepers = KEPT[name];
    return keepers === undefined || covers(keepers, room) ? [] : [`${name} is kept for ${keepers.join(", ")}`];
  });
});

/** Type imports count: two files that only know each other's types still cannot be read one after the other. */
export const cycles: Rule = (files) => {
  const graph = new Map(files.map((file) => [file.path, file.imports.flatMap(({ path }) => path ?? [])]));
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push([...trail.slice(at), path].join(" -> "));
    if (at >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return found;
};

export const resolves: Rule = (files) => {
  const known = new Set(files.map(({ path }) => path));
  return each((file) =>
    file.imports.flatMap(({ path, from }) =>
      path === undefined || known.has(path) ? [] : [`imports ${from}, which is no file of the house`],
    ),
  )(files);
};

/** `names` may be reached for, or imported by that name, only in the files that `allowed` admits. */
const only = (names: readonly string[], allowed: RegExp, from?: RegExp): Rule =>
  each((file) => {
    if (allowed.test(file.path)) return [];
    const reached = file.reaches.flatMap(
      (reach) => names.find((name) => reach === name || reach.startsWith(`${name}.`)) ?? [],
    );
    const imported = file.imports
      .filter((one) => from?.test(one.from) === true)
      .flatMap((one) => one.names.filter((name) => names.includes(name)));
    return [...new Set([...reached, ...imported])].map((name) => `reaches for ${name}`);
  });

export const settings: Rule = only(["process.env", "env"], /^src\/config\.ts$|^test\//, /^(node:)?process$/);

const RANDOM = ["randomBytes", "randomUUID", "randomInt", "randomFillSync", "randomFill", "getRandomValues"];
export const clockAndChance: Rule = only(
  ["Date.now", "new Date()", "Date()", "Math.random", ...RANDOM, ...RANDOM.map((name) => `crypto.${name}`)],
  /^adapters\/system\.ts$|^test\//,
  /^(node:)?crypto$/,
);

export const silence: Rule = only(["console"], /^src\/cli\/|^src\/demo\.ts$|^test\//);

export const noDefaultExports: Rule = each((file) => (file.defaultExport ? ["has a default export"] : []));

export const noClasses: Rule = each((file) =>
  file.classes.flatMap(({ name, parent }) =>
    parent !== undefined && parent.endsWith("Error") ? [] : [`class ${name} is no error`],
  ),
);

/** One to three lines on what the file is for. The first line may be for the operating system. */
export const opensWithComment: Rule = each(({ source }) =>
  /^(#![^\n]*\n)?(\/\/|\/\*)/.test(source) ? [] : ["does not open with what it is for"],
);

const linesOf = ({ source }: Seen): number => source.trimEnd().split("\n").length;

const LONGEST = 250;
export const noLongFiles: Rule = each((file) =>
  linesOf(file) > LONGEST ? [`${linesOf(file)} lines; ${LONGEST} is the end`] : [],
);

/** Not a rule, only a list: few files should be this long. */
export const longish = (files: readonly Seen[]): string[] =>
  files
    .filter((file) => linesOf(file) > 160)
    .map((file) => `${file.path}: ${linesOf(file)} lines`)
    .sort();
