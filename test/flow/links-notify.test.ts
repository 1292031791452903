// The same link by GOV.UK Notify: letter and code by its service, and what it says of an address that is wrong.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDesk, saying } from "../world/desk.ts";
import { NOTIFY_KEY, startNotify, TEMPLATES, type NotifyServer, type Sent } from "../world/notify.ts";
import { type House, PATIENCE_MS, setups, until } from "./house.ts";
import { message, post } from "./letters.ts";

const COACHING = "sample-islington-coaching";

describe("a link by GOV.UK Notify", () => {
  let house: House;
  let server: NotifyServer;
  beforeAll(async () => {
    server = await startNotify();
    const [setup] = setups();
    if (setup === undefined) throw new Error("no set-up");
    house = await setup.open({
      NOTIFY_API_KEY: NOTIFY_KEY,
      NOTIFY_URL: server.url,
      NOTIFY_EMAIL_TEMPLATE: TEMPLATES.email,
      NOTIFY_TEXT_TEMPLATE: TEMPLATES.text,
    });
    const { clients } = house.broker.ground.store;
    const reach = { by: "email", address: "desk@coaching.example", mobile: "+447700900123" } as const;
    const draft = { kind: "provider", organisation: COACHING, name: "Coaching", test: true, reach } as const;
    await clients.reachChecked((await clients.add(draft)).client.id);
  });
  afterAll(async () => {
    await house.close();
    await server.close();
  });

  const refers = async (): Promise<string> => {
    const sender = house.sender("islington-surgery");
    const facts = { employment: "out-of-work", longTermCondition: true } as const;
    const reply = await post(sender, message(sender, { need: "employment", facts, person: { postcode: "N1 2UD" } }));
    return reply.reference ?? "";
  };
  const letterOf = async (reference: string): Promise<Sent> => {
    const found = () => server.sent.find((one) => one.kind === "email" && one.body.includes(reference));
    await until(() => found() !== undefined, "no letter yet");
    return found() as Sent;
  };
  const knocks = (reference: string) =>
    house.sql<{ id: string; cause: string | null; dead: boolean }>(
      `SELECT w.id, w.cause, w.dead_at IS NOT NULL AS dead FROM waymark.work w JOIN waymark.referral r ON r.id = w.referral
       WHERE r.reference = $1 AND w.kind = 'knock'`,
      [reference],
    );

  it("leads in, with the code by text", async () => {
    const letter = await letterOf(await refers());
    const desk = openDesk(house.broker.origin);
    const link = /\/open\/[\w-]{43}/.exec(letter.body)?.[0] ?? "";
    const page = await desk.presses(await desk.opens(link), /\/code$/);
    const text = server.sent.findLast((one) => one.kind === "sms");
    expect(text?.to).toBe("+447700900123");
    const code = /\b\d{6}\b/.exec(text?.body ?? "")?.[0] ?? "";
    expect(saying(await desk.presses(page, /\/enter$/, { code }))).toContain("A new referral for you");
  });

  it("says so when the code cannot be sent just now", async () => {
    const letter = await letterOf(await refers());
    const desk = openDesk(house.broker.origin);
    const page = await desk.opens(/\/open\/[\w-]{43}/.exec(letter.body)?.[0] ?? "");
    server.behave(500);
    const sorry = await desk.presses(page, /\/code$/);
    server.behave();
    expect(sorry.status).toBe(503);
    expect(saying(sorry)).toContain("The code could not be sent");
  });

  it("is a person's task at once where the mailbox does not exist, and goes no second time", async () => {
    const reference = await refers();
    const letter = await letterOf(reference);
    letter.status = "permanent-failure";
    await until(async () => (await knocks(reference)).length === 1, "no look is planned");
    await house.sql("UPDATE waymark.work SET due = now() WHERE id = $1", [(await knocks(reference))[0]?.id]);
    await expect
      .poll(() => knocks(reference), { timeout: PATIENCE_MS, interval: 20 })
      .toMatchObject([{ dead: true, cause: "no-such-mailbox" }]);
    expect(server.sent.filter(({ body }) => body.includes(reference))).toHaveLength(1);
  });

  it("is found again where the answer was lost, and is sent once", async () => {
    server.behave("lost");
    const reference = await refers();
    await letterOf(reference);
    const deliver = () =>
      house.sql<{ cause: string }>(
        `SELECT w.id, w.cause FROM waymark.work w JOIN waymark.referral r ON r.id = w.referral
         WHERE r.reference = $1 AND w.kind = 'deliver'`,
        [reference],
      );
    await expect.poll(deliver, { timeout: PATIENCE_MS, interval: 20 }).toMatchObject([{ cause: "connection-lost" }]);
    server.behave();
    await house.sql("UPDATE waymark.work SET due = now() WHERE kind = 'deliver'");
    await until(async () => (await deliver()).length === 0, "not delivered yet");
    expect(server.sent.filter(({ body }) => body.includes(reference))).toHaveLength(1);
  });
});
