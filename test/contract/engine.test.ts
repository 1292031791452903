// What every store may rely on, on both engines: roles, row security, rollback, clear refusals, one shape of values.
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../adapters/postgres/engine.ts";
import { engines, type Opened } from "../engines.ts";

describe.each(engines())("an engine on $name", ({ open }) => {
  let opened: Opened;
  let engine: Engine;
  beforeAll(async () => {
    opened = await open();
    engine = opened.engine;
    await engine.transaction("owner", (query) =>
      query(
        "CREATE TABLE waymark.probe (id integer PRIMARY KEY, words text); GRANT SELECT, INSERT ON waymark.probe TO waymark_worker",
      ),
    );
  });
  afterAll(() => opened.close());

  const ids = async (): Promise<number[]> =>
    engine.transaction("worker", async (query) =>
      (await query<{ id: number }>("SELECT id FROM waymark.probe ORDER BY id")).map((row) => row.id),
    );

  it("commits what a transaction wrote, and hands back its value", async () => {
    const value = await engine.transaction("worker", async (query) => {
      await query("INSERT INTO waymark.probe VALUES ($1, $2)", [1, "kept"]);
      return "value";
    });
    expect(value).toBe("value");
    expect(await ids()).toContain(1);
  });

  const WAYS = ["enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit", "plan_cache_mode"];
  const WAY = `SELECT current_user AS who, ${WAYS.map((name) => `current_setting('${name}') AS ${name}`).join(", ")}`;

  it("does a single statement as the worker, by key, like a transaction that asks for that, and leaves no trace of it", async () => {
    const before = await engine.transaction("owner", (query) => query(WAY));
    const once = await engine.single(WAY);
    expect(once).toMatchObject([
      { who: "waymark_worker", enable_seqscan: "off", plan_cache_mode: "force_generic_plan" },
    ]);
    expect(once).toEqual(await engine.transaction("worker", (query) => query(WAY), { byKey: true }));
    expect(await engine.transaction("owner", (query) => query(WAY))).toEqual(before);
    expect(await engine.single("INSERT INTO waymark.probe VALUES ($1, $2) RETURNING id", [70, "kept"], "put")).toEqual([
      { id: 70 },
    ]);
    expect(await ids()).toContain(70);
  });

  it("refuses a single statement that the worker may not make, and goes on", async () => {
    await expect(engine.single("DELETE FROM waymark.probe")).rejects.toMatchObject({ code: "42501" });
    await expect(engine.single("INSERT INTO waymark.probe VALUES ($1, $2)", [70, "twice"])).rejects.toMatchObject({
      code: "23505",
    });
    expect(await engine.single("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("takes in with a single statement as intake, by key, which may do no more than that", async () => {
    const taking = await engine.take(WAY);
    expect(taking).toMatchObject([{ who: "waymark_intake", enable_seqscan: "off" }]);
    expect(taking).toEqual(await engine.transaction("intake", (query) => query(WAY), { byKey: true }));
    await expect(engine.take("SELECT * FROM waymark.referral")).rejects.toMatchObject({ code: "42501" });
    expect(await engine.take("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("rolls back on an exception, and the next transaction is untouched by it", async () => {
    const failing = engine.transaction("worker", async (query) => {
      await query("INSERT INTO waymark.probe VALUES (2, 'lost')");
      throw new Error("the step broke");
    });
    await expect(failing).rejects.toThrow("the step broke");
    expect(await ids()).not.toContain(2);
  });

  it("never reports a commit for a transaction in which a statement failed", async () => {
    const swallowing = engine.transaction("worker", async (query) => {
      await query("INSERT INTO waymark.probe VALUES (3, 'lost')");
      await query("SELECT 1 / 0").catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow("rolled back");
    expect(await ids()).not.toContain(3);
  });

  it.each(["intake", "worker", "reader"] as const)(
    "runs as waymark_%s, and only inside the transaction",
    async (role) => {
      const who = (query: Parameters<Parameters<Engine["transaction"]>[1]>[0]) =>
        query<{ who: string }>("SELECT current_user AS who");
      expect(await engine.transaction(role, who)).toEqual([{ who: `waymark_${role}` }]);
      const [owner] = await engine.transaction("owner", who);
      expect(owner?.who).not.toContain("waymark_");
    },
  );

  it("lets a role do only its own work", async () => {
    const denied = { code: "42501" };
    await expect(
      engine.transaction("intake", (query) => query("SELECT * FROM waymark.referral")),
    ).rejects.toMatchObject(denied);
    await expect(
      engine.transaction("intake", (query) => query("SELECT sealed_body FROM waymark.submission")),
    ).rejects.toMatchObject(denied);
    await expect(
      engine.transaction("worker", (query) => query("UPDATE waymark.event SET type = 'x'")),
    ).rejects.toMatchObject(denied);
    await expect(
      engine.transaction("reader", (query) => query("SELECT * FROM waymark.submission")),
    ).rejects.toMatchObject(denied);
  });

  it("cannot write as a reader", async () => {
    const writing = engine.transaction("reader", (query) => query("CREATE TEMPORARY TABLE mine (id integer)"));
    await expect(writing).rejects.toMatchObject({ code: "25006" });
  });

  it("shows a reader one organisation's rows, and none at all when no organisation is set", async () => {
    const organisation = 'O\'Brien \\ "Ltd" $1; DROP TABLE waymark.event';
    const id = "0192f0aa-0000-7000-8000-000000000001";
    await engine.transaction("worker", (query) =>
      query(
        `INSERT INTO waymark.event (referral, sequence, id, organisation, at, actor, type, body)
         VALUES ($1, 1, $1, $2, '2026-01-01T00:00:00Z', 'test', 'received', '{}')`,
        [id, organisation],
      ),
    );
    const seen = (as?: string) =>
      engine.transaction(
        "reader",
        (query) => query("SELECT id FROM waymark.event"),
        as === undefined ? {} : { organisation: as },
      );
    expect(await seen(organisation)).toEqual([{ id }]);
    expect(await seen("someone else")).toEqual([]);
    expect(await seen()).toEqual([]);
  });

  it("reads values in one shape", async () => {
    const [row] = await engine.transaction("owner", (query) =>
      query(
        `SELECT 9007199254740991::bigint AS big, count(*) AS n, $1::bytea AS bytes, date '2026-02-03' AS day,
                timestamptz '2026-02-03T04:05:06.789Z' AS at, '{"a":[1]}'::jsonb AS json, ARRAY['a','b'] AS list,
                NULL::text AS nothing, true AS yes, $2::jsonb ->> 'k' AS given, $3::timestamptz AS sent, $4::text[] AS words`,
        [Buffer.from([0, 1, 254, 255]), JSON.stringify({ k: "v" }), new Date("2026-02-03T04:05:06.789Z"), ["x", "y,z"]],
      ),
    );
    expect(row).toEqual({
      big: 9007199254740991,
      n: 1,
      bytes: Buffer.from([0, 1, 254, 255]),
      day: "2026-02-03",
      at: new Date("2026-02-03T04:05:06.789Z"),
      json: { a: [1] },
      list: ["a", "b"],
      nothing: null,
      yes: true,
      given: "v",
      sent: new Date("2026-02-03T04:05:06.789Z"),
      words: ["x", "y,z"],
    });
    expect(Buffer.isBuffer(row?.["bytes"])).toBe(true);
  });

  it("refuses a transaction inside a transaction, and the clock too, instead of waiting for itself", async () => {
    const nested = engine.transaction("worker", () => engine.transaction("reader", async () => "inner"));
    await expect(nested).rejects.toThrow(/inside a transaction of worker/);
    await expect(engine.transaction("worker", () => engine.now())).rejects.toThrow(/inside a transaction of worker/);
  });

  it("lets what a transaction left running ask again once it is over", async () => {
    let later: Promise<number[]> | undefined;
    const { promise, resolve } = withResolvers();
    await engine.transaction("worker", async () => {
      later = promise.then(ids);
    });
    resolve();
    expect(await later).toContain(1);
  });

  it("refuses a query kept beyond the end of its transaction", async () => {
    const kept = await engine.transaction("worker", async (query) => query);
    await expect(kept("SELECT 1")).rejects.toThrow("over");
  });

  it("carries out transactions asked for at once, each whole", async () => {
    const many = Array.from({ length: 40 }, (_, at) => 100 + at);
    await Promise.all(
      many.map((id) =>
        engine.transaction("worker", async (query) => {
          await query("INSERT INTO waymark.probe VALUES ($1, 'a')", [id]);
          await query("INSERT INTO waymark.probe VALUES ($1, 'b')", [id + 1000]);
        }),
      ),
    );
    const all = await ids();
    expect(many.every((id) => all.includes(id) && all.includes(id + 1000))).toBe(true);
  });

  it("throws errors that repeat nothing of what was sent", async () => {
    const secret = "Margaret-Example";
    const failures: [string, unknown[] | undefined][] = [
      ["SELECT $1::uuid", [secret]],
      ["INSERT INTO waymark.probe VALUES ($1, $2)", [1, secret]],
      ["INSERT INTO waymark.client (id, kind) VALUES (gen_random_uuid(), $1)", [secret]],
      [`SELECT '${secret}'::integer`, undefined],
    ];
    for (const [sql, values] of failures) {
      const failed = engine.transaction("owner", (query) => query(sql, values));
      const error = await failed.catch((caught: Error) => caught);
      expect(error).toMatchObject({ code: expect.stringMatching(/^2[23]/) });
      expect(inspect(error, { depth: 5, showHidden: true })).not.toContain(secret);
    }
  });

  it("says the time, and how durable it is", async () => {
    expect(Math.abs((await engine.now()).getTime() - Date.now())).toBeLessThan(60_000);
    const [on] = await engine.transaction("owner", (query) =>
      query<{ fsync: string }>("SELECT current_setting('fsync') AS fsync"),
    );
    expect(await engine.durability()).toBe(on?.fsync === "on" ? "power-loss" : "process-crash");
  });
});

const withResolvers = (): { promise: Promise<void>; resolve: () => void } => {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
};
