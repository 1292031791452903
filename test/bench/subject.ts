// One thing to be measured: a server in a process of its own, so that the load beside it steals no turn of its event loop.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { packageRoot } from "../../adapters/postgres/migrate.ts";

/** What a server prints as a line once it listens, and again when its headers change: a token lasts for minutes. */
export type Ready = { url: string; headers: Record<string, string> };

export type Subject = Ready & { pid: number; stop(): Promise<void> };

export const startSubject = async (
  script: string,
  env: Record<string, string>,
  args: readonly string[],
): Promise<Subject> => {
  // Bundled as the demo is: a loader that names every function would slow down what is measured.
  const child = spawn(process.execPath, ["scripts/run.mjs", `test/bench/${script}`, ...args], {
    cwd: packageRoot(),
    env: { ...process.env, PORT: "0", METRICS_PORT: "0", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = await listening(child, args[0] ?? script);
  return {
    get url() {
      return said.now.url;
    },
    get headers() {
      return said.now.headers;
    },
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
};

/** What it said last; there once it has said something. */
const listening = async (child: ChildProcess, name: string): Promise<{ now: Ready }> => {
  if (child.stdout === null) throw new Error(`${name} has no output`);
  const lines = createInterface({ input: child.stdout });
  const ended = once(lines, "close").then(() => Promise.reject(new Error(`${name} ended before it listened`)));
  const [first] = (await Promise.race([once(lines, "line"), ended])) as [string];
  ended.catch(() => undefined);
  const said = { now: JSON.parse(first) as Ready };
  lines.on("line", (line) => (said.now = JSON.parse(line) as Ready));
  return said;
};
