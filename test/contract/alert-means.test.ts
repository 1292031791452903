// How people are told: a webhook over real HTTP, a letter over real SMTP, and the heartbeat that somebody outside misses.
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createHeartbeat } from "../../adapters/alerts/heartbeat.ts";
import { createAlertMail } from "../../adapters/alerts/mail.ts";
import { createAlertWebhook } from "../../adapters/alerts/webhook.ts";
import { createSigner } from "../../adapters/callbacks/sign.ts";
import { createLetters } from "../../adapters/letters/index.ts";
import { createSmtp } from "../../adapters/letters/smtp.ts";
import { createOutbound, type Outbound } from "../../adapters/outbound/client.ts";
import { localClock } from "../../adapters/system.ts";
import type { Telling } from "../../schemas/alert.ts";
import { alertWords } from "../../src/core/alert-words.ts";
import type { Means } from "../../src/ports/on-call.ts";
import { createAlarm } from "../../src/steps/alarm.ts";
import { startPostOffice, type PostOffice } from "../world/post-office.ts";
import { answers, startReceiver, type Receiver } from "./receiver.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const signer = createSigner(Buffer.alloc(32, 1).toString("base64"));
const telling: Telling = {
  id: "01980000-0000-7000-8000-0000000000aa-1",
  what: "begins",
  alert: {
    id: "01980000-0000-7000-8000-0000000000aa",
    subject: "queue-down",
    code: "queue-down",
    since: new Date("2026-11-22T03:00:00.000Z"),
    told: 0,
  },
  token: "01980000-0000-7000-8000-0000000000bb",
};

let receiver: Receiver;
let office: PostOffice;
let outbound: Outbound;
beforeAll(() => void (outbound = createOutbound({ allow: ["127.0.0.0/8"], clock: localClock, timeoutMs: 700 })));
afterAll(() => outbound.close());
beforeEach(async () => {
  receiver = await startReceiver();
  office = await startPostOffice();
});
afterEach(async () => {
  await receiver.close();
  await office.close();
});

const webhook = (url = receiver.url): Means =>
  createAlertWebhook({ url, secrets: [SECRET], outbound, signer, clock: localClock });
const email = (to = ["on-call@example.org"]): Means => {
  const url = `smtp://127.0.0.1:${office.port}`;
  const letters = createLetters([createSmtp({ url, from: "Waymark <no-reply@waymark.example>", timeoutMs: 700 })]);
  return createAlertMail({ url, to, letters });
};
const tell = (by: Means) => by.tell(telling, alertWords(telling));

describe("by webhook", () => {
  it("comes signed, with codes and with words for a chat", async () => {
    expect(await tell(webhook())).toBeUndefined();
    const [post] = receiver.received;
    expect(new Webhook(SECRET).verify(post?.body ?? "", post?.headers as Record<string, string>)).toMatchObject({
      type: "alert.begins",
      text: expect.stringContaining("The queue does not answer") as string,
      data: { alert: telling.alert.id, code: "queue-down", wakes: "now", since: "2026-11-22T03:00:00.000Z" },
    });
    expect(post?.headers["webhook-id"]).toBe(telling.id);
  });

  it.each([500, 404, 410, 302])("that answers %i has not taken it", async (status) => {
    receiver.behave(answers(status, { location: "http://127.0.0.1:9/" }));
    expect(await tell(webhook())).toMatch(/answered|redirected|gone/);
  });

  it("that hangs, or is not allowed, has not taken it", async () => {
    receiver.behave(() => undefined);
    expect(await tell(webhook())).toBe("timed-out");
    expect(await tell(webhook("http://10.0.0.1/"))).toBe("address-refused");
  });
});

describe("by e-mail", () => {
  it("comes to everybody, and says in its subject whether it is urgent", async () => {
    expect(await tell(email(["a@example.org", "b@example.org"]))).toBeUndefined();
    expect(office.mails.map(({ to }) => to).toSorted()).toEqual(["a@example.org", "b@example.org"]);
    expect(office.mails[0]?.mail.subject).toBe("Waymark: Urgent: The queue does not answer");
    expect(office.mails[0]?.mail.text).toContain("docs/runbook.md, queue-down");
  });

  it("that no server takes was not taken", async () => {
    office.refuses({ data: 451 });
    expect(await tell(email())).toBe("smtp-451");
  });
});

describe("the alarm", () => {
  const alarm = (means: readonly Means[], hosts: readonly string[] = [], due: Telling[] = [telling]) => {
    const done: string[] = [];
    const alerts = {
      claim: async () => due,
      told: async () => void done.push("told"),
      failed: async () => void done.push("failed"),
    };
    return { done, ...createAlarm({ alerts, means, wayTo: async () => ({ hosts }), clock: localClock, repeatMs: 1 }) };
  };

  it("takes the first way, and no second", async () => {
    const { tellDue, done } = alarm([webhook(), email()]);
    expect(await tellDue()).toEqual([{ telling, by: "webhook", failed: [] }]);
    expect([done, receiver.received.length, office.mails.length]).toEqual([["told"], 1, 0]);
  });

  it("takes the other where the first fails, and says why", async () => {
    receiver.behave(answers(503));
    const { tellDue, done } = alarm([webhook(), email()]);
    expect(await tellDue()).toEqual([{ telling, by: "email", failed: [{ by: "webhook", cause: "answered-503" }] }]);
    expect([done, office.mails.length]).toEqual([["told"], 1]);
  });

  it("never takes the way of which it speaks", async () => {
    const { tellDue } = alarm([webhook(), email()], [`127.0.0.1:${receiver.port}`]);
    expect(await tellDue()).toEqual([{ telling, by: "email", failed: [{ by: "webhook", cause: "same-path" }] }]);
    expect(receiver.received).toEqual([]);
    const both = alarm([webhook(), email()], [`127.0.0.1:${receiver.port}`, `127.0.0.1:${office.port}`]);
    expect(await both.tellDue()).toMatchObject([{ failed: [{ cause: "same-path" }, { cause: "same-path" }] }]);
    expect([both.done, receiver.received.length]).toEqual([["failed"], 0]);
    const over = alarm([webhook(), email()], [`127.0.0.1:${receiver.port}`], [{ ...telling, what: "ends" }]);
    expect(await over.tellDue()).toMatchObject([{ by: "webhook" }]);
  });

  it("that nobody took is tried again; where the log is the only way, it is told", async () => {
    receiver.behave(answers(500));
    const lost = alarm([webhook()]);
    await lost.tellDue();
    const onlyLog = alarm([]);
    await onlyLog.tellDue();
    expect([lost.done, onlyLog.done]).toEqual([["failed"], ["told"]]);
  });
});

describe("the heartbeat", () => {
  it("is a GET that counts when it was answered well", async () => {
    const beat = createHeartbeat(`${receiver.url}/beat/1`, outbound);
    expect(await beat()).toBeUndefined();
    expect(receiver.received).toMatchObject([{ method: "GET", path: "/beat/1", body: "" }]);
    receiver.behave(answers(503));
    expect(await beat()).toBe("answered-503");
    await receiver.close();
    expect(await beat()).toBe("connect-refused");
    receiver = await startReceiver();
  });
});
