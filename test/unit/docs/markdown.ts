// Reads the project's own documents: their tables, their links, and their fenced blocks.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

export const textOf = (file: string): string => readFileSync(`${ROOT}/${file}`, "utf8");

const cellsOf = (line: string): string[] =>
  line
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

/** The rows of the table that follows `<!-- table: name -->`, without its head. */
export const tableIn = (file: string, name: string): string[][] => {
  const lines = textOf(file).split("\n");
  const at = lines.indexOf(`<!-- table: ${name} -->`);
  if (at < 0) throw new Error(`${file} has no table ${name}`);
  const start = lines.findIndex((line, index) => index > at && line.startsWith("|"));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start + 2, end < 0 ? undefined : end).map(cellsOf);
};

/** Puts rows in place of those of a table, under its head; what formats the document sets the widths. */
export const writeTable = (file: string, name: string, rows: readonly string[][]): void => {
  const lines = textOf(file).split("\n");
  const at = lines.indexOf(`<!-- table: ${name} -->`);
  const start = lines.findIndex((line, index) => index > at && line.startsWith("|"));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  const made = rows.map((cells) => `| ${cells.join(" | ")} |`);
  lines.splice(start + 2, (end < 0 ? lines.length : end) - start - 2, ...made);
  writeFileSync(`${ROOT}/${file}`, lines.join("\n"));
};

export type Block = { language: string; text: string; line: number };

export const blocksIn = (file: string): Block[] => {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const [at, line] of textOf(file).split("\n").entries()) {
    const fence = /^```(\w*)$/.exec(line);
    if (open === undefined && fence !== null) open = { language: fence[1] ?? "", text: "", line: at + 1 };
    else if (open !== undefined && line === "```") {
      blocks.push(open);
      open = undefined;
    } else if (open !== undefined) open.text += `${line}\n`;
  }
  return blocks;
};

/** Links to files of the project, without what stands behind `#`. */
export const linksIn = (file: string): string[] =>
  [...textOf(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? "");
