// The canary's own book: one of many processes sends the next one, and old ones go without touching anybody else's rows.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CANARY, isCanary } from "../../schemas/canary.ts";
import { aHome, aSubmission, type Home, taken, uuid } from "../builders/store.ts";
import { engines } from "../engines.ts";

const MINUTE_MS = 60_000;
const canaryId = (): string => `ffffffff${uuid().slice(8)}`;

describe.each(engines())("canaries on $name", (on) => {
  let home: Home;
  beforeAll(async () => void (home = await aHome(on)));
  afterAll(() => home.close());
  beforeEach(async () => void (await home.sql("DELETE FROM waymark.canary")));

  const begin = (id = canaryId()) => home.store.canaries.begin(id, MINUTE_MS);

  it("are begun by one of many processes, once in their time", async () => {
    const begun = await Promise.all(Array.from({ length: 8 }, () => begin()));
    expect(begun.filter(Boolean)).toHaveLength(1);
    home.clock.pass(50);
    expect(await begin()).toBe(false);
    home.clock.pass(9);
    expect(await begin()).toBe(true);
  });

  it("tell which came through last, and how long it took", async () => {
    expect(await home.store.canaries.last()).toBeUndefined();
    const [first, second] = [canaryId(), canaryId()];
    await begin(first);
    home.clock.pass(2);
    await home.store.canaries.ended(first);
    const at = home.clock.now();
    home.clock.pass(60);
    await begin(second);
    // News that comes twice changes nothing.
    await home.store.canaries.ended(first);
    expect(await home.store.canaries.last()).toEqual({ at, seconds: 2 });
    expect((await home.store.lookout.look()).canary).toMatchObject({ lastEnded: at, seconds: 2 });
  });

  it("go when they are old, and nobody else's referral does", async () => {
    const [old, young] = [canaryId(), canaryId()];
    const real = await taken(home);
    const made = { organisation: CANARY, door: "jobcentre" as const };
    for (const id of [old, young]) {
      home.clock.pass(3_600);
      await begin(id);
      await home.store.intake.accept(aSubmission({ ...made, referralId: id, at: home.clock.now() }));
    }
    // No door took this one.
    await home.sql("INSERT INTO waymark.canary (referral, begun_at) SELECT $1, min(begun_at) FROM waymark.canary", [
      canaryId(),
    ]);
    await home.store.canaries.clear(home.clock.now());
    const left = await home.sql<{ id: string; canary: boolean }>("SELECT id, canary FROM waymark.referral ORDER BY id");
    expect(left).toEqual([
      { id: real.id, canary: false },
      { id: young, canary: true },
    ]);
    expect(await home.sql("SELECT referral FROM waymark.canary")).toEqual([{ referral: young }]);
  });
});

it("an id of any time of day is nobody's canary", () => {
  for (let made = 0; made < 100; made += 1) expect([isCanary(uuid()), isCanary(canaryId())]).toEqual([false, true]);
});
