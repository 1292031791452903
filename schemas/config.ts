// Settings: one object from the environment. A wrong value stops the start, with every fault listed.
import { z } from "zod";

const count = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number({ error }).int({ error }).min(least, { error }).max(most, { error });
};
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
    LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
    TLS_CERT: pem.optional(),
    TLS_KEY: pem.optional(),
    /** With this, every caller must show a certificate that this authority signed. */
    TLS_CLIENT_CA: pem.optional(),
    /** Addresses or ranges of proxies whose X-Forwarded-For is believed. */
    TRUSTED_PROXIES: list.pipe(z.array(proxy)).default([]),
    WORKER_CONCURRENCY: count(1, 500).default(32),
    /** Places at one time for each destination. */
    DESTINATION_PLACES: count(1, 100).default(4),
    HSTS: flag.default(true),
  })
  .refine((value) => (value.TLS_CERT === undefined) === (value.TLS_KEY === undefined), {
    ...together("TLS_KEY", "TLS_CERT"),
    error: "TLS_CERT and TLS_KEY go together",
  })
  .refine((value) => value.TLS_CLIENT_CA === undefined || value.TLS_CERT !== undefined, {
    ...together("TLS_CLIENT_CA", "TLS_CERT"),
    error: "callers can show a certificate only over TLS: give TLS_CERT and TLS_KEY too",
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
export const FROM_FILE = ["DATABASE_URL", "REDIS_URL", "WAYMARK_KEYS", "TLS_CERT", "TLS_KEY", "TLS_CLIENT_CA"] as const;

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
