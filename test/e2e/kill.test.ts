// kill -9 at any moment, over and over: nothing that was accepted is lost, nothing is sent twice under two ids.
import { setTimeout as rest } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { checkBooks, references } from "./books.ts";
import { hang } from "./hanging.ts";
import { embeddedHome, type Home, privateRedis, serverHome } from "./home.ts";
import { kill, killAll, type Running, waymark } from "./program.ts";
import { follow, sendOne, startTraffic } from "./traffic.ts";

const MINUTES = 60_000;
/** Sooner than a lease of the dead runs out, 20 s after its claim: whoever is alone on a folder does not wait for it. */
const AT_ONCE_MS = 15_000;
/** For every story to end on a busy machine. */
const SOON_MS = 60_000;
/** The same instants in every run. Print it with a failure, change it to search. */
const SEED = 20_261_122;

/** Mulberry32. */
const chances = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

afterAll(killAll);

describe("an embedded broker that is killed", () => {
  it(
    "sends at once again, under the same id, what a dead process was sending",
    async () => {
      const home = await embeddedHome();
      const first = waymark(home.settings);
      await first.ready();
      const stage = await home.stage();
      const hanging = await hang(stage, "sample-money-advice");
      expect(await sendOne(stage)).toMatchObject({ reply: { status: 200 } });
      await hanging.asked;
      await kill(first);
      hanging.recovers();

      const second = waymark(home.settings);
      await second.ready();
      const began = performance.now();
      await hanging.served;
      expect(performance.now() - began).toBeLessThan(AT_ONCE_MS);
      expect(hanging.ids).toHaveLength(2);
      expect(new Set(hanging.ids).size).toBe(1);
      await kill(second);
      const offers = await home.look((sql) => sql<{ id: string }>("SELECT id FROM waymark.offer"));
      expect(offers.map(({ id }) => id)).toEqual(hanging.ids.slice(0, 1));
      await hanging.close();
      await stage.close();
      await home.remove();
    },
    3 * MINUTES,
  );

  it(
    "takes up after each start what it had accepted, and every story ends as it should",
    async () => {
      const chance = chances(SEED);
      const home = await embeddedHome();
      let program = waymark(home.settings);
      await program.ready();
      const stage = await home.stage();
      const traffic = startTraffic(stage, () => program.ready());

      // In the middle of work: so many answers later, and a little more. In the middle of a start: at a part of its usual time.
      await traffic.answers(10);
      let startMs = 1_000;
      for (let death = 0; death < 10; death += 1) {
        await kill(program);
        const began = performance.now();
        program = waymark(home.settings);
        if (death % 5 >= 3) {
          await rest(startMs * (0.3 + 0.7 * chance()));
          continue;
        }
        await program.ready();
        startMs = performance.now() - began;
        await traffic.answers(2 + Math.floor(chance() * 12));
        await rest(chance() * 150);
      }
      await kill(program);
      program = waymark(home.settings);
      await program.ready();
      const sent = await traffic.stop();

      // Whoever was cut off finds the reference by its key; everyone else has it already.
      program.send("SIGTERM");
      expect(await program.ended).toMatchObject({ code: 0 });
      const known = await references(home, stage, sent);
      program = waymark(home.settings);
      await program.ready();
      expect(await follow(stage, sent, known, SOON_MS)).toEqual([]);
      expect(sent.some((one) => one.tries > 1)).toBe(true);
      await Promise.all([...stage.providers.values()].map((provider) => provider.settled()));

      program.send("SIGTERM");
      expect(await program.ended).toMatchObject({ code: 0 });
      await checkBooks(home, stage, sent);
      await stage.close();
      await home.remove();
    },
    8 * MINUTES,
  );
});

type Part = "api" | "one worker" | "another worker";

/** An api and two workers, each a process of its own. */
const openCluster = (home: Home) => {
  const settings = (part: Part) =>
    part === "api"
      ? { ...home.settings, WAYMARK_ROLE: "api" }
      : { ...home.settings, WAYMARK_ROLE: "worker", PORT: "0" };
  const start = (part: Part): Running => waymark(settings(part));
  const parts = new Map<Part, Running>(
    (["api", "one worker", "another worker"] as const).map((part) => [part, start(part)]),
  );
  const of = (part: Part): Running => parts.get(part) ?? start(part);
  return {
    up: () => of("api").ready(),
    ready: () => Promise.all([...parts.values()].map((part) => part.ready())),
    async restart(part: Part) {
      await kill(of(part));
      parts.set(part, start(part));
    },
    async stop() {
      for (const part of parts.values()) part.send("SIGTERM");
      return Promise.all([...parts.values()].map((part) => part.ended));
    },
  };
};

describe("an api and two workers on PostgreSQL and Redis, of which any is killed", () => {
  it(
    "lose nothing, and every story ends as it should",
    async ({ skip }) => {
      const redis = await privateRedis();
      const home = redis === undefined ? undefined : await serverHome(redis);
      if (redis === undefined || home === undefined) return skip("this run has no PostgreSQL or no redis-server");
      const chance = chances(SEED + 1);
      const cluster = openCluster(home);
      await cluster.ready();
      const stage = await home.stage();
      const traffic = startTraffic(stage, cluster.up);
      for (const part of ["one worker", "api", "another worker", "api", "one worker"] as const) {
        await traffic.answers(5 + Math.floor(chance() * 15));
        await rest(chance() * 100);
        await cluster.restart(part);
      }
      const sent = await traffic.stop();
      await cluster.ready();

      // As though the time had passed for which the dead had leased their work: the living lose no more than a second sending.
      await home.look((sql) => sql("UPDATE waymark.work SET lease_until = now() WHERE lease_until > now()"));
      const known = await references(home, stage, sent);
      expect(await follow(stage, sent, known, 2 * MINUTES)).toEqual([]);
      await Promise.all([...stage.providers.values()].map((provider) => provider.settled()));

      expect(await cluster.stop()).toMatchObject([{ code: 0 }, { code: 0 }, { code: 0 }]);
      await checkBooks(home, stage, sent);
      await stage.close();
      await home.remove();
      await redis.stop();
    },
    8 * MINUTES,
  );
});
