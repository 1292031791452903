// Workers hold on to what they work on for as long as they live, and not for ever.
import { once, EventEmitter } from "node:events";
import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { Handle } from "../../queues/queue.ts";
import { startWorkers, type Workers } from "../../queues/workers.ts";
import type { Settlement, Work } from "../../schemas/work.ts";

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const START = Date.parse("2030-05-06T07:08:09Z");

const running: Workers[] = [];
afterEach(async () => void (await Promise.all(running.splice(0).map((workers) => workers.close()))));

const build = () => {
  const events = new EventEmitter();
  const renewed: string[][] = [];
  const settled: Settlement[] = [];
  const state = { now: START, renews: true };
  let handle: Handle = async () => undefined;
  const row = (id: string, token: string): Work => ({
    id,
    kind: "deliver",
    subject: id,
    referral: id,
    destination: "provider:EXAMPLE",
    due: new Date(state.now),
    attempt: 0,
    token,
    leaseUntil: new Date(state.now + 20_000),
    firstDue: new Date(state.now),
    madeAt: new Date(state.now),
  });
  const workers = startWorkers({
    agenda: {
      claim: async ({ work, token }) => row(work, token),
      settle: async (_work, settlement) => settled.push(settlement) > 0,
      renew: async (held) => {
        renewed.push(held.map(({ id }) => id));
        events.emit("renewed");
        if (!state.renews) throw new Error("the store is away");
      },
    },
    steps: {
      assess: async () => "done",
      notify: async () => "done",
      deliver: async () => {
        events.emit("begun");
        await once(events, "go on");
        return "done";
      },
    } as unknown as Parameters<typeof startWorkers>[0]["steps"],
    queue: {
      work: (given) => {
        handle = given;
        return { close: async () => false };
      },
    },
    bell: { nudge: () => {} },
    clock: { now: () => new Date(state.now) },
    log: silent,
    concurrency: 4,
    renewMs: 5,
  });
  running.push(workers);
  const take = async (): Promise<{ id: string; done: Promise<void> }> => {
    const id = randomUUID();
    const begun = once(events, "begun");
    const done = handle({ work: id, token: randomUUID() });
    await begun;
    return { id, done };
  };
  return { events, renewed, settled, state, take, workers };
};

describe("workers", () => {
  it("renew what they hold, also after the store was away, until it is done", async () => {
    const { events, renewed, state, take } = build();
    const { id, done } = await take();
    await once(events, "renewed");
    state.renews = false;
    await once(events, "renewed");
    state.renews = true;
    await once(events, "renewed");
    expect(renewed.every((ids) => ids.join() === id)).toBe(true);
    events.emit("go on");
    await done;
    const other = await take();
    renewed.length = 0;
    await once(events, "renewed");
    expect(renewed.at(-1)).toEqual([other.id]);
    events.emit("go on");
  });

  it("let go of a step that hangs: its lease lapses, and another worker takes the work up", async () => {
    const { events, renewed, state, take } = build();
    await take();
    await once(events, "renewed");
    state.now += 120_000;
    const { id } = await take();
    renewed.length = 0;
    await once(events, "renewed");
    expect(renewed).toEqual([[id]]);
    events.emit("go on");
  });

  it("give back at the end what they still hold, and say nothing of what became of it", async () => {
    const { settled, take, workers } = build();
    await take();
    expect(await workers.close()).toBe(false);
    expect(settled).toEqual([{ kind: "again", due: new Date(START), attempted: false, cause: "stopped" }]);
  });
});
