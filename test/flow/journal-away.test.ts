// A journal at an address that is away for a while: nothing waits for it, nobody is refused, and once it is back it holds every line,
// once and in order. At a start it is waited for, in a quarantine that ends by itself.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Loose } from "../fixtures/gp/index.ts";
import { type JournalServer, openJournalServer } from "../world/journal-server.ts";
import { until } from "./house.ts";
import { homes, openRestorable, type Restorable } from "./restorable.ts";

describe.each(homes())("a journal at an address, on %s", (_, home) => {
  let server: JournalServer;
  let house: Restorable;
  beforeAll(async () => {
    server = await openJournalServer();
    house = await openRestorable(home, {
      WAYMARK_JOURNAL: server.url,
      ALERT_LOOK_SECONDS: "1",
      WAYMARK_ALLOW_OUTBOUND: "127.0.0.0/8",
    });
  }, 60_000);
  afterAll(async () => {
    await house.close();
    await server.close();
  });

  const kinds = () => server.texts.map((text) => (JSON.parse(text) as { kind: string }).kind);
  const part = async (name: string): Promise<string> => {
    const { parts } = (await (await fetch(`${house.origin()}/health/ready`)).json()) as Loose;
    return parts[name].detail;
  };
  const given = (): number => kinds().filter((kind) => kind === "accepted").length;
  const caughtUp = () =>
    until(async () => (await house.ground().store.journalBook.lag()).waiting === 0, "the journal is behind");

  it("is told of each referral and each withdrawal soon after", async () => {
    const reference = await house.send();
    await house.delivered(reference);
    await house.withdraw(reference);
    await until(() => kinds().includes("withdrawn"), "the journal knows of no withdrawal");
    expect(given()).toBe(1);
  });

  it("may be away: doors take, offers leave, and what it must be told is counted", async () => {
    await caughtUp();
    server.behaves("down");
    const before = server.texts.length;
    for (let n = 0; n < 3; n += 1) await house.delivered(await house.send());
    expect(server.texts).toHaveLength(before);
    // What health says is remembered for a moment.
    const says = async () => /^\d+ lines wait, the oldest since /.test(await part("journal"));
    await until(says, "nobody counts what waits");
    const status = await house.run("status", "--json");
    expect(JSON.stringify(JSON.parse(status.out))).not.toContain("s3cret");
  });

  it("gets every line once it is back, once and in order, also where its answer was lost", async () => {
    server.behaves("mute");
    const posts = server.posts();
    await until(() => server.posts() > posts + 1, "nothing is posted");
    server.behaves("well");
    await caughtUp();
    expect(given()).toBe(4);
    const numbers = server.texts.map((text) => (JSON.parse(text) as { number: number }).number);
    expect(numbers).toEqual(numbers.map((_number, at) => at + 1));
  });

  it("is waited for at a start: nothing leaves before it was compared, and then by itself", async () => {
    await house.stop();
    server.behaves("down");
    await house.start();
    await until(async () => (await part("quarantine")).includes("journal-unread"), "there is no quarantine");
    const reference = await house.send();
    await until(
      async () =>
        (await house.sql("SELECT FROM waymark.work WHERE kind = 'deliver' AND cause = 'quarantine'")).length > 0,
      "nothing is held",
    );
    server.behaves("well");
    await house.delivered(reference);
    await until(async () => (await part("quarantine")) === "none", "the quarantine does not end");
    await caughtUp();
    expect(given()).toBe(5);
  });

  it("is not given up while it is set", async () => {
    const given = await house.run("journal", "give-up", "--reason", "no room", "--by", "Ada");
    expect(given).toMatchObject({ status: 1, out: expect.stringContaining("WAYMARK_JOURNAL is set") });
    expect(await house.run("journal", "give-up", "--by", "Ada")).toMatchObject({ status: 2 });
    expect(await house.ground().store.journalBook.lag()).toMatchObject({ kept: true });
  });
});
