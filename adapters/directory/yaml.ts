// One YAML file read against one schema. Every fault says file, line and column, in words for who wrote it.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { isMap, isNode, LineCounter, parseDocument, type Document } from "yaml";
import type { z } from "zod";

export type PackFault = { file: string; line: number; column: number; path: string; reason: string };

type At = readonly (string | number)[];
/** Places a fault of the file: at a path, or at its nearest parent that is written. */
export type Pin = (path: At, reason: string) => PackFault;
export type ReadFile<T> = { ok: true; value: T; text: string; pin: Pin } | { ok: false; faults: PackFault[] };

/** Largest file that is read, in bytes: the gazetteer of a city as YAML, with room. */
export const MAX_FILE = 16 * 1024 * 1024;

export const readYaml = <S extends z.ZodType>(file: string, schema: S): ReadFile<z.output<S>> => {
  const name = basename(file);
  const read = textOf(file);
  if (!read.ok) return { ok: false, faults: [{ file: name, line: 1, column: 1, path: "", reason: read.reason }] };
  const lines = new LineCounter();
  const document = parseDocument(read.text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return { file: name, line, column: col, path: "", reason: error.message };
    });
    return { ok: false, faults };
  }
  const pin: Pin = (path, reason) => {
    const { line, col } = lines.linePos(offsetOf(document, path));
    return { file: name, line, column: col, path: path.join("."), reason };
  };
  const value = plain(document);
  if (!value.ok) return { ok: false, faults: [pin([], value.reason)] };
  const parsed = schema.safeParse(value.value);
  if (parsed.success) return { ok: true, value: parsed.data, text: read.text, pin };
  return { ok: false, faults: parsed.error.issues.flatMap(deepest).map(({ path, reason }) => pin(path, reason)) };
};

type Text = { ok: true; text: string } | { ok: false; reason: string };

const textOf = (file: string): Text => {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MAX_FILE) return { ok: false, reason: "The file is larger than 16 MB." };
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { ok: false, reason: "The file cannot be read as UTF-8 text." };
  }
};

/** Aliases that multiply are refused by the parser here, not while it reads. */
const plain = (document: Document): { ok: true; value: unknown } | { ok: false; reason: string } => {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) };
  } catch {
    return { ok: false, reason: "The aliases in this file cannot be followed." };
  }
};

/** For a key of a map the place of the key, which is where a reader looks first. */
const offsetOf = (document: Document, path: At): number => {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const pair = isMap(parent) ? parent.items.find((item) => keyOf(item.key) === String(last)) : undefined;
    if (isNode(pair?.key) && pair.key.range) return pair.key.range[0];
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
};

const keyOf = (key: unknown): string => String(isNode(key) && "value" in key ? key.value : key);

type Issue = z.core.$ZodIssue;
type Flat = { path: (string | number)[]; reason: string };

const stepsOf = (path: readonly PropertyKey[]): (string | number)[] =>
  path.map((step) => (typeof step === "number" ? step : String(step)));

/** A union says only "invalid": the branch that knows the keys that were written says what is wrong in it. */
const deepest = (issue: Issue): Flat[] => {
  const path = stepsOf(issue.path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: [...path, key], reason: `There is no "${key}" here.` }));
  if (issue.code !== "invalid_union") return [{ path, reason: issue.message }];
  const meant = issue.errors.find((branch) =>
    branch.every((inner) => inner.code !== "unrecognized_keys" || inner.path.length > 0),
  );
  if (meant === undefined) return [{ path, reason: "This is none of the tests that we know." }];
  return meant.flatMap(deepest).map((inner) => ({ path: [...path, ...inner.path], reason: inner.reason }));
};
