// Plants a mutant at every question that a file of the core asks: each can be switched on alone, and then answers the contrary.
import { parseSync, Visitor } from "oxc-parser";

/** `from` is the text that is turned round, `line` where it stands. */
export type Mutant = { id: number; file: string; line: number; from: string };

type Node = { type: string; start: number; end: number; [key: string]: unknown };

const CONTRARY = new Set(["===", "!==", "<", "<=", ">", ">="]);
const QUESTIONS = new Set(["includes", "some", "every", "has", "test"]);
/** The neighbour of a relation: on its very edge the answer differs, and nowhere else. */
const EDGE: Record<string, string> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };

type Planted = { start: number; end: number; text: (inner: string) => string };

/** Every comparison and every question to a list, turned round; every relation also moved by its edge; each `YES` a `NO`. */
export const plant = (file: string, source: string, firstId: number): { source: string; mutants: Mutant[] } => {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const mutants: Mutant[] = [];
  const planted: Planted[] = [];
  const add = (node: Node, from: string, text: (id: number, inner: string) => string): void => {
    const id = firstId + mutants.length;
    mutants.push({ id, file, line: source.slice(0, node.start).split("\n").length, from });
    planted.push({ start: node.start, end: node.end, text: (inner) => text(id, inner) });
  };
  const said = (node: Node): string => source.slice(node.start, node.end).replaceAll(/\s+/g, " ");

  const binary = (node: Node): void => {
    const operator = node["operator"] as string;
    if (!CONTRARY.has(operator)) return;
    add(node, said(node), (id, inner) => `(__on(${id}) !== (${inner}))`);
    const edge = EDGE[operator];
    const [left, right] = [said(node["left"] as Node), said(node["right"] as Node)];
    // Two that are put in order are never equal there.
    const order = left.replaceAll("a.", "b.") === right;
    if (edge === undefined || order) return;
    const moved = `${left} ${edge} ${right}`;
    add(node, `${said(node)}, by its edge`, (id, inner) => `(__on(${id}) ? (${moved}) : (${inner}))`);
  };
  const call = (node: Node): void => {
    const { type, property } = node["callee"] as Node;
    if (type === "MemberExpression" && QUESTIONS.has((property as { name: string }).name))
      add(node, said(node), (id, inner) => `(__on(${id}) !== (${inner}))`);
  };
  const verdict = (node: Node): void => {
    const at = node["name"] === "YES" ? "NO" : "YES";
    add(node, `${said(node)}`, (id, inner) => `(__on(${id}) ? ${at} : ${inner})`);
  };
  const declared = new Set<number>();
  new Visitor({
    VariableDeclarator: (node) => void declared.add((node.id as unknown as Node).start),
    ImportSpecifier: (node) => {
      declared.add((node.local as unknown as Node).start);
      declared.add((node.imported as unknown as Node).start);
    },
    ExportSpecifier: (node) => void declared.add((node.local as unknown as Node).start),
    BinaryExpression: (node) => binary(node as unknown as Node),
    CallExpression: (node) => call(node as unknown as Node),
    Identifier: (node) => {
      if ((node.name === "YES" || node.name === "NO") && !declared.has(node.start)) verdict(node as unknown as Node);
    },
  }).visit(program);
  return { source: woven(source, planted), mutants };
};

/** From the inside out, so that what stands inside another is planted before it. */
const woven = (source: string, planted: readonly Planted[]): string => {
  const inside = planted.toSorted((a, b) => a.end - a.start - (b.end - b.start));
  const done: { start: number; end: number; text: string }[] = [];
  for (const { start, end, text } of inside) {
    const within = done.filter((one) => one.start >= start && one.end <= end).sort((a, b) => a.start - b.start);
    let inner = "";
    let at = start;
    for (const one of within) {
      inner += source.slice(at, one.start) + one.text;
      at = one.end;
    }
    inner += source.slice(at, end);
    for (const one of within) done.splice(done.indexOf(one), 1);
    done.push({ start, end, text: text(inner) });
  }
  let whole = "";
  let at = 0;
  for (const one of done.sort((a, b) => a.start - b.start)) {
    whole += source.slice(at, one.start) + one.text;
    at = one.end;
  }
  return whole + source.slice(at);
};
