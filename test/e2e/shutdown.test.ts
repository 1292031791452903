// SIGTERM: what is under way is answered, what is cut off is given back, and the process is gone within ten seconds with status 0.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { afterAll, describe, expect, it } from "vitest";
import { councilRequest } from "../fixtures/council/request.ts";
import type { Stage } from "../world/stage.ts";
import { checkBooks, references } from "./books.ts";
import { hang } from "./hanging.ts";
import { embeddedHome, type Home, privateRedis, serverHome } from "./home.ts";
import { killAll, type Running, waymark } from "./program.ts";
import { follow, sendOne, startTraffic } from "./traffic.ts";

const MINUTES = 60_000;
const WITHIN_MS = 10_000;
/** A claim's lease is three times as long. */
const LEASE_MS = 30_000;

afterAll(killAll);

/** Ends it with these signals, one right after the other, and holds it to its promise. */
const stops = async (program: Running, ...signals: NodeJS.Signals[]): Promise<void> => {
  const asked = performance.now();
  for (const signal of signals) {
    program.send(signal);
    await program.says("stopping");
  }
  const { code, signal, err } = await program.ended;
  expect({ code, signal, err }).toEqual({ code: 0, signal: null, err: "" });
  expect(performance.now() - asked).toBeLessThan(WITHIN_MS);
};

/** A request that is under way: its headers are taken, its body is not yet sent. */
const halfSent = async (origin: string, apiKey: string) => {
  const body = councilRequest({ apiKey, attributes: { client_reference: randomUUID() } }).toString();
  const sending = request(`${origin}/open311/v2/requests.json`, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      "Content-Length": Buffer.byteLength(body),
      Expect: "100-continue",
    },
  });
  sending.flushHeaders();
  await once(sending, "continue");
  return async (): Promise<{ status: number; text: string }> => {
    const answered = once(sending, "response");
    sending.end(body);
    const [response] = (await answered) as [AsyncIterable<Buffer> & { statusCode: number }];
    const pieces: Buffer[] = [];
    for await (const piece of response) pieces.push(piece);
    return { status: response.statusCode, text: Buffer.concat(pieces).toString("utf8") };
  };
};

const apiKeyOf = (stage: Stage): string => stage.senders.get("camden")?.identity.apiKey ?? "";

const DELIVERY = "SELECT attempt, token, lease_until FROM waymark.work WHERE kind = 'deliver'";
const NOT_LEASED = { attempt: 0, token: null, lease_until: null };

describe("an embedded broker that is asked to stop", () => {
  it(
    "in the middle of its start stops well, and the next start finds everything in place",
    async () => {
      const home = await embeddedHome();
      const first = waymark(home.settings);
      await first.says("store brought up to date");
      await stops(first, "SIGTERM");
      const second = waymark(home.settings);
      await second.ready();
      expect(second.lines.map(({ msg }) => msg)).not.toContain("store brought up to date");
      await stops(second, "SIGINT");
      await home.remove();
    },
    3 * MINUTES,
  );

  it(
    "stops under load, by SIGTERM, SIGINT or both, and loses nothing",
    async () => {
      const home = await embeddedHome();
      let program = waymark(home.settings);
      await program.ready();
      const stage = await home.stage();
      const traffic = startTraffic(stage, () => program.ready(), 2);
      for (const signals of [["SIGTERM"], ["SIGINT"], ["SIGTERM", "SIGTERM", "SIGINT"]] as const) {
        await traffic.answers(15);
        await stops(program, ...signals);
        program = waymark(home.settings);
        await program.ready();
      }
      const sent = await traffic.stop();
      await stops(program, "SIGTERM");
      const known = await references(home, stage, sent);
      program = waymark(home.settings);
      await program.ready();
      expect(await follow(stage, sent, known, 8 * MINUTES)).toEqual([]);
      await Promise.all([...stage.providers.values()].map((provider) => provider.settled()));
      await stops(program, "SIGTERM");
      await checkBooks(home, stage, sent);
      await stage.close();
      await home.remove();
    },
    12 * MINUTES,
  );

  it(
    "answers a request that is under way, although a provider hangs, and leaves no lease to wait for",
    async () => {
      const home = await embeddedHome();
      const program = waymark(home.settings);
      const { origin } = await program.ready();
      const stage = await home.stage();
      const hanging = await hang(stage, "sample-money-advice");
      expect(await sendOne(stage)).toMatchObject({ reply: { status: 200 } });
      await hanging.asked;
      const finish = await halfSent(origin, apiKeyOf(stage));

      const stopped = stops(program, "SIGTERM");
      await program.says("stopping");
      const { status, text } = await finish();
      expect(status).toBe(200);
      await stopped;

      const reference = /WM-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(text)?.[0];
      await home.look(async (sql) => {
        expect(await sql("SELECT FROM waymark.referral WHERE reference = $1", [reference])).toHaveLength(1);
        expect(await sql(DELIVERY)).toEqual([NOT_LEASED]);
      });
      await hanging.close();
      await stage.close();
      await home.remove();
    },
    3 * MINUTES,
  );
});

const openRoles = async (home: Home) => {
  const api = waymark({ ...home.settings, WAYMARK_ROLE: "api" });
  const { origin } = await api.ready();
  const worker = (): Running => waymark({ ...home.settings, WAYMARK_ROLE: "worker", PORT: "0" });
  return { api, origin, worker };
};

describe("the roles on PostgreSQL and Redis, asked to stop", () => {
  it(
    "a worker gives back what hangs, an api answers what is under way, and another worker goes on at once",
    async ({ skip }) => {
      const redis = await privateRedis();
      const home = redis === undefined ? undefined : await serverHome(redis);
      if (redis === undefined || home === undefined) return skip("this run has no PostgreSQL or no redis-server");
      const { api, origin, worker } = await openRoles(home);
      const first = worker();
      await first.ready();
      const stage = await home.stage();
      const hanging = await hang(stage, "sample-money-advice");
      expect(await sendOne(stage)).toMatchObject({ reply: { status: 200 } });
      await hanging.asked;
      hanging.recovers();
      await stops(first, "SIGTERM", "SIGTERM");
      // Given back: no attempt is spent on it, and whoever comes next need not wait for the lease of who was cut off.
      expect(await home.look((sql) => sql(DELIVERY))).toMatchObject([{ attempt: 0 }]);
      const began = performance.now();
      const second = worker();
      await second.ready();
      await hanging.served;
      expect(performance.now() - began).toBeLessThan(LEASE_MS);

      const finish = await halfSent(origin, apiKeyOf(stage));
      const stopped = stops(api, "SIGTERM");
      await api.says("stopping");
      const { status, text } = await finish();
      expect(status).toBe(200);
      await stopped;
      const reference = /WM-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(text)?.[0];
      const stored = await home.look((sql) => sql("SELECT FROM waymark.referral WHERE reference = $1", [reference]));
      expect(stored).toHaveLength(1);
      await stops(second, "SIGINT");
      await hanging.close();
      await stage.close();
      await home.remove();
      await redis.stop();
    },
    5 * MINUTES,
  );
});
