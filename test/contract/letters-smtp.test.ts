// Letters by SMTP, against a real server on loopback.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSmtp, type SmtpOptions } from "../../adapters/letters/smtp.ts";
import type { Letter } from "../../schemas/letter.ts";
import { startPostOffice, type PostOffice } from "../world/post-office.ts";

const TIMEOUT_MS = 700;
const letter: Letter = {
  id: "01980000-0000-7000-8000-0000000000aa",
  template: "offer-link",
  values: { reference: "WM-7K3P-9QXR", link: "https://broker.example/open/abc", days: 7 },
};
const code: Letter = { id: letter.id, template: "offer-code", values: { code: "123456", minutes: 10 } };
const clinic = { by: "email", address: "desk@clinic.example" } as const;
const phone = { by: "text", mobile: "+447700900123" } as const;

const smtp = (url: string, more: Partial<SmtpOptions> = {}) =>
  createSmtp({ url, from: "Waymark <no-reply@waymark.example>", timeoutMs: TIMEOUT_MS, ...more });

describe("letters by SMTP", () => {
  let office: PostOffice;
  const plain = (more: Partial<SmtpOptions> = {}) => smtp(`smtp://127.0.0.1:${office.port}`, more);

  beforeEach(async () => {
    office = await startPostOffice();
  });
  afterEach(() => office.close());

  it("arrive as they were written, from and to whom they should, and say that a machine wrote them", async () => {
    expect(await plain().send(letter, clinic)).toEqual({ kind: "accepted", status: 250 });
    const [taken] = office.mails;
    expect(taken).toMatchObject({ from: "no-reply@waymark.example", to: "desk@clinic.example" });
    expect(taken?.mail.subject).toBe("A new referral waits for you: WM-7K3P-9QXR");
    expect(taken?.mail.text).toContain("https://broker.example/open/abc");
    expect(taken?.mail.messageId).toBe(`<${letter.id}@waymark.example>`);
    expect(taken?.mail.headers.find(({ key }) => key === "auto-submitted")?.value).toBe("auto-generated");
  });

  it("go as texts through a gateway from mail to text, where there is one", async () => {
    const withGateway = plain({ textDomain: "sms.example" });
    expect(withGateway.ways).toEqual(["email", "text"]);
    expect(await withGateway.send(code, phone)).toMatchObject({ kind: "accepted" });
    expect(office.mails[0]).toMatchObject({ to: "447700900123@sms.example" });
    expect(office.mails[0]?.mail.text).toContain("123456");
    expect(plain().ways).toEqual(["email"]);
    expect(await plain().send(code, phone)).toMatchObject({ kind: "refused" });
    expect(office.mails).toHaveLength(1);
  });

  it.each([{ to: 450 }, { data: 451 }, { from: 421 }, { connect: 421 }])(
    "are tried again after a passing fault: %o",
    async (codes) => {
      office.refuses(codes);
      const [status] = Object.values(codes);
      expect(await plain().send(letter, clinic)).toMatchObject({ kind: "unavailable", cause: `smtp-${status}` });
    },
  );

  it.each([{ to: 550 }, { data: 554 }])("are not tried again after a lasting one: %o", async (codes) => {
    office.refuses(codes);
    const [status] = Object.values(codes);
    expect(await plain().send(letter, clinic)).toEqual({ kind: "refused", cause: `smtp-${status}`, status });
  });

  it.each([{ from: 550 }, { connect: 554 }])("wait for us to mend what is our own fault: %o", async (codes) => {
    office.refuses(codes);
    expect(await plain().send(letter, clinic)).toMatchObject({ kind: "unavailable" });
  });

  it.each(["hang", "drop"] as const)("are unknown when the line does not answer after the message: %s", async (by) => {
    office.breaks({ at: "data", by });
    const cause = by === "hang" ? "timed-out" : "connection-lost";
    expect(await plain().send(letter, clinic)).toEqual({ kind: "unknown", cause });
    expect(office.mails).toHaveLength(1);
  });

  it.each(["hang", "drop"] as const)("are only late when it breaks before the message: %s", async (by) => {
    office.breaks({ at: "to", by });
    expect(await plain().send(letter, clinic)).toMatchObject({ kind: "unavailable" });
    expect(office.mails).toHaveLength(0);
  });

  it("are late where nobody listens, and where nobody speaks", async () => {
    const mute = await listening(createServer(() => undefined));
    expect(await smtp(`smtp://127.0.0.1:${portOf(mute)}`).send(letter, clinic)).toEqual({
      kind: "unavailable",
      cause: "timed-out",
    });
    mute.close();
    const { port } = office;
    await office.close();
    expect(await smtp(`smtp://127.0.0.1:${port}`).send(letter, clinic)).toEqual({
      kind: "unavailable",
      cause: "connect-refused",
    });
  });

  it("do not trust a server that offers no encryption where it must", async () => {
    expect(await smtp(`smtp+starttls://127.0.0.1:${office.port}`).send(letter, clinic)).toMatchObject({
      kind: "unavailable",
    });
    expect(await smtp(`smtps://127.0.0.1:${office.port}`).send(letter, clinic)).toMatchObject({ kind: "unavailable" });
    expect(office.mails).toHaveLength(0);
  });

  it("cannot be asked about afterwards", async () => {
    expect(plain().idempotent).toBe(false);
    expect(await plain().fate(letter.id, "email")).toBe("unsure");
  });
});

const listening = async (server: Server): Promise<Server> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
};
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

describe("letters by SMTP over TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "waymark-smtp-"));
  let cert: string;
  let key: string;
  beforeAll(() => {
    const files = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
    const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
    execFileSync("openssl", [...args, "-addext", "subjectAltName=DNS:localhost", ...files], { stdio: "ignore" });
    cert = readFileSync(join(folder, "cert.pem"), "utf8");
    key = readFileSync(join(folder, "key.pem"), "utf8");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(["smtps", "smtp+starttls"])("go encrypted with %s, and log in", async (scheme) => {
    const office = await startPostOffice({ cert, key, secure: scheme === "smtps", authOptional: false });
    const url = (password: string) => `${scheme}://waymark:${password}@localhost:${office.port}`;
    const trusting = { tls: { ca: cert } };
    expect(await smtp(url("open%20sesame"), trusting).send(letter, clinic)).toMatchObject({ kind: "accepted" });
    expect(office.mails[0]).toMatchObject({ secure: true, user: "waymark" });
    // A wrong password says nothing about the letter.
    expect(await smtp(url("wrong"), trusting).send(letter, clinic)).toEqual({
      kind: "unavailable",
      cause: "smtp-535",
      status: 535,
    });
    // Nobody vouches for this certificate, and it does not name this address.
    expect(await smtp(url("open%20sesame")).send(letter, clinic)).toMatchObject({ kind: "unavailable" });
    const byAddress = url("open%20sesame").replace("localhost", "127.0.0.1");
    expect(await smtp(byAddress, trusting).send(letter, clinic)).toMatchObject({ kind: "unavailable" });
    expect(office.mails).toHaveLength(1);
    await office.close();
  });
});
