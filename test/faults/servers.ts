// Servers of a run's own, to be killed, frozen and started again: a PostgreSQL and a Redis that nobody else uses.
import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { existsSync, readdirSync } from "node:fs";
import { setTimeout as rest } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import { freePort } from "../world/system.ts";

const run = promisify(execFile);

const folders = (): string[] => {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : [];
  return [...versions.map((one) => join(root, one, "bin")), ...(process.env["PATH"] ?? "").split(delimiter)];
};

const find = (program: string): string | undefined =>
  folders()
    .map((folder) => join(folder, program))
    .find(existsSync);

/** In words, what is not installed that a run needs. */
export const lacking = (): string | undefined => {
  const missing = ["initdb", "postgres", "redis-server"].filter((program) => find(program) === undefined);
  return missing.length === 0 ? undefined : `${missing.join(" and ")} not installed, which fault runs kill and wipe`;
};

const installed = (program: string): string => {
  const found = find(program);
  if (found === undefined)
    throw new Error(`${program} is not installed, and the fault runs stop and kill one of their own`);
  return found;
};

/** As they name themselves, such as `PostgreSQL 15.14, Redis 7.0.15`. */
export const versions = (): string => {
  const said = (program: string, pattern: RegExp): string =>
    pattern.exec(execFileSync(installed(program), ["--version"]).toString())?.[1] ?? "";
  return `PostgreSQL ${said("postgres", /(\d+\.\d+)/)}, Redis ${said("redis-server", /v=([\d.]+)/)}`;
};

const reachable = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const end = (well: boolean) => (): void => {
      socket.destroy();
      resolve(well);
    };
    socket.once("connect", end(true)).once("error", end(false));
  });

/** The whole family of a process: PostgreSQL answers through children that have groups of their own. */
const family = async (pid: number): Promise<number[]> => {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(
    pids.map(async (one) => {
      const text = await readFile(`/proc/${one}/stat`, "utf8").catch(() => "");
      return [one, Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1])] as const;
    }),
  );
  return [pid, ...parents.filter(([, parent]) => parent === pid).map(([one]) => one)];
};

export type Server = {
  url: string;
  port: number;
  start(): Promise<void>;
  /** At once, with nothing tidied: PostgreSQL's `immediate`, Redis's kill -9. */
  kill(): Promise<void>;
  /** Answers nothing, closes nothing. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** All its processes. */
  pids(): Promise<number[]>;
  remove(): Promise<void>;
};

type Launch = { program: string; flags: string[]; folder: string; port: number; url: string; deadly: NodeJS.Signals };

const server = (launch: Launch, as: object, ready: () => Promise<boolean>): Server => {
  let child: ChildProcess | undefined;
  let frozen: number[] = [];
  const signal = (signals: NodeJS.Signals): void => {
    for (const pid of frozen) {
      try {
        process.kill(pid, signals);
      } catch {
        // It has ended meanwhile.
      }
    }
  };
  const one: Server = {
    url: launch.url,
    port: launch.port,
    async start() {
      child = spawn(launch.program, launch.flags, { ...as, stdio: "ignore", cwd: launch.folder });
      while (!(await ready())) await rest(20);
    },
    async kill() {
      if (child === undefined) return;
      const gone = once(child, "exit");
      child.kill(launch.deadly);
      await gone;
      child = undefined;
    },
    async freeze() {
      frozen = await family(child?.pid ?? 0);
      signal("SIGSTOP");
    },
    async thaw() {
      signal("SIGCONT");
      frozen = [];
    },
    pids: () => family(child?.pid ?? 0),
    async remove() {
      await one.thaw();
      await one.kill();
      await rm(launch.folder, { recursive: true, force: true });
    },
  };
  return one;
};

/** `socketUrl`: by its socket in the file system, which costs a third less than the network does. */
export type Postgres = Server & { socketUrl: string };

/** Its disk writes are real: fsync is on. It refuses to run as root, so there it runs as its own user. */
export const privatePostgres = async (): Promise<Postgres> => {
  const folder = await mkdtemp(join(tmpdir(), "waymark-faults-pg-"));
  const as: { uid?: number; gid?: number } = {};
  if (process.getuid?.() === 0) {
    const number = async (flag: string): Promise<number> => Number((await run("id", [flag, "postgres"])).stdout.trim());
    as.uid = await number("-u");
    as.gid = await number("-g");
    await chown(folder, as.uid, as.gid);
  }
  const data = join(folder, "data");
  const port = await freePort();
  await run(installed("initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], as);
  const places = ["-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=${folder}`];
  const flags = ["-D", data, "-p", String(port), ...places, "-c", "max_connections=200"];
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const program = installed("postgres");
  const ready = async (): Promise<boolean> => {
    const client = new Client({ connectionString: url });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      return false;
    }
  };
  const one = server({ program, flags, folder, port, url, deadly: "SIGQUIT" }, as, ready);
  await one.start();
  return { ...one, socketUrl: `${url}?host=${encodeURIComponent(folder)}` };
};

export const privateRedis = async (): Promise<Server> => {
  const folder = await mkdtemp(join(tmpdir(), "waymark-faults-redis-"));
  const port = await freePort();
  const flags = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const url = `redis://127.0.0.1:${port}`;
  const launch = { program: installed("redis-server"), flags, folder, port, url, deadly: "SIGKILL" } as const;
  const one = server(launch, {}, () => reachable(port));
  await one.start();
  return one;
};
