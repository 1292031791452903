// What only a server has: other sessions that hold locks, connections that break in the middle, commits nobody answers for.
import { createServer, connect, type Socket } from "node:net";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommitUnknown, type Engine, LockWait } from "../../adapters/postgres/engine.ts";
import { migrate } from "../../adapters/postgres/migrate.ts";
import { openServer } from "../../adapters/postgres/server.ts";
import { emptyDatabase } from "../engines.ts";

const database = await emptyDatabase();
const url = database?.url ?? "";
afterAll(() => database?.drop());

/** ReadyForQuery, outside any transaction. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** What pg_terminate_backend makes a server say. */
const goingAway = (): Buffer => {
  const fields = Buffer.from("SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0");
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
};

/** A line to the server that can be cut at the moment when COMMIT has reached the server and its answer has not come back. */
const line = async () => {
  const target = new URL(url);
  let cutAfterCommit = false;
  let endNew = false;
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(Number(target.port === "" ? 5432 : target.port), target.hostname);
    sockets.add(near).add(far);
    let committing = false;
    near.on("data", (piece: Buffer) => {
      if (cutAfterCommit && piece.includes("COMMIT")) committing = true;
      far.write(piece);
    });
    far.on("data", (piece: Buffer) => {
      if (committing) near.destroy();
      else if (endNew && piece.includes(READY)) near.end(Buffer.concat([piece, goingAway()]));
      else near.write(piece);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on("error", () => undefined).on("close", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const through = new URL(url);
  const address = proxy.address();
  through.hostname = "127.0.0.1";
  through.port = String(typeof address === "object" && address !== null ? address.port : 0);
  return {
    url: through.href,
    cutCommits: (on: boolean) => void (cutAfterCommit = on),
    endNewOnes: (on: boolean) => void (endNew = on),
    cutAll: () => sockets.forEach((socket) => socket.destroy()),
    close: () => new Promise<void>((resolve) => proxy.close(() => resolve())),
  };
};

describe.skipIf(database === undefined)("the server engine", () => {
  let engine: Engine;
  let holder: Client;
  const broken: Error[] = [];
  const note = (error: Error): void => void broken.push(error);
  beforeAll(async () => {
    engine = await openServer({ url, max: 2, limits: { lockMs: 400, statementMs: 2_000, idleMs: 1_000 } });
    await migrate(engine);
    await engine.transaction("owner", (query) =>
      query(
        "CREATE TABLE waymark.probe (id integer PRIMARY KEY); GRANT SELECT, INSERT, UPDATE ON waymark.probe TO waymark_worker; INSERT INTO waymark.probe VALUES (1)",
      ),
    );
    holder = new Client({ connectionString: url, application_name: "someone's psql" });
    await holder.connect();
  });
  afterAll(async () => {
    await holder.end();
    await engine.close();
  });

  const count = async (id: number): Promise<number> =>
    engine.transaction(
      "worker",
      async (query) => (await query("SELECT FROM waymark.probe WHERE id = $1", [id])).length,
    );

  it("names who holds the lock that it waited for, and nothing of what they hold", async () => {
    await holder.query("BEGIN; UPDATE waymark.probe SET id = id WHERE id = 1");
    const { rows } = await holder.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    const waiting = engine.transaction("worker", (query) => query("UPDATE waymark.probe SET id = id WHERE id = 1"));
    const error = await waiting.catch((caught: Error) => caught);
    await holder.query("ROLLBACK");
    expect(error).toBeInstanceOf(LockWait);
    expect(String(error)).toContain(`pid ${rows[0]?.pid} (someone's psql, `);
    expect(String(error)).not.toContain("UPDATE");
  });

  it("does not let a statement run for ever", async () => {
    await expect(engine.transaction("worker", (query) => query("SELECT pg_sleep(10)"))).rejects.toMatchObject({
      code: "57014",
    });
  });

  it("does not let an idle transaction hold its locks for ever", async () => {
    const idle = engine.transaction("worker", async (query) => {
      await query("SELECT 1");
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await query("SELECT 1");
    });
    await expect(idle).rejects.toThrow(/terminat|idle-in-transaction|not queryable/i);
    expect(await count(1)).toBe(1);
  });

  it("calls a commit unknown when its answer was lost: this one had happened", async () => {
    const cable = await line();
    const fragile = await openServer({ url: cable.url, max: 2, onError: note });
    cable.cutCommits(true);
    const commit = fragile.transaction("worker", (query) => query("INSERT INTO waymark.probe VALUES (50)"));
    await expect(commit).rejects.toBeInstanceOf(CommitUnknown);
    expect(await count(50)).toBe(1);
    cable.cutCommits(false);
    await fragile.transaction("worker", (query) => query("INSERT INTO waymark.probe VALUES (51)"));
    expect(await count(51)).toBe(1);
    await fragile.close();
    await cable.close();
  });

  it("does not call it unknown when the connection broke before: that was rolled back", async () => {
    const cable = await line();
    const fragile = await openServer({ url: cable.url, max: 2, onError: note });
    const broke = fragile.transaction("worker", async (query) => {
      await query("INSERT INTO waymark.probe VALUES (60)");
      cable.cutAll();
      await query("SELECT 1");
    });
    const error = await broke.catch((caught: Error) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(CommitUnknown);
    expect(await count(60)).toBe(0);
    expect(await fragile.transaction("worker", (query) => query("SELECT 1 AS one"))).toEqual([{ one: 1 }]);
    await fragile.close();
    await cable.close();
  });

  it("calls a single statement unknown when its answer was lost: this one had happened", async () => {
    const cable = await line();
    const fragile = await openServer({ url: cable.url, max: 2, onError: note });
    await fragile.single("SELECT 1");
    cable.cutCommits(true);
    const lost = fragile.single("INSERT INTO waymark.probe VALUES (70) /* COMMIT */");
    await expect(lost).rejects.toBeInstanceOf(CommitUnknown);
    // The server commits before it answers.
    expect(await count(70)).toBe(1);
    cable.cutCommits(false);
    expect(await fragile.single("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await fragile.close();
    await cable.close();
  });

  it("names who holds the lock that a single statement waited for", async () => {
    await holder.query("BEGIN; UPDATE waymark.probe SET id = id WHERE id = 1");
    const error = await engine.single("UPDATE waymark.probe SET id = id WHERE id = 1").catch((caught: Error) => caught);
    await holder.query("ROLLBACK");
    expect(error).toBeInstanceOf(LockWait);
    expect(String(error)).toContain("someone's psql");
  });

  it("does not call it unknown when the server says no at COMMIT", async () => {
    await engine.transaction("owner", (query) =>
      query(`CREATE TABLE waymark.deferred (id integer UNIQUE DEFERRABLE INITIALLY DEFERRED)`),
    );
    const refused = engine.transaction("owner", (query) => query("INSERT INTO waymark.deferred VALUES (1), (1)"));
    await expect(refused).rejects.toMatchObject({ code: "23505" });
  });

  it("outlives the loss of its idle connections, and tells of it", async () => {
    let tell: (error: Error) => void = () => undefined;
    const told = new Promise<Error>((resolve) => (tell = resolve));
    const other = await openServer({ url, max: 1, onError: (error) => tell(error) });
    await holder.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'waymark' AND datname = current_database()",
    );
    expect(await told).toBeInstanceOf(Error);
    expect(await other.transaction("reader", (query) => query("SELECT 1 AS one"))).toEqual([{ one: 1 }]);
    await other.close();
  });

  it("outlives a connection that the server ends at the very moment when it is ready", async () => {
    const cable = await line();
    const fragile = await openServer({ url: cable.url, max: 2, onError: note });
    cable.endNewOnes(true);
    // The one connection that is open is in use by the first, so the second dials.
    const [first, second] = await Promise.allSettled(
      [1, 2].map((value) => fragile.transaction("reader", (query) => query("SELECT $1::int AS value", [value]))),
    );
    expect(first).toMatchObject({ status: "fulfilled" });
    expect(second).toMatchObject({
      status: "rejected",
      reason: { message: expect.stringMatching(/terminat|not queryable/i) },
    });
    cable.endNewOnes(false);
    expect(await fragile.transaction("reader", (query) => query("SELECT 1 AS one"))).toEqual([{ one: 1 }]);
    await fragile.close();
    await cable.close();
  });

  it("says that the pool is exhausted when it is", async () => {
    const small = await openServer({ url, max: 1, connectMs: 200 });
    let release: () => void = () => undefined;
    const held = small.transaction("reader", () => new Promise<void>((resolve) => (release = resolve)));
    await expect(small.transaction("reader", async () => 1)).rejects.toBeInstanceOf(LockWait);
    release();
    await held;
    await small.close();
  });

  it("is not called durable when commits do not wait for the disk", async () => {
    await holder.query("ALTER DATABASE " + new URL(url).pathname.slice(1) + " SET synchronous_commit = off");
    const loose = await openServer({ url, max: 1 });
    expect(await loose.durability()).toBe("process-crash");
    await loose.close();
  });

  it("does not open where nobody answers", async () => {
    await expect(openServer({ url: "postgres://postgres@127.0.0.1:1/none", max: 1 })).rejects.toThrow("ECONNREFUSED");
  });

  it("plans a statement with a name once for each connection", async () => {
    const engine = await openServer({ url, max: 1 });
    const asked = () =>
      engine.transaction("owner", (query) => query<{ n: number }>("SELECT $1::int AS n", [7], "seven"));
    expect([await asked(), await asked()]).toEqual([[{ n: 7 }], [{ n: 7 }]]);
    const kept = await engine.transaction("owner", (query) =>
      query("SELECT name, generic_plans + custom_plans AS used FROM pg_prepared_statements"),
    );
    expect(kept).toEqual([{ name: "seven", used: 2 }]);
    await engine.close();
  });
});
