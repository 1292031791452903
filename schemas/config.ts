// Settings: one object from the environment. A wrong value stops the start, with every fault listed.
import { z } from "zod";
import { Mailbox } from "./foreign/mesh.ts";
import { ON_CALL } from "./on-call-config.ts";
import { count } from "./setting.ts";

const port = count(0, 65_535);
const flag = z.enum(["true", "false"], { error: "must be true or false" }).transform((value) => value === "true");
const list = z.string().transform((value) =>
  value
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== ""),
);
/** PEM text (RFC 7468); a path to it goes under `NAME_FILE`. */
const pem = z.string().regex(/-----BEGIN [A-Z0-9 ]+-----/, { error: "must be PEM text" });
const range = z.union([z.cidrv4(), z.cidrv6()], { error: "must be a range such as 10.0.0.0/8" });
/** The words are Express's names for well-known ranges. */
const proxy = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6(), z.enum(["loopback", "linklocal", "uniquelocal"])], {
  error: "must be an address, a range such as 10.0.0.0/8, or loopback, linklocal or uniquelocal",
});
const address = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/$/, ""));

const workflow = z.string().regex(/^[A-Za-z0-9_-]{1,90}$/, { error: "must be a workflow id of MESH" });

type Checked = { issues: readonly { path?: PropertyKey[] | undefined }[] };

/** A rule between settings: looked at also when others are wrong, so that every fault is listed, unless one of its own is. */
const together = (blamed: string, other: string) => ({
  path: [blamed],
  when: ({ issues }: Checked) => issues.every(({ path }) => path?.[0] !== blamed && path?.[0] !== other),
});

export const Config = z
  .object({
    PORT: port.default(8080),
    HOST: z.string().default("127.0.0.1"),
    /** How the outside reaches us: the audience of assertions and the root of links. */
    PUBLIC_URL: address.optional(),
    METRICS_PORT: port.default(9464),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    DATABASE_POOL: count(2, 200).default(12),
    REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
    WAYMARK_DATA: z.string().default("./data"),
    WAYMARK_ROLE: z.enum(["all", "api", "worker"]).default("all"),
    WAYMARK_PACKS: z.string().optional(),
    /** The key ring as JSON. Embedded mode makes its own in WAYMARK_DATA when this is absent. */
    WAYMARK_KEYS: z.string().optional(),
    /** Ranges (CIDR) that callbacks and offers may reach although they are private; loopback in embedded mode. */
    WAYMARK_ALLOW_OUTBOUND: list.pipe(z.array(range)).default([]),
    /** A file or an address off this host, by which an older copy of the store is known. */
    WAYMARK_JOURNAL: z
      .string()
      .max(2_000)
      .refine((value) => !value.includes("://") || z.url({ protocol: /^https?$/ }).safeParse(value).success, {
        error: "must be a path, or an address that begins with https://",
      })
      .optional(),
    LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
    TLS_CERT: pem.optional(),
    TLS_KEY: pem.optional(),
    /** With this, every caller must show a certificate that this authority signed. */
    TLS_CLIENT_CA: pem.optional(),
    /** Addresses or ranges of proxies whose X-Forwarded-For is believed. */
    TRUSTED_PROXIES: list.pipe(z.array(proxy)).default([]),
    WORKER_CONCURRENCY: count(1, 500).default(128),
    /** Places at one time for each destination. */
    DESTINATION_PLACES: count(1, 100).default(4),
    /** Sends in any second to each destination. */
    DESTINATION_RATE: count(1, 10_000).default(200),
    HSTS: flag.default(true),
    /** `smtps://` is TLS from the first byte, `smtp+starttls://` must upgrade, `smtp://` may. */
    SMTP_URL: z.url({ protocol: /^(smtps?|smtp\+starttls)$/ }).optional(),
    /** A gateway that turns mail to `<number>@<domain>` into a text message. */
    SMTP_TEXT_DOMAIN: z.hostname({ error: "must be a domain" }).optional(),
    /** Who letters come from: an address, or `Name <address>`. */
    LETTERS_FROM: z
      .string()
      .max(320)
      .regex(/^(?:[^<>@\r\n]+ <)?[^\s<>@]+@[^\s<>@]+>?$/, { error: "must be an address, or Name <address>" })
      .optional(),
    NOTIFY_API_KEY: z
      .string()
      .regex(/-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i, {
        error: "must end with two UUIDs, as GOV.UK Notify shows it",
      })
      .optional(),
    NOTIFY_URL: address.default("https://api.notifications.service.gov.uk"),
    /** Templates of the account that hold ((subject)) and ((body)), and ((body)) alone. */
    NOTIFY_EMAIL_TEMPLATE: z.guid().optional(),
    NOTIFY_TEXT_TEMPLATE: z.guid().optional(),
    /** The MESH server. Without it providers that registered a mailbox cannot be reached. */
    MESH_URL: address.optional(),
    /** Ours. It must serve nothing else: whatever comes to it is taken and acknowledged. */
    MESH_MAILBOX: Mailbox.optional(),
    MESH_PASSWORD: z.string().min(1).optional(),
    MESH_SHARED_KEY: z.string().min(1).optional(),
    MESH_CLIENT_CERT: pem.optional(),
    MESH_CLIENT_KEY: pem.optional(),
    /** The authority that signed the server's certificate, where it is not a public one. */
    MESH_CA: pem.optional(),
    MESH_WORKFLOW_OFFER: workflow.default("WAYMARK_OFFER"),
    MESH_WORKFLOW_ANSWER: workflow.default("WAYMARK_ANSWER"),
    /** MESH asks for at most one look in five minutes and at least one a day. */
    MESH_POLL_SECONDS: count(300, 86_400).default(300),
    /** Largest request; what is larger is compressed, then cut. MESH takes 100 MB. */
    MESH_CHUNK_BYTES: count(1_000, 100_000_000).default(100_000_000),
    ...ON_CALL,
  })
  .refine(
    ({ ALERT_EMAIL_TO: to, ALERT_SMTP_URL, SMTP_URL, LETTERS_FROM }) =>
      to.length === 0 || ((ALERT_SMTP_URL ?? SMTP_URL) !== undefined && LETTERS_FROM !== undefined),
    {
      ...together("ALERT_EMAIL_TO", "LETTERS_FROM"),
      error: "alerts by e-mail need ALERT_SMTP_URL or SMTP_URL, and LETTERS_FROM",
    },
  )
  .refine((value) => !/^smtp:\/\/[^/]*@/.test(value.ALERT_SMTP_URL ?? ""), {
    ...together("ALERT_SMTP_URL", "ALERT_SMTP_URL"),
    error: "a password must not travel in the open: use smtps:// or smtp+starttls://",
  })
  .refine((value) => value.SMTP_URL === undefined || value.LETTERS_FROM !== undefined, {
    ...together("LETTERS_FROM", "SMTP_URL"),
    error: "letters by SMTP need an address that they come from",
  })
  .refine((value) => value.SMTP_TEXT_DOMAIN === undefined || value.SMTP_URL !== undefined, {
    ...together("SMTP_TEXT_DOMAIN", "SMTP_URL"),
    error: "the gateway for text messages is reached by SMTP: give SMTP_URL too",
  })
  .refine((value) => !/^smtp:\/\/[^/]*@/.test(value.SMTP_URL ?? ""), {
    ...together("SMTP_URL", "SMTP_URL"),
    error: "a password must not travel in the open: use smtps:// or smtp+starttls://",
  })
  .refine(
    (value) =>
      (value.NOTIFY_API_KEY === undefined) ===
      (value.NOTIFY_EMAIL_TEMPLATE === undefined && value.NOTIFY_TEXT_TEMPLATE === undefined),
    {
      ...together("NOTIFY_API_KEY", "NOTIFY_EMAIL_TEMPLATE"),
      error: "GOV.UK Notify needs a key and at least one template",
    },
  )
  .refine((value) => (value.TLS_CERT === undefined) === (value.TLS_KEY === undefined), {
    ...together("TLS_KEY", "TLS_CERT"),
    error: "TLS_CERT and TLS_KEY go together",
  })
  .refine((value) => value.TLS_CLIENT_CA === undefined || value.TLS_CERT !== undefined, {
    ...together("TLS_CLIENT_CA", "TLS_CERT"),
    error: "callers can show a certificate only over TLS: give TLS_CERT and TLS_KEY too",
  })
  .refine((value) => (value.MESH_URL === undefined) === (value.MESH_MAILBOX === undefined), {
    ...together("MESH_MAILBOX", "MESH_URL"),
    error: "MESH_URL and MESH_MAILBOX go together",
  })
  .refine((value) => (value.MESH_URL === undefined) === (value.MESH_PASSWORD === undefined), {
    ...together("MESH_PASSWORD", "MESH_URL"),
    error: "MESH_URL and MESH_PASSWORD go together",
  })
  .refine((value) => (value.MESH_URL === undefined) === (value.MESH_SHARED_KEY === undefined), {
    ...together("MESH_SHARED_KEY", "MESH_URL"),
    error: "MESH_URL and MESH_SHARED_KEY go together",
  })
  .refine((value) => (value.MESH_CLIENT_CERT === undefined) === (value.MESH_CLIENT_KEY === undefined), {
    ...together("MESH_CLIENT_KEY", "MESH_CLIENT_CERT"),
    error: "MESH_CLIENT_CERT and MESH_CLIENT_KEY go together",
  })
  .refine((value) => value.DATABASE_URL !== undefined || value.REDIS_URL === undefined, {
    ...together("REDIS_URL", "DATABASE_URL"),
    error: "Redis needs DATABASE_URL too: the embedded store has one process",
  })
  .refine((value) => value.DATABASE_URL !== undefined || value.WAYMARK_ROLE === "all", {
    ...together("WAYMARK_ROLE", "DATABASE_URL"),
    error: "without DATABASE_URL one process does everything: WAYMARK_ROLE must be all",
  })
  .refine((value) => value.DATABASE_URL === undefined || value.WAYMARK_KEYS !== undefined, {
    ...together("WAYMARK_KEYS", "DATABASE_URL"),
    error: "with DATABASE_URL the keys must be given (make them with: waymark keys ring)",
  });
export type Config = z.infer<typeof Config>;

/** Names whose value may stand in a file instead, under `NAME_FILE`: everything that is secret or long. */
export const FROM_FILE = [
  "DATABASE_URL",
  "REDIS_URL",
  "WAYMARK_KEYS",
  "WAYMARK_JOURNAL",
  "TLS_CERT",
  "TLS_KEY",
  "TLS_CLIENT_CA",
  "SMTP_URL",
  "ALERT_WEBHOOK_URL",
  "ALERT_WEBHOOK_SECRET",
  "ALERT_SMTP_URL",
  "ALERT_HEARTBEAT_URL",
  "NOTIFY_API_KEY",
  "MESH_PASSWORD",
  "MESH_SHARED_KEY",
  "MESH_CLIENT_CERT",
  "MESH_CLIENT_KEY",
  "MESH_CA",
] as const;

const key32 = z
  .base64()
  .refine((value) => Buffer.from(value, "base64").length === 32, { error: "must be 32 bytes in base64" });

/** The key ring. New data uses `current`; older keys stay until nothing needs them. */
export const KeyRing = z
  .strictObject({
    current: z.string().min(1),
    /** Wrap the data key of each case. */
    wrapping: z.record(z.string(), key32),
    /** Finds people and inputs again: keyed digests, tokens. Changing it makes old digests unfindable. */
    index: key32,
    /** Signs the webhooks that carry `v1a` (Ed25519 seed). */
    webhook: key32,
  })
  .refine((ring) => ring.wrapping[ring.current] !== undefined, {
    path: ["current"],
    error: "names no key of the ring",
  });
export type KeyRing = z.infer<typeof KeyRing>;
