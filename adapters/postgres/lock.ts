// One process for one folder. The lock is a unix socket: connecting to it fails fast while nobody holds it, it dies with its
// process even on kill -9, and it is the channel on which the command line asks the running broker.
import { createHash } from "node:crypto";
import { chmod, mkdir, open, realpath, rm, stat } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Another process holds the folder. */
export class FolderHeld extends Error {
  override name = "FolderHeld";
}

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
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, options.onRequest ?? (() => Promise.resolve({ error: "this broker takes no requests" })));
  });

  const taken = (await listen(server, path)) || (await takeOver(server, path, `${folder}/broker.guard`));
  if (!taken) throw new FolderHeld(`${folder} is in use by another running broker`);
  await chmod(path, 0o600);

  let released: Promise<void> | undefined;
  return {
    release: () => {
      // Closing the server removes its socket file.
      released ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.end();
      });
      return released;
    },
  };
};

/** Asks the process that holds the folder. Undefined when nobody does. */
export const askHolder = async (folder: string, request: unknown): Promise<unknown> => {
  const socket = await reach(await socketPath(folder).catch(() => ""));
  if (socket === undefined) return undefined;
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    for await (const line of createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })) {
      return JSON.parse(line) as unknown;
    }
    throw new Error("the running broker closed the line without an answer");
  } finally {
    socket.destroy();
  }
};

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

const reach = (path: string): Promise<Socket | undefined> =>
  new Promise((resolve) => {
    if (path === "") return resolve(undefined);
    const socket = connect(path);
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(undefined));
  });

/**
 * The socket file is there: held, or left by a process that died. Only one may find out at a time, or the second would
 * remove the socket that the first has just made.
 */
const takeOver = async (server: Server, path: string, guard: string): Promise<boolean> => {
  while (!(await create(guard))) {
    const age = await stat(guard).then(
      (found) => performance.timeOrigin + performance.now() - found.mtimeMs,
      () => 0,
    );
    if (age > GUARD_STALE_MS) await rm(guard, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, GUARD_RETRY_MS));
  }
  try {
    const holder = await reach(path);
    if (holder !== undefined) {
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
