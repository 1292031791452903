// A letter with a link as a transport: what Notify's server can do to it, and what only letters do, by Notify and by SMTP.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLetters } from "../../adapters/letters/index.ts";
import { createNotify } from "../../adapters/letters/notify.ts";
import { createSmtp } from "../../adapters/letters/smtp.ts";
import { createOutbound } from "../../adapters/outbound/client.ts";
import type { Letters } from "../../src/ports/outward.ts";
import { NOTIFY_KEY, startNotify, TEMPLATES, type NotifyServer } from "../world/notify.ts";
import { startPostOffice, type PostOffice } from "../world/post-office.ts";
import { emailBy, emailProvider as provider, linksInMemory } from "./ways/email.ts";
import { offerMessage, SUITE_TIMEOUT_MS, transportSuite, type Subject } from "./transport-suite.ts";

const clock = { now: () => new Date() };

const notifyAt = (url: () => string) => {
  const outbound = createOutbound({ allow: ["127.0.0.0/8"], clock, timeoutMs: SUITE_TIMEOUT_MS });
  const carrier = (): ReturnType<typeof createNotify> =>
    createNotify({ apiKey: NOTIFY_KEY, url: url(), templates: TEMPLATES, outbound, clock });
  const letters = createLetters([
    {
      ways: ["email", "text"],
      idempotent: true,
      send: (letter, to) => carrier().send(letter, to),
      fate: (id, by) => carrier().fate(id, by),
    },
  ]);
  return { letters, outbound };
};

const startOverNotify = (): Subject => {
  let url = "";
  const { letters, outbound } = notifyAt(() => url);
  return {
    transport: emailBy(letters, linksInMemory().links),
    provider: (at) => {
      url = at;
      return provider();
    },
    keyOf: (request) => (JSON.parse(request.body) as { reference?: string }).reference,
    close: () => outbound.close(),
  };
};

transportSuite("e-mail link by GOV.UK Notify", startOverNotify, {
  carried: true,
  lookUp: { is: ({ method }) => method === "GET", nothing: JSON.stringify({ notifications: [] }) },
});

describe("an e-mail link by GOV.UK Notify", () => {
  let server: NotifyServer;
  let outbound: ReturnType<typeof createOutbound>;
  let letters: Letters;
  beforeEach(async () => {
    server = await startNotify();
    ({ letters, outbound } = notifyAt(() => server.url));
  });
  afterEach(async () => {
    await outbound.close();
    await server.close();
  });

  it("whose answer was lost is found again, and is not sent twice: the link in it holds", async () => {
    const { links, all } = linksInMemory();
    const email = emailBy(letters, links);
    server.behave("lost");
    expect(await email.send(offerMessage(), provider())).toMatchObject({
      kind: "unavailable",
      cause: "connection-lost",
    });
    server.behave();
    const token = all[0]?.token;
    expect(await email.send(offerMessage(), provider())).toEqual({ kind: "accepted", status: 200 });
    expect(server.sent).toHaveLength(1);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ token, sentAt: expect.any(Date) as Date });
    expect(server.sent[0]?.body).toContain(`https://broker.example/open/${token?.replace("link:", "")}`);
  });

  it("is not sent while nobody can say what became of the one before, nor where there is no such mailbox", async () => {
    const email = emailBy(letters, linksInMemory().links);
    server.behave("lost");
    await email.send(offerMessage(), provider());
    server.behave(500);
    expect(await email.send(offerMessage(), provider())).toEqual({ kind: "unavailable", cause: "fate-unknown" });
    server.behave();
    for (const one of server.sent) one.status = "permanent-failure";
    expect(await email.send(offerMessage(), provider())).toEqual({ kind: "refused", cause: "no-such-mailbox" });
    expect(server.sent).toHaveLength(1);
  });

  it("goes again, with a new token under the same id, where Notify lost it", async () => {
    const { links, all } = linksInMemory();
    const email = emailBy(letters, links);
    server.behave("lost");
    await email.send(offerMessage(), provider());
    server.behave();
    for (const one of server.sent) one.status = "technical-failure";
    const first = all[0]?.token;
    expect(await email.send(offerMessage(), provider())).toEqual({ kind: "accepted", status: 201 });
    expect(new Set(server.sent.map(({ reference }) => reference))).toEqual(new Set([all[0]?.id]));
    expect(all).toHaveLength(1);
    expect(all[0]?.token).not.toBe(first);
  });
});

describe("an e-mail link by SMTP", () => {
  let office: PostOffice;
  beforeEach(async () => void (office = await startPostOffice()));
  afterEach(() => office.close());
  const overSmtp = () => {
    const url = `smtp://127.0.0.1:${office.port}`;
    const from = "no-reply@waymark.example";
    const letters = createLetters([createSmtp({ url, from, textDomain: "sms.example", timeoutMs: SUITE_TIMEOUT_MS })]);
    const kept = linksInMemory();
    return { ...kept, email: emailBy(letters, kept.links) };
  };

  it("is not idempotent: a lost answer is for a person", async () => {
    const { email } = overSmtp();
    expect(email.idempotent).toBe(false);
    for (const by of ["hang", "drop"] as const) {
      office.breaks({ at: "data", by });
      expect(await email.send(offerMessage(), provider())).toMatchObject({ kind: "unknown" });
    }
  });

  it("never sends one offer under two ids, nor two offers under one, and plans one look for each letter", async () => {
    const { email, all, planned } = overSmtp();
    office.refuses({ data: 451 });
    await email.send(offerMessage(), provider());
    office.refuses({});
    await email.send(offerMessage(), provider());
    await email.send(offerMessage("01980000-0000-7000-8000-0000000000cc"), provider());
    const mailIds = office.mails.map(({ mail }) => mail.messageId);
    expect(mailIds).toEqual(all.map(({ id }) => `<${id}@waymark.example>`));
    expect(planned.map(({ kind, subject }) => [kind, subject])).toEqual(all.map(({ id }) => ["knock", id]));
    const tokens = office.mails.map(({ mail }) => /\/open\/([\w-]{43})/.exec(mail.text ?? "")?.[1]);
    expect(tokens.map((token) => `link:${token}`)).toEqual(all.map(({ token }) => token));
  });

  it("has a new link each time it goes again after it was sent", async () => {
    const { email, all } = overSmtp();
    await email.send(offerMessage(), provider());
    await email.send(offerMessage(), provider());
    expect(all.map(({ replacedAt }) => replacedAt !== undefined)).toEqual([true, false]);
    expect(new Set(all.map(({ token }) => token)).size).toBe(2);
  });

  it("says nothing of the person or the need", async () => {
    const { email } = overSmtp();
    await email.send(offerMessage(), provider());
    const text = `${office.mails[0]?.mail.subject} ${office.mails[0]?.mail.text}`;
    for (const told of ["debt", "E09000019", "25-49", "step-free", "dog", "routine"]) expect(text).not.toContain(told);
  });
});

describe("an e-mail link", () => {
  const smtp = (textDomain?: string) =>
    createSmtp({ url: "smtp://127.0.0.1:1", from: "a@waymark.example", textDomain });
  it.each([
    ["no-channel-for-email", createLetters([]), provider()],
    ["no-channel-for-text", createLetters([smtp()]), provider()],
    ["number-not-checked", createLetters([smtp("sms.example")]), provider({ reachCheckedAt: undefined as never })],
    ["no-address", createLetters([smtp("sms.example")]), provider({ reach: { by: "pull" } })],
    [undefined, createLetters([smtp("sms.example")]), provider()],
  ])("lacks %s", (cause, letters, to) => {
    expect(emailBy(letters, linksInMemory().links).lacks?.(to)).toBe(cause);
  });
});
