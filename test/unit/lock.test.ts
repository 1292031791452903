// One process for one folder: with real processes, real kills and real races.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, stat, utimes, writeFile, readdir } from "node:fs/promises";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  askHolder,
  FolderHeld,
  type FolderLock,
  isHeld,
  lockFolder,
  socketPath,
} from "../../adapters/postgres/lock.ts";

const HOLDER = fileURLToPath(new URL("lock-holder.ts", import.meta.url));

const DIALS = "net.client.socket";

describe("a folder's lock", () => {
  let folder: string;
  let locks: FolderLock[];
  let children: ChildProcess[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "waymark-lock-"));
    locks = [];
    children = [];
  });
  afterEach(async () => {
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(locks.map((lock) => lock.release()));
    await rm(folder, { recursive: true, force: true });
  });

  const take = async (...rest: [Parameters<typeof lockFolder>[1]?]): Promise<FolderLock> => {
    const lock = await lockFolder(folder, ...rest);
    locks.push(lock);
    return lock;
  };
  const start = (): ChildProcess => {
    const child = spawn(process.execPath, ["--import", "tsx", HOLDER, folder], { stdio: ["pipe", "pipe", "inherit"] });
    children.push(child);
    return child;
  };
  const said = (child: ChildProcess): Promise<string> =>
    new Promise((resolve) => child.stdout?.once("data", (words: Buffer) => resolve(words.toString().trim())));
  const gone = (child: ChildProcess): Promise<void> => new Promise((resolve) => child.once("exit", () => resolve()));

  it("is refused at once while it is held, and free after its release", async () => {
    const lock = await take();
    await expect(lockFolder(folder)).rejects.toBeInstanceOf(FolderHeld);
    await lock.release();
    await lock.release();
    await take();
    await expect(lockFolder(folder)).rejects.toBeInstanceOf(FolderHeld);
  });

  it("makes the folder, and a socket for its owner alone", async () => {
    folder = join(folder, "data");
    await take();
    expect((await stat(await socketPath(folder))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it("is held against another process, and free after kill -9", async () => {
    const child = start();
    expect(await said(child)).toBe("held");
    await expect(lockFolder(folder)).rejects.toBeInstanceOf(FolderHeld);
    const died = gone(child);
    child.kill("SIGKILL");
    await died;
    await take();
    expect(await readdir(folder)).toEqual(["broker.sock"]);
  });

  it("is held by a process that is stopped: it lives, and will write again", async () => {
    const child = start();
    await said(child);
    child.kill("SIGSTOP");
    await expect(lockFolder(folder)).rejects.toBeInstanceOf(FolderHeld);
    child.kill("SIGCONT");
  });

  it("goes to exactly one of many that take over a dead process's folder at once", async () => {
    const dead = start();
    await said(dead);
    const died = gone(dead);
    dead.kill("SIGKILL");
    await died;
    const words = await Promise.all([start(), start(), start()].map(said));
    expect(words.toSorted()).toEqual(["FolderHeld", "FolderHeld", "held"]);
  });

  it("goes to exactly one of many inside one process, again and again", async () => {
    for (let round = 0; round < 20; round += 1) {
      const path = await socketPath(folder);
      await rm(path, { force: true });
      await writeFile(path, "left by something that died");
      const tries = await Promise.allSettled(Array.from({ length: 6 }, () => lockFolder(folder)));
      const won = tries.filter((one) => one.status === "fulfilled");
      expect(won).toHaveLength(1);
      await won[0]?.value.release();
    }
  });

  it("is not kept from anyone by a guard that a process left when it died in its take-over", async () => {
    await writeFile(await socketPath(folder), "dead");
    const guard = join(folder, "broker.guard");
    await writeFile(guard, "");
    const old = new Date(Date.now() - 60_000);
    await utimes(guard, old, old);
    await take();
    expect(await readdir(folder)).toEqual(["broker.sock"]);
  });

  it("carries requests to its holder and answers back, also large ones and several on a line", async () => {
    await take({ onRequest: async (request) => ({ echo: request }) });
    const large = { argv: ["case", "show", "x".repeat(300_000)], words: "ä\nö" };
    expect(await askHolder(folder, large)).toEqual({ echo: large });
    expect(await Promise.all([1, 2, 3].map((one) => askHolder(folder, one)))).toEqual([
      { echo: 1 },
      { echo: 2 },
      { echo: 3 },
    ]);
  });

  it("carries them between processes", async () => {
    const child = start();
    await said(child);
    expect(await askHolder(folder, "who")).toEqual({ pid: child.pid, request: "who" });
    const died = gone(child);
    child.stdin?.end();
    await died;
    expect(await askHolder(folder, "who")).toBeUndefined();
  });

  it("says that nobody holds a folder, also one that does not exist", async () => {
    expect(await askHolder(folder, "who")).toBeUndefined();
    expect(await askHolder(join(folder, "nowhere"), "who")).toBeUndefined();
  });

  it("answers a failing request with its words, and outlives nonsense", async () => {
    await take({ onRequest: () => Promise.reject(new Error("no such verb")) });
    expect(await askHolder(folder, "x")).toEqual({ error: "no such verb" });
    const socket = connect(await socketPath(folder));
    const cut = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.on("error", () => undefined).write("x".repeat(2_000_000));
    await cut;
    const other = connect(await socketPath(folder));
    other.write("not json\n");
    const [words] = await new Promise<Buffer[]>((resolve) => other.once("data", (piece: Buffer) => resolve([piece])));
    expect(JSON.parse(String(words))).toHaveProperty("error");
    other.destroy();
    expect(await askHolder(folder, "x")).toEqual({ error: "no such verb" });
  });

  it("lets go although someone is still connected, and tells a waiting one", async () => {
    const lock = await take({ onRequest: () => new Promise(() => undefined) });
    const asked = askHolder(folder, "x").catch((error: Error) => error.message);
    const idle = connect(await socketPath(folder)).on("error", () => undefined);
    await new Promise<void>((resolve) => idle.once("connect", () => resolve()));
    await lock.release();
    expect(await asked).toMatch(/without an answer/);
    idle.destroy();
  });

  /** A holder that closes its socket while the next caller still stands in its line: that one is reset, not refused. */
  const leavesUnderTheNext = async (): Promise<void> => {
    const holder = createServer();
    const path = await socketPath(folder);
    await new Promise<void>((resolve) => holder.listen(path, resolve));
    const leave = (): void => {
      unsubscribe(DIALS, leave);
      // The caller has connected by then, and nobody has taken it in.
      queueMicrotask(() => holder.close());
    };
    subscribe(DIALS, leave);
  };

  it("tells one that asks while its holder lets go that it went away, like one that it had taken in", async () => {
    await leavesUnderTheNext();
    await expect(askHolder(folder, "x")).rejects.toThrow(/without an answer/);
    expect(await askHolder(folder, "x")).toBeUndefined();
  });

  it("is held by nobody once its holder has let go under who asks", async () => {
    await leavesUnderTheNext();
    expect(await isHeld(folder)).toBe(false);
    await take();
    expect(await isHeld(folder)).toBe(true);
  });

  it("goes to one that wants it in the moment in which its holder lets go", async () => {
    await leavesUnderTheNext();
    await take({ onRequest: async () => "here" });
    expect(await askHolder(folder, "who")).toBe("here");
  });

  it("has a socket elsewhere when the folder's path is too long for one", async () => {
    folder = join(folder, "a".repeat(120));
    await mkdir(folder);
    expect(Buffer.byteLength(await socketPath(folder))).toBeLessThanOrEqual(107);
    await take({ onRequest: async () => "here" });
    await expect(lockFolder(folder)).rejects.toBeInstanceOf(FolderHeld);
    expect(await askHolder(folder, "who")).toBe("here");
  });
});
