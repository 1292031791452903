// Letters by GOV.UK Notify, against a server that keeps to its public specification.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLetters } from "../../adapters/letters/index.ts";
import { createNotify, type NotifyOptions } from "../../adapters/letters/notify.ts";
import { createSmtp } from "../../adapters/letters/smtp.ts";
import { createOutbound, type Outbound } from "../../adapters/outbound/client.ts";
import { faultOf } from "../../schemas/cause.ts";
import type { Letter } from "../../schemas/letter.ts";
import { NOTIFY_KEY, startNotify, TEMPLATES, type NotifyServer } from "../world/notify.ts";

const id = "01980000-0000-7000-8000-0000000000aa";
const link = "https://broker.example/open/abc";
const letter: Letter = { id, template: "offer-link", values: { reference: "WM-7K3P-9QXR", link, days: 7 } };
const code: Letter = { id, template: "offer-code", values: { code: "123456", minutes: 10 } };
const clinic = { by: "email", address: "desk@clinic.example" } as const;
const phone = { by: "text", mobile: "+447700900123" } as const;
const clock = { now: () => new Date() };

describe("letters by GOV.UK Notify", () => {
  let server: NotifyServer;
  let outbound: Outbound;
  const notify = (more: Partial<NotifyOptions> = {}) =>
    createNotify({ apiKey: NOTIFY_KEY, url: server.url, templates: TEMPLATES, outbound, clock, ...more });

  beforeEach(async () => {
    server = await startNotify();
    outbound = createOutbound({ allow: ["127.0.0.0/8"], clock, timeoutMs: 700 });
  });
  afterEach(async () => {
    await outbound.close();
    await server.close();
  });

  it("go by e-mail and by text, with our words and our reference", async () => {
    expect(await notify().send(letter, clinic)).toEqual({ kind: "accepted", status: 201 });
    expect(await notify().send(code, phone)).toEqual({ kind: "accepted", status: 201 });
    expect(server.sent).toMatchObject([
      { kind: "email", to: "desk@clinic.example", reference: id, body: expect.stringContaining(link) },
      { kind: "sms", to: "+447700900123", reference: id, body: expect.stringContaining("123456") },
    ]);
  });

  it("go only by the ways that have a template", async () => {
    const onlyEmail = notify({ templates: { email: TEMPLATES.email } });
    expect(onlyEmail.ways).toEqual(["email"]);
    expect(await onlyEmail.send(code, phone)).toMatchObject({ kind: "refused" });
  });

  it.each([429, 500, 503])("are tried again after %i", async (status) => {
    server.behave(status);
    expect(await notify().send(letter, clinic)).toMatchObject({ kind: "unavailable", status });
  });

  it("are tried a few times, and no more, when Notify cannot take them as they are", async () => {
    const outcome = await notify().send(letter, { by: "email", address: "not an address" });
    expect(outcome).toEqual({ kind: "unavailable", cause: "answered-400", status: 400 });
    expect(faultOf("answered-400")).toBe("lasting");
  });

  it("wait for us to mend a wrong key", async () => {
    const apiKey = NOTIFY_KEY.replace(/2{12}$/, "222222222223");
    expect(await notify({ apiKey }).send(letter, clinic)).toMatchObject({ kind: "unavailable", status: 403 });
  });

  it("are found again by their reference when the answer was lost", async () => {
    expect(await notify().fate(id, "email")).toBe("none");
    server.behave("lost");
    expect(await notify().send(letter, clinic)).toMatchObject({ kind: "unavailable", cause: "connection-lost" });
    server.behave();
    expect(await notify().fate(id, "email")).toBe("taken");
    expect(await notify().fate(id, "text")).toBe("none");
    expect(server.asked).toEqual([id, id, id]);
  });

  it.each([
    ["technical-failure", "none"],
    ["temporary-failure", "none"],
    ["permanent-failure", "undeliverable"],
    ["delivered", "taken"],
  ])("count as what became of them: %s is %s", async (status, fate) => {
    await notify().send(letter, clinic);
    for (const one of server.sent) one.status = status;
    expect(await notify().fate(id, "email")).toBe(fate);
  });

  it("are unsure where Notify cannot be asked", async () => {
    server.behave(500);
    expect(await notify().fate(id, "email")).toBe("unsure");
    await server.close();
    expect(await notify().fate(id, "email")).toBe("unsure");
  });
});

describe("letters", () => {
  const outbound = { post: () => Promise.reject(new Error("not called")), request: () => Promise.reject(new Error()) };
  const notify = createNotify({ apiKey: NOTIFY_KEY, url: "", templates: { text: TEMPLATES.text }, outbound, clock });
  const smtp = createSmtp({ url: "smtp://127.0.0.1:1", from: "a@waymark.example", textDomain: "sms.example" });

  it("cannot leave where nothing is set up, and say so", async () => {
    const none = createLetters([]);
    expect([none.carries("email"), none.carries("text")]).toEqual([false, false]);
    expect(await none.send(letter, clinic)).toEqual({ kind: "refused", cause: "no-channel-for-email" });
    expect(await none.fate(id, "email")).toBe("unsure");
  });

  it("go by the first that has the way", () => {
    const both = createLetters([notify, smtp]);
    expect([both.carries("email"), both.carries("text")]).toEqual([true, true]);
    expect([both.idempotent("email"), both.idempotent("text")]).toEqual([false, true]);
  });
});
