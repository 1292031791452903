// One dead, one slow and fifty good receivers, over real HTTP: by count, what the first two do costs the others nothing.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { connectQueue } from "../../queues/connect.ts";
import type { Queue } from "../../queues/queue.ts";
import { muchNewsFor, newsFor, register } from "../builders/delivery.ts";
import { aHome, type Home } from "../builders/store.ts";
import { engines, redisUrl } from "../engines.ts";
import { openPostOffice, PLACES } from "./post-office.ts";
import { silent } from "./queue-suite.ts";
import { answers, startReceiver, type Receiver } from "./receiver.ts";

const GOOD = 50;
const EACH = 4;
const TROUBLED = 40;
/** Seconds of work, on a machine that does much else. */
const PATIENCE = { timeout: 150_000, interval: 100 };

describe.each(engines())("fifty receivers beside a dead and a slow one on $name", (on) => {
  let home: Home;
  const ends: (() => Promise<unknown>)[] = [];
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const receiver = async (): Promise<Receiver> => {
    const one = await startReceiver();
    ends.push(() => one.close());
    return one;
  };
  const client = async (url: string): Promise<string> => (await register(home, { kind: "gp", callbackUrl: url })).id;
  const queues: [string, () => Promise<Queue>][] = [
    ["the same database", () => connectQueue({ pool: home.engine.queuePool(), log: silent })],
  ];
  const redis = redisUrl();
  if (redis !== undefined) queues.push(["Redis", () => connectQueue({ redisUrl: redis, log: silent })]);

  it.each(queues)(
    "are served whole while the slow one holds no more than its places (rung over %s)",
    async (_name, open) => {
      await home.sql("TRUNCATE waymark.work, waymark.attempt");
      const slow = await receiver();
      let held = 0;
      let most = 0;
      // It takes every request, and answers none for as long as the others are at work.
      slow.behave((req) => {
        most = Math.max(most, (held += 1));
        req.socket.once("close", () => (held -= 1));
      });
      const gone = await receiver();
      await gone.close();
      const [slowClient, deadClient] = [await client(slow.url), await client(gone.url)];
      // The troubled come first in the line.
      await muchNewsFor(home, slowClient, TROUBLED);
      await muchNewsFor(home, deadClient, TROUBLED);
      const good = await Promise.all(Array.from({ length: GOOD }, receiver));
      for (const one of good) await muchNewsFor(home, await client(one.url), EACH);

      const queue = await open();
      // Hands for the slow one's places, and few more: were it given more, they would all be held.
      const office = await openPostOffice(home, { queue, concurrency: 2 * PLACES, timeoutMs: 120_000 });
      const served = (): number => good.reduce((sum, { received }) => sum + received.length, 0);
      await expect.poll(served, PATIENCE).toBe(GOOD * EACH);

      expect(good.map(({ received }) => received.length)).toEqual(good.map(() => EACH));
      expect(slow.received).toHaveLength(PLACES);
      expect([most, held]).toEqual([PLACES, PLACES]);
      const attempts = (id: string) =>
        home.sql<{ count: number }>(
          "SELECT count(*)::integer AS count FROM waymark.attempt WHERE destination = $1 AND outcome = 'unavailable'",
          [`client:${id}`],
        );
      // Nobody wrote an attempt of the slow one; the dead one's breaker opened after a few.
      expect(await attempts(slowClient)).toEqual([{ count: 0 }]);
      const untouched = "SELECT FROM waymark.work WHERE destination = $1 AND attempt > 0";
      await expect
        .poll(async () => (await home.sql(untouched, [`client:${deadClient}`])).length, PATIENCE)
        .toBeGreaterThanOrEqual(5);
      expect((await attempts(deadClient))[0]?.count).toBeLessThanOrEqual(4 + 2 * PLACES);
      await office.close();
      await queue.close();
    },
    300_000,
  );

  it("order, places and pace together: nothing is lost, doubled, overtaken", async () => {
    await home.sql("TRUNCATE waymark.work, waymark.attempt");
    const receivers = await Promise.all(Array.from({ length: 3 }, receiver));
    const stories: { url: Receiver; ids: string[] }[] = [];
    for (const one of receivers) {
      let odd = 0;
      one.behave((req, res) => answers((odd += 1) % 7 === 0 ? 503 : 204)(req, res));
      const id = await client(one.url);
      for (let at = 0; at < 3; at += 1) {
        const first = await newsFor(home, id);
        const ids = [first.callback.id];
        for (let more = 0; more < 3; more += 1) {
          const journey = await home.store.ledger.open(first.callback.referral);
          ids.push((await newsFor(home, id, journey)).callback.id);
        }
        stories.push({ url: one, ids });
      }
    }
    const office = await openPostOffice(home, { concurrency: 12 });
    const left = async () => {
      // What failed is due again a little later.
      home.clock.pass(400);
      office.ringer.nudge();
      return (await home.sql("SELECT FROM waymark.work WHERE dead_at IS NULL")).length;
    };
    await expect.poll(left, { ...PATIENCE, interval: 200 }).toBe(0);
    await office.close();
    for (const { url, ids } of stories) {
      const seen = url.received.map(({ headers }) => String(headers["webhook-id"])).filter((id) => ids.includes(id));
      // The same id may come twice in a row; once the next has come, none before it ever does.
      expect(seen.filter((id, at) => id !== seen[at - 1])).toEqual(ids);
    }
  }, 300_000);
});
