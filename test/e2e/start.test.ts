// Starting: two at once, on a folder that is held, with wrong settings, with secrets in files, over TLS, and without its queue.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { get as getSecure } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../world/system.ts";
import { references } from "./books.ts";
import { embeddedHome, type Home, type PrivateRedis, privateRedis, serverHome } from "./home.ts";
import { killAll, run as launch, type Running, waymark } from "./program.ts";
import { follow, sendOne } from "./traffic.ts";

const MINUTES = 60_000;
const run = promisify(execFile);

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "waymark-e2e-start-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(killAll);

type Health = {
  status: string;
  durability: string;
  parts: Record<"store" | "queue", { status: string; detail?: string }>;
};
const health = async (origin: string): Promise<Health> =>
  (await (await fetch(`${origin}/health/ready`)).json()) as Health;

const stop = async (...programs: Running[]): Promise<void> => {
  for (const program of programs) program.send("SIGTERM");
  for (const program of programs) expect(await program.ended).toMatchObject({ code: 0, err: "" });
};

describe("the folder of an embedded broker", () => {
  it(
    "is refused to a second process within a second, in plain words, and the first is unharmed",
    async () => {
      const home = await embeddedHome();
      const first = waymark(home.settings);
      const { origin } = await first.ready();
      expect(await health(origin)).toMatchObject({ status: "ready", durability: "process-crash" });
      const stage = await home.stage();

      // How long Node takes to start is the machine's business: both start at one time.
      const both = [waymark({ ...home.settings, PORT: "0" }), launch(process.execPath, ["-e", "0"], {})] as const;
      const [second, bare] = await Promise.all([both[0].ended, both[1].ended]);
      expect(second).toMatchObject({ code: 1, out: "" });
      expect(second.err).toMatch(/^FolderHeld: \S+ is in use by another running process\n$/);
      expect(second.ms - bare.ms).toBeLessThan(1_000);

      const sent = await sendOne(stage);
      expect(await follow(stage, [sent], new Map(), 2 * MINUTES)).toEqual([]);
      await stop(first);
      await stage.close();
      await home.remove();
    },
    3 * MINUTES,
  );
});

describe("wrong settings", () => {
  it("end the start with status 2 and every fault, and none of the values", async () => {
    const [key, ring] = [join(folder, "absent"), join(folder, "ring")];
    await writeFile(ring, '{"current":"k1","s3cret-in-the-wrong-place":1}');
    const { code, out, err } = await waymark({
      PORT: "eighty-s3cret",
      DATABASE_URL: "mysql://user:s3cret@db.example/waymark",
      REDIS_URL: "s3cret",
      WAYMARK_ROLE: "s3cret",
      WAYMARK_KEYS_FILE: ring,
      TLS_CERT: "s3cret",
      TLS_KEY_FILE: key,
      TRUSTED_PROXIES: "10.0.0.0/8,s3cret",
    }).ended;
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).not.toContain("s3cret");
    const named = err.split("\n").flatMap((line) => /^ {2}([A-Z_]+)/.exec(line)?.[1] ?? []);
    expect([...new Set(named)].toSorted()).toEqual([
      "DATABASE_URL",
      "PORT",
      "REDIS_URL",
      "TLS_CERT",
      "TLS_KEY_FILE",
      "TRUSTED_PROXIES",
      "WAYMARK_KEYS",
      "WAYMARK_ROLE",
    ]);
  });

  it(
    "a port that is taken ends the start with status 1, and the folder is free again",
    async () => {
      const home = await embeddedHome();
      const first = waymark(home.settings);
      await first.ready();
      const other = await embeddedHome();
      const { code, err } = await waymark({ ...other.settings, PORT: home.settings["PORT"] ?? "" }).ended;
      expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/EADDRINUSE/) });
      const again = waymark(other.settings);
      await again.ready();
      await stop(first, again);
      await Promise.all([home.remove(), other.remove()]);
    },
    3 * MINUTES,
  );
});

const openssl = (...argv: string[]) => run("openssl", argv, { cwd: folder });
/** A key and a certificate for `name`, signed by the authority in the folder. */
const certificate = async (name: string, extension: string): Promise<void> => {
  await writeFile(join(folder, `${name}.ext`), extension);
  const subject = ["-subj", `/CN=${name}`];
  const pair = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${name}.key`];
  await openssl("req", "-new", ...pair, ...subject, "-out", `${name}.csr`);
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", `${name}.ext`];
  await openssl("x509", "-req", "-in", `${name}.csr`, ...signing, "-out", `${name}.pem`);
};

const secureGet = async (url: string, options: Record<string, Buffer>): Promise<number> => {
  const [response] = (await once(getSecure(url, options), "response")) as [{ statusCode: number; resume(): void }];
  response.resume();
  return response.statusCode;
};

describe("TLS", () => {
  it(
    "with a client authority lets nobody in who shows no certificate of it",
    async () => {
      const pair = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key"];
      await openssl("req", "-x509", ...pair, "-subj", "/CN=Sample authority", "-days", "2", "-out", "ca.pem");
      await certificate("server", "subjectAltName=IP:127.0.0.1");
      await certificate("caller", "extendedKeyUsage=clientAuth");
      const at = (name: string): string => join(folder, name);
      const program = waymark({
        WAYMARK_DATA: at("data"),
        PORT: "0",
        METRICS_PORT: "0",
        TLS_CERT_FILE: at("server.pem"),
        TLS_KEY_FILE: at("server.key"),
        TLS_CLIENT_CA_FILE: at("ca.pem"),
      });
      const { origin } = await program.ready();
      expect(origin).toMatch(/^https:/);
      const [ca, cert, key] = await Promise.all(
        ["ca.pem", "caller.pem", "caller.key"].map((name) => readFile(at(name))),
      );
      if (ca === undefined || cert === undefined || key === undefined) throw new Error("openssl made nothing");
      expect(await secureGet(`${origin}/health/live`, { ca, cert, key })).toBe(200);
      await expect(secureGet(`${origin}/health/live`, { ca })).rejects.toThrow(
        /certificate required|socket hang up|ECONNRESET/,
      );
      await stop(program);
    },
    3 * MINUTES,
  );
});

/** The secrets of a server home, each in a file of its own. */
const inFiles = async (settings: Home["settings"], ...names: string[]): Promise<Home["settings"]> => {
  const kept = Object.entries(settings).filter(([name]) => !names.includes(name));
  const filed = await Promise.all(
    names.map(async (name): Promise<[string, string]> => {
      const file = join(folder, name);
      await writeFile(file, `${settings[name] ?? ""}\n`, { mode: 0o600 });
      return [`${name}_FILE`, file];
    }),
  );
  return Object.fromEntries([...kept, ...filed]);
};

const openServers = async (): Promise<{ home: Home; redis: PrivateRedis } | undefined> => {
  const redis = await privateRedis();
  const home = redis === undefined ? undefined : await serverHome(redis);
  return redis === undefined || home === undefined ? undefined : { home, redis };
};
const WHY = "this run has no PostgreSQL or no redis-server";

describe("on PostgreSQL and Redis", () => {
  it(
    "two processes start at once on an empty database, with secrets from files, and both become ready",
    async ({ skip }) => {
      const home = await serverHome();
      if (home === undefined) return skip(WHY);
      const settings = await inFiles(home.settings, "DATABASE_URL", "WAYMARK_KEYS");
      const both = [settings, { ...settings, PORT: String(await freePort()) }].map((one) => waymark(one));
      const places = await Promise.all(both.map((one) => one.ready()));
      // Each migration was applied once, by whoever came first.
      const applied = both.flatMap((one) => one.lines.filter(({ msg }) => msg === "store brought up to date"));
      expect(applied).toHaveLength(1);
      const [safe] = await home.look((sql) =>
        sql<{ safe: boolean }>(
          "SELECT current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off' AS safe",
        ),
      );
      for (const { origin } of places)
        expect(await health(origin)).toMatchObject({
          status: "ready",
          durability: safe?.safe === true ? "power-loss" : "process-crash",
          parts: { store: { status: "up" }, queue: { status: "up" } },
        });
      await stop(...both);
      await home.remove();
    },
    3 * MINUTES,
  );

  it(
    "takes referrals while Redis is down, says so, and carries them on when it comes back empty",
    async ({ skip }) => {
      const open = await openServers();
      if (open === undefined) return skip(WHY);
      const { home, redis } = open;
      const program = waymark(home.settings);
      const { origin } = await program.ready();
      const stage = await home.stage();
      expect(await health(origin)).toMatchObject({ status: "ready", parts: { queue: { detail: "redis" } } });

      await redis.stop();
      await expect
        .poll(() => health(origin), { timeout: 60_000, interval: 200 })
        .toMatchObject({
          status: "not-ready",
          parts: { store: { status: "up" }, queue: { status: "down" } },
        });
      const sent = [await sendOne(stage, 0), await sendOne(stage, 1), await sendOne(stage, 2)];
      expect(sent.map(({ reply }) => reply.status)).toEqual([200, 202, 200]);

      await redis.start();
      expect(await follow(stage, sent, await references(home, stage, sent), 2 * MINUTES)).toEqual([]);
      await expect.poll(() => health(origin), { timeout: 60_000, interval: 200 }).toMatchObject({ status: "ready" });

      await redis.stop();
      await stop(program);
      await stage.close();
      await home.remove();
    },
    3 * MINUTES,
  );

  it(
    "loses nothing when Redis is wiped while rings wait in it",
    async ({ skip }) => {
      const open = await openServers();
      if (open === undefined) return skip(WHY);
      const { home, redis } = open;
      const api = waymark({ ...home.settings, WAYMARK_ROLE: "api" });
      await api.ready();
      const stage = await home.stage();
      const sent = await Promise.all([0, 1, 2, 3, 4, 0, 1, 2].map((story) => sendOne(stage, story)));
      const eye = new Redis(redis.url);
      // Nobody works yet: all of them were rung, and none was heard.
      const rung = () => home.look((sql) => sql("SELECT FROM waymark.work WHERE lease_until > now()"));
      await expect.poll(async () => (await rung()).length, { timeout: 60_000 }).toBe(sent.length);
      await expect.poll(() => eye.dbsize(), { timeout: 60_000 }).toBeGreaterThan(0);
      await eye.flushall();
      eye.disconnect();

      const worker = waymark({ ...home.settings, WAYMARK_ROLE: "worker", PORT: "0" });
      await worker.ready();
      // After the lease of a ring, 30 s, each is rung again.
      expect(await follow(stage, sent, await references(home, stage, sent), 2 * MINUTES)).toEqual([]);
      await stop(api, worker);
      await stage.close();
      await home.remove();
      await redis.stop();
    },
    4 * MINUTES,
  );
});
