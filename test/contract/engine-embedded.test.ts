// What only the embedded engine has: one connection, one folder, one disk, and a process that may be killed at any moment.
import { spawn } from "node:child_process";
import { rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EmbeddedOptions, openEmbedded } from "../../adapters/postgres/embedded.ts";
import { type Engine, LockWait, NoRoom } from "../../adapters/postgres/engine.ts";
import { FolderHeld, lockFolder } from "../../adapters/postgres/lock.ts";
import { migrate } from "../../adapters/postgres/migrate.ts";
import { pgliteFolder } from "../engines.ts";

const WRITER = fileURLToPath(new URL("embedded-writer.ts", import.meta.url));

describe("the embedded engine", () => {
  let folder: string;
  let engine: Engine | undefined;
  beforeEach(async () => void (folder = await pgliteFolder()));
  afterEach(async () => {
    await engine?.close();
    engine = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  const open = async (options: Partial<EmbeddedOptions> = {}): Promise<Engine> => {
    engine = await openEmbedded({ folder, floor: 0, ...options });
    return engine;
  };
  /** A transaction that stays until it is told to end. */
  const stay = (inside: Engine) => {
    let end: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (end = resolve));
    let entered: () => void = () => undefined;
    const started = new Promise<void>((resolve) => (entered = resolve));
    const over = inside.transaction("worker", async (query) => {
      await query("SELECT 1");
      entered();
      await gate;
      await query("SELECT 1");
    });
    return { started, end: () => end(), over };
  };

  it("makes a store where there is none, which migrates and opens again", async () => {
    await rm(folder, { recursive: true, force: true });
    expect(await migrate(await open())).not.toEqual([]);
    const encoding = (query: (sql: string) => Promise<unknown>) =>
      query("SELECT pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = current_database()");
    expect(await engine?.transaction("owner", encoding)).toEqual([{ encoding: "UTF8" }]);
    expect((await stat(join(folder, "store"))).mode & 0o077).toBe(0);
    await engine?.close();
    expect(await migrate(await open())).toEqual([]);
  }, 60_000);

  it("is opened by one at a time", async () => {
    await open();
    await expect(openEmbedded({ folder, floor: 0 })).rejects.toBeInstanceOf(FolderHeld);
    await engine?.close();
    const lock = await lockFolder(folder);
    await expect(openEmbedded({ folder, floor: 0 })).rejects.toBeInstanceOf(FolderHeld);
    await open({ lock });
  });

  it("is not kept from opening by what a dead process left", async () => {
    await writeFile(join(folder, "store", "postmaster.pid"), "-42\n/nowhere\n");
    expect(await (await open()).durability()).toBe("process-crash");
  });

  it("loses nothing that was committed when its process is killed, five times over", async () => {
    let acked = 0;
    for (let round = 1; round <= 5; round += 1) {
      const writer = spawn(process.execPath, ["--import", "tsx", WRITER, folder], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const died = new Promise<void>((resolve) => writer.once("exit", () => resolve()));
      writer.stdout.on("data", (words: Buffer) => {
        const numbers = words.toString().trim().split("\n").map(Number);
        acked = Math.max(acked, ...numbers);
        if (acked >= round * 40) writer.kill("SIGKILL");
      });
      await died;
    }
    const [row] = await (
      await open()
    ).transaction("owner", (query) =>
      query<{ n: number; last: number }>("SELECT count(*) AS n, max(n) AS last FROM waymark.acked"),
    );
    expect(row?.last).toBeGreaterThanOrEqual(acked);
    expect(row?.n).toBe(row?.last);
  }, 60_000);

  it("names the one that keeps the store, to those that waited too long for it", async () => {
    const inside = await open({ limits: { lockMs: 100 } });
    const { started, end, over } = stay(inside);
    await started;
    const error = await inside.transaction("reader", async () => 1).catch((caught: Error) => caught);
    expect(error).toBeInstanceOf(LockWait);
    expect(String(error)).toMatch(/transaction of reader waited 100 ms .* held by a transaction of worker for \d+ ms/);
    await expect(inside.queuePool().query("SELECT 1")).rejects.toBeInstanceOf(LockWait);
    end();
    await over;
    expect(await inside.transaction("reader", async () => 1)).toBe(1);
  });

  it("does not refuse those that stand in a long line of short ones", async () => {
    const inside = await open({ limits: { lockMs: 60 } });
    const many = Array.from({ length: 60 }, () =>
      inside.transaction("worker", async (query) => {
        await query("SELECT 1");
        await new Promise((resolve) => setTimeout(resolve, 3));
      }),
    );
    expect((await Promise.allSettled(many)).filter((one) => one.status === "rejected")).toEqual([]);
  });

  it("ends a transaction that never ends, and rolls it back", async () => {
    const inside = await open({ stayMs: 150 });
    const stuck = inside.transaction("owner", async (query) => {
      await query("CREATE TABLE waymark.stuck (id integer)");
      await new Promise(() => undefined);
    });
    stuck.catch(() => undefined);
    const [row] = await inside.transaction("owner", (query) => query("SELECT to_regclass('waymark.stuck') AS found"));
    expect(row).toEqual({ found: null });
    const late = stay(inside);
    late.over.catch(() => undefined);
    await late.started;
    await inside.transaction("reader", async () => 1);
    late.end();
    await expect(late.over).rejects.toThrow("over");
  });

  it("breathes: timers run while statements follow one another", async () => {
    const inside = await open();
    let breaths = 0;
    const timer = setInterval(() => (breaths += 1), 1);
    await inside.transaction("worker", async (query) => {
      for (let at = 0; at < 300; at += 1) await query("SELECT $1::int", [at]);
    });
    clearInterval(timer);
    expect(breaths).toBeGreaterThan(5);
  });

  it("writes nothing below its floor of free space, and still reads", async () => {
    const inside = await open();
    await inside.close();
    await expect(openEmbedded({ folder, floor: Number.MAX_SAFE_INTEGER })).rejects.toBeInstanceOf(NoRoom);
    // The lock was given back: the next one opens.
    let free = 1;
    const tight = await open({ floor: 2, freeBytes: async () => free + 1 });
    free = 0;
    await expect
      .poll(() => tight.transaction("worker", async () => "written").catch((error: Error) => error.name))
      .toBe("NoRoom");
    await expect(tight.queuePool().query("SELECT 1")).rejects.toBeInstanceOf(NoRoom);
    expect(await tight.transaction("reader", async () => "read")).toBe("read");
    free = 10;
    await expect
      .poll(() => tight.transaction("worker", async () => "written").catch((error: Error) => error.name), {
        timeout: 5_000,
      })
      .toBe("written");
  });

  it("closes after whoever is in, and sends the others away", async () => {
    const inside = await open();
    const first = stay(inside);
    await first.started;
    const second = inside.transaction("worker", async () => 1).catch((error: Error) => error.message);
    await new Promise((resolve) => setImmediate(resolve));
    const closed = inside.close();
    first.end();
    await first.over;
    await closed;
    expect(await second).toBe("the store is closed");
    await expect(inside.transaction("worker", async () => 1)).rejects.toThrow("the store is closed");
    await inside.close();
  });
});
