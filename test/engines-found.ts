// Which servers the tests use: those that are given, those that answer on loopback, or private ones from installed binaries.
// With CI=true a missing one is a failure; otherwise the reason is printed and its tests are left out.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, chownSync } from "node:fs";
import { createServer, connect } from "node:net";
import { delimiter, join } from "node:path";
import { tmpdir } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);

export type Found = { url: string; from: string; stop(): Promise<void> } | { url?: undefined; from: string };

const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const end = (well: boolean) => () => {
      socket.destroy();
      resolve(well);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

const until = async (what: string, ready: () => Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 30_000;
  while (!(await ready())) {
    if (Date.now() > deadline) throw new Error(`${what} did not start within 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const installed = (program: string, folders: string[]): string | undefined =>
  [...folders, ...(process.env["PATH"] ?? "").split(delimiter)].map((folder) => join(folder, program)).find(existsSync);

const postgresFolders = (): string[] => {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return [];
  const versions = readdirSync(root).toSorted((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, "bin"));
};

const ours = { stop: () => Promise.resolve() };

export const findPostgres = async (): Promise<Found> => {
  const given = process.env["TEST_DATABASE_URL"] ?? process.env["DATABASE_URL"];
  if (given !== undefined && given !== "") return { url: given, from: "given by the environment", ...ours };
  if (await answers("127.0.0.1", 5432)) {
    return { url: "postgres://postgres@127.0.0.1:5432/postgres", from: "reachable on loopback", ...ours };
  }
  const initdb = installed("initdb", postgresFolders());
  if (initdb === undefined) return { from: "no server answers on 127.0.0.1:5432 and no initdb is installed" };
  return startPostgres(initdb);
};

/** PostgreSQL refuses to run as root, so there it runs as its own user. */
const startPostgres = async (initdb: string): Promise<Found> => {
  const folder = mkdtempSync(join(tmpdir(), "waymark-postgres-"));
  const as: { uid?: number; gid?: number } = {};
  if (process.getuid?.() === 0) {
    const number = async (flag: string): Promise<number> => Number((await run("id", [flag, "postgres"])).stdout.trim());
    as.uid = await number("-u");
    as.gid = await number("-g");
    chownSync(folder, as.uid, as.gid);
  }
  const data = join(folder, "data");
  const port = await freePort();
  await run(initdb, ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], as);
  const program = initdb.replace(/initdb$/, "postgres");
  const flags = [
    "-c",
    "listen_addresses=127.0.0.1",
    "-c",
    `unix_socket_directories=${folder}`,
    "-c",
    "max_connections=200",
  ];
  const server = spawn(program, ["-D", data, "-p", String(port), ...flags], { ...as, stdio: "ignore" });
  await until("a private PostgreSQL", () => answers("127.0.0.1", port));
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    from: `started privately from ${program}`,
    stop: () => ended(server, "SIGINT", folder),
  };
};

/** Rather one of this run's own: in a shared one, the workers of another run at the same time would take this run's rings. */
export const findRedis = async (): Promise<Found> => {
  const given = process.env["TEST_REDIS_URL"] ?? process.env["REDIS_URL"];
  if (given !== undefined && given !== "") return { url: given, from: "given by the environment", ...ours };
  const program = installed("redis-server", []);
  if (program === undefined)
    return (await answers("127.0.0.1", 6379))
      ? { url: "redis://127.0.0.1:6379", from: "reachable on loopback", ...ours }
      : { from: "no redis-server is installed and no server answers on 127.0.0.1:6379" };
  const folder = mkdtempSync(join(tmpdir(), "waymark-redis-"));
  const port = await freePort();
  const flags = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"];
  const server = spawn(program, flags, { stdio: "ignore" });
  await until("a private Redis", () => answers("127.0.0.1", port));
  return {
    url: `redis://127.0.0.1:${port}`,
    from: `started privately from ${program}`,
    stop: () => ended(server, "SIGTERM", folder),
  };
};

const ended = async (server: ReturnType<typeof spawn>, signal: "SIGINT" | "SIGTERM", folder: string): Promise<void> => {
  const gone = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  server.kill(signal);
  await gone;
  rmSync(folder, { recursive: true, force: true });
};
