// Reads a file as the rules see it: what it imports, what it reaches for, what it declares.
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync, Visitor } from "oxc-parser";

export type Import = { from: string; path?: string; typeOnly: boolean; names: string[] };
export type Seen = {
  path: string;
  source: string;
  imports: Import[];
  /** Dotted names that are read or called, such as `Date.now` or `process.env`; `new Date()` without arguments. */
  reaches: string[];
  classes: { name: string; parent?: string }[];
  defaultExport: boolean;
};

type Node = { type: string; [key: string]: unknown };

const dotted = (node: unknown): string | undefined => {
  const { type, name, object, property, computed } = node as Node;
  if (type === "Identifier") return name as string;
  if (type !== "MemberExpression") return undefined;
  const [left, right] = [dotted(object), computed === true ? literal(property) : dotted(property)];
  return left === undefined || right === undefined ? undefined : `${left}.${right}`;
};

const literal = (node: unknown): string | undefined => {
  const { type, value } = node as Node;
  return type === "Literal" && typeof value === "string" ? value : undefined;
};

export const seeSource = (path: string, source: string): Seen => {
  const { program, module, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  const seen: Seen = { path, source, imports: [], reaches: [], classes: [], defaultExport: false };

  const add = (from: string, typeOnly: boolean, names: string[]): void => {
    const inside = from.startsWith(".") ? { path: posix.join(posix.dirname(path), from) } : {};
    seen.imports.push({ from, typeOnly, names, ...inside });
  };
  for (const { moduleRequest, entries } of module.staticImports)
    add(
      moduleRequest.value,
      entries.length > 0 && entries.every(({ isType }) => isType),
      entries.flatMap(({ importName }) => importName.name ?? []),
    );
  for (const { entries } of module.staticExports)
    for (const { moduleRequest, isType, exportName } of entries) {
      if (moduleRequest) add(moduleRequest.value, isType, []);
      if (exportName.kind === "Default" || exportName.name === "default") seen.defaultExport = true;
    }

  const declare = (node: unknown): void => {
    const { id, superClass } = node as Node;
    const parent = superClass ? dotted(superClass) : undefined;
    seen.classes.push({ name: (id as { name?: string } | null)?.name ?? "", ...(parent && { parent }) });
  };
  new Visitor({
    ImportExpression: (node) => add(literal(node.source) ?? "?", false, []),
    TSImportType: (node) => add(literal(node.source) ?? "?", true, []),
    MemberExpression: (node) => void seen.reaches.push(dotted(node) ?? ""),
    CallExpression: (node) => void seen.reaches.push(`${dotted(node.callee) ?? ""}()`),
    NewExpression: (node) => {
      if (node.arguments.length === 0) seen.reaches.push(`new ${dotted(node.callee) ?? ""}()`);
    },
    ClassDeclaration: declare,
    ClassExpression: declare,
  }).visit(program);
  return seen;
};

export const seeFolders = (root: string, folders: readonly string[]): Seen[] =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => posix.join(folder, name.replaceAll("\\", "/")))
      .sort()
      .map((path) => seeSource(path, readFileSync(join(root, path), "utf8"))),
  );
