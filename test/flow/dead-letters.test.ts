// The operators' verbs over delivery: secrets that rotate without a gap, receivers switched off and on, letters sent again.
import { Webhook as Svix } from "svix";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Printed } from "../../src/cli/run.ts";
import { answers, startReceiver, type Received } from "../contract/receiver.ts";
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

describe.each(setups())("dead letters by hand on $name", (setup) => {
  let house: House;
  beforeAll(async () => void (house = await setup.open()));
  afterAll(() => house.close());

  const run = (...argv: string[]): Promise<Printed> => operate(house, argv);
  const json = (...argv: string[]): Promise<Loose> => operated(house, argv);

  /** A council of its own, with a receiver that is told how to behave. */
  const council = async (organisation: string) => {
    const receiver = await startReceiver();
    const named = ["--organisation", organisation, "--name", "A sample council", "--callback", receiver.url];
    const added = await json("clients", "add", "--kind", "council", "--test", ...named);
    const sender = {
      ...house.sender("camden"),
      identity: { ...house.sender("camden").identity, apiKey: added.apiKey },
    };
    const id = added.clientId as string;
    return {
      id,
      receiver,
      secret: added.webhookSecret as string,
      destination: `client:${id}`,
      send: async () => {
        const reply = await post(sender, requestLetter(sender, NOWHERE));
        expect(reply.status).toBe(200);
      },
      hears: (count: number) => until(() => receiver.received.length >= count, `it did not hear ${count}`),
      dead: () =>
        house.sql("SELECT FROM waymark.work WHERE destination = $1 AND dead_at IS NOT NULL", [`client:${id}`]),
    };
  };

  const verifies = (Kind: typeof Webhook | typeof Svix, secret: string, { headers, body }: Received): boolean => {
    try {
      // A council's news is a form, so only the signature is asked for.
      const id = String(headers["webhook-id"]);
      const at = new Date(Number(headers["webhook-timestamp"]) * 1_000);
      const signed = new Kind(secret).sign(id, at, body);
      return String(headers["webhook-signature"]).split(" ").includes(signed);
    } catch {
      return false;
    }
  };

  it("rotates a secret without a gap", async () => {
    const { id, receiver, secret, send, hears } = await council("E09000101");
    const rotated = await json("clients", "rotate-secret", id, "--by", "Ada");
    const fresh = rotated.webhookSecret as string;
    expect((await run("clients", "rotate-secret", id, "--by", "Ada")).status).toBe(1);
    await send();
    await hears(1);
    const [both] = receiver.received;
    expect(await json("clients", "retire-secret", id, "--by", "Ada")).toEqual({ clientId: id });
    await send();
    await hears(2);
    const [, last] = receiver.received;
    if (both === undefined || last === undefined) throw new Error("nothing was heard");
    for (const kind of [Webhook, Svix]) {
      expect([verifies(kind, secret, both), verifies(kind, fresh, both)]).toEqual([true, true]);
      expect([verifies(kind, secret, last), verifies(kind, fresh, last)]).toEqual([false, true]);
    }
    expect((await run("clients", "retire-secret", id, "--by", "Ada")).status).toBe(1);
    expect((await run("clients", "rotate-secret", id)).status).toBe(2);
    expect((await run("clients", "rotate-secret", "nobody", "--by", "Ada")).status).toBe(1);
    await receiver.close();
  });

  it("keeps what a receiver that is gone missed, and sends it when asked, not when it is switched on", async () => {
    const { id, receiver, send, hears, destination } = await council("E09000102");
    receiver.behave(answers(410));
    await send();
    await hears(1);
    await until(
      async () =>
        ((await json("clients", "list")) as Loose[]).some((one) => one.clientId === id && one.state === "switched off"),
      "it is still on",
    );
    await send();
    await house.quiet();
    expect(receiver.received).toHaveLength(1);
    receiver.behave(answers(200));

    expect(await json("clients", "resume", id, "--by", "Ada")).toEqual({ clientId: id });
    await send();
    await hears(2);
    await house.quiet();
    expect(receiver.received).toHaveLength(2);

    const listed = await run("dead-letters", "list", "--destination", destination);
    expect(listed.out.split("\n").filter((line) => line.includes("kept after 1"))).toHaveLength(2);
    expect(listed.out).toContain("It was switched off.");
    const range = ["--destination", destination, "--from", "2020-01-01", "--to", "2100-01-01T00:00:00Z"];
    expect(await json("dead-letters", "resend", ...range, "--by", "Ada")).toEqual({ destination, resent: 2 });
    await hears(4);
    expect((await run("dead-letters", "replay", ...range, "--by", "Ada")).status).toBe(1);
    expect((await run("clients", "resume", id, "--by", "Ada")).status).toBe(1);
    await receiver.close();
  });

  it("says why in words, and sends one again after its address was mended", async () => {
    const { receiver, send, destination, dead } = await council("E09000103");
    await receiver.close();
    await send();
    await until(
      async () => (await house.sql("SELECT FROM waymark.attempt WHERE destination = $1", [destination])).length > 0,
      "not tried",
    );
    // A week later, as it were.
    await house.sql("UPDATE waymark.work SET first_due = due - interval '8 days', due = now() WHERE destination = $1", [
      destination,
    ]);
    await until(async () => (await dead()).length === 1, "it was not given up");
    const [letter] = (await json("dead-letters", "list", "--destination", destination, "--kind", "notify")) as Loose[];
    expect(letter).toMatchObject({
      state: "dead",
      cause: "exhausted: connect-refused",
      words: "All attempts were used up. Nobody listens at the receiver's address.",
    });
    const other = await startReceiver();
    const id = letter?.["id"] as string;
    const edited = await json("dead-letters", "edit", id, "--callback", other.url, "--by", "Ada");
    expect(edited).toEqual({ id, resent: 1 });
    await until(() => other.received.length === 1, "it was not sent");
    const deeds = await house.sql("SELECT actor, verb FROM waymark.audit WHERE $1 = ANY (subjects) ORDER BY at", [id]);
    expect(deeds).toEqual([{ actor: "Ada", verb: "dead-letters.edit" }]);
    const read = async (...filter: string[]) => json("audit", "list", ...filter) as unknown as Promise<Loose[]>;
    const found = [{ by: "Ada", verb: "dead-letters.edit", subjects: expect.arrayContaining([id]) }];
    expect(await read("--subject", id)).toMatchObject(found);
    expect(
      await read("--subject", id, "--of", "Ada", "--verb", "dead-letters.edit", "--since", "2020-01-01"),
    ).toMatchObject(found);
    for (const other of [
      ["--of", "Eve"],
      ["--verb", "clients.move"],
      ["--until", "2020-01-01"],
    ])
      expect(await read("--subject", id, ...other)).toEqual([]);
    expect((await run("audit", "list", "--subject", id)).out).toContain("Ada  dead-letters.edit");
    expect(await dead()).toEqual([]);
    await other.close();
  });

  it("names what is wrong with a question, and finds nothing where nothing is", async () => {
    const wrong: string[][] = [
      ["dead-letters", "list", "--kind", "baking"],
      ["dead-letters", "list", "--since", "yesterday"],
      ["audit", "list", "--limit", "0"],
      ["dead-letters", "resend", "--by", "Ada"],
      ["dead-letters", "resend", "01a1ee56-7a2f-780e-a078-7c0434687b54"],
      ["dead-letters", "resend", "--destination", "client:x", "--by", "Ada"],
      ["dead-letters", "edit", "x", "--by", "Ada"],
      ["dead-letters", "edit", "x", "--callback", "ftp://x", "--by", "Ada"],
    ];
    for (const argv of wrong) expect([argv, (await run(...argv)).status]).toEqual([argv, 2]);
    const nowhere: string[][] = [
      ["dead-letters", "resend", "nobody", "--by", "Ada"],
      ["dead-letters", "edit", "nobody", "--callback", "https://x.example", "--by", "Ada"],
      ["dead-letters", "edit", "nobody", "--client", "nobody", "--by", "Ada"],
    ];
    for (const argv of nowhere) expect([argv, (await run(...argv)).status]).toEqual([argv, 1]);
  });

  it("sets the pace of one client", async () => {
    const { id, destination, receiver } = await council("E09000104");
    expect((await run("clients", "pace", id, "--places", "0", "--by", "Ada")).status).toBe(2);
    const said = await run("clients", "pace", id, "--per-second", "3", "--by", "Ada");
    expect(said).toMatchObject({ status: 0, out: "At one time: as the settings say. A second: 3.\n" });
    const rows = await house.sql("SELECT places, per_second FROM waymark.pace WHERE destination = $1", [destination]);
    expect(rows).toEqual([{ places: null, per_second: 3 }]);
    await receiver.close();
  });

  it("asks for a permission of its own for each verb, once there are operators", async () => {
    const operator = async (name: string, scopes: string) =>
      json(
        "clients",
        "add",
        "--kind",
        "operator",
        "--organisation",
        "sample-desk",
        "--name",
        name,
        "--scopes",
        scopes,
        "--test",
      );
    const reader = await operator("Rita Reader", "dead-letters.read");
    await operator("Rose Resender", "dead-letters.resend");
    await operator("Ravi All", "dead-letters.resend-all");
    await operator("Edna Editor", "dead-letters.edit");
    await operator("Carl Clients", "clients.edit");
    await operator("Aud Auditor", "audit.read");
    const people = ["Aud Auditor", "Rita Reader", "Rose Resender", "Ravi All", "Edna Editor", "Carl Clients"];
    const verbs: [string[], string][] = [
      [["dead-letters", "list"], "Rita Reader"],
      [["dead-letters", "resend", "x"], "Rose Resender"],
      [
        ["dead-letters", "resend", "--destination", "client:x", "--from", "2020-01-01", "--to", "2020-01-02"],
        "Ravi All",
      ],
      [["dead-letters", "edit", "x", "--client", "y"], "Edna Editor"],
      [["clients", "resume", "x"], "Carl Clients"],
      [["audit", "list"], "Aud Auditor"],
      [["clients", "rotate-secret", "x"], "Carl Clients"],
      [["clients", "retire-secret", "x"], "Carl Clients"],
      [["clients", "pace", "x"], "Carl Clients"],
    ];
    for (const [argv, allowed] of verbs) {
      const refused = [];
      for (const name of people) if (/no permission/.test((await run(...argv, "--by", name)).out)) refused.push(name);
      expect([argv, refused]).toEqual([argv, people.filter((name) => name !== allowed)]);
    }
    expect((await run("dead-letters", "list")).out).toContain("--by names no operator");
    expect((await run("dead-letters", "list", "--by", "Somebody Else")).status).toBe(1);
    expect((await run("dead-letters", "list", "--by", reader["clientId"] as string)).status).toBe(0);
    await run("clients", "revoke", reader["clientId"] as string);
    expect((await run("dead-letters", "list", "--by", "Rita Reader")).status).toBe(1);
  });
});
