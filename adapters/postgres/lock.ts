// One process for one folder. The lock is a unix socket: connecting to it fails fast while nobody holds it, it dies with its
// process even on kill -9, and it is the channel on which the command line asks the running broker.
import { createHash } from "node:crypto";
import { chmod, link, mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Another process holds the folder. */
export class FolderHeld extends Error {
  override name = "FolderHeld";
}

export const held = (folder: string): FolderHeld => new FolderHeld(`${folder} is in use by another running process`);

export type FolderLock = { release(): Promise<void> };
export type OnRequest = (request: unknown) => Promise<unknown>;

/** A unix socket's path has 107 bytes at most (sun_path). Where the folder's is longer, its name is a hash of the real path. */
const MOST_BYTES = 107;
const LINE_LIMIT = 1024 * 1024;
/** A take-over lasts milliseconds; a guard older than this was left by a process that died in the middle of one. */
const GUARD_STALE_MS = 5_000;
const GUARD_RETRY_MS = 20;

export const socketPath = async (folder: string): Promise<string> => {
  const real = await realpath(folder);
  const near = join(real, "broker.sock");
  if (Buffer.byteLength(near) <= MOST_BYTES) return near;
  return join(tmpdir(), `waymark-${createHash("sha256").update(real).digest("hex").slice(0, 32)}.sock`);
};

/** Takes the folder or throws FolderHeld at once. `onRequest` answers what the command line asks. */
export const lockFolder = async (folder: string, options: { onRequest?: OnRequest } = {}): Promise<FolderLock> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = await socketPath(folder);
  const sockets = new Set<Socket>();
  let ours = false;
  const server = createServer((socket) => {
    // Until the socket is closed to other users, nobody is heard.
    if (!ours) return socket.destroy();
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, options.onRequest ?? (() => Promise.resolve({ error: "this process takes no requests" })));
  });

  const taken = (await listen(server, path)) || (await takeOver(server, path, join(folder, "broker.guard")));
  if (!taken) throw held(folder);
  await chmod(path, 0o600);
  ours = true;

  let released: Promise<void> | undefined;
  return {
    release: () => {
      released ??= new Promise((resolve) => {
        // Closing removes the socket's file too.
        server.close(() => resolve());
        for (const socket of sockets) socket.destroySoon();
      });
      return released;
    },
  };
};

export const isHeld = async (folder: string): Promise<boolean> => {
  const path = await socketPath(folder).catch(() => undefined);
  const holder = path === undefined ? "nobody" : await holderAt(path);
  if (holder === "nobody") return false;
  holder.destroy();
  return true;
};

/** Asks the process that holds the folder. Undefined when nobody does. */
export const askHolder = async (folder: string, request: unknown): Promise<unknown> => {
  const path = await socketPath(folder).catch(() => undefined);
  const holder = path === undefined ? "nobody" : await reach(path);
  if (holder === "leaving") throw wentAway();
  return holder === "nobody" ? undefined : exchange(holder, request);
};

const wentAway = (cause?: unknown): Error => new Error("the running process went away without an answer", { cause });

const exchange = (socket: Socket, request: unknown): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    const cut = (cause?: unknown): void => reject(wentAway(cause));
    socket.on("error", cut).on("close", cut);
    socket.on("data", (piece: Buffer) => {
      const end = piece.indexOf("\n");
      pieces.push(end < 0 ? piece : piece.subarray(0, end));
      if (end < 0) return;
      resolve(JSON.parse(Buffer.concat(pieces).toString("utf8")));
      socket.destroy();
    });
    socket.write(`${JSON.stringify(request)}\n`);
  });

const serve = (socket: Socket, onRequest: OnRequest): void => {
  let heard = 0;
  socket.on("error", () => socket.destroy());
  socket.on("data", (piece: Buffer) => {
    heard += piece.length;
    if (heard > LINE_LIMIT) socket.destroy();
  });
  createInterface({ input: socket }).on("line", (line) => {
    heard = 0;
    void answer(line, onRequest).then((reply) => {
      if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`);
    });
  });
};

const answer = async (line: string, onRequest: OnRequest): Promise<unknown> => {
  try {
    return (await onRequest(JSON.parse(line))) ?? null;
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
};

const listen = (server: Server, path: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      server.removeListener("listening", listening);
      if (error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    };
    const listening = (): void => {
      server.removeListener("error", failed);
      resolve(true);
    };
    server.once("error", failed);
    server.once("listening", listening);
    server.listen(path);
  });

/**
 * A socket that refuses is dead. One that resets was closed by its holder, or died with it, while we stood in its line. Any other
 * fault, such as a full backlog, comes from one that lives.
 */
const reach = (path: string): Promise<Socket | "nobody" | "leaving"> =>
  new Promise((resolve, reject) => {
    const socket = connect(path);
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code === "ECONNREFUSED" || error.code === "ENOENT") resolve("nobody");
      else if (error.code === "ECONNRESET") resolve("leaving");
      else reject(error);
    };
    socket.once("error", failed);
    socket.once("connect", () => {
      socket.removeListener("error", failed);
      resolve(socket);
    });
  });

/** Where one let go while we asked, whether anybody has it now is another question. */
const holderAt = async (path: string): Promise<Socket | "nobody"> => {
  const holder = await reach(path);
  return holder === "leaving" ? holderAt(path) : holder;
};

/**
 * The socket's file is there: held, or left by a process that died. Only one may find out at a time, or the second would
 * remove the socket that the first has just made.
 */
const takeOver = async (server: Server, path: string, guard: string): Promise<boolean> => {
  while (!(await create(guard))) {
    if (await isStale(guard)) await clear(guard);
    else await new Promise((resolve) => setTimeout(resolve, GUARD_RETRY_MS));
  }
  try {
    const holder = await holderAt(path);
    if (holder !== "nobody") {
      holder.destroy();
      return false;
    }
    await rm(path, { force: true });
    return await listen(server, path);
  } finally {
    await rm(guard, { force: true });
  }
};

const create = async (guard: string): Promise<boolean> => {
  try {
    await (await open(guard, "wx", 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
};

const isStale = async (file: string): Promise<boolean> => {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && performance.timeOrigin + performance.now() - found.mtimeMs > GUARD_STALE_MS;
};

/** Moved aside first: if another process was quicker, what we moved is its fresh guard, and goes back. */
const clear = async (guard: string): Promise<void> => {
  const aside = `${guard}.${process.pid}.${Math.trunc(performance.timeOrigin)}`;
  await rename(guard, aside).catch(() => undefined);
  const moved = await stat(aside).catch(() => undefined);
  if (moved === undefined) return;
  if (!(await isStale(aside))) await link(aside, guard).catch(() => undefined);
  await rm(aside, { force: true });
};
