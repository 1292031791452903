// One shell that plays a reader of the documents: it runs block after block in a folder that looks like a fresh clone.
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../unit/docs/markdown.ts";

export type Ran = { status: number; out: string; err: string };

export type Shell = {
  folder: string;
  /** Runs a block; variables and functions stay for the next one. */
  run(block: string): Promise<Ran>;
  /** Ends the shell and everything that it started in the background. */
  close(): Promise<void>;
};

const NOT_CLONED = new Set([".git", "data", "coverage"]);

/** What a reader writes lands beside the links, not in the project. */
const clone = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "waymark-reader-"));
  const names = (await readdir(ROOT)).filter((name) => !NOT_CLONED.has(name));
  await Promise.all(names.map((name) => symlink(join(ROOT, name), join(folder, name))));
  return folder;
};

export const openShell = async (env: Record<string, string>): Promise<Shell> => {
  const folder = await clone();
  const bash = spawn("bash", ["--noprofile", "--norc", "-s"], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, ...env },
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own, so that what the reader left running ends with the shell.
    detached: true,
  });
  const ended = new Promise<void>((done) => bash.once("close", () => done()));
  let out = "";
  let err = "";
  let heard = (): void => undefined;
  bash.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    heard();
  });
  bash.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  let count = 0;

  return {
    folder,
    run: (block) =>
      new Promise((done) => {
        count += 1;
        const end = new RegExp(`\\n?@end ${count} (\\d+)\\n$`);
        out = "";
        err = "";
        heard = () => {
          const found = end.exec(out);
          if (found !== null) done({ status: Number(found[1]), out: out.slice(0, found.index), err });
        };
        // Stopped by the first command that fails, as a reader would stop.
        bash.stdin.write(
          `{ ${block.trimEnd().replaceAll(/\n(?=\S)/g, " &&\n")}\n} </dev/null\necho "@end ${count} $?"\n`,
        );
      }),
    async close() {
      if (bash.pid !== undefined && bash.exitCode === null) process.kill(-bash.pid, "SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
};
