// Where the log goes: nobody waits for who reads it, nothing is lost when the process ends, and what a reader lost is said.
import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createLog, outputTo } from "../../adapters/log.ts";
import { environment } from "../e2e/program.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A pipe whose reader reads when it is told to. It holds 64 KiB. */
const pipe = async () => {
  const folder = await mkdtemp(join(tmpdir(), "waymark-log-"));
  ends.push(() => rm(folder, { recursive: true }));
  execFileSync("mkfifo", [join(folder, "log")]);
  const fd = openSync(join(folder, "log"), constants.O_RDWR | constants.O_NONBLOCK);
  ends.push(() => closeSync(fd));
  let text = "";
  const piece = Buffer.alloc(65_536);
  /** Reads what is there. Lines as they were written, but for the last if it is not whole. */
  const read = (): Record<string, unknown>[] => {
    try {
      for (;;) text += piece.toString("utf8", 0, readSync(fd, piece));
    } catch (error) {
      if ((error as { code?: unknown }).code !== "EAGAIN") throw error;
    }
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  return { fd, read };
};

describe("the log's output", () => {
  it("holds nobody up while its reader has stopped reading, and loses no line of those that may wait", async () => {
    const { fd, read } = await pipe();
    const log = createLog({ level: "info", destination: outputTo(fd) });
    const words = "x".repeat(1_000);
    for (let at = 0; at < 500; at += 1) log.info({ at, words }, "line");
    await expect.poll(() => read().length, { timeout: 45_000 }).toBe(500);
    expect(read().map(({ at }) => at)).toEqual(Array.from({ length: 500 }, (_, at) => at));
  });

  it("says how many lines were lost to a reader who stopped for too long, and goes on", async () => {
    const { fd, read } = await pipe();
    const log = createLog({ level: "info", destination: outputTo(fd, 200_000) });
    const words = "x".repeat(1_000);
    for (let at = 0; at < 500; at += 1) log.info({ at, words }, "line");
    const told = () => read().filter(({ msg }) => msg === "log lines lost");
    await expect.poll(told, { timeout: 45_000 }).toHaveLength(1);
    const kept = read().filter(({ msg }) => msg === "line").length;
    expect(kept).toBeGreaterThan(100);
    expect(told()).toMatchObject([{ level: "warn", time: expect.any(String), lines: 500 - kept }]);
    log.info({ at: 500 }, "line");
    await expect.poll(() => read().at(-1), { timeout: 45_000 }).toMatchObject({ at: 500 });
    expect(told()).toHaveLength(1);
  });

  it("is whole when the process ends, also by process.exit", async () => {
    const runner = join(import.meta.dirname, "../../scripts/run.mjs");
    const program = join(import.meta.dirname, "../fixtures/log-lines.ts");
    const child = spawn(process.execPath, [runner, program], { env: environment({}) });
    let out = "";
    for await (const piece of child.stdout) out += String(piece);
    expect(out.split("\n").filter((line) => line.includes('"msg":"line"'))).toHaveLength(2_000);
  });
});
