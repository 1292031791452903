// Settings: one object from the environment. A wrong value stops the start, with every fault listed.
import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(["true", "false"]).transform((value) => value === "true");
const list = z.string().transform((value) =>
  value
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== ""),
);
const address = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/$/, ""));

export const Config = z
  .object({
    PORT: port.default(8080),
    HOST: z.string().default("127.0.0.1"),
    /** How the outside reaches us: the audience of assertions and the root of links. */
    PUBLIC_URL: address.optional(),
    METRICS_PORT: port.default(9464),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(12),
    REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
    WAYMARK_DATA: z.string().default("./data"),
    WAYMARK_ROLE: z.enum(["all", "api", "worker"]).default("all"),
    WAYMARK_PACKS: z.string().optional(),
    /** The key ring as JSON. Embedded mode makes its own in WAYMARK_DATA when this is absent. */
    WAYMARK_KEYS: z.string().optional(),
    /** Ranges (CIDR) that callbacks and offers may reach although they are private; loopback in embedded mode. */
    WAYMARK_ALLOW_OUTBOUND: list.default([]),
    LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
    TLS_CERT: z.string().optional(),
    TLS_KEY: z.string().optional(),
    /** With this, every caller must show a certificate that this authority signed. */
    TLS_CLIENT_CA: z.string().optional(),
    /** Addresses or ranges of proxies whose X-Forwarded-For is believed. */
    TRUSTED_PROXIES: list.default([]),
    WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(500).default(32),
    /** Places at one time for each destination. */
    DESTINATION_PLACES: z.coerce.number().int().min(1).max(100).default(4),
    HSTS: flag.default(true),
  })
  .refine((value) => (value.TLS_CERT === undefined) === (value.TLS_KEY === undefined), {
    path: ["TLS_KEY"],
    error: "TLS_CERT and TLS_KEY go together",
  })
  .refine((value) => value.DATABASE_URL !== undefined || value.REDIS_URL === undefined, {
    path: ["REDIS_URL"],
    error: "Redis needs DATABASE_URL too: the embedded store has one process",
  })
  .refine((value) => value.DATABASE_URL !== undefined || value.WAYMARK_ROLE === "all", {
    path: ["WAYMARK_ROLE"],
    error: "without DATABASE_URL one process does everything: WAYMARK_ROLE must be all",
  })
  .refine((value) => value.DATABASE_URL === undefined || value.WAYMARK_KEYS !== undefined, {
    path: ["WAYMARK_KEYS"],
    error: "with DATABASE_URL the keys must be given (make them with: waymark keys new)",
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
