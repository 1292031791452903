// The real program as child processes: built as a container builds it, started with settings alone, watched through its log.
import { spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { packageRoot } from "../../adapters/postgres/migrate.ts";

export const ROOT = packageRoot();
const CACHE = join(ROOT, "node_modules/.cache/waymark-e2e");
/** No run lasts as long, so nobody uses a build of this age. */
const OLD_MS = 3_600_000;
const SOURCES = ["src", "adapters", "queues", "schemas", "types"];

export type Settings = Record<string, string>;
export type Line = { level: string; msg: string; [field: string]: unknown };
export type Ending = { code: number | null; signal: NodeJS.Signals | null; ms: number; out: string; err: string };

/** Of our own environment a child sees nothing that could be a setting. */
export const environment = (settings: Settings): Settings => ({
  PATH: process.env["PATH"] ?? "",
  HOME: process.env["HOME"] ?? "",
  ...settings,
});

const sourcesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));

/** Made once for each state of the sources, beside its place and moved there, so that two test files at once do no harm. */
const build = (): string => {
  const files = SOURCES.flatMap((folder) => sourcesIn(join(ROOT, folder))).toSorted();
  const shape = files.map((file) => `${file} ${statSync(file).mtimeMs} ${statSync(file).size}`).join("\n");
  const home = join(CACHE, createHash("sha256").update(shape).digest("hex").slice(0, 16));
  const program = join(home, "src/main.js");
  if (existsSync(program)) return program;
  mkdirSync(CACHE, { recursive: true });
  for (const old of readdirSync(CACHE).map((name) => join(CACHE, name)))
    if (Date.now() - statSync(old).mtimeMs > OLD_MS) rmSync(old, { recursive: true, force: true });
  const draft = join(CACHE, `draft-${randomBytes(4).toString("hex")}`);
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const made = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", draft], { cwd: ROOT });
  if (made.status !== 0) throw new Error(`the program does not build:\n${made.stdout.toString()}`);
  try {
    renameSync(draft, home);
  } catch {
    rmSync(draft, { recursive: true, force: true });
  }
  return program;
};

let built: string | undefined;
/** Not made anew in the middle of a test, when its sample systems wait to answer. */
const main = (): string => (built ??= build());

export type Running = {
  pid: number;
  lines: Line[];
  /** Where it serves; rejects when it ends first. */
  ready(): Promise<{ origin: string; metrics: string }>;
  /** The first line with this message, now or later; rejects when the process ends without it. */
  says(message: string): Promise<Line>;
  send(signal: NodeJS.Signals): void;
  ended: Promise<Ending>;
};

const parsed = (text: string): Line => {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return { level: "none", msg: text };
  }
};

const living = new Set<ReturnType<typeof spawn>>();

/** For the end of a test file, however it ended: only what this file started. */
export const killAll = async (): Promise<void> => {
  await Promise.all(
    [...living].map(async (child) => {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    }),
  );
};

/** At once, in the middle of whatever it does. Throws where it had ended by itself. */
export const kill = async (program: Running): Promise<void> => {
  program.send("SIGKILL");
  const { signal, code } = await program.ended;
  if (signal !== "SIGKILL") throw new Error(`it had ended by itself: ${signal ?? code}`);
};

export const run = (command: string, argv: readonly string[], settings: Settings, cwd = ROOT): Running => {
  const began = performance.now();
  const child = spawn(command, argv, { cwd, env: environment(settings), stdio: ["ignore", "pipe", "pipe"] });
  living.add(child);
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  let [out, err] = ["", ""];
  const wake = (): void => {
    for (const look of waiting) look();
  };
  createInterface({ input: child.stdout }).on("line", (text) => {
    out += `${text}\n`;
    lines.push(parsed(text));
    wake();
  });
  child.stderr.on("data", (piece: Buffer) => (err += piece.toString("utf8")));
  let over = false;
  const ended = once(child, "close").then(([code, signal]): Ending => {
    living.delete(child);
    over = true;
    wake();
    return { code, signal, ms: performance.now() - began, out, err };
  });

  const says = (message: string): Promise<Line> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const line = lines.find((one) => one.msg === message);
        if (line === undefined && !over) return;
        waiting.delete(look);
        if (line === undefined) reject(new Error(`it ended without "${message}":\n${out}${err}`));
        else resolve(line);
      };
      waiting.add(look);
      look();
    });
  return {
    pid: child.pid ?? 0,
    lines,
    says,
    ready: async () => {
      const line = await says("ready");
      return { origin: String(line["origin"]), metrics: String(line["metrics"]) };
    },
    send: (signal) => void child.kill(signal),
    ended,
  };
};

/** The broker, or with arguments one of the operators' verbs. */
export const waymark = (settings: Settings, argv: readonly string[] = []): Running =>
  run(process.execPath, [main(), ...argv], settings);
