// The table of a run, and docs/faults.md made of it: what was seen, on which machine, at which commit.
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { ROOT } from "../e2e/program.ts";
import { versions } from "./servers.ts";
import type { Outcome } from "./run.ts";

const STORES = { servers: "PostgreSQL, Redis", embedded: "embedded" } as const;
const HEAD = [
  "fault",
  "store",
  "cases",
  "accepted",
  "lost",
  "misrouted",
  "duplicate effects",
  "seconds",
  "seen beside",
];

const rows = (outcomes: readonly Outcome[]): string[][] =>
  outcomes.map((one) => [
    one.id,
    STORES[one.store],
    String(one.cases),
    String(one.accepted),
    String(one.lost),
    String(one.misrouted),
    String(one.duplicates),
    one.seconds.toFixed(0),
    one.notes.join("; "),
  ]);

export const tableOf = (outcomes: readonly Outcome[]): string => {
  const all = [HEAD, ...rows(outcomes)];
  const widths = HEAD.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  return [line(HEAD), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...all.slice(1).map(line)].join(
    "\n",
  );
};

type Report = { outcomes: readonly Outcome[]; cases: number; seconds: number };

const BEGIN = "<!-- made by npm run faults -- --write -->";

/** What stands above the mark is written by hand and stays. */
export const write = async ({ outcomes, cases, seconds }: Report): Promise<void> => {
  const file = join(ROOT, "docs", "faults.md");
  const above = (await readFile(file, "utf8")).split(BEGIN)[0]?.trimEnd() ?? "";
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: ROOT }).toString().trim();
  // What was not committed would be found under no commit.
  const altered = git("status", "--porcelain", "--", "src", "adapters", "queues", "schemas", "test") !== "";
  const commit = git("rev-parse", "--short", "HEAD") + (altered ? " with changes" : "");
  const memory = Math.round(totalmem() / 2 ** 30);
  const when = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}), ${memory} GB, Node ${process.version}, ${versions()}`;
  const said = `${when}, commit ${commit}, ${machine}; ${cases} cases for each fault, ${Math.round(seconds / 60)} minutes in all, load ${loadavg()[2]?.toFixed(0)} at the end.`;
  await writeFile(file, `${above}\n\n${BEGIN}\n\n${said}\n\n${tableOf(outcomes)}\n`);
};
