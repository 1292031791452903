// The queue on Redis, and what happens when Redis goes away or stands still.
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { Redis } from "ioredis";
import { afterEach, describe, expect, it } from "vitest";
import { connectQueue } from "../../queues/connect.ts";
import { startRinger } from "../../queues/ringer.ts";
import { startWorkers } from "../../queues/workers.ts";
import type { Work } from "../../schemas/work.ts";
import type { Worked } from "../../src/ports/steps.ts";
import { agendaDouble, clock } from "./queue-agenda.ts";
import { redisUrl } from "../engines.ts";
import { queueSuite, silent } from "./queue-suite.ts";
import { everyStep } from "../builders/steps.ts";

const found = redisUrl();
/** A run without Redis has said so, with its reason, at its start. */
const url = new URL(found ?? "redis://127.0.0.1:1");

const dumpOf = async (redis: Redis): Promise<string> => {
  const parts: unknown[] = [];
  for (const key of await redis.keys("*")) {
    const type = await redis.type(key);
    if (type === "hash") parts.push(key, await redis.hgetall(key));
    else if (type === "list") parts.push(key, await redis.lrange(key, 0, -1));
    else if (type === "zset") parts.push(key, await redis.zrange(key, "0", "-1"));
    else if (type === "stream") parts.push(key, await redis.xrange(key, "-", "+"));
    else parts.push(key, await redis.get(key));
  }
  return JSON.stringify(parts);
};

if (found !== undefined)
  queueSuite("Redis", async () => {
    const redis = new Redis(url.href);
    return {
      open: (log = silent) => connectQueue({ redisUrl: url.href, log }),
      wipe: async () => void (await redis.flushdb()),
      dump: () => dumpOf(redis),
      close: async () => redis.disconnect(),
    };
  });

/** Stands between us and Redis: `cut` drops every connection and takes no new one, `freeze` lets nothing through. */
const openWire = async () => {
  const pairs = new Set<[Socket, Socket]>();
  let state: "open" | "cut" | "frozen" = "open";
  const server = createServer((near) => {
    if (state === "cut") return void near.resetAndDestroy();
    const far = connect(Number(url.port === "" ? 6379 : url.port), url.hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near]] as [Socket, Socket][]) {
      from.on("data", (bytes) => {
        if (state === "open") to.write(bytes);
      });
      from.on("error", () => to.destroy());
      from.on("close", () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const drop = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}${url.pathname}`,
    cut: () => {
      state = "cut";
      drop();
    },
    freeze: () => {
      state = "frozen";
    },
    mend: () => {
      if (state === "frozen") drop();
      state = "open";
    },
    close: () => {
      drop();
      server.close();
    },
  };
};

describe.skipIf(found === undefined)("Redis that is down", () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const build = async () => {
    const wire = await openWire();
    ends.push(wire.close);
    const lines: string[] = [];
    const say = (_fields: object, line: string): void => void lines.push(line);
    const log = { info: say, warn: say, error: say };
    const queue = await connectQueue({ redisUrl: wire.url, log });
    ends.push(() => queue.close());
    const agenda = agendaDouble();
    const step = async (work: Work): Promise<Worked> => {
      await agenda.settle(work, { kind: "done" });
      return "done";
    };
    const start = () => {
      const ringer = startRinger({ agenda, queue, clock, log, places: 4, perSecond: 1_000, sweepMs: 50 });
      const steps = everyStep(step);
      const workers = startWorkers({ queue, agenda, steps, clock, log: silent, concurrency: 8, bell: ringer });
      ends.push(
        () => ringer.stop(),
        () => workers.close(),
      );
      return { ringer, workers };
    };
    return { wire, queue, agenda, lines, start };
  };

  for (const trouble of ["cut", "freeze"] as const) {
    it(`is no matter to intake, and what came meanwhile is drained (${trouble})`, async () => {
      const { wire, queue, agenda, start, lines } = await build();
      const { ringer } = start();
      agenda.add(10);
      ringer.nudge();
      await agenda.emptied();
      wire[trouble]();
      await expect(queue.waiting()).rejects.toBeInstanceOf(Error);
      agenda.add(50);
      const started = performance.now();
      for (let count = 0; count < 50; count += 1) ringer.nudge();
      expect(performance.now() - started).toBeLessThan(500);
      expect((await queue.check()).ok).toBe(false);
      expect([...agenda.rows.values()].filter((row) => row.token !== undefined)).toEqual([]);
      wire.mend();
      await agenda.emptied();
      expect(new Set(agenda.settled.map(({ id }) => id)).size).toBe(60);
      expect(lines.filter((line) => line === "ringer is failing").length).toBeLessThan(3);
    });
  }

  it("is waited for at the start too", async () => {
    const { wire, queue, agenda, start } = await build();
    wire.cut();
    agenda.add(5);
    start();
    await expect(queue.addBulk([])).resolves.toBeUndefined();
    await expect(queue.waiting()).rejects.toBeInstanceOf(Error);
    wire.mend();
    await agenda.emptied();
  });

  it("does not hold up the end", async () => {
    const { wire, queue, start } = await build();
    const { ringer, workers } = start();
    await queue.waiting().catch(() => undefined);
    wire.cut();
    const started = performance.now();
    await ringer.stop();
    await workers.close();
    await queue.close();
    expect(performance.now() - started).toBeLessThan(6_000);
  });

  it("is told that its eviction policy loses rings", async () => {
    const redis = new Redis(url.href);
    ends.push(() => redis.disconnect());
    const { queue } = await build();
    await redis.config("SET", "maxmemory-policy", "allkeys-lru");
    try {
      await expect
        .poll(() => queue.check(), { timeout: 45_000 })
        .toMatchObject({ ok: true, detail: expect.stringContaining("noeviction") });
    } finally {
      await redis.config("SET", "maxmemory-policy", "noeviction");
    }
  });
});
