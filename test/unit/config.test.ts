// Settings: defaults, every fault at once, secrets from files, and never a value in a fault.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FROM_FILE } from "../../schemas/config.ts";
import { readConfig } from "../../src/config.ts";

const folder = mkdtempSync(join(tmpdir(), "waymark-config-"));
const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
afterAll(() => rmSync(folder, { recursive: true }));

const key = Buffer.alloc(32, 5).toString("base64");
const ring = JSON.stringify({ current: "a", wrapping: { a: key }, index: key, webhook: key });
const UUID = "11111111-1111-4111-8111-111111111111";
const NOTIFY_API_KEY = `some-name-${UUID}-${UUID}`;
const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";

const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

const faultsOf = (env: Record<string, string | undefined>): string[] => {
  const read = readConfig(env);
  return read.ok ? [] : read.faults;
};

describe("settings", () => {
  it("need nothing for embedded mode on loopback", () => {
    expect(readConfig({})).toEqual({
      ok: true,
      config: expect.objectContaining({
        PORT: 8080,
        HOST: "127.0.0.1",
        WAYMARK_ROLE: "all",
        WAYMARK_DATA: "./data",
      }) as object,
    });
  });

  it("are read as what they are; an empty one counts as not given, and others' are left alone", () => {
    const read = readConfig({
      PORT: " 9000 ",
      HSTS: "false",
      TRUSTED_PROXIES: "10.0.0.0/8, loopback",
      PUBLIC_URL: "https://waymark.test/",
      DATABASE_URL: "",
      HOME: "/somewhere",
    });
    expect(read).toMatchObject({
      ok: true,
      config: {
        PORT: 9000,
        HSTS: false,
        TRUSTED_PROXIES: ["10.0.0.0/8", "loopback"],
        PUBLIC_URL: "https://waymark.test",
      },
    });
    expect(read.ok && "HOME" in read.config).toBe(false);
  });

  it("list every fault at once, by name, without any value", () => {
    const faults = faultsOf({
      PORT: "s3cret1",
      METRICS_PORT: "99999",
      PUBLIC_URL: "ftp://s3cret2",
      LOG_LEVEL: "s3cret3",
      HSTS: "s3cret4",
      TLS_CERT: "s3cret5",
      DATABASE_URL: "mysql://u:s3cret6@h",
      TRUSTED_PROXIES: "10.0.0.1,s3cret7",
      WAYMARK_ALLOW_OUTBOUND: "s3cret8",
      WAYMARK_ROLE: "s3cret9",
    });
    expect(faults.map((one) => one.split(":")[0])).toEqual([
      "PORT",
      "PUBLIC_URL",
      "METRICS_PORT",
      "DATABASE_URL",
      "WAYMARK_ROLE",
      "WAYMARK_ALLOW_OUTBOUND[0]",
      "LOG_LEVEL",
      "TLS_CERT",
      "TRUSTED_PROXIES[1]",
      "HSTS",
    ]);
    expect(faults.join()).not.toContain("s3cret");
  });
});

describe("settings that go together", () => {
  it.each([
    ["TLS_KEY", { TLS_CERT: PEM }],
    ["TLS_KEY", { TLS_KEY: PEM }],
    ["TLS_CLIENT_CA", { TLS_CLIENT_CA: PEM }],
    ["REDIS_URL", { REDIS_URL: "redis://h" }],
    ["WAYMARK_ROLE", { WAYMARK_ROLE: "worker" }],
    ["WAYMARK_KEYS", { DATABASE_URL: "postgres://h/d" }],
    ["LETTERS_FROM", { SMTP_URL: "smtps://h" }],
    ["SMTP_TEXT_DOMAIN", { SMTP_TEXT_DOMAIN: "sms.example" }],
    ["SMTP_URL", { SMTP_URL: "smtp://user:word@h", LETTERS_FROM: "a@b.example" }],
    ["NOTIFY_API_KEY", { NOTIFY_API_KEY }],
    ["NOTIFY_API_KEY", { NOTIFY_TEXT_TEMPLATE: UUID }],
  ])("%s", (blamed, env) => {
    expect(faultsOf(env)).toEqual([expect.stringMatching(new RegExp(`^${blamed}: `))]);
    // Also when something else is wrong.
    expect(faultsOf({ ...env, PORT: "x" })).toHaveLength(2);
  });

  it.each([
    { SMTP_URL: "smtp://relay.internal:2525", LETTERS_FROM: "Referrals <no-reply@council.example>" },
    { SMTP_URL: "smtp+starttls://u:p@h", LETTERS_FROM: "a@b.example", SMTP_TEXT_DOMAIN: "sms.example" },
    { NOTIFY_API_KEY, NOTIFY_EMAIL_TEMPLATE: UUID },
  ])("let letters leave: %o", (env) => expect(faultsOf(env)).toEqual([]));

  it.each([
    ["LETTERS_FROM", "Referrals\r\nBcc: x@y.example"],
    ["LETTERS_FROM", "nobody"],
    ["SMTP_URL", "http://h"],
    ["NOTIFY_API_KEY", "secret"],
  ])("do not take %s as %s", (name, value) => {
    const env = { SMTP_URL: "smtps://h", LETTERS_FROM: "a@b.example", NOTIFY_EMAIL_TEMPLATE: UUID, NOTIFY_API_KEY };
    expect(faultsOf({ ...env, [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
  });

  it.each([
    { ALERT_WEBHOOK_URL: "https://chat.example/hooks/1" },
    { ALERT_WEBHOOK_URL: "http://10.0.0.7:9000", ALERT_WEBHOOK_SECRET: `${WEBHOOK_SECRET}, ${WEBHOOK_SECRET}` },
    { ALERT_EMAIL_TO: "a@b.example, c@d.example", LETTERS_FROM: "a@b.example", SMTP_URL: "smtps://h" },
    { ALERT_EMAIL_TO: "a@b.example", LETTERS_FROM: "a@b.example", ALERT_SMTP_URL: "smtp://relay" },
    { ALERT_HEARTBEAT_URL: "https://beat.example/1", ALERT_LOOK_SECONDS: "60", ALERT_REPEAT_MINUTES: "15" },
  ])("let alerts leave: %o", (env) => expect(faultsOf(env)).toEqual([]));

  it.each([
    ["ALERT_WEBHOOK_URL", "ftp://h"],
    ["ALERT_WEBHOOK_SECRET", "whsec_c2hvcnQ="],
    ["ALERT_WEBHOOK_SECRET", [WEBHOOK_SECRET, WEBHOOK_SECRET, WEBHOOK_SECRET].join()],
    ["ALERT_EMAIL_TO", "nobody"],
    ["ALERT_EMAIL_TO", "a@b.example"],
    ["ALERT_SMTP_URL", "smtp://u:p@h"],
    ["ALERT_HEARTBEAT_URL", "beat"],
    ["ALERT_REPEAT_MINUTES", "1"],
    ["ALERT_LOOK_SECONDS", "0"],
  ])("do not take %s as %s", (name, value) => {
    const faults = faultsOf({ [name]: value });
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^${name}(\\[\\d\\])?: `))]);
    expect(faults.join()).not.toContain(WEBHOOK_SECRET);
  });

  it("are whole with a server", () => {
    const env = { DATABASE_URL: "postgres://h/d", REDIS_URL: "redis://h", WAYMARK_KEYS: ring, WAYMARK_ROLE: "worker" };
    expect(readConfig({ ...env, TLS_CERT: PEM, TLS_KEY: PEM, TLS_CLIENT_CA: PEM }).ok).toBe(true);
  });
});

describe("secrets from files", () => {
  const content: Record<(typeof FROM_FILE)[number], string> = {
    DATABASE_URL: "postgres://u:p@h/d",
    REDIS_URL: "redis://h",
    WAYMARK_KEYS: ring,
    WAYMARK_JOURNAL: "https://journal.example/s3cret",
    TLS_CERT: PEM,
    TLS_KEY: PEM,
    TLS_CLIENT_CA: PEM,
    SMTP_URL: "smtps://u:p@h",
    ALERT_WEBHOOK_URL: "https://chat.example/hooks/s3cret",
    ALERT_WEBHOOK_SECRET: WEBHOOK_SECRET,
    ALERT_SMTP_URL: "smtps://u:p@other",
    ALERT_HEARTBEAT_URL: "https://beat.example/s3cret",
    NOTIFY_API_KEY,
    MESH_PASSWORD: "p",
    MESH_SHARED_KEY: "k",
    MESH_CLIENT_CERT: PEM,
    MESH_CLIENT_KEY: PEM,
    MESH_CA: PEM,
  };
  const rest = { MESH_URL: "https://mesh.example", MESH_MAILBOX: "X26WAYMARK" };
  let files: Record<string, string>;
  beforeAll(() => {
    const secrets = FROM_FILE.map((name) => [`${name}_FILE`, file(name, `\n${content[name]}\n`)]);
    files = { ...rest, ...Object.fromEntries(secrets), LETTERS_FROM: "a@b.example", NOTIFY_EMAIL_TEMPLATE: UUID };
  });

  it("are read for every name that may stand in a file, trimmed", () => {
    const config = { ...content, ALERT_WEBHOOK_SECRET: [WEBHOOK_SECRET] };
    expect(readConfig(files)).toMatchObject({ ok: true, config });
  });

  it("given twice are a fault, and neither is told", () => {
    for (const name of FROM_FILE) {
      const faults = faultsOf({ ...files, [name]: "s3cret" });
      expect(faults).toEqual([`${name}: give it as ${name} or as ${name}_FILE, not both`]);
    }
  });

  it("that cannot be read, or are empty, name the setting alone, once, and blame no other", () => {
    for (const name of FROM_FILE) {
      const gone = faultsOf({ ...files, [`${name}_FILE`]: join(folder, "s3cret", name) });
      expect(gone).toEqual([`${name}_FILE: the file cannot be read (ENOENT)`]);
      const empty = faultsOf({ ...files, [`${name}_FILE`]: file(`${name}.empty`, " \n") });
      expect(empty).toEqual([`${name}_FILE: the file is empty`]);
    }
  });

  it("that hold the wrong thing never show it", () => {
    const faults = faultsOf({ ...files, DATABASE_URL_FILE: file("wrong", "s3cret") });
    expect(faults).toEqual([expect.stringMatching(/^DATABASE_URL: /)]);
    expect(faults.join()).not.toContain("s3cret");
  });
});

describe("the key ring", () => {
  it.each([
    ["no JSON", "s3cret"],
    ["a field that is unknown", JSON.stringify({ ...(JSON.parse(ring) as object), s3cret: 1 })],
    ["a key that is too short", JSON.stringify({ ...(JSON.parse(ring) as object), index: "czNjcmV0" })],
    ["a current key that it does not hold", JSON.stringify({ ...(JSON.parse(ring) as object), current: "s3cret" })],
    [
      "a wrapping key that is none",
      JSON.stringify({ ...(JSON.parse(ring) as object), wrapping: { a: key, s3cret: "x" } }),
    ],
  ])("with %s is a fault without its content", (_what, text) => {
    const faults = faultsOf({ WAYMARK_KEYS: text });
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.every((one) => one.startsWith("WAYMARK_KEYS: "))).toBe(true);
    expect(faults.join()).not.toMatch(/s3cret|czNjcmV0/);
  });

  it("that is whole is taken", () => expect(faultsOf({ WAYMARK_KEYS: ring })).toEqual([]));
});
