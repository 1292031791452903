// Receivers that misbehave: each has its coded outcome, its row and its line in the log, and nobody else is delayed.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { renderCallback as councilForm } from "../../adapters/council/callback.ts";
import { connectQueue } from "../../queues/connect.ts";
import type { Queue } from "../../queues/queue.ts";
import type { RenderCallback } from "../../src/ports/outward.ts";
import { muchNewsFor, register } from "../builders/delivery.ts";
import { aHome, type Home } from "../builders/store.ts";
import { engines } from "../engines.ts";
import { makeCertificate } from "./certificate.ts";
import { openPostOffice, PLACES } from "./post-office.ts";
import { silent } from "./queue-suite.ts";
import { answers, startReceiver, type Behaviour, type Receiver } from "./receiver.ts";

/** Short, for some here always use it up, and long enough for the good ones on a busy machine. */
const TIMEOUT_MS = 1_500;
const BAD = 6;
const GOOD = 5;
/** Longer than this test ever waits for what must come. */
const PATIENCE = { timeout: 45_000, interval: 20 };

const on = engines().at(-1);
if (on === undefined) throw new Error("no engine");

const folder = mkdtempSync(join(tmpdir(), "waymark-bad-"));
const made = makeCertificate(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe(`beside a receiver that misbehaves, on ${on.name}`, () => {
  let home: Home;
  let bad: Receiver;
  const ends: (() => Promise<unknown> | void)[] = [];
  let queue: Queue;
  beforeAll(async () => {
    home = await aHome(on);
    queue = await connectQueue({ pool: home.engine.queuePool(), log: silent });
  });
  afterAll(async () => {
    await queue.close();
    await home.close();
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  type Met = { attempts: Record<string, unknown>[]; lines: Record<string, unknown>[]; rows: Record<string, unknown>[] };

  /** Six pieces of news for the bad one, five for each of three good ones, all due at once. */
  const meet = async (
    url: string,
    options: { render?: RenderCallback; kind?: "gp" | "council" } = {},
  ): Promise<Met> => {
    await home.sql("DELETE FROM waymark.work");
    const kind = options.kind ?? "gp";
    const { id } = await register(home, { kind, callbackUrl: url });
    await muchNewsFor(home, id, BAD);
    const good = await Promise.all([0, 1, 2].map(() => startReceiver()));
    const others: string[] = [];
    for (const receiver of good) {
      ends.push(() => receiver.close());
      receiver.behave(answers(204, { "x-request-id": "echo" }));
      const client = await register(home, { kind, callbackUrl: receiver.url });
      others.push(`client:${client.id}`);
      await muchNewsFor(home, client.id, GOOD);
    }
    // Half the hands that there are could hang at the bad one, and no more.
    const office = await openPostOffice(home, { ...options, timeoutMs: TIMEOUT_MS, concurrency: 2 * PLACES, queue });
    await expect.poll(() => good.map(({ received }) => received.length), PATIENCE).toEqual([GOOD, GOOD, GOOD]);
    const destination = `client:${id}`;
    const waiting = "SELECT FROM waymark.work WHERE due <= $1 AND dead_at IS NULL";
    await expect.poll(async () => (await home.sql(waiting, [home.clock.now()])).length, PATIENCE).toBe(0);

    await office.close();

    const theirs = await home.sql(
      "SELECT number, outcome FROM waymark.attempt WHERE destination = ANY ($1::text[]) ORDER BY at",
      [others],
    );
    expect(theirs).toEqual(Array.from({ length: 3 * GOOD }, () => ({ number: 1, outcome: "accepted" })));
    const attempts = await home.sql<Record<string, unknown>>(
      "SELECT work, number, result, outcome, cause, status, way FROM waymark.attempt WHERE destination = $1 ORDER BY at, work",
      [destination],
    );
    const rows = await home.sql<Record<string, unknown>>("SELECT * FROM waymark.work WHERE destination = $1", [
      destination,
    ]);
    const works = new Set(attempts.map(({ work }) => work));
    return {
      attempts,
      rows,
      lines: office.attempts().filter(({ work, tried }) => works.has(work) && tried !== undefined),
    };
  };

  const misbehaves = async (behaviour: Behaviour): Promise<string> => {
    bad = await startReceiver();
    bad.behave(behaviour);
    ends.push(() => bad.close());
    return bad.url;
  };

  /** What the attempts that were made came to, in their rows and, the same, in their lines. */
  const accountOf = ({ attempts, lines }: Met): unknown[] => {
    expect(attempts.length).toBeGreaterThanOrEqual(PLACES);
    const codes = (one: Record<string, unknown>, outcome: unknown) =>
      JSON.stringify({ outcome, cause: one["cause"] ?? undefined, status: one["status"] ?? undefined });
    const written = attempts.map((one) => codes(one, one["outcome"]));
    expect(lines.map((one) => codes(one, one["tried"])).toSorted()).toEqual(written.toSorted());
    expect(JSON.stringify(lines)).not.toContain("127.0.0.1");
    return [...new Set(written)].map((one) => JSON.parse(one) as unknown);
  };

  it("that hangs", async () => {
    let open = 0;
    let most = 0;
    const url = await misbehaves((req) => {
      most = Math.max(most, (open += 1));
      req.socket.once("close", () => (open -= 1));
    });
    const met = await meet(url);
    expect(accountOf(met)).toEqual([{ outcome: "unavailable", cause: "timed-out" }]);
    expect(most).toBeLessThanOrEqual(PLACES);
    expect(met.rows).toHaveLength(BAD);
  });

  it("that breaks the line inside its answer", async () => {
    const url = await misbehaves((req, res) => {
      res.writeHead(200, { "content-length": "1000" }).write("half", () => req.socket.resetAndDestroy());
    });
    const met = await meet(url);
    // Whether the head of the answer was read before the line broke is chance.
    const causes = accountOf(met).map((one) => (one as { cause: string }).cause);
    expect(new Set(causes)).toEqual(new Set(["connection-lost"]));
  });

  it("that answers after the time-out: too late is not an answer, and changes nothing any more", async () => {
    const late: Promise<void>[] = [];
    const url = await misbehaves((_req, res) => {
      late.push(new Promise((done) => void res.once("close", done)));
      setTimeout(() => void res.writeHead(204).end(), 2 * TIMEOUT_MS);
    });
    const met = await meet(url);
    expect(accountOf(met)).toEqual([{ outcome: "unavailable", cause: "timed-out" }]);
    await Promise.all(late);
    const states = await home.sql("SELECT state FROM waymark.callback WHERE id = ANY ($1::uuid[])", [
      met.rows.map((row) => row["subject"]),
    ]);
    expect(states).toEqual(Array.from({ length: BAD }, () => ({ state: "waiting" })));
  });

  it("that storms 500: after five the breaker leaves it alone, and spends no attempt", async () => {
    const url = await misbehaves(answers(500));
    const met = await meet(url);
    expect(accountOf(met)).toEqual([{ outcome: "unavailable", cause: "answered-500", status: 500 }]);
    expect(bad.received.length).toBe(met.attempts.length);
    const breaker = await home.sql("SELECT state FROM waymark.breaker WHERE destination = $1", [
      String(met.rows[0]?.["destination"]),
    ]);
    expect(breaker).toEqual([{ state: "open" }]);
    const held = met.rows.filter(({ cause }) => cause === "breaker-open");
    expect(held).toHaveLength(BAD - met.attempts.length);
    expect(held.every(({ attempt }) => attempt === 0)).toBe(true);
  });

  it("that throttles: it is left alone for as long as it asks", async () => {
    const met = await meet(await misbehaves(answers(429, { "retry-after": "120" })));
    expect(accountOf(met)).toEqual([{ outcome: "unavailable", cause: "asked-to-wait", status: 429 }]);
    for (const { due, cause } of met.rows.filter((row) => row["cause"] === "asked-to-wait"))
      expect([cause, (due as Date).getTime() - home.clock.now().getTime() >= 120_000]).toEqual(["asked-to-wait", true]);
  });

  it("that points to another host: nothing is sent there", async () => {
    const elsewhere = await startReceiver();
    ends.push(() => elsewhere.close());
    const url = await misbehaves(answers(307, { location: elsewhere.url }));
    expect(accountOf(await meet(url))).toEqual([{ outcome: "unavailable", cause: "redirected", status: 307 }]);
    expect(elsewhere.connections()).toBe(0);
  });

  it.skipIf("lacking" in made)("that shows a wrong certificate: not a byte of the news reaches it", async () => {
    const files = made as { cert: string; key: string };
    let received = 0;
    const server = createTlsServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) }, (_req, res) => {
      received += 1;
      res.writeHead(204).end();
    });
    server.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ends.push(() => new Promise<void>((done) => void server.close(() => done())));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/news`;
    expect(accountOf(await meet(url))).toEqual([{ outcome: "unavailable", cause: "tls-untrusted" }]);
    expect(received).toBe(0);
  });

  it.each([true, false])(
    "that sends 10 GB (its length announced: %s): no more is read than we read",
    async (announced) => {
      let written = 0;
      const chunk = Buffer.alloc(65_536, "x");
      const url = await misbehaves((_req, res) => {
        res.writeHead(200, announced ? { "content-length": String(10 * 1024 ** 3) } : {});
        const pour = (): void => {
          while (!res.destroyed && res.write(chunk)) written += chunk.length;
          if (!res.destroyed) res.once("drain", pour);
        };
        pour();
      });
      const met = await meet(url);
      expect(accountOf(met)).toEqual([{ outcome: "unavailable", cause: "answer-too-large", status: 200 }]);
      // What the sockets' buffers hold of each, and not a tenth of a per cent of what it would send.
      expect(written / met.attempts.length).toBeLessThan(10 * 1024 ** 2);
    },
  );

  it("that answers in another charset: the status counts, and what must be read is read in that charset", async () => {
    const utf16 = (text: string): Buffer => Buffer.from(text, "utf16le");
    const taken = await meet(await misbehaves(answers(200, { "content-type": "text/plain; charset=utf-16le" }, "ÿþ")));
    expect(accountOf(taken)).toEqual([{ outcome: "accepted", status: 200 }]);

    const exists: Behaviour = (_req, res) =>
      void res.writeHead(400, { "content-type": "text/plain; charset=UTF-16LE" }).end(utf16("update already exists"));
    const council = { render: councilForm, kind: "council" as const };
    expect(accountOf(await meet(await misbehaves(exists), council))).toEqual([{ outcome: "accepted", status: 400 }]);

    const riddle = answers(400, { "content-type": "text/plain; charset=klingon" }, "update already exists");
    expect(accountOf(await meet(await misbehaves(riddle), council))).toEqual([
      {
        outcome: "unavailable",
        cause: "answer-unreadable",
        status: 400,
      },
    ]);
  });

  it("that answers 200 without the ids by which a message is known to be taken", async () => {
    const render: RenderCallback = () => ({
      contentType: "application/json",
      headers: {},
      body: "{}",
      taken: (_status, headers) => headers["x-request-id"] !== undefined,
    });
    const met = await meet(await misbehaves(answers(200)), { render });
    expect(accountOf(met)).toEqual([{ outcome: "unavailable", cause: "no-echo", status: 200 }]);
  });

  it("that is not there", async () => {
    const url = await misbehaves(answers(204));
    await bad.close();
    expect(accountOf(await meet(url))).toEqual([{ outcome: "unavailable", cause: "connect-refused" }]);
  });

  it("whose name leads nowhere", async () => {
    expect(accountOf(await meet("https://nobody.invalid/news"))).toEqual([
      { outcome: "unavailable", cause: "name-not-found" },
    ]);
  });
});
