// One thing to be measured: a server in a process of its own, so that the load beside it steals no turn of its event loop.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { packageRoot } from "../../adapters/postgres/migrate.ts";

/** What a server prints on its first line once it listens. */
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
  const ready = await firstLine(child, args[0] ?? script);
  return {
    ...ready,
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
};

const firstLine = async (child: ChildProcess, name: string): Promise<Ready> => {
  if (child.stdout === null) throw new Error(`${name} has no output`);
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as Ready;
  throw new Error(`${name} ended before it listened`);
};
