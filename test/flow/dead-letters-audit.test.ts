// Who may do what with dead letters, and what stays on record of it: each verb has a permission and a line of its own.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Printed } from "../../src/cli/run.ts";
import { startReceiver, type Receiver } from "../contract/receiver.ts";
import type { Loose } from "../fixtures/gp/index.ts";
import { type House, setups, until } from "./house.ts";
import { operate, operated } from "./operator.ts";
import { post, requestLetter } from "./letters.ts";

/** Nobody can take what it asks for, so that each brings one piece of news: unmet. */
const NOWHERE = {
  service: "debt-advice",
  parameters: { address_string: "9 Invented Mews, CR0 1EA" },
  attributes: { authority: "E09000008", birth_date: "1990-01-31" },
};
const OPERATORS = {
  "Rita Reader": "dead-letters.read",
  "Rose Resender": "dead-letters.resend",
  "Ravi All": "dead-letters.resend-all",
  "Edna Editor": "dead-letters.edit",
  "Aud Auditor": "audit.read",
  "Olive Operator": "operate,clients.edit",
};
type Name = keyof typeof OPERATORS;
const COUNT = 5;

describe.each(setups())("dead letters and who sees to them on $name", (setup) => {
  let house: House;
  let receiver: Receiver;
  let moved: Receiver;
  let destination: string;
  let letters: string[];
  let client: string;

  const run = (...argv: string[]): Promise<Printed> => operate(house, argv);
  const json = (...argv: string[]): Promise<Loose> => operated(house, argv);
  const dead = async (): Promise<string[]> => {
    const waiting = "SELECT id FROM waymark.work WHERE destination = $1 AND dead_at IS NOT NULL ORDER BY id";
    return (await house.sql<{ id: string }>(waiting, [destination])).map(({ id }) => id);
  };
  const record = () =>
    house.sql<{ at: Date; actor: string; verb: string; subjects: string[]; codes: Loose }>(
      "SELECT at, actor, verb, subjects, codes FROM waymark.audit WHERE verb <> 'audit.list' ORDER BY at, id",
    );
  /** What a verb leaves on record, and that it is of now. */
  const leaves = async (...argv: string[]): Promise<object[]> => {
    const [before, from] = [await record(), house.broker.ground.clock.now()];
    await json(...argv);
    const fresh = (await record()).slice(before.length);
    for (const { at } of fresh) {
      expect(at.getTime()).toBeGreaterThanOrEqual(from.getTime());
      expect(at.getTime()).toBeLessThanOrEqual(house.broker.ground.clock.now().getTime());
    }
    return fresh.map(({ actor, verb, subjects, codes }) => ({ actor, verb, subjects, codes }));
  };
  const hears = (one: Receiver, count: number) =>
    until(() => one.received.length === count, `it did not hear ${count}`);

  beforeAll(async () => {
    house = await setup.open();
    [receiver, moved] = [await startReceiver(), await startReceiver()];
    const named = ["--organisation", "E09000105", "--name", "A sample council", "--callback", receiver.url];
    const added = await json("clients", "add", "--kind", "council", "--test", ...named);
    client = added.clientId;
    destination = `client:${client}`;
    // Held up, and then given up, without a failure that would have us leave its receiver alone.
    await json("pause", `destination:${destination}`, "--by", "Ada", "--reason", "a trial");
    const camden = house.sender("camden");
    const sender = { ...camden, identity: { ...camden.identity, apiKey: added.apiKey as string } };
    for (let at = 0; at < COUNT; at += 1) await post(sender, requestLetter(sender, NOWHERE));
    const waiting = "SELECT FROM waymark.work WHERE destination = $1 AND cause = 'paused'";
    await until(async () => (await house.sql(waiting, [destination])).length === COUNT, "the news does not wait");
    await house.sql("UPDATE waymark.work SET dead_at = $2, cause = 'answered-500' WHERE destination = $1", [
      destination,
      house.broker.ground.clock.now(),
    ]);
    await json("resume", `destination:${destination}`, "--by", "Ada");
    letters = await dead();
    for (const [name, scopes] of Object.entries(OPERATORS)) {
      const as = ["--kind", "operator", "--organisation", "sample-desk", "--name", name, "--scopes", scopes];
      await json("clients", "add", ...as, "--test");
    }
  });
  afterAll(async () => {
    await house.close();
    await receiver.close();
    await moved.close();
  });

  const range = (from: string, to: string) => ["--destination", destination, "--from", from, "--to", to];
  const verbs = (): Record<string, { argv: string[]; may: Name }> => ({
    list: { argv: ["dead-letters", "list", "--destination", destination], may: "Rita Reader" },
    "resend one": { argv: ["dead-letters", "resend", letters[0] ?? ""], may: "Rose Resender" },
    "resend all": { argv: ["dead-letters", "resend", ...range("2020-01-01", "2100-01-01")], may: "Ravi All" },
    "edit, then resend": {
      argv: ["dead-letters", "edit", letters[0] ?? "", "--callback", moved.url],
      may: "Edna Editor",
    },
  });

  it.each(["list", "resend one", "resend all", "edit, then resend"])(
    "%s is refused to everyone with another permission, sends nothing, and leaves no line as if it had",
    async (what) => {
      const { argv, may } = verbs()[what] ?? { argv: [], may: "Rita Reader" as const };
      const [before, row] = [await record(), await house.sql("SELECT * FROM waymark.client WHERE id = $1", [client])];
      for (const name of [...Object.keys(OPERATORS), "Nobody Known"].filter((one) => one !== may)) {
        const { status, out } = await run(...argv, "--by", name);
        expect([name, status]).toEqual([name, 1]);
        expect(out).toContain(OPERATORS[may]);
        expect(out).not.toContain(letters[0]);
      }
      expect(await dead()).toEqual(letters);
      expect(receiver.received.length + moved.received.length).toBe(0);
      expect(await record()).toEqual(before);
      expect(await house.sql("SELECT * FROM waymark.client WHERE id = $1", [client])).toEqual(row);
    },
  );

  it("list: who looked, at which destination, and how many they were shown", async () => {
    const [deed, ...more] = await leaves(...(verbs()["list"]?.argv ?? []), "--kind", "notify", "--by", "Rita Reader");
    expect([deed, more]).toEqual([
      {
        actor: "Rita Reader",
        verb: "dead-letters.list",
        subjects: [destination],
        codes: { kind: "notify", shown: COUNT },
      },
      [],
    ]);
    expect(await leaves("dead-letters", "list", "--until", "2020-01-01", "--by", "Rita Reader")).toMatchObject([
      { subjects: [], codes: { until: "2020-01-01T00:00:00.000Z", shown: 0 } },
    ]);
  });

  it("resend one: who sent which", async () => {
    const [first = ""] = letters;
    expect(await leaves("dead-letters", "resend", first, "--by", "Rose Resender")).toEqual([
      { actor: "Rose Resender", verb: "dead-letters.resend", subjects: [first], codes: {} },
    ]);
    await hears(receiver, 1);
    expect(await dead()).toEqual(letters.slice(1));
  });

  it("resend all: who sent how many of which destination and time, and no more than those", async () => {
    const [, second = "", third = "", ...rest] = letters;
    await house.sql("UPDATE waymark.work SET dead_at = '2020-02-02T12:00:00Z' WHERE id = ANY ($1::uuid[])", [
      [second, third],
    ]);
    const since = range("2020-02-02T12:00:00Z", "2020-02-02T12:00:01Z");
    const [deed, ...more] = await leaves("dead-letters", "resend", ...since, "--by", "Ravi All");
    expect(more).toEqual([]);
    expect(deed).toEqual({
      actor: "Ravi All",
      verb: "dead-letters.resend-all",
      subjects: [destination, ...[second, third].toSorted()],
      codes: { since: "2020-02-02T12:00:00.000Z", until: "2020-02-02T12:00:01.000Z", sent: 2 },
    });
    await hears(receiver, 3);
    expect(await dead()).toEqual(rest);
    // What sent nothing leaves no line that says so.
    const before = await record();
    expect(await run("dead-letters", "resend", ...since, "--by", "Ravi All")).toMatchObject({ status: 1 });
    expect(await record()).toEqual(before);
  });

  it("edit, then resend: who sent which to the new address, and who gave it", async () => {
    const [last = ""] = letters.slice(-1);
    const edit = ["dead-letters", "edit", last, "--callback", moved.url];
    expect(await leaves(...edit, "--by", "Edna Editor")).toEqual([
      { actor: "Edna Editor", verb: "clients.move", subjects: [client], codes: { host: new URL(moved.url).host } },
      { actor: "Edna Editor", verb: "dead-letters.edit", subjects: [last], codes: {} },
    ]);
    await hears(moved, 1);
    expect(receiver.received).toHaveLength(3);
  });

  it("all of it can be read by who may read the audit, and by nobody else", async () => {
    const by = async (name: Name): Promise<string[]> =>
      ((await json("audit", "list", "--of", name, "--by", "Aud Auditor")) as unknown as Loose[]).map(
        ({ verb }) => verb,
      );
    expect(await by("Rita Reader")).toEqual(["dead-letters.list", "dead-letters.list"]);
    expect(await by("Rose Resender")).toEqual(["dead-letters.resend"]);
    expect(await by("Ravi All")).toEqual(["dead-letters.resend-all"]);
    expect(await by("Edna Editor")).toEqual(["clients.move", "dead-letters.edit"]);
    for (const name of Object.keys(OPERATORS).filter((one) => one !== "Aud Auditor"))
      expect((await run("audit", "list", "--by", name)).status).toBe(1);
  });
});
